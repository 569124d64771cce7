// SPDX-License-Identifier: GPL-3.0-or-later
// What `model train` shows in a terminal while it trains.
#pragma once

#include "core/model/training_curves.h"

#include <string>
#include <vector>

namespace splitscope::app {

/// The curves as small graphs of block characters, a line each, that fit `width` columns: loss, and the held-out accuracy of
/// each exit with its best.
std::vector<std::string> curveLines(const model::TrainingCurves& curves, std::size_t width);

/// Progress with the time that is left on standard error: a picture of the curves that is redrawn in place where that is a
/// terminal, else a line a second at most and one at the end of each epoch.
class TrainingDisplay {
public:
    TrainingDisplay();

    void show(const model::TrainingProgress& progress, const model::TrainingCurves& curves);

private:
    [[nodiscard]] std::string statusLine(const model::TrainingProgress& progress) const;
    void redraw(const std::string& status, const model::TrainingCurves& curves);

    const bool m_terminal;
    std::size_t m_drawnLines = 0;
    std::int64_t m_lastNs = 0, m_startNs = 0;
    double m_startDone = 0;
};

}  // namespace splitscope::app
