// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/environment.h"

#include "core/sim/draws_p.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <limits>

namespace splitscope::sim {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kShortestIntervalMs = 1000. / 30;
constexpr double kFailoverMs = 200;  ///< a device waits at least so long for an edge that is silent

/// Whole microseconds: sums of times then do not depend on how a machine's library rounds the last bit.
double toMicroseconds(double ms) { return std::round(ms * 1e3) / 1e3; }

bool isLimited(double rate) { return rate > 0 && rate < decision::kNoLimit; }

bool isLocal(const decision::Decision& decision) { return decision.coding.kind == codec::CodingKind::LabelOnly; }

base::Error outside(const char* option, double value, double low, double high)
{
    std::array<char, 128> text{};
    std::snprintf(text.data(), text.size(), "%.6g is outside %g..%g", value, low, high);
    return {base::ErrorCode::InvalidInput, text.data(), std::string("environment: ") + option};
}

base::Status check(const EnvironmentOptions& options)
{
    struct Range {
        const char* option;
        double value, low, high;
    };
    constexpr double kDayMs = 24. * 3600 * 1000, kMost = 1e6, kLeast = 1e-6;
    const std::array ranges{
        Range{"steps", static_cast<double>(options.steps), 1, kMost},
        Range{"interval (ms)", options.intervalMs, 0, kDayMs},
        Range{"bandwidth noise", options.bandwidthNoise, 0, 5},
        Range{"calm arrivals per service", options.calmArrivalsPerService, kLeast, 1e3},
        Range{"burst arrivals per service", options.burstArrivalsPerService, kLeast, 1e3},
        Range{"calm requests", options.calmRequests, 1, kMost},
        Range{"burst requests", options.burstRequests, 1, kMost},
        Range{"queue limit", static_cast<double>(options.queueLimit), 1, 1e4},
        Range{"switch time (ms)", options.switchMs, 0, kDayMs},
        Range{"switch cost", options.switchCost, 0, 1e3},
        Range{"report delay (requests)", static_cast<double>(options.reportDelay), 0, 1e4},
        Range{"report noise", options.reportNoise, 0, 5},
        Range{"device load", options.deviceLoad, 1, 1e3},
        Range{"edge load", options.edgeLoad, 1, 1e3},
        Range{"free requests", options.freeRequests, 1, kMost},
        Range{"loaded requests", options.loadedRequests, 1, kMost},
        Range{"time noise", options.timeNoise, 0, 2},
        Range{"budget share", options.budgetShare, kLeast, kMost},
        Range{"budget (J)", options.budgetJoules, 0, 1e12},
        Range{"device slowdown", options.conditions.deviceSlowdown, kLeast, kMost},
        Range{"edge slowdown", options.conditions.edgeSlowdown, kLeast, kMost},
    };
    for (const auto& [option, value, low, high] : ranges)
        if (!(value >= low && value <= high))  // false for NaN
            return outside(option, value, low, high);
    return {};
}

double fastestMs(const Evaluator& evaluator, profile::Conditions conditions, double rate)
{
    conditions.bytesPerSecond = rate;
    double fastest = kNever;
    for (std::size_t action = 0; action < evaluator.actionCount(); ++action)
        fastest = std::min(fastest, evaluator.table().predict(action, evaluator.batch(), conditions).totalMs);
    return fastest;
}

double intervalFor(const Trace& trace, int steps)
{
    return trace.isConstant() ? kShortestIntervalMs : std::max(kShortestIntervalMs, trace.durationMs() / steps);
}

}  // namespace

const std::vector<EnvironmentKind>& environmentKinds()
{
    static const std::vector<EnvironmentKind> kAll{EnvironmentKind::Paper, EnvironmentKind::Queue, EnvironmentKind::Switch,
                                                   EnvironmentKind::Stale, EnvironmentKind::Load,  EnvironmentKind::Budget};
    return kAll;
}

base::Result<EnvironmentKind> parseEnvironmentKind(const std::string& text)
{
    std::string names;
    for (const auto kind : environmentKinds()) {
        if (text == toString(kind))
            return kind;
        names += (names.empty() ? "" : ", ") + toString(kind);
    }
    return base::Error{base::ErrorCode::InvalidInput, "'" + text + "' is no scenario; there are " + names, "environment"};
}

std::string toString(EnvironmentKind kind)
{
    switch (kind) {
    case EnvironmentKind::Paper: return "paper";
    case EnvironmentKind::Queue: return "queue";
    case EnvironmentKind::Switch: return "switch";
    case EnvironmentKind::Stale: return "stale";
    case EnvironmentKind::Load: return "load";
    case EnvironmentKind::Budget: return "budget";
    }
    return {};
}

