// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of `bench codec` for programs and for people.
#include "app/bench/codec_matrix.h"

#include <algorithm>
#include <set>

namespace splitscope::app {

namespace {

/// One writer at one width, over all cuts.
struct Sum {
    double bytes = 0, levelBytes = 0, floatBytes = 0, entropyBytes = 0, encodeUs = 0, decodeUs = 0;
    double worstRatio = 0, slowestMbps = 0;
    std::string worstCut, slowestCut;
    std::size_t cuts = 0;

    void add(const CodecCut& cut, const CodecRow& row, const CodecCell& cell)
    {
        const double levels = cell.bytes - kRangeBytes;
        bytes += cell.bytes;
        levelBytes += levels;
        floatBytes += cut.floatBytes();
        entropyBytes += row.entropyBytes;
        encodeUs += cell.encodeUs;
        decodeUs += cell.decodeUs;
        if (row.entropyBytes > 0 && levels / row.entropyBytes > worstRatio) {
            worstRatio = levels / row.entropyBytes;
            worstCut = cut.name;
        }
        const double mbps = cut.floatBytes() / std::max(cell.encodeUs, cell.decodeUs);
        if (cuts == 0 || mbps < slowestMbps) {
            slowestMbps = mbps;
            slowestCut = cut.name;
        }
        ++cuts;
    }
};

Sum sumOf(const CodecSubject& subject, const CodecRows& rows, int bits, std::size_t writer)
{
    Sum sum;
    for (const auto& row : rows)
        if (row.bits == bits && row.cells[writer])
            sum.add(subject.cuts[row.cut], row, *row.cells[writer]);
    return sum;
}

std::set<int> widthsOf(const CodecRows& rows)
{
    std::set<int> widths;
    for (const auto& row : rows)
        widths.insert(row.bits);
    return widths;
}

void addCell(const std::string& name, const CodecCut& cut, const CodecRow& row, const CodecCell& cell, BenchReport& report)
{
    report.addDetail(name + "_bytes", cell.bytes);
    report.addDetail(name + "_bytes_over_fp32", cell.bytes / cut.floatBytes());
    if (row.entropyBytes > 0)
        report.addDetail(name + "_bytes_over_entropy", (cell.bytes - kRangeBytes) / row.entropyBytes);
    report.addDetail(name + "_encode_mb_per_s", cut.floatBytes() / cell.encodeUs);
    report.addDetail(name + "_decode_mb_per_s", cut.floatBytes() / cell.decodeUs);
}

void addSum(const std::string& name, const Sum& sum, BenchReport& report)
{
    report.addDetail(name + "_bytes", sum.bytes);
    report.addDetail(name + "_bytes_over_fp32", sum.bytes / sum.floatBytes);
    report.addDetail(name + "_bytes_over_entropy", sum.levelBytes / sum.entropyBytes);
    report.addDetail(name + "_worst_cut_bytes_over_entropy", sum.worstRatio);
    report.addDetail(name + "_encode_mb_per_s", sum.floatBytes / sum.encodeUs);
    report.addDetail(name + "_decode_mb_per_s", sum.floatBytes / sum.decodeUs);
    report.addDetail(name + "_slowest_cut_mb_per_s", sum.slowestMbps);
}

std::string sumLine(int bits, const Writer& writer, const Sum& sum)
{
    return format("  %4d  %-16s %7.1f %% %9.3f   %7.3f %-14s %7.0f %7.0f   %6.0f %s\n", bits, writer.name,
                  100 * sum.bytes / sum.floatBytes, sum.levelBytes / sum.entropyBytes, sum.worstRatio, sum.worstCut.c_str(),
                  sum.floatBytes / sum.encodeUs, sum.floatBytes / sum.decodeUs, sum.slowestMbps, sum.slowestCut.c_str());
}

std::string cutsTable(const CodecSubject& subject, const CodecRows& rows, int bits)
{
    std::string text = format("\n%s on %s at %d bits, cut by cut: bytes over pooled entropy, and MB/s of floats encoded/decoded\n"
                              "  %-14s %7s %8s",
                              subject.model.c_str(), subject.data.c_str(), bits, "behind", "values", "entropy");
    for (const auto& writer : kWriters)
        text += format(" %17s", writer.name);
    text += '\n';
    for (const auto& row : rows) {
        if (row.bits != bits)
            continue;
        const auto& cut = subject.cuts[row.cut];
        text += format("  %-14s %7zu %6.0f B", cut.name.c_str(), cut.values(), row.entropyBytes);
        for (const auto& cell : row.cells) {
            if (!cell) {
                text += format(" %17s", "-");
                continue;
            }
            text += format(" %7.3f %4.0f/%-4.0f", (cell->bytes - kRangeBytes) / std::max(row.entropyBytes, 1e-9),
                           cut.floatBytes() / cell->encodeUs, cut.floatBytes() / cell->decodeUs);
        }
        text += '\n';
    }
    return text;
}

std::optional<Goal> sizeGoal(const std::string& writer, int bits)
{
    if (writer != "huffman" || (bits != 4 && bits != 8))
        return {};
    return Goal{bits == 8 ? 1.02 : 1.05};
}

std::optional<Goal> contextGoal(const std::string& cut, int bits)
{
    if (cut == "pool1" && (bits == 4 || bits == 8))
        return Goal{bits == 8 ? 0.87 : 0.75};
    if (cut == "relu4" && bits == 8)
        return Goal{0.90};
    return {};
}

}  // namespace

void reportRows(const CodecSubject& subject, const CodecRows& rows, bool listCuts, BenchReport& report)
{
    for (const auto& row : rows) {
        const auto& cut = subject.cuts[row.cut];
        const auto name = format("%s_%s_%d", subject.model.c_str(), cut.name.c_str(), row.bits);
        report.addDetail(name + "_entropy_bytes", row.entropyBytes);
        for (std::size_t w = 0; w < kWriters.size(); ++w)
            if (row.cells[w])
                addCell(name + "_" + kWriters[w].key, cut, row, *row.cells[w], report);
    }
    std::string lines = format("\n%s on %s: the %zu tensors that may cross, %.0f KB of floats a picture, %zu pictures\n"
                               "  %4s  %-16s %9s %9s   %-22s %7s %7s   %s\n",
                               subject.model.c_str(), subject.data.c_str(), subject.cuts.size(), subject.floatBytes() * 1e-3,
                               subject.pictures.size(), "bits", "coder", "of fp32", "/entropy", "worst cut", "enc MB/s",
                               "dec MB/s", "slowest cut");
    for (const int bits : widthsOf(rows))
        for (std::size_t w = 0; w < kWriters.size(); ++w) {
            const auto sum = sumOf(subject, rows, bits, w);
            if (sum.cuts == 0)
                continue;
            addSum(format("%s_all_cuts_%d_%s", subject.model.c_str(), bits, kWriters[w].key), sum, report);
            lines += sumLine(bits, kWriters[w], sum);
        }
    report.table(lines);
    if (listCuts)
        for (const int bits : widthsOf(rows))
            report.table(cutsTable(subject, rows, bits));
}

void reportGoals(const CodecSubject& subject, const CodecRows& rows, BenchReport& report)
{
    constexpr int kHeadlineBits = 8;
    for (std::size_t w = 0; w < kWriters.size(); ++w) {
        const Writer& writer = kWriters[w];
        if (!codec::needsCodebook(writer.coder))
            continue;
        for (const int bits : widthsOf(rows)) {
            const auto sum = sumOf(subject, rows, bits, w);
            if (sum.cuts < subject.cuts.size())
                continue;  // a sum over some cuts compares with nothing
            const double ratio = sum.levelBytes / sum.entropyBytes;
            if (bits == kHeadlineBits)
                report.add(format("%s_bytes_over_entropy", writer.key), ratio, sizeGoal(writer.key, bits));
            report.add(format("%s_%d_bytes_over_entropy", writer.key, bits), ratio, sizeGoal(writer.key, bits));
            const Goal speed{writer.coder == codec::EntropyCoder::Context ? 100.0 : 400.0, false};
            report.add(format("%s_encode_%d_mb_per_s", writer.key, bits), sum.floatBytes / sum.encodeUs, speed);
            report.add(format("%s_decode_%d_mb_per_s", writer.key, bits), sum.floatBytes / sum.decodeUs, speed);
        }
        for (const auto& row : rows)
            if (const auto goal = contextGoal(subject.cuts[row.cut].name, row.bits);
                goal && row.cells[w] && writer.coder == codec::EntropyCoder::Context)
                report.add(format("context_%d_behind_%s_bytes_over_entropy", row.bits, subject.cuts[row.cut].name.c_str()),
                           (row.cells[w]->bytes - kRangeBytes) / row.entropyBytes, goal);
    }
}

}  // namespace splitscope::app
