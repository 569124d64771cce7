// SPDX-License-Identifier: GPL-3.0-or-later
// What an environment hides (reports that come late, loads, an energy that must last), and what can be made of what it shows.
#include "core/sim/draws_p.h"
#include "core/sim/environment.h"

#include <algorithm>
#include <cmath>

namespace splitscope::sim {

namespace {

constexpr double kNewest = 0.3;  ///< weight of the newest measurement in ratios

/// Whole millionths: products of it then are the same on every machine, nearly.
double toMillionths(double value) { return std::round(value * 1e6) / 1e6; }

void average(double& ratio, double newest) { ratio *= std::pow(newest / ratio, kNewest); }

}  // namespace

std::vector<Environment::Episode::Load> Environment::drawLoads(base::Random& random) const
{
    std::vector<Episode::Load> loads;
    const double slowShare = m_options.loadedRequests / (m_options.freeRequests + m_options.loadedRequests);
    bool deviceSlow = drawUnit(random) < slowShare, edgeSlow = drawUnit(random) < slowShare;
    const auto change = [&](bool& slow) {
        if (drawUnit(random) * (slow ? m_options.loadedRequests : m_options.freeRequests) < 1)
            slow = !slow;
    };
    const auto timesAs = [&](bool slow, double factor) {
        return toMillionths((slow ? factor : 1) * std::exp(m_options.timeNoise * drawNormal(random)));
    };
    for (int i = 0; i < m_options.steps; ++i) {
        const double device = timesAs(deviceSlow, m_options.deviceLoad);
        loads.push_back({device, timesAs(edgeSlow, m_options.edgeLoad)});
        change(deviceSlow);
        change(edgeSlow);
    }
    return loads;
}

double Environment::usualBudget() const
{
    constexpr int kSamples = 200;
    double joules = 0;
    for (int i = 0; i < kSamples; ++i) {
        auto here = m_options.conditions;
        here.bytesPerSecond = m_trace.rateAt(m_trace.durationMs() * i / kSamples);
        joules += m_evaluator->score(m_evaluator->best(here), here).prediction.energyJoules / kSamples;
    }
    return m_options.budgetShare * joules * m_evaluator->batch() * m_options.steps;
}

void Environment::resetBelief()
{
    m_joulesLeft = m_options.kind == EnvironmentKind::Budget ? m_options.budgetJoules : std::numeric_limits<double>::infinity();
    m_rateFilter = RateFilter(m_options.reportNoise);
    m_deviceFilter = LoadFilter(m_options.deviceLoad, m_options.freeRequests, m_options.loadedRequests, m_options.timeNoise);
    m_edgeFilter = LoadFilter(m_options.edgeLoad, m_options.freeRequests, m_options.loadedRequests, m_options.timeNoise);
    m_reports.clear();
    m_results.clear();
    if (m_options.kind == EnvironmentKind::Budget)
        m_pacer.forget();
}

/// What a request's own times tell, and what it took.
void Environment::learn(const StepResult& result)
{
    m_joulesLeft -= result.energyJoules * m_evaluator->batch();
    if (m_options.kind == EnvironmentKind::Stale)
        m_results.push_back({result.latencyMs, result.energyJoules, result.accuracy});
    if (m_episode.loads.empty())
        return;
    // A half's time is proportional to its load: measured over predicted is the load itself.
    auto& belief = m_state.belief;
    const auto& load = m_episode.loads[m_next - 1];
    if (result.deviceMs > 0) {
        m_deviceFilter.measure(load.device);
        belief.lastDeviceRatio = load.device;
        average(belief.deviceRatio, load.device);
    }
    belief.edgeUnseen += 1;
    if (result.edgeMs > 0 && !result.fallback) {
        m_edgeFilter.measure(load.edge);
        belief.lastEdgeRatio = load.edge;
        belief.edgeUnseen = 0;
        average(belief.edgeRatio, load.edge);
    }
}

void Environment::observeLate()
{
    const std::size_t request = m_next - 1, delay = static_cast<std::size_t>(m_options.reportDelay);
    const double then = m_episode.arrivalsMs[request > delay ? request - delay : 0];
    const double rate = rateAt(then);
    readLink(rate, m_options.reportNoise);
    auto& s = m_state;
    m_reports.push_back(s.bytesPerSecond);
    const auto back = static_cast<std::size_t>(std::ceil(kTrendMs / m_options.intervalMs));
    s.bandwidthTrend = trendSince(m_reports[m_reports.size() > back ? m_reports.size() - 1 - back : 0]);
    s.waitedMs = 0;
    const bool any = m_results.size() > delay;
    const auto told = any ? m_results[m_results.size() - 1 - delay] : Told{0, 0, 0};
    s.latencyMs = told.latencyMs;
    s.energyJoules = told.energyJoules;
    s.accuracy = told.accuracy;
    s.belief.reportAgeMs = m_nowMs - then;
    if (rate < decision::kNoLimit) {
        m_rateFilter.report(s.bytesPerSecond);
        m_rateFilter.tell(m_options.reportDelay, s.belief);
    }
}

void Environment::believe()
{
    auto& belief = m_state.belief;
    if (m_options.kind == EnvironmentKind::Load) {
        m_deviceFilter.pass();
        m_edgeFilter.pass();
        belief.deviceSlow = m_deviceFilter.slow();
        belief.edgeSlow = m_edgeFilter.slow();
        belief.deviceFactor = m_options.deviceLoad;
        belief.edgeFactor = m_options.edgeLoad;
    }
    if (m_options.kind != EnvironmentKind::Budget)
        return;
    const int left = m_options.steps - static_cast<int>(m_next) + 1;
    m_pacer.see(m_state.bytesPerSecond);
    belief.budgetJoules = m_joulesLeft;
    belief.budgetShare = m_options.budgetJoules > 0 ? m_joulesLeft / m_options.budgetJoules : 0;
    belief.stepsShare = static_cast<double>(left) / m_options.steps;
    belief.joulePrice = m_pacer.price(m_joulesLeft, left);
}

}  // namespace splitscope::sim
