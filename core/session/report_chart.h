// SPDX-License-Identifier: GPL-3.0-or-later
// Charts of a report as inline SVG: no painter and no fonts are needed, so that every build can write them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace splitscope::session {

/// One line, or one layer of a stack. NaN: nothing there.
struct ReportSeries {
    std::string name;
    std::string colour;  ///< "#0072B2"
    std::string dash;  ///< stroke-dasharray; empty: solid
    std::vector<double> values;  ///< one a place of ReportChart::x
    bool steps = false;  ///< each value holds until the next one
};

struct ReportChart {
    std::string title;
    std::string unit;  ///< of the values: "ms"
    std::string about;  ///< for who cannot see it, and as a tooltip
    std::vector<double> x;  ///< seconds since the run started, ascending
    std::vector<ReportSeries> series = {};
    bool stacked = false;
    std::optional<ReportSeries> bandLow = {}, bandHigh = {};  ///< an interval around a line
    std::optional<double> reference = {};  ///< a level across: the deadline
    std::string referenceName = {};
};

/// A figure element with title, SVG and legend; with "nothing was measured" where no value is there.
std::string toHtml(const ReportChart& chart);

/// "&", "<", ">" and quotes made harmless.
std::string escaped(const std::string& text);
/// Three significant digits.
std::string threeDigits(double value);

}  // namespace splitscope::session
