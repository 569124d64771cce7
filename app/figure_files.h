// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/figure.h"

#include <QJsonObject>

namespace splitscope::app {

/// Each figure as <prefix><key>.json and .csv, and drawn by the dashboard's program as .png, .svg and .pdf: charts live there.
/// The files written. NotFound where that program is not installed: JSON and CSV are written all the same.
base::Result<std::vector<std::filesystem::path>> writeFigures(const std::vector<session::Figure>& figures,
                                                              const std::filesystem::path& folder, const std::string& prefix);

/// {"figure", "title", "subtitle", "statements": [{"claim", "verdict", "evidence"}…]}: what `--json` tells of a figure.
QJsonObject figureSummary(const session::Figure& figure);

}  // namespace splitscope::app
