// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/change_point.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace splitscope::sim {

namespace {

constexpr double kHugeVariance = 1e6;
constexpr double kFarthest = 1e6;  ///< prior deviations; beyond it densities would vanish
constexpr double kSilentWeight = 1e-3;  ///< run lengths below it do not move a quantile
constexpr int kBisections = 28;

/// (Γ(a + ½) / Γ(a))² / a, good to 1e-11. The C library's lgamma() writes a global, and would be the slowest part of add().
double squaredGammaHalfStep(double a)
{
    double product = 1;
    const double start = a;
    while (a < 8) {
        product *= a / (a + 0.5);
        a += 1;
    }
    const double inverse = 1 / a;
    const double square = inverse * inverse;
    const double series  // of the logarithm
        = inverse * (-1.0 / 8 + square * (1.0 / 192 + square * (-1.0 / 640 + square * (17.0 / 14336 - square * 31.0 / 18432))));
    const double doubled = 2 * series;  // at most 1/32: five terms of exp() do
    const double exponential = 1 + doubled * (1 + doubled / 2 * (1 + doubled / 3 * (1 + doubled / 4 * (1 + doubled / 5))));
    return product * product * exponential * a / start;
}

double standardNormalBelow(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

}  // namespace

double ChangePointDetector::Run::predictive(double value, double variance) const
{
    const double scaleSquared = beta * (kappa + 1) / (alpha * kappa) + variance;
    const double z = (value - mean) * (value - mean) / scaleSquared;
    return std::sqrt(squaredGammaHalfStep(alpha) / (2 * std::numbers::pi * scaleSquared))
        * std::exp(-(alpha + 0.5) * std::log1p(z / (2 * alpha)));
}

double ChangePointDetector::Run::meanVariance() const
{
    return beta / (std::max(alpha - 1, 0.5) * kappa);  // of the mean's Student's t
}

/// The conjugate update, if the observation were normal with the state's variance / weight; `share` is the probability that it
/// is one of the state's at all. What a noisy observation tells of the state's variance counts as little as what it tells of
/// the mean, so that it cannot confirm the guess which its own weight was made of.
void ChangePointDetector::Run::take(double value, double variance, double share)
{
    const double stateVariance = beta / alpha;
    const double weight = stateVariance / (stateVariance + variance);
    const double distance = value - mean;
    const double observations = weight * share;
    beta += 0.5 * observations * weight * (kappa / (kappa + weight)) * distance * distance;
    alpha += 0.5 * observations;
    mean += observations / (kappa + observations) * distance;
    kappa += observations;
    ++count;
}

void ChangePointDetector::Run::forgetBeyond(double observations)
{
    if (observations <= 0 || kappa <= observations)
        return;
    const double factor = observations / kappa;
    kappa *= factor;
    alpha *= factor;
    beta *= factor;
}

ChangePointDetector::ChangePointDetector(const Options& options) : m_options(options) {}

ChangePointDetector::Run ChangePointDetector::fresh() const
{
    Run run;
    run.mean = m_options.priorMean;
    run.kappa = m_options.noise * m_options.noise / (m_options.priorDeviation * m_options.priorDeviation);
    run.alpha = 0.5 * m_options.noiseStrength;
    run.beta = run.alpha * m_options.noise * m_options.noise;
    return run;
}

ChangePointDetector::Verdict ChangePointDetector::add(double value, double variance)
{
    if (!(std::abs(value - m_options.priorMean) <= kFarthest * m_options.priorDeviation))
        return {false, 0, runLength()};
    ++m_seen;
    variance = variance >= 0 ? std::min(variance, kHugeVariance) : 0;
    if (m_runs.empty()) {
        m_runs.push_back(fresh());
        m_runs.back().take(value, variance, 1 - m_options.outlier);
        m_told = m_runs.back().mean;
        m_sinceTold = 0;
        return {false, 0, 1};
    }
    m_sinceTold = std::min(m_sinceTold, m_options.alarmWindow) + 1;
    weigh(value, variance);
    prune();
    return judge();
}

/// One step of the recursion (their Algorithm 1). A run length of 0, a state that nothing has been seen of yet, is left
/// implicit: it has probability `hazard` after each observation, and meets the next one with the prior's predictive.
void ChangePointDetector::weigh(double value, double variance)
{
    Run newborn = fresh();
    const double anywhere = newborn.predictive(value, variance);
    const double stray = m_options.outlier * anywhere;
    for (auto& run : m_runs) {
        const double own = (1 - m_options.outlier) * run.predictive(value, variance);
        run.probability *= (1 - m_options.hazard) * (own + stray);
        run.take(value, variance, stray > 0 ? own / (own + stray) : 1);
        run.forgetBeyond(m_options.memory);
    }
    newborn.take(value, variance, 1 - m_options.outlier);
    newborn.probability = m_options.hazard * anywhere;
    m_runs.push_back(newborn);
}

void ChangePointDetector::prune()
{
    double total = 0;
    for (const auto& run : m_runs)
        total += run.probability;
    // Young runs are kept however improbable: a few observations may be all that they need.
    std::erase_if(m_runs, [&](const Run& run) {
        return run.probability < m_options.negligible * total && run.count > m_options.alarmWindow;
    });
    while (m_runs.size() > static_cast<std::size_t>(std::max(m_options.mostRuns, 2))) {
        const auto last = std::prev(m_runs.end());  // the newborn stays
        m_runs.erase(
            std::min_element(m_runs.begin(), last, [](const Run& a, const Run& b) { return a.probability < b.probability; }));
    }
    total = 0;
    for (const auto& run : m_runs)
        total += run.probability;
    for (auto& run : m_runs)
        run.probability /= total;
}

ChangePointDetector::Verdict ChangePointDetector::judge()
{
    Verdict verdict;
    double youngMean = 0, young = 0, oldMean = 0, old = 0;
    for (const auto& run : m_runs) {
        if (run.count <= m_options.alarmWindow && run.count < m_seen)
            verdict.probability += run.probability;
        if (run.count <= std::min(m_options.alarmWindow, m_sinceTold)) {
            young += run.probability;
            youngMean += run.probability * run.mean;
        } else {
            old += run.probability;
            oldMean += run.probability * run.mean;
        }
    }
    verdict.runLength = runLength();
    if (young >= m_options.alarm && std::abs(youngMean / young - m_told) >= m_options.smallestShift) {
        verdict.changed = true;
        m_told = youngMean / young;
        m_sinceTold = 0;
    } else if (old > young) {
        m_told = oldMean / old;
    }
    return verdict;
}

const ChangePointDetector::Run& ChangePointDetector::likeliest() const
{
    return *std::max_element(m_runs.begin(), m_runs.end(),
                             [](const Run& a, const Run& b) { return a.probability < b.probability; });
}

double ChangePointDetector::mean() const
{
    if (m_runs.empty())
        return m_options.priorMean;
    double sum = 0;
    for (const auto& run : m_runs)
        sum += run.probability * run.mean;
    return sum;
}

double ChangePointDetector::deviation() const
{
    if (m_runs.empty())
        return m_options.priorDeviation;
    const double centre = mean();
    double sum = 0;
    for (const auto& run : m_runs)
        sum += run.probability * (run.meanVariance() + (run.mean - centre) * (run.mean - centre));
    return std::sqrt(sum);
}

double ChangePointDetector::quantile(double probability, double extraVariance) const
{
    struct Part {
        double weight, mean, deviation;
    };
    std::vector<Part> parts;
    if (m_runs.empty())
        parts.push_back({1, m_options.priorMean, std::hypot(m_options.priorDeviation, std::sqrt(extraVariance))});
    for (const auto& run : m_runs) {
        if (run.probability >= kSilentWeight)
            parts.push_back({run.probability, run.mean, std::sqrt(run.meanVariance() + extraVariance)});
    }
    double total = 0;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const auto& part : parts) {
        total += part.weight;
        low = std::min(low, part.mean - 9 * part.deviation);
        high = std::max(high, part.mean + 9 * part.deviation);
    }
    for (int i = 0; i < kBisections; ++i) {
        const double middle = 0.5 * (low + high);
        double below = 0;
        for (const auto& part : parts)
            below += part.weight * standardNormalBelow((middle - part.mean) / part.deviation);
        (below < probability * total ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

int ChangePointDetector::runLength() const { return m_runs.empty() ? 0 : likeliest().count; }

double ChangePointDetector::runLengthProbability(int observations) const
{
    double sum = 0;
    for (const auto& run : m_runs)
        sum += run.count == observations ? run.probability : 0;
    return sum;
}

void ChangePointDetector::clear()
{
    m_runs.clear();
    m_seen = 0;
    m_sinceTold = 0;
    m_told = 0;
}

}  // namespace splitscope::sim
