// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/codec_bench.h"

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

struct Way {
    int bits;
    codec::EntropyCoder coder;

    [[nodiscard]] codec::Coding coding() const { return {codec::CodingKind::Quantized, bits}; }
};

base::Status encode(const Way& way, Frames& frames, std::size_t i)
{
    frames.records[i].clear();  // keeps its memory
    return codec::encodeFeatures(frames.values[i], way.coding(), way.coder, frames.records[i]);
}

base::Status decode(const Way& way, Frames& frames, std::size_t i)
{
    return codec::decodeFeatures(frames.records[i], way.coding(), way.coder, frames.back[i]);
}

using Step = base::Status (*)(const Way&, Frames&, std::size_t);

/// One frame of every cut after the other.
Contender overAllCuts(Step step, const Way& way, Frames& frames)
{
    return timed(
        [step, way, &frames]() -> base::Status {
            for (std::size_t i = 0; i < frames.size(); ++i)
                if (auto status = step(way, frames, i); !status)
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

/// Copying, encoding and decoding in turns; metrics are named "<encodes>_…", "<decodes>_…".
base::Status measure(const Way& way, const std::string& encodes, const std::string& decodes, double seconds,
                     const std::stop_token& stop, Frames& frames, BenchReport& report)
{
    const bool packed = way.coder == codec::EntropyCoder::None;
    const auto race = Race::run({copyingAllCuts(frames), overAllCuts(encode, way, frames), overAllCuts(decode, way, frames)},
                                seconds, kTurnMs, stop);
    if (!race)
        return race.error();
    const std::string* const names[] = {&encodes, &decodes};
    for (std::size_t i = 0; i < std::size(names); ++i) {
        const double mbps = frames.floatBytes() / race->us(i + 1);
        if (packed)
            report.add(*names[i] + "_gb_per_s", mbps * 1e-3, kPackingGbps);
        else
            report.add(*names[i] + "_mb_per_s", mbps, kHuffmanMbps);
        report.add(*names[i] + "_over_memcpy", race->ratio(0, i + 1));
    }
    return {};
}

/// Small frames pay more per byte for a call: the slowest cut tells what is left there.
base::Status measureSlowestCut(double seconds, const std::stop_token& stop, Frames& frames, BenchReport& report)
{
    const Way way{8, codec::EntropyCoder::None};
    constexpr int kRepeats = 64;  // a clock is read for some microseconds' work
    std::vector<Contender> contenders;
    for (std::size_t i = 0; i < frames.size(); ++i)
        contenders.push_back(timed(
            [i, way, &frames]() -> base::Status {
                for (int k = 0; k < kRepeats; ++k)
                    if (auto status = encode(way, frames, i); !status)
                        return status;
                return {};
            },
            Clock::Thread));
    const auto race = Race::run(contenders, seconds, kTurnMs, stop);
    if (!race)
        return race.error();
    std::vector<double> gbps;
    for (std::size_t i = 0; i < frames.size(); ++i)
        gbps.push_back(kRepeats * static_cast<double>(frames.values[i].size() * sizeof(float)) / race->us(i) * 1e-3);
    const auto slowest = static_cast<std::size_t>(std::min_element(gbps.begin(), gbps.end()) - gbps.begin());
    report.add("quantize_pack_8_slowest_cut_gb_per_s", gbps[slowest]);
    report.note(format("the slowest cut at 8 bits is behind %s, %zu values", frames.names[slowest].c_str(),
                       frames.values[slowest].size()));
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
    const double seconds = options.seconds / static_cast<double>(2 * widths.size() + 1);
    for (const auto coder : {codec::EntropyCoder::None, codec::EntropyCoder::HuffmanAdaptive}) {
        for (const int bits : widths) {
            const bool packed = coder == codec::EntropyCoder::None;
            const auto encodes = format(packed ? "quantize_pack_%d" : "huffman_adaptive_encode_%d", bits);
            const auto decodes = format(packed ? "unpack_%d" : "huffman_adaptive_decode_%d", bits);
            if (auto status = measure({bits, coder}, encodes, decodes, seconds, stop, *frames, report); !status)
                return status;
        }
    }
    return measureSlowestCut(seconds, stop, *frames, report);
}

}  // namespace splitscope::app
