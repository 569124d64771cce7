// SPDX-License-Identifier: GPL-3.0-or-later
// The greedy over a table that follows what is measured: an exponentially weighted mean of how much slower the device, the edge
// and the link were than the table, or the estimate, said. It forgets in steps of requests, not of time. Logarithms are averaged,
// so that half and double weigh the same.
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace splitscope::strategy {

namespace {

constexpr double kWeight = 0.3;  ///< of the newest request
constexpr double kMostTimes = 64;  ///< a single measurement is believed up to so many times off

/// How many times as much as predicted, on average of late.
class Correction {
public:
    /// Nothing is learnt where either is not known.
    void learn(double measured, double predicted)
    {
        if (!(measured > 0) || !(predicted > 0) || !std::isfinite(measured) || !std::isfinite(predicted))
            return;
        const double most = std::log(kMostTimes);
        m_log += kWeight * (std::clamp(std::log(measured / predicted), -most, most) - m_log);
    }
    [[nodiscard]] double times() const { return std::exp(m_log); }

private:
    double m_log = 0;
};

class GreedyEwma : public TableStrategy {
public:
    explicit GreedyEwma(const StrategyOptions& options) : TableStrategy("greedy-ewma", options) {}

    void observe(const Observation& observation) override
    {
        const auto action = evaluator().table().rowOf(observation.decision);
        if (!action || observation.fallback)
            return;
        const auto expected = evaluator().table().predict(*action, evaluator().batch(), m_believed);
        m_device.learn(observation.deviceMs, expected.deviceMs + expected.encodeMs);
        m_edge.learn(observation.edgeMs, expected.decodeMs + expected.edgeMs);
        m_rate.learn(observation.bytesPerSecond, m_believed.bytesPerSecond);
    }

protected:
    std::size_t choose(const decision::State& /*state*/, const profile::Conditions& believed, std::string& reason) override
    {
        m_believed = believed;
        auto corrected = believed;
        corrected.deviceSlowdown *= m_device.times();
        corrected.edgeSlowdown *= m_edge.times();
        corrected.bytesPerSecond *= m_rate.times();
        char text[120];
        std::snprintf(text, sizeof text, "device %.2f× and edge %.2f× as slow as the table, link %.2f× as fast as estimated",
                      m_device.times(), m_edge.times(), m_rate.times());
        reason = text;
        return bestFeasible(corrected, [](std::size_t /*action*/, const sim::Scored& score) { return score.reward; });
    }

private:
    Correction m_device, m_edge, m_rate;
    profile::Conditions m_believed;  ///< of the last decision, uncorrected
};

}  // namespace

std::unique_ptr<Strategy> makeGreedyEwma(const StrategyOptions& options) { return std::make_unique<GreedyEwma>(options); }

}  // namespace splitscope::strategy
