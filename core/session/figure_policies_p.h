// SPDX-License-Identifier: GPL-3.0-or-later
// What the paper says about Fig. 6, held against curves.
#pragma once

#include "core/session/figure_policies.h"

namespace splitscope::session {

std::vector<Statement> latencyStatements(const std::vector<SceneCurves>& scenes);
std::vector<Statement> accuracyStatements(const std::vector<SceneCurves>& scenes);
std::vector<Statement> choiceStatements(const std::vector<SceneCurves>& scenes);

}  // namespace splitscope::session
