// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/codec_bench.h"

#include "app/bench/codec_frames.h"
#include "app/bench/codec_matrix.h"
#include "app/bench/codec_packing.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace splitscope::app {

namespace {

constexpr std::size_t kPictures = 40, kPicturesInFull = 200;
constexpr std::array kTableWidths{4, 8, 12, 16};  ///< those of tables, and of context models

void noteConditions(BenchReport& report)
{
    double load = 0;
    if (::getloadavg(&load, 1) == 1)
        report.note(format("one thread's processor time, at a load of %.1f on %u cores; where others work too, run it by "
                           "chrt --rr 1 to have a core for itself",
                           load, std::thread::hardware_concurrency()));
    report.note(
        "pictures are of the split `table`, which neither network nor codebook was trained on; bytes are a picture's whole "
        "record, over the order-0 entropy without its range of 8 bytes; the entropy is of all pictures' levels together");
    report.note(
        "tensors of few values have few levels in all pictures together: at 12 and 16 bits their entropy comes out too low, "
        "and every coder's ratio too high");
    report.note("rates count the tensor's floats, or a frame's pixels: quantizing and coding, decoding and dequantizing; the "
                "median over the pictures");
}

std::vector<int> widthsOf(bool full, const std::vector<int>& some)
{
    if (!full)
        return some;
    std::vector<int> widths;
    for (int bits = codec::kMinBits; bits <= codec::kMaxBits; ++bits)
        widths.push_back(bits);
    return widths;
}

base::Status measureModel(const std::string& model, bool first, const CodecBenchOptions& options, const std::stop_token& stop,
                          BenchReport& report)
{
    std::fprintf(stderr, "%s: computing its tensors…\n", model.c_str());
    const auto subject = openCodecSubject(model, options.full ? kPicturesInFull : kPictures, stop);
    if (!subject)
        return subject.error();
    if (!subject->codebook)
        report.note("not measured: huffman and context on " + subject->model + " (" + subject->whyNoCodebook + ")");
    std::fprintf(stderr, "%s: cuts × bits × coders…\n", model.c_str());
    const auto rows = measureRows(*subject, widthsOf(options.full, {kTableWidths.begin(), kTableWidths.end()}), stop);
    if (!rows)
        return rows.error();
    reportRows(*subject, *rows, options.full, report);
    if (first)
        reportGoals(*subject, *rows, report);
    if (auto status = measureFrames(*subject, first, stop, report); !status || !first)
        return status;
    std::fprintf(stderr, "%s: packing over copying…\n", model.c_str());
    return measurePacking(*subject, widthsOf(options.full, {2, 4, 8, 12, 16}), options.seconds, stop, report);
}

}  // namespace

base::Status runCodecBench(const CodecBenchOptions& options, const std::stop_token& stop, BenchReport& report)
{
    const auto models = options.models.empty() ? std::vector<std::string>{"alexnet3", "alexnet3-128"} : options.models;
    report.note("goals are those of " + models.front());
    for (std::size_t i = 0; i < models.size(); ++i)
        if (auto status = measureModel(models[i], i == 0, options, stop, report); !status)
            return status;
    noteConditions(report);
    return {};
}

}  // namespace splitscope::app
