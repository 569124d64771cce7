// SPDX-License-Identifier: GPL-3.0-or-later
// The greedy over a table that follows what is measured: an exponentially weighted mean of how much slower the device, the edge
// and the link were than the table, or the estimate, said. Reports of the link that are known to come late are averaged in the
// same way: one of them says little.
#include "core/profile/drift.h"
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

#include <cmath>
#include <cstdio>

namespace splitscope::strategy {

namespace {

constexpr double kWeight = 0.3;  ///< of the newest request

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
    std::size_t choose(const decision::State& state, const profile::Conditions& reported, std::string& reason) override
    {
        const auto believed = m_believed = smoothed(state, reported);
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
    profile::Conditions smoothed(const decision::State& state, profile::Conditions conditions)
    {
        const double rate = conditions.bytesPerSecond;
        if (!(state.belief.reportAgeMs > 0) || !(rate > 0) || !std::isfinite(rate))
            return conditions;
        m_report = m_report > 0 ? m_report * std::pow(rate / m_report, kWeight) : rate;
        conditions.bytesPerSecond = m_report;
        return conditions;
    }

    profile::Drift m_device{kWeight}, m_edge{kWeight}, m_rate{kWeight};
    double m_report = 0;  ///< mean of late reports; 0: there was none
    profile::Conditions m_believed;  ///< of the last decision, uncorrected
};

}  // namespace

std::unique_ptr<Strategy> makeGreedyEwma(const StrategyOptions& options) { return std::make_unique<GreedyEwma>(options); }

}  // namespace splitscope::strategy
