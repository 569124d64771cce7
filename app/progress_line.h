// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
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
    /// "42 %  conv1, 12 s left", when it is time; a negative share (unknown) at once, as what comes next.
    void showStep(const std::string& what, double share, double secondsLeft);
    /// "3 of 27 books, about 12 s left: conv1", when it is time.
    void showCount(std::size_t done, std::size_t total, const char* unit, double secondsLeft, const std::string& what);
    /// Leaves the last line as it stands.
    void keep() const;
    /// Takes a redrawn line away.
    void finish() const;

private:
    const bool m_terminal;
    const double m_intervalMs;
    std::int64_t m_lastNs = 0;
};

}  // namespace splitscope::app
