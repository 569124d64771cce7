// SPDX-License-Identifier: GPL-3.0-or-later
// Times many things in turns on the calling thread.
#pragma once

#include "core/base/result.h"
#include "core/profile/profiler.h"

#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace splitscope::profile {

/// Something that takes time. `call` counts from 0, so that calls may take turns over several inputs.
struct TimedThing {
    std::string what;  ///< for people
    std::function<base::Status(std::size_t call)> run;
};

/// Round after round, each in another order, until each thing's median is known well enough or the budget is used up: see
/// ProfilerOptions, whose batches, threads and actions are not looked at. One Measurement per thing, in their order.
base::Result<std::vector<Measurement>> timeInTurns(std::span<const TimedThing> things, const ProfilerOptions& options,
                                                   const std::stop_token& stop, const ProfilerObserver& observer);

}  // namespace splitscope::profile
