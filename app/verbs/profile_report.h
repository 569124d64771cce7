// SPDX-License-Identifier: GPL-3.0-or-later
// A compute profile as people and scripts read it.
#pragma once

#include "core/profile/compute_profile.h"

#include <optional>
#include <string>

namespace splitscope::app {

/// Tables: the machine and its state, layers, prefixes and suffixes at each cut, the fused whole beside its layers' sum,
/// codings. Without the network's spec cuts have no names, and nothing is reconciled.
std::string profileTable(const profile::ComputeProfile& profile, const std::optional<model::NetworkSpec>& spec);

/// The profile's own document, with "reconciliation" where the spec is known; parseComputeProfile() reads it too.
std::string profileJson(const profile::ComputeProfile& profile, const std::optional<model::NetworkSpec>& spec);

}  // namespace splitscope::app
