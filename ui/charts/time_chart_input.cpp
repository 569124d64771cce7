// SPDX-License-Identifier: GPL-3.0-or-later
// What the mouse does to a chart: point, drag to zoom, drag with Shift or the middle button to pan, double click to follow.
#include "ui/charts/time_chart.h"

#include <QContextMenuEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <cmath>
#include <utility>

namespace splitscope::ui {

namespace {

constexpr double kShortestDrag = 6;  // pixels: less is a click

}  // namespace

void TimeChart::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    event->accept();
    if (m_drag) {
        m_drag->toX = at.x();
        if (m_drag->pans) {
            // From where it began, not from the last event: nothing adds up.
            const double seconds = (m_drag->fromX - at.x()) / plotArea().width() * m_drag->range.span();
            m_view.panBy(m_drag->range.from + seconds - m_view.range().from);
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
    const bool middle = event->button() == Qt::MiddleButton;
    if (m_drag || (event->button() != Qt::LeftButton && !middle))
        return;
    const double x = event->position().x();
    m_drag = Drag{middle || event->modifiers().testFlag(Qt::ShiftModifier), x, x, m_view.range()};
    if (m_drag->pans) {
        m_view.setHover(std::nullopt);
        viewport()->setCursor(Qt::ClosedHandCursor);
    }
}

void TimeChart::mouseReleaseEvent(QMouseEvent* event)
{
    event->accept();
    const bool ours = event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton;
    if (!m_drag || !ours)
        return;
    const Drag drag = *std::exchange(m_drag, std::nullopt);
    const double from = secondsAt(drag.fromX), to = secondsAt(event->position().x());
    if (!drag.pans && std::abs(event->position().x() - drag.fromX) >= kShortestDrag)
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
    QPoint turned = event->angleDelta();
    if (event->modifiers().testFlag(Qt::ShiftModifier))
        turned = turned.transposed();
    constexpr double kPerDoubling = 240, kPerScreen = 960;  // two notches, eight notches
    if (std::abs(turned.x()) > std::abs(turned.y()))
        m_view.panBy(-turned.x() / kPerScreen * m_view.range().span());
    else if (turned.y() != 0)
        m_view.zoomBy(std::exp2(-turned.y() / kPerDoubling), secondsAt(event->position().x()));
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
