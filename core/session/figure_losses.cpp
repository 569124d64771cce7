// SPDX-License-Identifier: GPL-3.0-or-later
// Figure 5(b): what quantization costs in accuracy, cut by cut.
#include "core/session/figure_cuts.h"
#include "core/session/figure_text.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace splitscope::session {

namespace {

/// Losses from here on are "serious", and "obvious"; in percentage points.
constexpr double kSeriousPoints = 1.0;
/// More bits may lose this much more than fewer bits before the trend is called broken: chance.
constexpr double kTrendTolerancePoints = 0.25;
constexpr double kNormal95 = 1.96;

/// Accuracy lost by coding a cut, in percentage points; the interval where answers can be paired image by image.
struct Loss {
    double points = kNoValue, low = kNoValue, high = kNoValue;
};

Loss lossOf(const FigureInputs& inputs, const profile::CostRow& reference, const profile::CostRow& coded)
{
    Loss loss;
    loss.points = 100 * (reference.accuracy.accuracy - coded.accuracy.accuracy);
    if (!inputs.accuracy)
        return loss;
    const std::size_t images = inputs.accuracy->images;  // columns may be ahead of the table
    const auto columnOf
        = [&](const profile::CostRow& row) { return inputs.accuracy->find(row.decision.exit, row.tensor, row.decision.coding); };
    const auto *before = columnOf(reference), *after = columnOf(coded);
    if (!before || !after || images < 2 || before->correct.size() < images || after->correct.size() < images)
        return loss;
    const auto count = static_cast<double>(images);
    double lost = 0, won = 0;
    for (std::size_t i = 0; i < images; ++i) {
        lost += before->correct[i] && !after->correct[i] ? 1 : 0;
        won += !before->correct[i] && after->correct[i] ? 1 : 0;
    }
    const double mean = (lost - won) / count;
    const double halfWidth = kNormal95 * std::sqrt(std::max(0.0, (lost + won) / count - mean * mean) / count);
    loss.low = loss.points - 100 * halfWidth;
    loss.high = loss.points + 100 * halfWidth;
    return loss;
}

/// Values of a series at the cuts for which `take` is true.
template <typename Take>
std::vector<double> lossesAt(const PathCuts& path, const FigureSeries& series, Take take)
{
    std::vector<double> losses;
    for (std::size_t i = 0; i < path.cuts.size(); ++i)
        if (std::isfinite(series.values[i]) && take(path.cuts[i]))
            losses.push_back(series.values[i]);
    return losses;
}

/// How much more a loss may be than another before that is more than chance.
double tolerance(const FigureSeries& a, const FigureSeries& b, std::size_t cut)
{
    const double chance = std::hypot(a.high[cut] - a.low[cut], b.high[cut] - b.low[cut]) / 2;
    return std::isfinite(chance) ? std::max(kTrendTolerancePoints, chance) : kTrendTolerancePoints;
}

Statement moreBitsLoseLess(const PathCuts& path, const std::vector<FigureSeries>& series, const std::vector<int>& bits)
{
    Statement statement{"Different quantization bits show the same trend: the higher the bits, the lower the accuracy loss.",
                        Verdict::Unknown,
                        {}};
    if (series.size() < 2)
        return statement;
    std::vector<std::string> texts, broken;
    bool falls = true;
    double before = std::numeric_limits<double>::infinity();
    for (std::size_t s = 0; s < series.size(); ++s) {
        const double mean = meanOf(lossesAt(path, series[s], [](const Cut&) { return true; }));
        texts.push_back(decimal(mean, 2) + " points at " + std::to_string(bits[s]) + " bits");
        falls = falls && mean <= before + kTrendTolerancePoints;
        before = mean;
        for (std::size_t i = 0; s > 0 && i < path.cuts.size(); ++i)
            if (series[s].values[i] > series[s - 1].values[i] + tolerance(series[s - 1], series[s], i))
                broken.push_back(path.cuts[i].tensor + " at " + std::to_string(bits[s]) + " bits");
    }
    statement.verdict = falls && broken.empty() ? Verdict::Holds : Verdict::DoesNotHold;
    statement.evidence = "on average over the cuts " + listed(texts) + "; "
        + (broken.empty() ? std::string("no cut loses")
                          : (broken.size() > 4 ? std::to_string(broken.size()) + " cuts lose" : listed(broken) + " lose"))
        + " more than fewer bits do there (by more than " + decimal(kTrendTolerancePoints, 2) + " points, and than chance).";
    return statement;
}

void addCutKindStatements(std::vector<Statement>& statements, const PathCuts& path, const FigureSeries& coarsest, int bits)
{
    const auto products = lossesAt(path, coarsest, [](const Cut& cut) { return cut.isProduct(); });
    const auto others = lossesAt(path, coarsest, [](const Cut& cut) { return cut.quantizable() && !cut.isProduct(); });
    Statement serious{"For the output of convolutional layers and fully connected layers, serious accuracy drop is caused by "
                      "quantizing.",
                      Verdict::Unknown,
                      {}};
    Statement mild{"Contrarily, this is not obvious on the activation function layers and pooling layers.", Verdict::Unknown, {}};
    if (products.empty() || others.empty()) {
        serious.evidence = mild.evidence = "the path has no cuts of both sorts.";
    } else {
        const auto largest = [](const std::vector<double>& values) { return *std::max_element(values.begin(), values.end()); };
        const std::string at = " at " + std::to_string(bits) + " bits, the coarsest: ";
        const double product = meanOf(products), other = meanOf(others);
        serious.verdict = product >= kSeriousPoints ? Verdict::Holds : Verdict::DoesNotHold;
        serious.evidence = "mean loss" + at + decimal(product, 2) + " points, at worst " + decimal(largest(products), 2)
            + " (called serious from " + decimal(kSeriousPoints, 0) + " point).";
        mild.verdict = other < kSeriousPoints && other < product ? Verdict::Holds : Verdict::DoesNotHold;
        mild.evidence = "mean loss" + at + decimal(other, 2) + " points, at worst " + decimal(largest(others), 2) + ", against "
            + decimal(product, 2) + " behind convolutional and fully connected layers.";
    }
    statements.push_back(std::move(serious));
    statements.push_back(std::move(mild));
}

Statement lossCannotBeIgnored(const PathCuts& path, const std::vector<FigureSeries>& series, const std::vector<int>& bits)
{
    Statement statement{
        "Even though quantization and coding significantly compress the data, the accuracy loss cannot be ignored.",
        Verdict::Unknown,
        {}};
    double worst = -std::numeric_limits<double>::infinity();
    std::string where;
    for (std::size_t s = 0; s < series.size(); ++s)
        for (std::size_t i = 0; i < path.cuts.size(); ++i)
            if (series[s].values[i] > worst) {
                worst = series[s].values[i];
                where = path.cuts[i].tensor + " at " + std::to_string(bits[s]) + " bits";
            }
    if (where.empty())
        return statement;
    statement.verdict = worst >= kSeriousPoints ? Verdict::Holds : Verdict::DoesNotHold;
    statement.evidence = "the largest loss is " + decimal(worst, 2) + " points, of " + where + ".";
    return statement;
}

/// The conclusion, looked at in what is ever the fastest over the rates.
Statement cutsLieBehindActivations(const FigureInputs& inputs)
{
    Statement statement{"The partition point should generally be selected at activation function or pooling layers.",
                        Verdict::Unknown, "needs a profile: which interior cuts are ever the fastest is not known."};
    if (!inputs.costs)
        return statement;
    constexpr double kLowest = 10e3, kHighest = 20e6, kAccuracyLoss = 0.01;
    constexpr int kSteps = 100;
    std::set<std::string> behindProducts, behindOthers;
    const auto& spec = inputs.costs->spec();
    double best = 0;
    for (const auto& row : inputs.costs->rows())
        best = std::max(best, row.accuracy.accuracy);
    profile::Conditions conditions;
    conditions.pacedByDevice = false;
    const double loss = kAccuracyLoss + best - bestExitAccuracy(inputs.costs->rows());
    for (const auto& optimal :
         profile::everFastest(onSustainedLink(*inputs.costs), 1, loss, conditions, kLowest, kHighest, kSteps)) {
        const auto& row = inputs.costs->rows()[optimal.row];
        const model::Path path(spec, row.decision.exit);
        if (row.decision.partition == 0 || row.decision.partition >= path.length())
            continue;
        const auto type = path.layer(row.decision.partition).spec.type;
        const bool product = model::hasWeights(type);
        (product ? behindProducts : behindOthers).insert(row.tensor);
    }
    const auto all = behindProducts.size() + behindOthers.size();
    const std::string range = " from 10 KB/s to 20 MB/s, among decisions within 1 point of the best exit";
    if (all == 0) {
        statement.evidence = "no interior cut is ever the fastest" + range + ": frames or the device alone win everywhere.";
        return statement;
    }
    statement.verdict = behindOthers.size() > behindProducts.size() ? Verdict::Holds : Verdict::DoesNotHold;
    statement.evidence = outOf(behindOthers.size(), all) + " interior cuts that are ever the fastest" + range
        + " lie behind an activation or pooling layer"
        + (behindProducts.empty() ? "." : "; the others: " + listed({behindProducts.begin(), behindProducts.end()}) + ".");
    return statement;
}

}  // namespace

