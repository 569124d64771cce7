// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/weights.h"
#include "core/profile/profiler.h"

namespace splitscope::profile {

/// A profile of this machine, and what it was timed on.
struct LocalProfile {
    ComputeProfile profile;
    bool generatedFrames = false;  ///< the data were not at hand: "patterns" took their place
};

/// The offline stage on this machine alone, outside of any run: opens the table images of `data`, prepares the network and
/// measures it. Errors are those of measureProfile(), and what does not fit.
base::Result<LocalProfile> measureHere(const model::NetworkSpec& spec, const model::Weights& weights, const std::string& data,
                                       const ProfilerOptions& options, std::stop_token stop,
                                       const ProfilerObserver& observer = {});

}  // namespace splitscope::profile
