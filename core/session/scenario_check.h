// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a scenario, field by field: for forms, and for files that somebody wrote by hand.
#pragma once

#include "core/session/scenario.h"

#include <string>
#include <vector>

namespace splitscope::session {

struct FieldProblem {
    std::string field;  ///< as in the JSON, with a point before keys of inner objects: "shaping.delay_ms"
    std::string text;  ///< what is wrong, and what is allowed
    bool operator==(const FieldProblem&) const = default;
};

/// Everything that is wrong with fields by themselves, in the JSON's order: ranges, names, files that are not there, and
/// decisions that the network does not have. Reads the network's spec and a trace's file, but no table or policy.
std::vector<FieldProblem> fieldProblems(const Scenario& scenario);

/// What keeps the strategy from being made: its cost table, policies, coding. Reads their files, which may take a second. Asked
/// of a scenario without fieldProblems().
std::vector<FieldProblem> strategyProblems(const Scenario& scenario);

}  // namespace splitscope::session
