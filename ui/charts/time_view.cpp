// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/time_view.h"

#include "ui/charts/chart_navigation.h"

#include <algorithm>

namespace splitscope::ui {

namespace {

constexpr double kShortestAtTheEnd = 5;  // seconds: the axis of a run that has just begun
constexpr double kShortestFollowed = 1;
constexpr double kLongestFollowed = 7 * 24 * 3600.0;

}  // namespace

void TimeView::setExtent(TimeRange extent)
{
    m_extent = extent;
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

void TimeView::zoomBy(double factor, double around) { zoomTo(within(zoomed(m_range, factor, around))); }

void TimeView::zoomBy(double factor)
{
    if (!m_following) {
        zoomBy(factor, (m_range.from + m_range.to) / 2);
        return;
    }
    m_span = std::clamp(m_span * factor, kShortestFollowed, kLongestFollowed);
    showLatest();
}

void TimeView::panBy(double seconds)
{
    const TimeRange to = within({m_range.from + seconds, m_range.to + seconds});
    if (to.from != m_range.from)
        zoomTo(to);
}

void TimeView::showBeginning() { panBy(m_extent.from - m_range.from); }

void TimeView::showAll()
{
    if (m_extent.span() > 0)
        zoomTo(m_extent);
}

/// Moved, or cut, so that samples are to be seen.
TimeRange TimeView::within(TimeRange range) const
{
    const TimeRange all{m_extent.from, std::max(m_extent.to, m_extent.from + kShortestAtTheEnd)};
    return keptWithin(range, all);
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
    m_extent = {};
    m_span = kDefaultSpan;
    m_hover.reset();
    follow();
    Q_EMIT hoverChanged();
}

void TimeView::showLatest()
{
    const double to = std::max(m_extent.to, std::min(m_span, kShortestAtTheEnd));
    m_range = {std::max(0.0, to - m_span), to};
    Q_EMIT rangeChanged();
}

}  // namespace splitscope::ui
