// SPDX-License-Identifier: GPL-3.0-or-later
// Figure 3: how long each layer takes.
#include "core/base/units.h"
#include "core/session/figure_text.h"
#include "core/session/figures.h"

#include <algorithm>
#include <cmath>

namespace splitscope::session {

namespace {

/// Less than this of all computing time would be negligible.
constexpr double kNegligibleShare = 0.05;
/// Times "fluctuate" where the standard deviation of a layer's repeats is at least so much of its mean.
constexpr double kFluctuation = 0.05;
/// A median is "stable" where half its 95 % interval is at most so much of it.
constexpr double kStable = 0.05;
constexpr double kMostLayers = 0.9;

struct Layer {
    std::string name;  ///< in the network
    model::LayerType type;
    std::string group;
};

/// Trunk, then heads. Dropout does nothing at inference.
std::vector<Layer> layersOf(const model::NetworkSpec& spec)
{
    std::vector<Layer> layers;
    const auto add = [&layers](const std::vector<model::LayerSpec>& list, const std::string& group) {
        for (const auto& layer : list)
            if (layer.type != model::LayerType::Dropout)
                layers.push_back({layer.name, layer.type, group});
    };
    add(spec.trunk, "trunk");
    for (const auto& exit : spec.exits)
        add(exit.head, "head of " + exit.name);
    return layers;
}

int measuredBatch(const profile::ComputeProfile& profile, int wanted)
{
    int largest = 0;
    for (const auto& layer : profile.layers) {
        if (layer.batch == wanted)
            return wanted;
        largest = std::max(largest, layer.batch);
    }
    return largest;
}

const profile::Measurement* find(const profile::ComputeProfile& profile, const std::string& layer, int batch)
{
    for (const auto& time : profile.layers)
        if (time.layer == layer && time.batch == batch)
            return &time.time;
    return nullptr;
}

FigureSeries seriesOf(const profile::ComputeProfile& profile, const std::vector<Layer>& layers, int batch, const std::string& key)
{
    const bool measured = profile.measured();
    std::string name = key + (measured ? "" : " (" + profile.source.substr(0, profile.source.find(':')) + ")");
    FigureSeries series{key, name, {}, {}, {}};
    for (const auto& layer : layers) {
        const auto* time = find(profile, layer.name, batch);
        series.values.push_back(time ? time->p50Ms : kNoValue);
        series.low.push_back(time && measured ? time->lowMs : kNoValue);
        series.high.push_back(time && measured ? time->highMs : kNoValue);
    }
    if (!measured)
        series.low = series.high = {};
    return series;
}

/// Times of the layers for which `take` is true.
template <typename Take>
std::vector<double> timesOf(const std::vector<Layer>& layers, const FigureSeries& series, Take take)
{
    std::vector<double> times;
    for (std::size_t i = 0; i < layers.size(); ++i)
        if (std::isfinite(series.values[i]) && take(layers[i]))
            times.push_back(series.values[i]);
    return times;
}

double sum(const std::vector<double>& values) { return meanOf(values) * static_cast<double>(values.size()); }

Statement heavyLayersDominate(const std::vector<double>& heavyTimes, const std::vector<double>& lightTimes)
{
    Statement statement{
        "The convolutional layers and fully connected layers take up most of the computing time.", Verdict::Unknown, {}};
    const double all = sum(heavyTimes) + sum(lightTimes);
    if (all <= 0)
        return statement;
    const double share = sum(heavyTimes) / all;
    statement.verdict = share > 0.5 ? Verdict::Holds : Verdict::DoesNotHold;
    statement.evidence = "the " + std::to_string(heavyTimes.size()) + " of them take " + base::formatMs(sum(heavyTimes)) + " of "
        + base::formatMs(all) + ", " + percent(share) + " (measured one by one, each by itself).";
    return statement;
}

Statement lightLayersCount(const std::vector<double>& heavyTimes, const std::vector<double>& lightTimes)
{
    Statement statement{"Although the latency of other types of layers is relatively small, the accumulation of it is not "
                        "negligible.",
                        Verdict::Unknown,
                        {}};
    const double all = sum(heavyTimes) + sum(lightTimes);
    if (all <= 0 || lightTimes.empty() || heavyTimes.empty())
        return statement;
    const double share = sum(lightTimes) / all;
    const bool small = medianOf(lightTimes) < medianOf(heavyTimes);
    statement.verdict = small && share >= kNegligibleShare ? Verdict::Holds : Verdict::DoesNotHold;
    statement.evidence = "median " + base::formatMs(medianOf(lightTimes)) + " against " + base::formatMs(medianOf(heavyTimes))
        + " of convolutional and fully connected layers; together activation and pooling layers take " + percent(share)
        + " (called negligible below " + percent(kNegligibleShare, 0) + ").";
    return statement;
}

/// What repeats of a measured layer show. Emulated times have no repeats of their own.
void addRepeatStatements(std::vector<Statement>& statements, const FigureInputs& inputs, const std::vector<Layer>& layers,
                         int batch)
{
    Statement fluctuates{"Layer latency of the same device usually fluctuates.", Verdict::Unknown, {}};
    Statement stable{
        "By taking the average of multiple measurements, we can obtain stable latency of each layer.", Verdict::Unknown, {}};
    const auto* profile = inputs.device && inputs.device->measured() ? &*inputs.device : inputs.edge ? &*inputs.edge : nullptr;
    std::vector<double> spreads;
    std::size_t narrow = 0;
    double samples = 0;
    if (profile && profile->measured()) {
        for (const auto& layer : layers) {
            const auto* time = find(*profile, layer.name, batch);
            if (!time || time->samples < 2 || time->meanMs <= 0 || time->p50Ms <= 0)
                continue;
            spreads.push_back(time->sigmaMs / time->meanMs);
            narrow += (time->highMs - time->lowMs) / 2 <= kStable * time->p50Ms ? 1 : 0;
            samples += time->samples;
        }
    }
    if (spreads.empty()) {
        fluctuates.evidence = stable.evidence = "no repeated measurements are at hand.";
    } else {
        const double median = medianOf(spreads);
        fluctuates.verdict = median >= kFluctuation ? Verdict::Holds : Verdict::DoesNotHold;
        fluctuates.evidence = "the standard deviation of one layer's repeats is " + percent(median)
            + " of its mean (median over layers; called fluctuating from " + percent(kFluctuation, 0) + ").";
        const auto count = static_cast<double>(spreads.size());
        stable.verdict = static_cast<double>(narrow) >= kMostLayers * count ? Verdict::Holds : Verdict::DoesNotHold;
        stable.evidence = "for " + outOf(narrow, spreads.size()) + " layers the median's 95 % interval is within ±"
            + percent(kStable, 0) + ", after " + decimal(samples / count, 0) + " repeats on average.";
    }
    statements.push_back(std::move(fluctuates));
    statements.push_back(std::move(stable));
}

/// Whole paths: how long each exit takes on the first machine that tells.
std::vector<double> exitTimes(const FigureInputs& inputs, int batch)
{
    std::vector<double> times;
    const auto& profile = inputs.device ? *inputs.device : *inputs.edge;
    for (int exit = 1; exit <= inputs.spec.exitCount(); ++exit) {
        const int last = inputs.spec.exits[static_cast<std::size_t>(exit - 1)].layerCount();
        if (const auto ms = profile.segmentMs(exit, 0, last, batch))
            times.push_back(*ms);
    }
    return times;
}

bool strictlyRises(const std::vector<double>& values)
{
    return std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) == values.end();
}

Statement laterExitsCostMore(const FigureInputs& inputs, int batch)
{
    Statement statement{"As the exit point moves backward, each branch provides an increasing accuracy rate as the corresponding "
                        "runtime increases as well.",
                        Verdict::Unknown,
                        {}};
    const auto times = exitTimes(inputs, batch);
    std::vector<double> accuracies;
    for (int exit = 1; exit <= inputs.spec.exitCount(); ++exit)
        for (const auto& row : inputs.rows)
            if (row.decision.exit == exit && row.decision.coding.kind == codec::CodingKind::LabelOnly)
                accuracies.push_back(row.accuracy.accuracy);
    const auto exits = static_cast<std::size_t>(inputs.spec.exitCount());
    if (times.size() != exits || exits < 2) {
        statement.evidence = "the profile does not have every exit's whole path.";
        return statement;
    }
    bool rises = strictlyRises(times);
    std::vector<std::string> exitTexts;
    for (std::size_t i = 0; i < exits; ++i)
        exitTexts.push_back(base::formatMs(times[i])
                            + (accuracies.size() == exits ? " for " + percent(accuracies[i]) : std::string()));
    if (accuracies.size() == exits)
        rises = rises && strictlyRises(accuracies);
    statement.verdict = rises ? Verdict::Holds : Verdict::DoesNotHold;
    statement.evidence = "exits 1 to " + std::to_string(exits) + " take " + listed(exitTexts) + ".";
    return statement;
}

}  // namespace

