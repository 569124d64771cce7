// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace splitscope::app {

/// Progress on standard error: in a terminal one line that is redrawn, else now and then a line.
class ProgressLine {
public:
    /// At most one redraw, or one line, in so much time.
    ProgressLine(double redrawMs, double lineMs);
    /// Whether it is time for another one; the first time always.
    [[nodiscard]] bool due();
    void show(const std::string& text) const;
    /// Takes a redrawn line away.
    void finish() const;

private:
    const bool m_terminal;
    const double m_intervalMs;
    std::int64_t m_lastNs = 0;
};

}  // namespace splitscope::app
