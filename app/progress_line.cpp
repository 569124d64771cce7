// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/progress_line.h"

#include "app/text_format.h"
#include "core/base/clock.h"

#include <cmath>
#include <cstdio>
#include <unistd.h>

namespace splitscope::app {

ProgressLine::ProgressLine(double redrawMs, double lineMs)
    : m_terminal(isatty(STDERR_FILENO) == 1), m_intervalMs(m_terminal ? redrawMs : lineMs)
{
}

bool ProgressLine::due()
{
    const auto now = base::nowNs();
    if (m_lastNs != 0 && base::toMs(now - m_lastNs) < m_intervalMs)
        return false;
    m_lastNs = now;
    return true;
}

void ProgressLine::show(const std::string& text) const { std::fprintf(stderr, m_terminal ? "\r\033[K%s" : "%s\n", text.c_str()); }

void ProgressLine::showStep(const std::string& what, double share, double secondsLeft)
{
    const bool step = due();
    if (share < 0)
        show(what + " …");
    else if (step)
        show(format("%3.0f %%  %s", share * 100, what.c_str()) + (secondsLeft > 0 ? format(", %.0f s left", secondsLeft) : ""));
}

void ProgressLine::showCount(std::size_t done, std::size_t total, const char* unit, double secondsLeft, const std::string& what)
{
    if (due())
        show(format("%zu of %zu %s, about %.0f s left: %s", done, total, unit, std::ceil(secondsLeft), what.c_str()));
}

void ProgressLine::keep() const
{
    if (m_terminal && m_lastNs != 0)
        std::fputc('\n', stderr);
}

void ProgressLine::finish() const
{
    if (m_terminal)
        std::fputs("\r\033[K", stderr);
}

}  // namespace splitscope::app
