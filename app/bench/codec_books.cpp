// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/codec_books.h"

#include "app/bench/segments_race.h"
#include "core/codec/codebook.h"
#include "core/codec/quantizer.h"
#include "core/codec/zstd_levels.h"
#include "core/data/data_set.h"
#include "core/model/executor.h"
#include "core/model/path.h"
#include "core/session/model_package.h"

#include <cmath>
#include <set>

namespace splitscope::app {

namespace {

constexpr const char* kModel = "alexnet3";
constexpr double kTurnMs = 4;
constexpr int kFrames = 100;  ///< to tell sizes of

/// A tensor's frames; values of the first, to time.
struct Cut {
    std::string name;
    base::Tensor frames;
    std::vector<float> back;
    base::Bytes record;
};

struct Subject {
    std::string data;
    std::shared_ptr<const codec::Codebook> codebook;
    std::vector<Cut> cuts;
};

base::Result<std::vector<Cut>> framesAtAllCuts(const std::string& data)
{
    const auto spec = model::loadNetworkSpec(kModel);
    if (!spec)
        return spec.error();
    const auto weights = session::findWeights(kModel, data, {});
    if (!weights)
        return weights.error();
    const auto executor = model::Executor::create(*spec, *weights);
    if (!executor)
        return executor.error();
    const auto images = data::openDataSet(data, model::frameSize(*spec), data::Split::Table);
    if (!images)
        return images.error();
    std::vector<data::Image> pictures;
    for (int i = 0; i < kFrames; ++i) {
        auto image = (*images)->image(static_cast<std::size_t>(i) * (*images)->size() / kFrames);
        if (!image)
            return image.error();
        pictures.push_back(*std::move(image));
    }
    const auto input = model::toInput(*spec, pictures);
    if (!input)
        return input.error();

    std::vector<Cut> cuts;
    std::set<std::string> known;
    for (int exit = spec->exitCount(); exit >= 1; --exit) {
        const model::Path path(*spec, exit);
        for (const int cut : path.distinctCuts()) {
            if (cut == 0 || cut == path.length() || !known.insert(path.cutName(cut)).second)
                continue;
            auto frames = (*executor)->run(exit, 0, cut, *input);
            if (!frames)
                return frames.error();
            const std::size_t row = frames->rowSize();
            cuts.push_back({path.cutName(cut), *std::move(frames), std::vector<float>(row), {}});
        }
    }
    return cuts;
}

constexpr int kWidths[] = {4, 8, 12, 16};

/// An Error where the codebook lacks a book that is to be measured.
base::Status checkBooks(const Subject& subject)
{
    for (const auto& cut : subject.cuts)
        for (const int bits : kWidths)
            for (const auto coder : {codec::EntropyCoder::Huffman, codec::EntropyCoder::Context}) {
                const codec::Coding coding{codec::CodingKind::Quantized, bits};
                const auto options = codec::BookedCoder(coder, subject.codebook).forTensor(cut.name, coding);
                if (auto status = codec::checkBook(options, coding, cut.name); !status)
                    return status;
            }
    return {};
}

/// Real pictures if they are there.
base::Result<Subject> findSubject()
{
    base::Result<Subject> last = base::Error{base::ErrorCode::NotFound, "no codebook is shipped", kModel};
    for (const char* const data : {"cifar10", "patterns"}) {
        auto codebook = codec::loadShippedCodebook(kModel, data);
        if (!codebook) {
            last = codebook.error();
            continue;
        }
        auto cuts = framesAtAllCuts(data);
        if (!cuts) {
            last = cuts.error();
            continue;
        }
        Subject subject{data, *std::move(codebook), *std::move(cuts)};
        if (const auto status = checkBooks(subject); !status)
            last = status.error();
        else
            return subject;
    }
    return last;
}

/// A way to write levels, and what its metrics begin with.
struct Writer {
    std::string name;
    codec::EntropyCoder coder;
    int zstdLevel = 0;
};
const Writer kWriters[] = {{"huffman", codec::EntropyCoder::Huffman},
                           {"context", codec::EntropyCoder::Context},
                           {"huffman_adaptive", codec::EntropyCoder::HuffmanAdaptive},
                           {"zstd1", codec::EntropyCoder::Zstd, 1},
                           {"zstd9", codec::EntropyCoder::Zstd, 9}};

std::optional<Goal> sizeGoal(const std::string& writer, const std::string& cut, int bits)
{
    if (writer == "huffman" && bits == 8)
        return Goal{1.02};
    if (writer == "huffman" && bits == 4)
        return Goal{1.05};
    if (writer == "context" && cut == "pool1" && (bits == 4 || bits == 8))
        return Goal{bits == 8 ? 0.87 : 0.75};
    if (writer == "context" && cut == "relu4" && bits == 8)
        return Goal{0.90};
    return {};
}

/// Bytes that an ideal coder takes which knows how often each level is met in all frames together, and nothing else.
double pooledEntropyBytes(const std::vector<std::vector<std::uint16_t>>& frames, int bits)
{
    std::vector<double> counts(std::size_t{1} << bits);
    double all = 0;
    for (const auto& frame : frames) {
        for (const std::uint16_t level : frame)
            ++counts[level];
        all += static_cast<double>(frame.size());
    }
    double sum = 0;
    for (const double count : counts)
        sum += count > 0 ? count * std::log2(all / count) : 0;
    return sum / 8;
}

base::Result<double> bytesOf(const Writer& writer, const codec::CoderOptions& options, int bits,
                             const std::vector<std::vector<std::uint16_t>>& frames)
{
    std::size_t bytes = 0;
    base::Bytes record;
    for (const auto& frame : frames) {
        record.clear();
        if (writer.zstdLevel > 0)
            codec::encodeZstd(frame, bits, record, writer.zstdLevel);
        else if (auto status = codec::encodeLevelsWith(options, frame, bits, record); !status)
            return status.error();
        bytes += record.size();
    }
    return static_cast<double>(bytes);
}

codec::CoderOptions optionsFor(const Subject& subject, const Writer& writer, const Cut& cut, int bits)
{
    return codec::BookedCoder(writer.coder, subject.codebook).forTensor(cut.name, {codec::CodingKind::Quantized, bits});
}

base::Status tellSizes(const Subject& subject, int bits, bool listAll, BenchReport& report)
{
    double entropy = 0;
    std::vector<double> sums(std::size(kWriters));
    for (const auto& cut : subject.cuts) {
        std::vector<std::vector<std::uint16_t>> frames(kFrames, std::vector<std::uint16_t>(cut.frames.rowSize()));
        for (int i = 0; i < kFrames; ++i)
            codec::quantize(cut.frames.row(i), bits, frames[static_cast<std::size_t>(i)]);
        const double ideal = pooledEntropyBytes(frames, bits);
        entropy += ideal;
        if (listAll)
            report.add(format("entropy_%d_behind_%s_bytes", bits, cut.name.c_str()), ideal / kFrames);
        for (std::size_t w = 0; w < sums.size(); ++w) {
            const auto bytes = bytesOf(kWriters[w], optionsFor(subject, kWriters[w], cut, bits), bits, frames);
            if (!bytes)
                return bytes.error();
            sums[w] += *bytes;
            const auto& name = kWriters[w].name;
            const auto goal = sizeGoal(name, cut.name, bits);
            const auto metric = format("%s_%d_behind_%s", name.c_str(), bits, cut.name.c_str());
            if (listAll)
                report.add(metric + "_bytes", *bytes / kFrames);
            if (listAll || (goal && name == "context"))
                report.add(metric + "_bytes_over_entropy", *bytes / ideal, goal);
        }
    }
    for (std::size_t w = 0; w < sums.size(); ++w)
        report.add(format("%s_%d_bytes_over_entropy", kWriters[w].name.c_str(), bits), sums[w] / entropy,
                   sizeGoal(kWriters[w].name, {}, bits));
    return {};
}

/// One frame of every cut after the other, in one direction.
Contender coding(Subject& subject, const Writer& writer, int bits, bool decode)
{
    return timed(
        [=, &subject]() -> base::Status {
            const codec::Coding how{codec::CodingKind::Quantized, bits};
            for (auto& cut : subject.cuts) {
                const auto options = optionsFor(subject, writer, cut, bits);
                if (!decode)
                    cut.record.clear();  // keeps its memory
                const auto status = decode ? codec::decodeFeatures(cut.record, how, options, cut.back)
                                           : codec::encodeFeatures(cut.frames.row(0), how, options, cut.record);
                if (!status)
                    return status;
            }
            return {};
        },
        Clock::Thread);
}

base::Status tellSpeed(Subject& subject, const Writer& writer, int bits, double seconds, const std::stop_token& stop,
                       BenchReport& report)
{
    const auto race
        = Race::run({coding(subject, writer, bits, false), coding(subject, writer, bits, true)}, seconds, kTurnMs, stop);
    if (!race)
        return race.error();
    double floatBytes = 0;
    for (const auto& cut : subject.cuts)
        floatBytes += static_cast<double>(cut.back.size() * sizeof(float));
    const Goal goal{writer.coder == codec::EntropyCoder::Context ? 100.0 : 400.0, false};
    report.add(format("%s_encode_%d_mb_per_s", writer.name.c_str(), bits), floatBytes / race->us(0), goal);
    report.add(format("%s_decode_%d_mb_per_s", writer.name.c_str(), bits), floatBytes / race->us(1), goal);
    return {};
}

}  // namespace

base::Status measureBooks(const CodecBenchOptions& options, double seconds, const std::stop_token& stop, BenchReport& report)
{
    auto subject = findSubject();
    if (!subject) {
        report.note("coders with a codebook are left out: " + subject.error().message());
        return {};
    }
    report.note(
        format("sizes: %d frames of %s that neither network nor codebook was trained on, at each of the %zu tensors that may "
               "cross; without the range's 8 bytes; over the order-0 entropy of the same levels, all frames pooled",
               kFrames, subject->data.c_str(), subject->cuts.size()));
    for (const int bits : kWidths) {
        if (stop.stop_requested())
            return base::Error{base::ErrorCode::Cancelled, "stopped", "bench codec"};
        if (auto status = tellSizes(*subject, bits, options.full, report); !status)
            return status;
        for (const auto& writer : {kWriters[0], kWriters[1]})
            if (auto status = tellSpeed(*subject, writer, bits, seconds / (2 * std::size(kWidths)), stop, report); !status)
                return status;
    }
    return {};
}

}  // namespace splitscope::app