base::Result<Environment> Environment::make(std::shared_ptr<const Evaluator> evaluator, const Trace& bandwidth,
                                            const EnvironmentOptions& options)
{
    if (!evaluator)
        return base::Error{base::ErrorCode::InvalidInput, "needs an evaluator", "environment"};
    if (auto status = check(options); !status)
        return status.error();
    return Environment(std::move(evaluator), bandwidth, options);
}

Environment::Environment(std::shared_ptr<const Evaluator> evaluator, const Trace& bandwidth, const EnvironmentOptions& options)
    : m_evaluator(std::move(evaluator)), m_trace(bandwidth.repeating(true)), m_options(options),
      m_rateFilter(options.reportNoise),
      m_deviceFilter(options.deviceLoad, options.freeRequests, options.loadedRequests, options.timeNoise),
      m_edgeFilter(options.edgeLoad, options.freeRequests, options.loadedRequests, options.timeNoise)
{
    m_serviceMs = fastestMs(*m_evaluator, m_options.conditions, m_trace.meanRate(0, m_trace.durationMs()));
    if (m_options.intervalMs == 0)
        m_options.intervalMs = intervalFor(m_trace, m_options.steps);
    constexpr double kSwitchShare = 0.2;
    if (m_options.switchMs == 0)
        m_options.switchMs = toMicroseconds(kSwitchShare * m_serviceMs);
    m_localOfExit.resize(static_cast<std::size_t>(m_evaluator->table().spec().exitCount()));
    for (std::size_t action = 0; action < m_evaluator->actionCount(); ++action)
        if (const auto& decision = m_evaluator->decisionOf(action); isLocal(decision) && !decision.gate)
            m_localOfExit[static_cast<std::size_t>(decision.exit - 1)] = action;
    if (m_options.kind == EnvironmentKind::Budget) {
        m_pacer = EnergyPacer(*m_evaluator, m_options.conditions);
        if (m_options.budgetJoules == 0)
            m_options.budgetJoules = usualBudget();
    }
    reset(0);
}

void Environment::setObjective(std::shared_ptr<const Evaluator> evaluator)
{
    m_evaluator = std::move(evaluator);
    if (m_options.kind == EnvironmentKind::Budget)
        m_pacer.setObjective(*m_evaluator, m_options.conditions);
}

Environment::Episode Environment::episodeOf(std::uint64_t seed) const
{
    base::Random random(seed);
    Episode episode;
    episode.traceStartMs = m_trace.isConstant() ? 0 : std::floor(drawUnit(random) * m_trace.durationMs());
    episode.arrivalsMs.reserve(static_cast<std::size_t>(m_options.steps));
    if (m_options.kind != EnvironmentKind::Queue) {
        for (int i = 0; i < m_options.steps; ++i)
            episode.arrivalsMs.push_back(i * m_options.intervalMs);
        if (m_options.kind == EnvironmentKind::Load)
            episode.loads = drawLoads(random);
        return episode;
    }
    bool burst = false;
    for (double at = 0; static_cast<int>(episode.arrivalsMs.size()) < m_options.steps;) {
        episode.arrivalsMs.push_back(at);
        if (drawUnit(random) * (burst ? m_options.burstRequests : m_options.calmRequests) < 1)
            burst = !burst;
        const double perService = burst ? m_options.burstArrivalsPerService : m_options.calmArrivalsPerService;
        at = toMicroseconds(at + drawExponential(random, m_serviceMs / perService));
    }
    return episode;
}

const decision::State& Environment::reset(std::uint64_t seed)
{
    m_episode = episodeOf(seed);
    m_random = base::Random(base::mixBits(seed));
    m_state = {};
    m_waiting.clear();
    m_nowMs = 0;
    m_next = 0;
    m_ended = false;
    resetBelief();
    takeNext();
    return m_state;
}

profile::Conditions Environment::conditions() const
{
    auto conditions = m_options.conditions;
    conditions.bytesPerSecond = rateAt(m_nowMs);
    if (!m_episode.loads.empty()) {
        conditions.deviceSlowdown *= m_episode.loads[m_next - 1].device;
        conditions.edgeSlowdown *= m_episode.loads[m_next - 1].edge;
    }
    return conditions;
}

profile::Conditions Environment::conditionsOf(const Episode& episode, std::size_t request) const
{
    auto conditions = m_options.conditions;
    conditions.bytesPerSecond = m_trace.rateAt(episode.traceStartMs + episode.arrivalsMs[request]);
    if (!episode.loads.empty()) {
        conditions.deviceSlowdown *= episode.loads[request].device;
        conditions.edgeSlowdown *= episode.loads[request].edge;
    }
    return conditions;
}

