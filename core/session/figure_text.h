// SPDX-License-Identifier: GPL-3.0-or-later
// How figures put numbers and sources into words.
#pragma once

#include "core/profile/compute_profile.h"

#include <span>
#include <string>

namespace splitscope::session {

/// "12.3": so many decimals.
std::string decimal(double value, int decimals = 1);
/// "63.1 %" of a share in [0, 1].
std::string percent(double share, int decimals = 1);
/// "3 of 14".
std::string outOf(std::size_t part, std::size_t whole);
double meanOf(std::span<const double> values);  ///< 0 of none
double medianOf(std::vector<double> values);  ///< 0 of none
/// "a, b and c".
std::string listed(const std::vector<std::string>& items);
/// Whose times these are and how they came about: "Intel …, onednn, 1 thread, measured 2026-11-21".
std::string describe(const profile::ComputeProfile& profile);

}  // namespace splitscope::session