base::Result<Figure> accuracyLossFigure(const FigureInputs& inputs, int exit)
{
    const auto path = cutsOf(inputs, exit, "figure 5b");
    if (!path)
        return path.error();
    const auto* reference = referenceOf(inputs, path->exit);
    const auto bits = bitWidths(inputs);
    if (!reference || bits.empty())
        return base::Error{base::ErrorCode::NotFound,
                           "the accuracy table has no answers of the whole network, or none of quantized tensors", "figure 5b"};
    const auto size = path->cuts.size();
    Figure figure{"5b",
                  "Accuracy lost by quantization",
                  subtitleOf(inputs, path->exit),
                  FigureKind::Points,
                  "partition point: the tensor that is quantized",
                  {"accuracy loss (percentage points)", "points", "points", false, 0.01},
                  categoriesOf(*path),
                  {},
                  {},
                  {},
                  {}};
    for (const int width : bits) {
        auto series = emptySeries("bits" + std::to_string(width), std::to_string(width) + " bits", size);
        series.low = series.high = series.values;
        for (std::size_t i = 0; i < size; ++i) {
            const auto* row = findRow(inputs, path->exit, path->cuts[i].tensor, quantized(width));
            if (!row || !path->cuts[i].quantizable())
                continue;
            const Loss loss = lossOf(inputs, *reference, *row);
            series.values[i] = loss.points;
            series.low[i] = loss.low;
            series.high[i] = loss.high;
        }
        figure.series.push_back(std::move(series));
    }
    figure.categories.erase(figure.categories.begin());  // the input is never quantized
    for (auto& series : figure.series)
        for (auto* values : {&series.values, &series.low, &series.high})
            values->erase(values->begin());
    PathCuts interior = *path;
    interior.cuts.erase(interior.cuts.begin());
    figure.statements = {lossCannotBeIgnored(interior, figure.series, bits), moreBitsLoseLess(interior, figure.series, bits)};
    addCutKindStatements(figure.statements, interior, figure.series.front(), bits.front());
    figure.statements.push_back(cutsLieBehindActivations(inputs));
    figure.notes = {"Against the same exit unquantized: " + percent(reference->accuracy.accuracy)
                        + " (95 %: " + percent(reference->accuracy.low) + " to " + percent(reference->accuracy.high) + ").",
                    inputs.accuracy ? "Whiskers: 95 % interval of the loss, paired image by image."
                                    : "No intervals: a cost table does not hold the answers image by image.",
                    tableNote(inputs, *path)};
    return figure;
}

}  // namespace splitscope::session
