// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "core/session/scenario.h"

#include <filesystem>
#include <string>
#include <vector>

namespace splitscope::app {

/// What `run` was asked for. The scenario is that of one document, changed by the options.
struct RunOptions {
    session::Scenario scenario;
    std::vector<std::string> files;
    std::string scenarioFile;
    int repeats = 1;
    bool demonstration = false;
    std::filesystem::path out;
    std::filesystem::path saveScenario;
    bool json = false;
    bool twoHosts = false;
    bool resume = false;  ///< `files` names the run
    bool together = false;  ///< all documents at once, each on its own device
    std::vector<std::string> devices, deviceKeys;  ///< as often as the options were given
    bool decisionGiven = false, codingGiven = false, strategyGiven = false;
};

/// The options, which write into `run`.
Options runOptions(RunOptions& run);

}  // namespace splitscope::app
