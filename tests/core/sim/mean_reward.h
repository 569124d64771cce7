// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sim/environment.h"

namespace splitscope::sim {

/// Of an episode's requests; `choose` gives the action.
template <typename Choose>
double meanReward(Environment& environment, std::uint64_t seed, const Choose& choose)
{
    environment.reset(seed);
    double sum = 0;
    for (bool ended = false; !ended;) {
        const auto step = environment.step(choose(environment));
        sum += step.reward;
        ended = step.ended;
    }
    return sum / environment.options().steps;
}

}  // namespace splitscope::sim
