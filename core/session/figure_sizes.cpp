// SPDX-License-Identifier: GPL-3.0-or-later
// Figure 5(a): what codings save in bytes, cut by cut.
#include "core/session/figure_cuts.h"
#include "core/session/figure_text.h"

#include <algorithm>
#include <cmath>

namespace splitscope::session {

namespace {

/// "Great reduction": at most this share of the float32 tensor is left.
constexpr double kGreatReduction = 0.5;
constexpr int kPaperMostBits = 12;

/// Codings of whole frames that the rows hold, in their order.
std::vector<codec::Coding> frameCodings(const FigureInputs& inputs)
{
    std::vector<codec::Coding> codings;
    for (const auto& row : inputs.rows)
        if (row.tensor == "input" && row.decision.coding.kind != codec::CodingKind::Float32
            && std::find(codings.begin(), codings.end(), row.decision.coding) == codings.end())
            codings.push_back(row.decision.coding);
    return codings;
}

std::string frameName(const codec::Coding& coding)
{
    switch (coding.kind) {
    case codec::CodingKind::Raw: return "raw frame";
    case codec::CodingKind::Lossless: return "lossless frame";
    case codec::CodingKind::Jpeg: return "JPEG " + std::to_string(coding.parameter);
    default: return codec::toString(coding);
    }
}

Statement greatReduction(const FigureInputs& inputs, const PathCuts& path, const std::vector<int>& bits)
{
    Statement statement{"Quantization and coding greatly reduce the data size at the partition points.", Verdict::Unknown, {}};
    std::vector<std::string> texts;
    bool great = true;
    double largest = 0;
    std::string worst;
    for (const int width : bits) {
        std::vector<double> shares;
        for (const auto& cut : path.cuts) {
            const auto* row = findRow(inputs, path.exit, cut.tensor, quantized(width));
            if (!row || !cut.quantizable())
                continue;
            shares.push_back(row->accuracy.meanBytes / cut.float32Bytes);
            if (shares.back() > largest) {
                largest = shares.back();
                worst = cut.tensor + " at " + std::to_string(width) + " bits";
            }
        }
        if (shares.empty())
            continue;
        const double median = medianOf(shares);
        texts.push_back(decimal(1 / median) + " times smaller at " + std::to_string(width) + " bits");
        great = great && (width > kPaperMostBits || median <= kGreatReduction);
    }
    if (texts.empty()) {
        statement.evidence = "no quantized tensors are in the table.";
        return statement;
    }
    statement.verdict = great ? Verdict::Holds : Verdict::DoesNotHold;
    statement.evidence = "against float32 the median cut is " + listed(texts) + " (called great where at most "
        + percent(kGreatReduction, 0) + " is left at the paper's 4, 8 and 12 bits); the most is left of " + worst + ", "
        + percent(largest) + ".";
    return statement;
}

/// Which cuts send less than the frame itself: the comparison that the paper does not draw.
std::vector<std::string> frameNotes(const FigureInputs& inputs, const PathCuts& path, const std::vector<int>& bits)
{
    std::vector<std::string> notes;
    for (const auto& coding : frameCodings(inputs)) {
        const auto* frame = findRow(inputs, path.exit, "input", coding);
        if (!frame || bits.empty())
            continue;
        std::vector<std::string> smaller;
        std::size_t interior = 0;
        for (const auto& cut : path.cuts) {
            const auto* row = findRow(inputs, path.exit, cut.tensor, quantized(bits.front()));
            interior += row && cut.quantizable() ? 1 : 0;
            if (row && row->accuracy.meanBytes < frame->accuracy.meanBytes)
                smaller.push_back(cut.tensor);
        }
        std::string note = "The picture itself, as " + frameName(coding) + ", has " + decimal(frame->accuracy.meanBytes / 1000, 2)
            + " KB: at " + std::to_string(bits.front()) + " bits " + outOf(smaller.size(), interior) + " interior cuts send less";
        constexpr std::size_t kMostNamed = 6;
        if (!smaller.empty() && smaller.size() <= kMostNamed)
            note += " (" + listed(smaller) + ")";
        notes.push_back(note + ".");
    }
    return notes;
}

}  // namespace

base::Result<Figure> dataSizeFigure(const FigureInputs& inputs, int exit)
{
    const auto path = cutsOf(inputs, exit, "figure 5a");
    if (!path)
        return path.error();
    const auto bits = bitWidths(inputs);
    const auto size = path->cuts.size();
    Figure figure{"5a",
                  "Data size by partition point",
                  subtitleOf(inputs, path->exit),
                  FigureKind::Points,
                  "partition point: the tensor that crosses",
                  {"data size of a frame (KB)", "kb", "KB", true, 0},
                  categoriesOf(*path),
                  {},
                  {},
                  {},
                  {}};
    const auto add = [&](std::string key, std::string name, auto bytesAt) {
        auto series = emptySeries(std::move(key), std::move(name), size);
        for (std::size_t i = 0; i < size; ++i)
            series.values[i] = bytesAt(path->cuts[i]) / 1000;
        if (std::any_of(series.values.begin(), series.values.end(), [](double value) { return std::isfinite(value); }))
            figure.series.push_back(std::move(series));
    };
    add("float32", "float32", [](const Cut& cut) { return cut.float32Bytes; });
    const auto coded = [&](const codec::Coding& coding) {
        return [&inputs, &path, coding](const Cut& cut) {
            const auto* row = findRow(inputs, path->exit, cut.tensor, coding);
            return row ? row->accuracy.meanBytes : kNoValue;
        };
    };
    for (auto width = bits.rbegin(); width != bits.rend(); ++width)
        add("bits" + std::to_string(*width), std::to_string(*width) + " bits", coded(quantized(*width)));
    for (const auto& coding : frameCodings(inputs)) {
        std::string key = codec::toString(coding);
        std::replace(key.begin(), key.end(), ':', '_');
        add(key, frameName(coding), coded(coding));
    }
    figure.statements = {greatReduction(inputs, *path, bits)};
    figure.notes = frameNotes(inputs, *path, bits);
    figure.notes.push_back("Sizes are means over the table's images, of the coded record with its header.");
    figure.notes.push_back(tableNote(inputs, *path));
    return figure;
}

}  // namespace splitscope::session
