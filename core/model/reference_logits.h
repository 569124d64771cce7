// SPDX-License-Identifier: GPL-3.0-or-later
// What another program answers for a network, to hold ours against.
#pragma once

#include "core/model/executor.h"

#include <string>
#include <string_view>
#include <vector>

namespace splitscope::model {

/// Frames, and the logits that another program's network has for them; resources/tools/export_pytorch.py writes such files.
struct ReferenceLogits {
    std::vector<data::Image> frames;
    std::vector<std::vector<std::vector<float>>> exits;  ///< of exit e and frame f: exits[e − 1][f], one value per class
};

/// {"frames": [[bytes, planar, …], …], "logits": [of each exit [of each frame [value, …], …], …]}. An Error where it is none, or
/// is another network's.
base::Result<ReferenceLogits> parseReferenceLogits(const NetworkSpec& spec, std::string_view json, const std::string& where);

/// How far an exit's logits are from the reference's, computed as a whole and split at every distinct cut.
struct ReferenceDifference {
    int exit = 0;
    int cuts = 0;  ///< at which it was split
    double largest = 0;  ///< over all frames, classes and cuts
    double largestLogit = 0;  ///< of the reference
};
base::Result<std::vector<ReferenceDifference>> differencesFrom(const ReferenceLogits& reference, const Executor& executor);

/// Differences that rounding makes: 1e-4, of the largest logit where that is above 1.
bool isRounding(const ReferenceDifference& difference);

}  // namespace splitscope::model
