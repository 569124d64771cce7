// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/weights.h"

#include <filesystem>

namespace splitscope::app {

/// `model check --reference FILE`: holds every exit, at every cut, against what another program answered. The exit status.
int checkReference(const model::NetworkSpec& spec, const model::Weights& weights, const std::filesystem::path& file, bool json);

}  // namespace splitscope::app
