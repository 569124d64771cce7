// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decision/decision.h"

#include <memory>

namespace splitscope::strategy {

/// What a finished request taught: the state of eq. 5 and what else is observable.
struct Observation {
    decision::Decision decision;
    double latencyMs = 0;  ///< T
    double energyJoules = 0;  ///< e, per frame
    double accuracy = 0;  ///< running, of this exit and coding
    double bytesPerSecond = 0;  ///< B; 0: nothing crossed
    bool fallback = false;
};

/// Chooses the decision of the next request. One thread at a time.
class Strategy {
public:
    virtual ~Strategy() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    /// Before the first frame, and after each request.
    [[nodiscard]] virtual decision::Decision decide() = 0;
    virtual void observe(const Observation& observation) { static_cast<void>(observation); }
};

struct StrategyOptions {
    decision::Decision fixed{};  ///< `fixed`: this; on-device, on-edge: its exit
    int jpegQuality = 80;  ///< `on-edge-jpeg`
    int dwell = 20;  ///< `cycle`: requests per decision
    decision::SpaceOptions actions{};  ///< `cycle`: the decisions in turn
};

/// "fixed", "on-device", "on-edge", "on-edge-jpeg", "cycle" (every distinct decision in turn). An Error lists the names.
base::Result<std::unique_ptr<Strategy>> makeStrategy(const std::string& name, const model::NetworkSpec& spec,
                                                     const StrategyOptions& options);
std::vector<std::string> strategyNames();

}  // namespace splitscope::strategy
