// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/evaluation_figures.h"

#include "core/session/figure_text.h"

#include <algorithm>
#include <cctype>

namespace splitscope::session {

namespace {

using Rows = std::vector<const EvaluationRow*>;

/// A quantity of a row, in the unit that it is shown in.
struct Quantity {
    const char* key;
    const char* name;
    Estimate EvaluationRow::*value;
    double factor = 1;
    bool share = false;  ///< that remains to 1: misses of what was met
};

/// What stands in one panel.
struct PanelPlan {
    const char* title;
    FigureAxis x;
    std::vector<Quantity> quantities;
    bool fromZero = false;
    bool optional = false;  ///< left out where all is 0
};

const std::vector<PanelPlan>& plans()
{
    static const std::vector<PanelPlan> all{
        {"reward", {"", "reward", "", false, 0}, {{"reward", "reward", &EvaluationRow::reward}}},
        {"regret", {"", "regret", "", false, 0}, {{"regret", "regret", &EvaluationRow::regret}}, true},
        {"accuracy (%)", {"", "accuracy_percent", "%", false, 0}, {{"accuracy", "accuracy", &EvaluationRow::accuracy, 100}}},
        {"latency (ms)",
         {"", "latency_ms", "ms", true, 0},
         {{"p50", "p50", &EvaluationRow::latencyP50Ms},
          {"p95", "p95", &EvaluationRow::latencyP95Ms},
          {"p99", "p99", &EvaluationRow::latencyP99Ms}}},
        {"deadline missed (%)",
         {"", "deadline_missed_percent", "%", false, 0},
         {{"missed", "missed", &EvaluationRow::deadlineMet, 100, true}},
         true},
        {"modelled energy (mJ)",
         {"", "energy_mj_per_frame", "mJ", false, 0},
         {{"energy", "energy", &EvaluationRow::energyJoules, 1000}},
         true},
        {"switches (%)",
         {"", "switches_percent", "%", false, 0},
         {{"switches", "switches", &EvaluationRow::switches, 100}},
         true},
        {"time to decide (µs)",
         {"", "decide_us", "µs", true, 0},
         {{"p50", "p50", &EvaluationRow::decideP50Us}, {"p99", "p99", &EvaluationRow::decideP99Us}}},
        {"turned away (%)",
         {"", "turned_away_percent", "%", false, 0},
         {{"turned_away", "turned away", &EvaluationRow::turnedAway, 100}},
         true,
         true},
        {"fell back (%)",
         {"", "fallback_percent", "%", false, 0},
         {{"fallback", "fallback", &EvaluationRow::fallbacks, 100}},
         true,
         true},
    };
    return all;
}

Estimate shown(const EvaluationRow& row, const Quantity& quantity)
{
    Estimate value = row.*quantity.value;
    if (quantity.share)
        value = {1 - value.mean, 1 - value.high, 1 - value.low};
    return {value.mean * quantity.factor, value.low * quantity.factor, value.high * quantity.factor};
}

FigureSeries seriesOf(const Rows& rows, const Quantity& quantity)
{
    FigureSeries series{quantity.key, quantity.name, {}, {}, {}};
    for (const auto* row : rows) {
        const Estimate value = row ? shown(*row, quantity) : Estimate{kNoValue, kNoValue, kNoValue};
        series.values.push_back(value.mean);
        series.low.push_back(value.hasInterval() ? value.low : kNoValue);
        series.high.push_back(value.hasInterval() ? value.high : kNoValue);
    }
    return series;
}

bool allZero(const RowPanel& panel)
{
    return std::all_of(panel.series.begin(), panel.series.end(), [](const FigureSeries& series) {
        return std::all_of(series.values.begin(), series.values.end(), [](double value) { return value == 0; });
    });
}

void place(std::vector<RowPanel>& panels)
{
    constexpr int kFew = 8;
    const int columns = static_cast<int>(panels.size()) > kFew ? 5 : 4;
    for (std::size_t i = 0; i < panels.size(); ++i) {
        panels[i].row = static_cast<int>(i) / columns;
        panels[i].column = static_cast<int>(i) % columns;
    }
}

std::string subtitle(const Evaluation& evaluation, const EvaluationRow& row)
{
    return evaluation.network + ", accuracy on " + evaluation.data + ", batch " + std::to_string(evaluation.batch) + ", "
        + std::to_string(row.episodes) + (row.episodes == 1 ? " episode" : " episodes") + ", seed "
        + std::to_string(evaluation.seed);
}

std::vector<std::string> usualNotes(const Evaluation& evaluation)
{
    std::vector<std::string> notes{
        "Whiskers are 95 % intervals, bootstrap over whole episodes; all strategies meet the same ones.",
        "Energy is modelled, per frame. A switch is another exit or cut than the request before had; one that fell back found "
        "the link "
        "down."};
    for (const auto& problem : evaluation.leftOut)
        notes.push_back("Left out: " + problem.message());
    return notes;
}

/// Fit for a file's name: a source may be a typed bandwidth, or a path.
std::string keyOf(std::string text)
{
    for (char& c : text)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.')
            c = '-';
    constexpr std::size_t kLongest = 60;
    return text.substr(0, kLongest);
}

/// Every quantity of one scenario on one source.
Figure quantitiesFigure(const Evaluation& evaluation, const EvaluationReference& reference)
{
    Rows rows;
    for (const auto& row : evaluation.rows)
        if (row.scenario == reference.scenario && row.source == reference.source)
            rows.push_back(&row);
    std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) { return a->reward.mean > b->reward.mean; });
    Figure figure;
    figure.key = keyOf(reference.scenario + "-" + reference.source);
    figure.title = "Strategies, scenario " + reference.scenario + " on " + reference.source;
    figure.kind = FigureKind::Rows;
    figure.notes = usualNotes(evaluation);
    if (rows.empty())
        return figure;
    figure.subtitle = subtitle(evaluation, *rows.front());
    for (const auto* row : rows)
        figure.categories.push_back({row->strategy, "strategy", ""});
    for (const auto& plan : plans()) {
        RowPanel panel{plan.title, 0, 0, plan.x, {}, {}, plan.fromZero};
        for (const auto& quantity : plan.quantities)
            panel.series.push_back(seriesOf(rows, quantity));
        if (figure.rowPanels.empty())
            panel.marks = {{"optimum", "optimum of every step", reference.optimum.mean},
                           {"bound", "bound (" + reference.boundKind + ")", reference.bound.mean}};
        if (!plan.optional || !allZero(panel))
            figure.rowPanels.push_back(std::move(panel));
    }
    place(figure.rowPanels);
    return figure;
}

