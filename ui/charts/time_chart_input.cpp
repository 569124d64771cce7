// SPDX-License-Identifier: GPL-3.0-or-later
// What the mouse does to a chart: point, drag to zoom, double click to follow.
#include "ui/charts/time_chart.h"

#include <QContextMenuEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <cmath>

namespace splitscope::ui {

namespace {

constexpr double kShortestDrag = 6;  // pixels: less is a click

}  // namespace

void TimeChart::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    const bool inside = plotArea().adjusted(-2, -24, 2, 24).contains(at);
    m_view.setHover(inside || m_dragFrom ? std::optional(secondsAt(at.x())) : std::nullopt);
    event->accept();
}

void TimeChart::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        m_dragFrom = secondsAt(event->position().x());
    event->accept();
}

void TimeChart::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && m_dragFrom) {
        const double from = *m_dragFrom;
        const double to = secondsAt(event->position().x());
        m_dragFrom.reset();
        if (std::abs(toPixels(from, 0).x() - toPixels(to, 0).x()) >= kShortestDrag)
            m_view.zoomTo({std::min(from, to), std::max(from, to)});
        viewport()->update();
    }
    event->accept();
}

void TimeChart::mouseDoubleClickEvent(QMouseEvent* event)
{
    m_dragFrom.reset();
    m_view.follow();
    event->accept();
}

void TimeChart::wheelEvent(QWheelEvent* event)
{
    if (event->angleDelta().y() != 0)
        m_view.zoomBy(std::exp2(-event->angleDelta().y() / 240.0), secondsAt(event->position().x()));
    event->accept();
}

void TimeChart::leaveEvent(QEvent* event)
{
    QChartView::leaveEvent(event);
    m_view.setHover(std::nullopt);
}

void TimeChart::changeEvent(QEvent* event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        restyle();
}

void TimeChart::contextMenuEvent(QContextMenuEvent* event)
{
    Q_EMIT exportRequested(this, event->globalPos());
    event->accept();
}

}  // namespace splitscope::ui
