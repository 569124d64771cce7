// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/event_loop_watch.h"

#include <algorithm>

namespace splitscope::ui {

namespace {

constexpr int kTickMs = 1;

}  // namespace

EventLoopWatch::EventLoopWatch(QObject* parent) : QObject(parent), m_causes{{tr("idle")}}
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(kTickMs);
    connect(&m_timer, &QTimer::timeout, this, &EventLoopWatch::look);
    m_timer.start();
    m_sinceLook.start();
}

/// Since the last look; less the tick, which is no block.
void EventLoopWatch::look()
{
    const double ms = std::max(0.0, static_cast<double>(m_sinceLook.nsecsElapsed()) * 1e-6 - kTickMs);
    m_sinceLook.restart();
    Cause& cause = m_causes[m_current];
    cause.longestMs = std::max(cause.longestMs, ms);
    cause.overAllowed += ms > kLongestAllowedMs ? 1 : 0;
}

void EventLoopWatch::begin(const QString& cause)
{
    look();
    const auto known = std::ranges::find(m_causes, cause, &Cause::name);
    m_current = static_cast<std::size_t>(known - m_causes.begin());
    if (known == m_causes.end())
        m_causes.push_back({cause});
}

double EventLoopWatch::longestMs(const QString& cause) const
{
    const auto known = std::ranges::find(m_causes, cause, &Cause::name);
    return known == m_causes.end() ? 0 : known->longestMs;
}

}  // namespace splitscope::ui