Environment::Service Environment::serve(std::size_t action, const profile::Conditions& conditions) const
{
    Service service{m_evaluator->score(action, conditions), 0, false};
    if (service.scored.prediction.feasible) {
        service.latencyMs = service.scored.prediction.totalMs;
        return service;
    }
    const auto& decision = m_evaluator->decisionOf(action);
    const auto local = m_localOfExit[static_cast<std::size_t>(decision.exit - 1)];
    service.scored.prediction = m_evaluator->table().predict(local, m_evaluator->batch(), conditions);
    service.latencyMs = kFailoverMs + service.scored.prediction.totalMs;
    service.fallback = true;
    return service;
}

bool Environment::switches(std::size_t action) const
{
    if (m_options.kind != EnvironmentKind::Switch || !m_state.last)
        return false;
    const auto& decision = m_evaluator->decisionOf(action);
    return decision.exit != m_state.last->exit || decision.partition != m_state.last->partition;
}

StepResult Environment::step(std::size_t action)
{
    assert(!m_ended && action < m_evaluator->actionCount());
    const auto here = conditions();
    const auto service = serve(action, here);
    StepResult result;
    result.switched = switches(action);
    result.fallback = service.fallback;
    result.feasible = service.scored.feasible;
    result.latencyMs = m_nowMs - m_arrivedMs + service.latencyMs + (result.switched ? m_options.switchMs : 0);
    result.reward = service.scored.feasible ? m_evaluator->rewardOf(action, here, result.latencyMs) : 0;
    result.reward -= result.switched ? m_options.switchCost : 0;
    result.regret = m_evaluator->regret(action, here);
    result.energyJoules = service.scored.prediction.energyJoules;
    result.accuracy = service.scored.prediction.accuracy;
    result.deviceMs = service.scored.prediction.deviceMs + service.scored.prediction.encodeMs;
    result.edgeMs = service.scored.prediction.decodeMs + service.scored.prediction.edgeMs;
    result.wireBytes = service.scored.prediction.wireBytes;
    result.bytesPerSecond = here.bytesPerSecond;
    result.deadlineMet = result.latencyMs <= m_evaluator->objective().deadlineMs;
    if (result.energyJoules * m_evaluator->batch() > m_joulesLeft) {
        result.unpaid = true;
        result.feasible = false;
        result.reward = result.energyJoules = result.accuracy = 0;
    }
    learn(result);

    m_state.latencyMs = result.latencyMs;
    m_state.energyJoules = result.energyJoules;
    m_state.accuracy = result.accuracy;
    m_state.last = m_evaluator->decisionOf(action);
    if (m_options.kind == EnvironmentKind::Queue) {
        m_nowMs = toMicroseconds(m_nowMs + service.latencyMs);
        result.turnedAway = admitArrivals();
    }
    m_ended = m_waiting.empty() && m_next == m_episode.arrivalsMs.size();
    result.ended = m_ended;
    if (!m_ended)
        takeNext();
    return result;
}

int Environment::admitArrivals()
{
    int turnedAway = 0;
    for (; m_next < m_episode.arrivalsMs.size() && m_episode.arrivalsMs[m_next] <= m_nowMs; ++m_next) {
        if (m_waiting.size() < static_cast<std::size_t>(m_options.queueLimit))
            m_waiting.push_back(m_episode.arrivalsMs[m_next]);
        else
            ++turnedAway;
    }
    return turnedAway;
}

void Environment::takeNext()
{
    if (m_waiting.empty()) {
        m_arrivedMs = m_episode.arrivalsMs[m_next++];
        m_nowMs = m_arrivedMs;
    } else {
        m_arrivedMs = m_waiting.front();
        m_waiting.erase(m_waiting.begin());
    }
    observe();
}

void Environment::observe()
{
    if (m_options.kind == EnvironmentKind::Stale)
        return observeLate();
    readLink(rateAt(m_nowMs), m_options.bandwidthNoise);
    m_state.bandwidthTrend = trendSince(rateAt(std::max(0.0, m_nowMs - kTrendMs)));
    m_state.queuedRequests = static_cast<double>(m_waiting.size());
    m_state.waitedMs = m_nowMs - m_arrivedMs;
    believe();
}

void Environment::readLink(double rate, double noise)
{
    constexpr double kNormal95 = 1.959964;
    const double misread = std::exp(noise * drawNormal(m_random));
    const double width = std::exp(noise * kNormal95);
    m_state.bytesPerSecond = isLimited(rate) ? std::max(1.0, std::round(rate * misread)) : rate;
    m_state.bandwidthLow = m_state.bytesPerSecond / width;
    m_state.bandwidthHigh = m_state.bytesPerSecond * width;
    m_state.rttMs = m_options.conditions.rttMs < 0 ? m_evaluator->table().link().rttMs : m_options.conditions.rttMs;
    m_state.deviceSlowdown = m_options.conditions.deviceSlowdown;
}

double Environment::trendSince(double rate) const
{
    return isLimited(rate) && isLimited(m_state.bytesPerSecond) ? std::log(m_state.bytesPerSecond / rate) : 0;
}

}  // namespace splitscope::sim
