// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/codec_bench.h"

#include "app/bench/codec_books.h"
#include "app/bench/segments_bench.h"
#include "core/codec/feature_codec.h"
#include "core/model/path.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace splitscope::app {

namespace {

constexpr const char* kModel = "alexnet3";
constexpr double kTurnMs = 4;
constexpr Goal kPackingGbps{4, false};
constexpr Goal kHuffmanMbps{400, false};

/// One frame's feature map at each cut, and where coders put what they make of it.
struct Frames {
    std::vector<std::string> names;
    std::vector<std::vector<float>> values;
    std::vector<std::vector<float>> back;
    std::vector<base::Bytes> records;

    [[nodiscard]] std::size_t size() const { return values.size(); }
    [[nodiscard]] double floatBytes() const
    {
        double bytes = 0;
        for (const auto& frame : values)
            bytes += static_cast<double>(frame.size() * sizeof(float));
        return bytes;
    }
};

base::Result<Frames> framesAtAllCuts()
{
    const auto subject = loadSubject(kModel);
    if (!subject)
        return subject.error();
    const auto input = subject->input(1);
    if (!input)
        return input.error();
    Frames frames;
    const model::Path path(subject->spec, subject->lastExit());
    for (const int cut : path.distinctCuts()) {
        if (cut == 0 || cut == path.length())
            continue;
        auto tensor = subject->executor->run(subject->lastExit(), 0, cut, *input);
        if (!tensor)
            return tensor.error();
        frames.names.push_back(path.cutName(cut));
        frames.back.emplace_back(tensor->values.size());
        frames.records.emplace_back();
        frames.values.push_back(std::move(tensor->values));
    }
    return frames;
}

enum Direction : std::size_t { Encode, Decode };
constexpr Direction kDirections[] = {Encode, Decode};

struct Way {
    int bits;
    codec::EntropyCoder coder;

