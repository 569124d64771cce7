// SPDX-License-Identifier: GPL-3.0-or-later
// The strategies behind makeStrategy(), one file each. Arguments have been checked by makeStrategy().
#pragma once

#include "core/strategy/strategy.h"

namespace splitscope::strategy {

/// Always the same decision.
std::unique_ptr<Strategy> makeFixed(const decision::Decision& decision);

/// All layers of one exit on the device; only the label is sent.
std::unique_ptr<Strategy> makeOnDevice(const model::NetworkSpec& spec, int exit);

/// All layers of one exit on the edge, frames as raw pixels or JPEG: what people do today.
std::unique_ptr<Strategy> makeOnEdge(const std::string& name, int exit, const codec::Coding& coding);

/// Every distinct decision of the action set in turn, `dwell` requests each.
std::unique_ptr<Strategy> makeCycle(const model::NetworkSpec& spec, const decision::SpaceOptions& actions, int dwell);

}  // namespace splitscope::strategy
