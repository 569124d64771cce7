// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/scenario.h"

#include <QString>

#include <map>

namespace splitscope::ui {

/// Strategies that cannot decide in this scenario, each with what is missing: a cost table, or a policy. Only looks whether
/// files are there.
std::map<std::string, QString> strategyGaps(const session::Scenario& scenario);

}  // namespace splitscope::ui