base::Result<Figure> layerLatencyFigure(const FigureInputs& inputs, int batch)
{
    if (!inputs.device && !inputs.edge)
        return base::Error{base::ErrorCode::NotFound, "needs a profile; measure one, or open one", "figure 3"};
    const auto layers = layersOf(inputs.spec);
    const int taken = measuredBatch(inputs.device ? *inputs.device : *inputs.edge, batch);
    Figure figure{
        "3", "Layer latency", {}, FigureKind::Bars, "layer", {"time of the layer (ms)", "ms", "ms", false, 0}, {}, {}, {}, {},
        {}};
    figure.subtitle = inputs.spec.name + (inputs.data.empty() ? "" : " · " + inputs.data) + " · batch " + std::to_string(taken);
    for (const auto& layer : layers)
        figure.categories.push_back({layer.name, std::string(model::name(layer.type)), layer.group});
    const bool one = inputs.device && inputs.edge && *inputs.device == *inputs.edge;
    if (inputs.device && !one)
        figure.series.push_back(seriesOf(*inputs.device, layers, taken, "device"));
    if (inputs.edge)
        figure.series.push_back(seriesOf(*inputs.edge, layers, taken, "edge"));
    const auto& first = figure.series.front();
    const auto heavyTimes = timesOf(layers, first, [](const Layer& layer) { return model::hasWeights(layer.type); });
    const auto lightTimes = timesOf(layers, first, [](const Layer& layer) { return !model::hasWeights(layer.type); });
    if (heavyTimes.empty() && lightTimes.empty())
        return base::Error{base::ErrorCode::NotFound, "the profile has no times of single layers; measure again", "figure 3"};
    figure.statements = {heavyLayersDominate(heavyTimes, lightTimes), lightLayersCount(heavyTimes, lightTimes)};
    addRepeatStatements(figure.statements, inputs, layers, taken);
    figure.statements.push_back(laterExitsCostMore(inputs, taken));
    if (inputs.device && !one)
        figure.notes.push_back("Device: " + describe(*inputs.device) + ".");
    if (inputs.edge)
        figure.notes.push_back("Edge: " + describe(*inputs.edge) + ".");
    figure.notes.push_back(
        "Each layer by itself, unfused: where segments fuse layers, a segment takes less than their sum. Bars are "
        "medians of a request of "
        + std::to_string(taken) + (taken == 1 ? " frame" : " frames")
        + ", whiskers their 95 % intervals; the statements are checked on the " + figure.series.front().name + ".");
    if (taken != batch)
        figure.notes.push_back("The paper's batch of " + std::to_string(batch) + " was not measured.");
    return figure;
}

}  // namespace splitscope::session