    [[nodiscard]] codec::Coding coding() const { return {codec::CodingKind::Quantized, bits}; }
    [[nodiscard]] bool packs() const { return coder == codec::EntropyCoder::None; }
    /// What the metrics of a direction begin with.
    [[nodiscard]] std::string name(Direction direction) const
    {
        const char* const packing[] = {"quantize_pack_%d", "unpack_%d"};
        const char* const coding[] = {"huffman_adaptive_encode_%d", "huffman_adaptive_decode_%d"};
        return format((packs() ? packing : coding)[direction], bits);
    }
};

base::Status code(const Way& way, Direction direction, Frames& frames, std::size_t i)
{
    auto& record = frames.records[i];
    if (direction == Decode)
        return codec::decodeFeatures(record, way.coding(), way.coder, frames.back[i]);
    record.clear();  // keeps its memory
    return codec::encodeFeatures(frames.values[i], way.coding(), way.coder, record);
}

/// One frame of every cut after the other.
Contender codingAllCuts(const Way& way, Direction direction, Frames& frames)
{
    return timed(
        [=, &frames]() -> base::Status {
            for (std::size_t i = 0; i < frames.size(); ++i)
                if (auto status = code(way, direction, frames, i); !status)
                    return status;
            return {};
        },
        Clock::Thread);
}

/// One frame of a cut, again and again: a clock is read for some microseconds' work.
Contender codingCut(const Way& way, Direction direction, Frames& frames, std::size_t i, std::size_t repeats)
{
    return timed(
        [=, &frames]() -> base::Status {
            for (std::size_t k = 0; k < repeats; ++k)
                if (auto status = code(way, direction, frames, i); !status)
                    return status;
            return {};
        },
        Clock::Thread);
}

Contender copyingAllCuts(Frames& frames)
{
    return timed(
        [&frames]() -> base::Status {
            for (std::size_t i = 0; i < frames.size(); ++i)
                std::memcpy(frames.back[i].data(), frames.values[i].data(), frames.values[i].size() * sizeof(float));
            return {};
        },
        Clock::Thread);
}

/// Copying, encoding and decoding in turns.
base::Status measure(const Way& way, double seconds, const std::stop_token& stop, Frames& frames, BenchReport& report)
{
    const auto race = Race::run({copyingAllCuts(frames), codingAllCuts(way, Encode, frames), codingAllCuts(way, Decode, frames)},
                                seconds, kTurnMs, stop);
    if (!race)
        return race.error();
    for (const Direction direction : kDirections) {
        const auto name = way.name(direction);
        const double mbps = frames.floatBytes() / race->us(1 + direction);
        if (way.packs())
            report.add(name + "_gb_per_s", mbps * 1e-3, kPackingGbps);
        else
            report.add(name + "_mb_per_s", mbps, kHuffmanMbps);
        report.add(name + "_over_memcpy", race->ratio(0, 1 + direction));
    }
    return {};
}

/// Small frames pay more per byte for a call and for a table: each cut by itself, to tell the slowest.
base::Status measureCuts(const Way& way, bool listAll, double seconds, const std::stop_token& stop, Frames& frames,
                         BenchReport& report)
{
    constexpr std::size_t kValuesInRun = 16'384;
    std::vector<Contender> contenders;
    std::vector<double> bytes;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const std::size_t repeats = std::max<std::size_t>(kValuesInRun / frames.values[i].size(), 1);
        bytes.push_back(static_cast<double>(repeats * frames.values[i].size() * sizeof(float)));
        for (const Direction direction : kDirections)
            contenders.push_back(codingCut(way, direction, frames, i, repeats));
    }
    const auto race = Race::run(contenders, seconds, kTurnMs, stop);
    if (!race)
        return race.error();
    for (const Direction direction : kDirections) {
        const auto name = way.name(direction);
        std::vector<double> mbps;
        for (std::size_t i = 0; i < frames.size(); ++i) {
            mbps.push_back(bytes[i] / race->us(2 * i + direction));
            if (listAll)
                report.add(name + "_behind_" + frames.names[i] + "_mb_per_s", mbps[i]);
        }
        const auto slowest = static_cast<std::size_t>(std::min_element(mbps.begin(), mbps.end()) - mbps.begin());
        report.add(name + "_slowest_cut_mb_per_s", mbps[slowest]);
        report.note(format("%s: slowest behind %s, of %zu values", name.c_str(), frames.names[slowest].c_str(),
                           frames.values[slowest].size()));
    }
    return {};
}

}  // namespace

base::Status runCodecBench(const CodecBenchOptions& options, const std::stop_token& stop, BenchReport& report)
{
    auto frames = framesAtAllCuts();
    if (!frames)
        return frames.error();
    double load = 0;
    if (::getloadavg(&load, 1) == 1)
        report.note(format("one thread's processor time, at a load of %.1f on %u cores; where others work too, run it by "
                           "chrt --rr 1 to have a core for itself",
                           load, std::thread::hardware_concurrency()));
    report.note(format("one frame at each of the %zu cuts of %s's longest path, %.0f KB of floats in all, from memory that is "
                       "already there; rates count these floats",
                       frames->size(), kModel, frames->floatBytes() * 1e-3));

    std::vector<int> widths{2, 4, 8, 12, 16};
    if (options.full) {
        widths.clear();
        for (int bits = codec::kMinBits; bits <= codec::kMaxBits; ++bits)
            widths.push_back(bits);
    }
    const double seconds = options.seconds / static_cast<double>(4 * widths.size());
    for (const auto coder : {codec::EntropyCoder::None, codec::EntropyCoder::HuffmanAdaptive})
        for (const int bits : widths)
            if (auto status = measure({bits, coder}, seconds, stop, *frames, report); !status)
                return status;
    for (const auto coder : {codec::EntropyCoder::None, codec::EntropyCoder::HuffmanAdaptive})
        for (const int bits : options.full ? widths : std::vector<int>{4, 8})
            if (auto status = measureCuts({bits, coder}, options.full, seconds, stop, *frames, report); !status)
                return status;
    return measureBooks(options, options.seconds / 4, stop, report);
}

}  // namespace splitscope::app
