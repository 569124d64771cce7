// SPDX-License-Identifier: GPL-3.0-or-later
// Scenarios that come with the program, to begin with.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace splitscope::session {

/// "first-look", …: in the order in which one may want to see them.
const std::vector<std::string>& shippedScenarioNames();

/// The file of a shipped scenario; empty where it is not installed.
std::filesystem::path shippedScenario(const std::string& name);

/// What a person calls a scenario: a file if there is one, else a shipped one; else the file that is not there.
std::filesystem::path scenarioFile(const std::string& fileOrName);

}  // namespace splitscope::session
