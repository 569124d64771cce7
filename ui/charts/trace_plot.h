// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sim/trace.h"

#include <QString>

namespace splitscope::ui {

/// One pass over a bandwidth trace as a chart (.png, .svg, .pdf), or as its own .csv. The axis is logarithmic unless the link
/// fails at times, which has no place on one. Needs a QApplication (offscreen is enough).
base::Status plotTrace(const sim::Trace& trace, const QString& file);

}  // namespace splitscope::ui
