// SPDX-License-Identifier: GPL-3.0-or-later
// What an experiment is after: the paper's reward (eqs. 12–14) or Edgent's, and what a decision must keep to.
#pragma once

#include "core/decision/decision.h"

#include <limits>
#include <string>

namespace splitscope::decision {

inline constexpr double kNoLimit = std::numeric_limits<double>::infinity();

enum class RewardKind {
    Paper,  ///< r = a·q + b·u
    Edgent  ///< exp(acc) + frames per second of one request after the other, 0 beyond the deadline
};

/// The sliders. Units: s in MB/s, as the paper's B.
struct Objective {
    RewardKind kind = RewardKind::Paper;
    double sensitivity = 10;  ///< s, > 0: at which bandwidth accuracy begins to count
    double scale = 0;  ///< n, ≥ 0; 0: 1/ln(1 + B_max/s), so that a(B_max) = 1
    double energyLimitJoules = kNoLimit;  ///< ê, per frame: beyond it the reward is 0
    double deadlineMs = kNoLimit;  ///< of a request: beyond it the reward is 0
    double accuracyFloor = 0;  ///< decisions of less expected accuracy are not taken
    int firstCut = 0;  ///< pinned to the device: at least so many layers run there (privacy)
    int lastCut = std::numeric_limits<int>::max();  ///< at most so many layers run on the device; all-local stays allowed

    bool operator==(const Objective&) const = default;
};

/// Fields are in range, else an Error that names the field and the range.
base::Status check(const Objective& objective);

/// What "standardised to the same magnitude" refers to. Belongs to the scenario and is frozen in it.
struct RewardScale {
    double accuracyMin = 0, accuracyMax = 1;
    double latencyMinMs = 1, latencyMaxMs = 1000;  ///< T_min, T_max
    double maxBytesPerSecond = 20e6;  ///< B_max

    bool operator==(const RewardScale&) const = default;
};

/// 0 ≤ acc_min ≤ acc_max ≤ 1, 0 < T_min ≤ T_max, 0 < B_max, all finite; else an Error that names the field and the range.
base::Status check(const RewardScale& scale);

/// What a decision brought, or is expected to.
struct Outcome {
    double accuracy = 0;  ///< expected, 0 to 1
    double latencyMs = 0;  ///< T of the request
    double energyJoules = 0;  ///< e, per frame
    int frames = 1;  ///< of the request: what Edgent's throughput counts
};

/// n, or where that is 0 what makes a(B_max) = 1.
double scaleOf(const Objective& objective, const RewardScale& scale);
/// a = n·ln(1 + B/s) in [0, 1] (eq. 13). Infinity is as B_max.
double accuracyWeight(const Objective& objective, const RewardScale& scale, double bytesPerSecond);
/// q = (acc − acc_min)/(acc_max − acc_min) in [0, 1].
double standardAccuracy(const RewardScale& scale, double accuracy);
/// u = (1/T − 1/T_max)/(1/T_min − 1/T_max) in [0, 1]; 0 where T is infinite.
double standardSpeed(const RewardScale& scale, double latencyMs);
/// Within the energy limit and the deadline.
bool withinLimits(const Objective& objective, const Outcome& outcome);

/// Eqs. 12–14, or Edgent's. 0 beyond the energy limit or the deadline. Never negative; never more where T is greater.
double reward(const Objective& objective, const RewardScale& scale, double bytesPerSecond, const Outcome& outcome);
/// The same where a = accuracyWeight() is known already: for many outcomes at one rate.
double rewardAtWeight(const Objective& objective, const RewardScale& scale, double weight, const Outcome& outcome);

/// Whether the objective lets this decision be taken at all: pinned layers (all-local always keeps to them) and accuracy floor.
/// Does not look at energy and time.
bool allowed(const Objective& objective, const Decision& decision, bool onDevice, double expectedAccuracy);

}  // namespace splitscope::decision
