// SPDX-License-Identifier: GPL-3.0-or-later
// A compute profile as people and scripts read it.
#pragma once

#include "core/profile/compute_profile.h"

#include <optional>
#include <string>

namespace splitscope::app {

/// What pings told of the way to a device while it measured itself.
struct LinkPings {
    std::string deviceName;
    double rttMs = 0;  ///< median
    int pings = 0;
};

/// Tables: the machine and its state, layers, prefixes and suffixes at each cut, the fused whole beside its layers' sum,
/// codings. Without the network's spec cuts have no names, and nothing is reconciled.
std::string profileTable(const profile::ComputeProfile& profile, const std::optional<model::NetworkSpec>& spec,
                         const std::optional<LinkPings>& link = {});

/// The profile's own document, with "reconciliation" where the spec is known and "link" where there was one;
/// parseComputeProfile() reads it too.
std::string profileJson(const profile::ComputeProfile& profile, const std::optional<model::NetworkSpec>& spec,
                        const std::optional<LinkPings>& link = {});

}  // namespace splitscope::app
