// SPDX-License-Identifier: GPL-3.0-or-later
// Bandwidths that vary, as menus offer them.
#pragma once

#include <QString>

#include <vector>

namespace splitscope::ui {

struct RateSource {
    QString label;
    QString bandwidth;  ///< of sim::parseBandwidth()
};

const std::vector<RateSource>& varyingRates();

/// What a source's file dialog takes.
QString traceFileFilter();

}  // namespace splitscope::ui
