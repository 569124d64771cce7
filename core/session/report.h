// SPDX-License-Identifier: GPL-3.0-or-later
// A run as one HTML file that needs no other: charts, tables, scenario, environment. Light, and fit for paper.
#pragma once

#include "core/session/exports.h"
#include "core/session/run_library.h"

#include <filesystem>
#include <string>

namespace splitscope::session {

/// What a report is made of.
struct ReportInputs {
    RunRow row;
    RunColumns columns;
    std::vector<RunEvent> events;
    std::vector<RunHealth> health;
};

std::string reportHtml(const ReportInputs& inputs);

/// Reads the run and writes its report in one step; an earlier file stays intact on failure.
base::Status writeReport(const RunKey& key, const std::filesystem::path& html, const std::stop_token& stop = {},
                         const ExportProgress& progress = {});

}  // namespace splitscope::session
