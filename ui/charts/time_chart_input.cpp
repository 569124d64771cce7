// SPDX-License-Identifier: GPL-3.0-or-later
// What the mouse does to a chart: point, drag to zoom, drag with Shift or the middle button to pan, double click to follow.
#include "ui/charts/time_chart.h"

#include <QContextMenuEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <cmath>
#include <utility>

namespace splitscope::ui {

void TimeChart::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    event->accept();
    if (m_drag) {
        m_drag->to = at;
        if (m_drag->pans) {
            // From where it began, not from the last event: nothing adds up.
            const double seconds = (m_drag->from.x() - at.x()) / plotArea().width() * m_dragged.span();
            m_view.panBy(m_dragged.from + seconds - m_view.range().from);
            return;
        }
        viewport()->update();
    }
    const bool inside = plotArea().adjusted(-2, -24, 2, 24).contains(at);
    m_view.setHover(inside || m_drag ? std::optional(secondsAt(at.x())) : std::nullopt);
}

void TimeChart::mousePressEvent(QMouseEvent* event)
{
    event->accept();
    if (m_drag)
        return;
    m_drag = ChartDrag::begun(*event);
    m_dragged = m_view.range();
    if (m_drag && m_drag->pans) {
        m_view.setHover(std::nullopt);
        viewport()->setCursor(Qt::ClosedHandCursor);
    }
}

void TimeChart::mouseReleaseEvent(QMouseEvent* event)
{
    event->accept();
    if (!m_drag || !ChartDrag::ends(*event))
        return;
    const ChartDrag drag = *std::exchange(m_drag, std::nullopt);
    const double from = secondsAt(drag.from.x()), to = secondsAt(event->position().x());
    if (!drag.pans && std::abs(event->position().x() - drag.from.x()) >= ChartDrag::kShortest)
        m_view.zoomTo({std::min(from, to), std::max(from, to)});
    viewport()->unsetCursor();
    viewport()->update();
}

void TimeChart::mouseDoubleClickEvent(QMouseEvent* event)
{
    m_drag.reset();
    m_view.follow();
    event->accept();
}

void TimeChart::wheelEvent(QWheelEvent* event)
{
    event->accept();
    const WheelTurn turn = wheelTurn(*event);
    if (turn.pan != 0)
        m_view.panBy(turn.pan * m_view.range().span());
    else if (turn.zoom != 1)
        m_view.zoomBy(turn.zoom, secondsAt(event->position().x()));
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
