// SPDX-License-Identifier: GPL-3.0-or-later
// What a policy decides over bandwidth, beside the exact optimum (Fig. 6(c)).
#pragma once

#include "core/rl/decider.h"
#include "ui/charts/plot.h"

#include <optional>
#include <vector>

namespace splitscope::ui {

struct MapPoint {
    double bytesPerSecond = 0;
    std::size_t optimum = 0;  ///< row of the cost table
    double optimumReward = 0;
    std::optional<std::size_t> chosen;  ///< by the policy; none: there is none
    double chosenReward = 0;
};

/// What is decided, for whom, under which conditions. Cheap to copy; the evaluator holds the objective.
struct MapRequest {
    std::shared_ptr<const sim::Evaluator> evaluator;
    std::shared_ptr<const rl::Policy> policy;  ///< none: the optimum alone
    profile::Conditions conditions;  ///< all but the rate
    sim::RateRange rates;
    int points = 161;  ///< log-spaced
};

/// A policy read at one bandwidth, in a calm state: nothing waits.
class PolicyReader {
public:
    /// An Error: the policy is of another network, batch or weights than the table, or knows decisions that it does not hold.
    static base::Result<PolicyReader> make(const sim::Evaluator& evaluator, const std::shared_ptr<const rl::Policy>& policy);

    /// The row of the table that it takes.
    [[nodiscard]] std::size_t choose(const sim::Evaluator& evaluator, const profile::Conditions& conditions);
    /// Its outputs, with the rows that they stand for.
    [[nodiscard]] std::vector<std::pair<std::size_t, float>> outputs(const sim::Evaluator& evaluator,
                                                                     const profile::Conditions& conditions);
    [[nodiscard]] bool withinTraining(const sim::Evaluator& evaluator, const profile::Conditions& conditions) const;
    [[nodiscard]] const rl::Policy& policy() const { return m_decider.policy(); }

private:
    explicit PolicyReader(rl::Decider decider) : m_decider(std::move(decider)) {}
    rl::Decider m_decider;
    rl::PolicyScratch m_scratch;
};

/// Makes a map bit by bit, so that the GUI thread does it between two frames.
class MapBuilder {
public:
    /// The policy must fit the evaluator; one that does not counts as none.
    explicit MapBuilder(MapRequest request);

    /// Works for so long at most; true when the map is complete.
    bool advance(double budgetMs);
    [[nodiscard]] const std::vector<MapPoint>& points() const { return m_points; }
    [[nodiscard]] const MapRequest& request() const { return m_request; }

private:
    MapRequest m_request;
    std::optional<PolicyReader> m_reader;
    std::vector<MapPoint> m_points;
};

/// How much of the optimum's reward the policy misses over the map, 0 to 1; none without a policy.
std::optional<double> mapGap(const std::vector<MapPoint>& points);

/// Exit, cut and coding as step lines over log bandwidth: the optimum as a broad line, the policy as a thin one upon it.
Plot mapPlot(const std::vector<MapPoint>& points, const MapRequest& request);

}  // namespace splitscope::ui