/// Strategies of a scenario, the greatest mean share of the bound first.
std::vector<std::string> byShareOfBound(const Evaluation& evaluation, const std::string& scenario)
{
    std::vector<std::pair<double, std::string>> sums;
    for (const auto& row : evaluation.rows) {
        if (row.scenario != scenario)
            continue;
        const auto known
            = std::find_if(sums.begin(), sums.end(), [&](const auto& entry) { return entry.second == row.strategy; });
        if (known != sums.end())
            known->first += row.overBound.mean;
        else
            sums.emplace_back(row.overBound.mean, row.strategy);
    }
    std::stable_sort(sums.begin(), sums.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> names;
    for (const auto& [sum, name] : sums)
        names.push_back(name);
    return names;
}

/// Reward over the bound, a panel per source.
Figure sourcesFigure(const Evaluation& evaluation, const std::string& scenario)
{
    Figure figure;
    figure.key = scenario;
    figure.title = "Reward as a share of the bound, scenario " + scenario;
    figure.kind = FigureKind::Rows;
    figure.notes = usualNotes(evaluation);
    const auto names = byShareOfBound(evaluation, scenario);
    for (const auto& name : names)
        figure.categories.push_back({name, "strategy", ""});
    for (const auto& reference : evaluation.references) {
        if (reference.scenario != scenario)
            continue;
        Rows rows;
        for (const auto& name : names)
            rows.push_back(evaluation.find(name, scenario, reference.source));
        if (const auto* row = rows.front(); figure.subtitle.empty() && row)
            figure.subtitle = subtitle(evaluation, *row);
        RowPanel panel{reference.source + " (%)", 0, 0, {"", "reward_over_bound_percent", "%", false, 0}, {}, {}, false};
        panel.series = {seriesOf(rows, {"reward", "reward", &EvaluationRow::overBound, 100})};
        panel.marks = {{"optimum", "optimum of every step", 100 * reference.optimum.mean / reference.bound.mean},
                       {"bound", "bound", 100}};
        figure.rowPanels.push_back(std::move(panel));
    }
    place(figure.rowPanels);
    return figure;
}

}  // namespace

std::vector<Figure> evaluationFigures(const Evaluation& evaluation)
{
    std::vector<Figure> figures;
    std::string scenario;
    for (const auto& reference : evaluation.references) {
        const auto sources = std::count_if(evaluation.references.begin(), evaluation.references.end(),
                                           [&](const auto& other) { return other.scenario == reference.scenario; });
        if (sources > 1 && reference.scenario != scenario)
            figures.push_back(sourcesFigure(evaluation, reference.scenario));
        scenario = reference.scenario;
        figures.push_back(quantitiesFigure(evaluation, reference));
        const auto same = std::count_if(figures.begin(), figures.end() - 1,
                                        [&](const Figure& other) { return other.key == figures.back().key; });
        if (same > 0)
            figures.back().key += "-" + std::to_string(figures.size());
    }
    return figures;
}

}  // namespace splitscope::session
