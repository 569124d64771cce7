// SPDX-License-Identifier: GPL-3.0-or-later
// What the sub-verbs of `splitscope-cli runs` share.
#pragma once

#include "app/verbs/verbs.h"
#include "core/session/run_library.h"

namespace splitscope::app {

struct RunsOptions {
    std::filesystem::path place;
    std::vector<std::string> run;  ///< none: the latest
};

void addPlace(Options& options, RunsOptions& runs);
void addRun(Options& options, RunsOptions& runs);
base::Result<session::RunRow> chosen(const RunsOptions& runs);

int runsCompare(const std::vector<std::string>& arguments, std::stop_token stop);
int runsExport(const std::vector<std::string>& arguments, std::stop_token stop);
int runsReport(const std::vector<std::string>& arguments, std::stop_token stop);

}  // namespace splitscope::app
