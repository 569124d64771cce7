// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/time_view.h"

#include <algorithm>

namespace splitscope::ui {

void TimeView::setLatest(double seconds)
{
    m_latest = seconds;
    if (m_following)
        showLatest();
}

void TimeView::zoomTo(TimeRange range)
{
    range.from = std::max(0.0, range.from);
    if (range.span() < kShortestSpan)
        range.to = range.from + kShortestSpan;
    m_range = range;
    if (m_following) {
        m_following = false;
        Q_EMIT followingChanged(false);
    }
    Q_EMIT rangeChanged();
}

void TimeView::zoomBy(double factor, double around)
{
    if (m_following) {
        m_span = std::clamp(m_span * factor, 1.0, 24.0 * 3600);
        showLatest();
        return;
    }
    zoomTo({around - (around - m_range.from) * factor, around + (m_range.to - around) * factor});
}

void TimeView::follow()
{
    if (m_following)
        m_span = kDefaultSpan;
    m_following = true;
    Q_EMIT followingChanged(true);
    showLatest();
}

void TimeView::setHover(std::optional<double> seconds)
{
    if (m_hover == seconds)
        return;
    m_hover = seconds;
    Q_EMIT hoverChanged();
}

void TimeView::reset()
{
    m_latest = 0;
    m_span = kDefaultSpan;
    m_hover.reset();
    follow();
    Q_EMIT hoverChanged();
}

void TimeView::showLatest()
{
    const double shortest = std::min(m_span, 5.0);
    const double to = std::max(m_latest, shortest);
    m_range = {std::max(0.0, to - m_span), to};
    Q_EMIT rangeChanged();
}

}  // namespace splitscope::ui
