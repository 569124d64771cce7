// SPDX-License-Identifier: GPL-3.0-or-later
// Size against accuracy: what every decision of an exit sends by every coder, and which of them nothing beats.
#include "core/session/figure_size_accuracy_p.h"

#include "core/session/figure_text.h"

#include <algorithm>
#include <cmath>

namespace splitscope::session {

namespace {

using codec::CodingKind;
using codec::EntropyCoder;

std::string seriesKey(const SizedDecision& sized)
{
    switch (sized.coding.kind) {
    case CodingKind::Quantized: return codec::toString(sized.coder);
    case CodingKind::Jpeg: return "jpeg";
    case CodingKind::Float32: return "float32";
    default: return "frames";
    }
}

/// In the order of the legend.
constexpr std::pair<const char*, const char*> kSeries[] = {{"none", "bit packing"},
                                                           {"huffman-adaptive", "huffman-adaptive"},
                                                           {"zstd", "zstd"},
                                                           {"huffman", "huffman"},
                                                           {"context", "context"},
                                                           {"float32", "float32"},
                                                           {"frames", "raw and lossless frames"},
                                                           {"jpeg", "JPEG frames"}};

PlotSeries emptyPoints(std::string key, std::string name)
{
    PlotSeries series;
    series.key = std::move(key);
    series.name = std::move(name);
    series.mark = PlotMark::Points;
    return series;
}

void add(PlotSeries& series, const SizedDecision& sized, const std::string& label)
{
    series.xs.push_back(sized.bytes);
    series.ys.push_back(100 * sized.accuracy.accuracy);
    series.low.push_back(100 * sized.accuracy.low);
    series.high.push_back(100 * sized.accuracy.high);
    series.labels.push_back(label);
}

PlotPanel panelOf(const std::vector<SizedDecision>& decisions)
{
    PlotPanel panel;
    panel.x = {"bytes of a frame, mean", "bytes", "B", true, 0};
    panel.y = {"accuracy (%)", "accuracy_percent", "%", true, 0.1};
    for (const auto& [key, name] : kSeries) {
        auto series = emptyPoints(key, name);
        for (const auto& sized : decisions)
            if (seriesKey(sized) == key)
                add(series, sized, nameOf(sized));
        if (!series.xs.empty())
            panel.series.push_back(std::move(series));
    }
    PlotSeries front;
    front.key = kFrontKey;
    front.name = "front: fewest bytes for the accuracy";
    front.mark = PlotMark::Steps;
    auto named = emptyPoints(kNamedKey, "named: nothing sends less, answers better and asks less of the device");
    for (const auto& sized : decisions) {  // ascending in bytes
        if (sized.onFront) {
            front.xs.push_back(sized.bytes);
            front.ys.push_back(100 * sized.judgedAccuracy);
            front.labels.push_back(nameOf(sized));
        }
        if (sized.undominated)
            add(named, sized, nameOf(sized));
    }
    panel.series.push_back(std::move(front));
    panel.series.push_back(std::move(named));
    return panel;
}

std::vector<std::string> notesOf(const FigureInputs& inputs, const PathCuts& path, const std::vector<SizedDecision>& decisions)
{
    std::vector<std::string> notes{
        "The device must compute up to a tensor before it can send it: frames cost it nothing, deep tensors are small and cost "
        "it "
        "most. So decisions are named that no other one beats in bytes, accuracy and depth of the cut at once; the line is the "
        "front of bytes and accuracy alone.",
        "Accuracies above the exit's own, unquantized, are chance: they count as that one.",
        "All on the device sends the label alone, and answers " + percent(referenceOf(inputs, path.exit)->accuracy.accuracy)
            + "."};
    std::vector<std::string> missing;
    for (const auto coder : codec::kEntropyCoders)
        if (std::none_of(decisions.begin(), decisions.end(), [&](const SizedDecision& sized) {
                return sized.coding.kind == CodingKind::Quantized && sized.coder == coder;
            }))
            missing.push_back(codec::toString(coder));
    if (!missing.empty())
        notes.push_back("The table has no bytes of " + listed(missing)
                        + (inputs.accuracy ? ": `splitscope-cli table accuracy` adds them to it, where a codebook ships."
                                           : ": a cost table knows one coder, an accuracy table all."));
    notes.push_back("Sizes are means over the table's images, of the coded record with its header.");
    notes.push_back(
        "Accuracy table: " + inputs.data + ", " + std::to_string(referenceOf(inputs, path.exit)->accuracy.images) + " images"
        + (inputs.accuracy && !inputs.accuracy->date.empty() ? ", made " + inputs.accuracy->date.substr(0, 10) : "") + ".");
    return notes;
}

/// The exit that answers best with nothing quantized; 0 where no row says.
int bestExit(const FigureInputs& inputs)
{
    int best = 0;
    double accuracy = -1;
    for (int exit = 1; exit <= inputs.spec.exitCount(); ++exit)
        if (const auto* reference = referenceOf(inputs, exit); reference && reference->accuracy.accuracy >= accuracy) {
            best = exit;
            accuracy = reference->accuracy.accuracy;
        }
    return best;
}

/// What one row sends: by every coder that an accuracy table knows, or by the cost table's.
void addRow(const FigureInputs& inputs, const profile::CostRow& row, double reference, std::vector<SizedDecision>& decisions)
{
    SizedDecision sized{row.tensor, row.decision.partition, row.decision.coding, EntropyCoder::None, 0, row.accuracy, 0};
    sized.judgedAccuracy = std::min(row.accuracy.accuracy, reference);
    const auto* column = inputs.accuracy ? inputs.accuracy->find(row.decision.exit, row.tensor, row.decision.coding) : nullptr;
    if (column == nullptr) {
        sized.coder
            = inputs.costs && sized.coding.kind == CodingKind::Quantized ? inputs.costs->device().coder : EntropyCoder::None;
        sized.bytes = row.accuracy.meanBytes;
        decisions.push_back(sized);
        return;
    }
    for (const auto& [coder, bytes] : column->bytes) {
        if (column->bytesWith(coder).empty())
            continue;  // still being added
        sized.coder = coder;
        sized.bytes = profile::summarise(*column, coder).meanBytes;
        decisions.push_back(sized);
    }
}

/// Every one is compared with every other: some hundred. Of those that are alike the shallowest is on the front.
void findFronts(std::vector<SizedDecision>& decisions)
{
    const auto beats = [](const SizedDecision& a, const SizedDecision& b, bool depthCounts) {
        const bool noWorse
            = a.bytes <= b.bytes && a.judgedAccuracy >= b.judgedAccuracy && (!depthCounts || a.partition <= b.partition);
        return noWorse && (a.bytes < b.bytes || a.judgedAccuracy > b.judgedAccuracy || a.partition < b.partition);
    };
    for (auto& sized : decisions) {
        const auto isBeaten = [&](bool depthCounts) {
            return std::any_of(decisions.begin(), decisions.end(),
                               [&](const SizedDecision& other) { return beats(other, sized, depthCounts); });
        };
        sized.onFront = !isBeaten(false);
        sized.undominated = !isBeaten(true);
    }
}

}  // namespace

std::string nameOf(const SizedDecision& sized)
{
    switch (sized.coding.kind) {
    case CodingKind::Quantized:
        return sized.tensor + ", " + std::to_string(sized.coding.parameter) + " bits, " + codec::toString(sized.coder);
    case CodingKind::Raw: return "raw frame";
    case CodingKind::Lossless:
        return sized.coder == EntropyCoder::Context ? "lossless frame by context" : "lossless frame by WebP";
    case CodingKind::Jpeg: return "JPEG " + std::to_string(sized.coding.parameter);
    default: return (sized.partition == 0 ? "frame" : sized.tensor) + ", " + codec::toString(sized.coding);
    }
}

std::vector<SizedDecision> sizedDecisions(const FigureInputs& inputs, int exit)
{
    std::vector<SizedDecision> decisions;
    const double reference = referenceOf(inputs, exit)->accuracy.accuracy;
    for (const auto& row : inputs.rows)
        if (row.decision.exit == exit && row.decision.coding.kind != CodingKind::LabelOnly)
            addRow(inputs, row, reference, decisions);
    std::erase_if(decisions, [](const SizedDecision& sized) { return sized.bytes <= 0; });
    std::stable_sort(decisions.begin(), decisions.end(),
                     [](const SizedDecision& a, const SizedDecision& b) { return a.bytes < b.bytes; });
    findFronts(decisions);
    return decisions;
}

base::Result<Figure> sizeAccuracyFigure(const FigureInputs& inputs, int exit)
{
    const auto path = cutsOf(inputs, exit == 0 ? bestExit(inputs) : exit, "figure size");
    if (!path)
        return path.error();
    if (!referenceOf(inputs, path->exit))
        return base::Error{base::ErrorCode::NotFound, "the accuracy table has no answers of the whole network", "figure size"};
    const auto decisions = sizedDecisions(inputs, path->exit);
    if (decisions.empty())
        return base::Error{base::ErrorCode::NotFound, "the accuracy table has no decision that sends anything", "figure size"};
    Figure figure;
    figure.key = "size";
    figure.title = "Size against accuracy";
    figure.subtitle = subtitleOf(inputs, path->exit);
    figure.kind = FigureKind::Front;
    figure.plots = {panelOf(decisions)};
    figure.xTitle = figure.plots.front().x.title;
    figure.y = figure.plots.front().y;
    figure.statements = sizeAccuracyStatements(*path, decisions);
    figure.notes = notesOf(inputs, *path, decisions);
    return figure;
}

}  // namespace splitscope::session
