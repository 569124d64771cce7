// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/panel_chart.h"

#include "ui/style/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QWheelEvent>

#include <algorithm>
#include <utility>

namespace splitscope::ui {

PanelChart::PanelChart(QWidget* parent) : QWidget(parent), m_action(new QPushButton(this)), m_whole(new QToolButton(this))
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setWhatsThis(tr("Drag: zoom to a rectangle, or to a stretch of one axis. Wheel: zoom around the pointer; with Ctrl, up and "
                    "down. Drag with Shift or the middle button: pan. Double click: all of it. Keys: Plus, Minus zoom; arrows, "
                    "Page Up, Page Down, Home, End pan; 0: all of it; Shift with an arrow: the crosshair; Esc: without it."));
    m_action->hide();
    m_whole->setText(tr("Show all"));
    m_whole->setAccessibleName(tr("Show all of the chart"));
    m_whole->setToolTip(tr("All of the chart (0, or a double click)"));
    m_whole->setFont(smallFont());
    m_whole->setCursor(Qt::ArrowCursor);
    m_whole->hide();
    connect(m_action, &QPushButton::clicked, this, &PanelChart::actionRequested);
    connect(m_whole, &QToolButton::clicked, this, &PanelChart::showAll);
}

void PanelChart::setZoom(const PanelZoom& zoom)
{
    if (m_zoom == zoom || (m_zoom.whole() && zoom.whole()))
        return;
    m_zoom = zoom;
    onZoomed();
    placeButtons();
    update();
    Q_EMIT zoomChanged();
}

void PanelChart::panelsChanged(bool sameFigure)
{
    const std::size_t count = panels().size();
    if (!sameFigure || count != m_panelCount)
        showAll();
    m_panelCount = count;
    m_panel = std::min(m_panel, std::max<std::size_t>(count, 1) - 1);
}

void PanelChart::placeAction(const QString& text, bool shown, int below)
{
    m_actionBelow = below;
    m_action->setText(text);
    m_action->setVisible(shown && !text.isEmpty());
    placeButtons();
}

void PanelChart::placeButtons()
{
    m_action->adjustSize();
    m_action->move((width() - m_action->width()) / 2, std::min(height() / 2 + m_actionBelow, height() - m_action->height() - 4));
    const auto all = m_zoom.whole() ? std::vector<ChartPanel>{} : panels();
    m_whole->setVisible(!all.empty());
    if (all.empty())
        return;
    m_whole->adjustSize();
    const QRectF& box = all.front().box;
    m_whole->move(static_cast<int>(box.right()) - m_whole->width() - 3, static_cast<int>(box.top()) + 3);
}

std::optional<std::size_t> PanelChart::panelAt(const std::vector<ChartPanel>& all, const QPointF& place) const
{
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].box.adjusted(-2, -2, 2, 2).contains(place))
            return i;
    return {};
}

void PanelChart::point(const QPointF& place)
{
    if (toldAt(place) == Told::Nothing)
        pointAtNothing();
    else
        pointAt(place);
}

void PanelChart::mousePressEvent(QMouseEvent* event)
{
    const auto all = panels();
    const auto panel = panelAt(all, event->position());
    if (m_drag || !panel)
        return QWidget::mousePressEvent(event);
    event->accept();
    m_panel = *panel;
    m_drag = ChartDrag::begun(*event);
    m_dragged = m_zoom;
    if (m_drag && m_drag->pans) {
        pointAtNothing();
        setCursor(Qt::ClosedHandCursor);
    }
}

void PanelChart::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    if (!m_drag) {
        const auto all = panels();
        m_panel = panelAt(all, at).value_or(m_panel);
        return point(at);
    }
    m_drag->to = at;
    if (!m_drag->pans)
        return update();
    const auto all = panels();
    if (m_panel >= all.size())
        return;
    const QRectF& box = all[m_panel].box;
    const QPointF moved = m_drag->from - at;
    PanelZoom zoom = m_dragged;  // from where it began, not from the last event: nothing adds up
    zoom.panBy(all, m_panel, moved.x() / box.width(), -moved.y() / box.height());
    setZoom(zoom);
}

void PanelChart::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_drag || !ChartDrag::ends(*event))
        return QWidget::mouseReleaseEvent(event);
    const ChartDrag drag = *std::exchange(m_drag, std::nullopt);
    unsetCursor();
    update();
    const auto all = panels();
    if (drag.pans || m_panel >= all.size())
        return;
    const QRectF dragged = QRectF(drag.from, event->position()).normalized();
    if (std::max(dragged.width(), dragged.height()) < ChartDrag::kShortest)
        return clickedAt(event->position());
    PanelZoom zoom = m_zoom;
    const QRectF& box = all[m_panel].box;  // what is flat intersects nothing
    const auto within = [&box](const QPointF& at) {
        return QPointF(std::clamp(at.x(), box.left(), box.right()), std::clamp(at.y(), box.top(), box.bottom()));
    };
    zoom.zoomTo(all, m_panel, {within(dragged.topLeft()), within(dragged.bottomRight())});
    setZoom(zoom);
}

void PanelChart::mouseDoubleClickEvent(QMouseEvent* event)
{
    m_drag.reset();
    showAll();
    event->accept();
}

void PanelChart::wheelEvent(QWheelEvent* event)
{
    const auto all = panels();
    const auto panel = panelAt(all, event->position());
    if (!panel)
        return QWidget::wheelEvent(event);  // what is around it may scroll
    event->accept();
    m_panel = *panel;
    const QRectF& box = all[m_panel].box;
    const QPointF at = event->position();
    const WheelTurn turn = wheelTurn(*event);
    const bool alongY = all[m_panel].zoomsY && (event->modifiers().testFlag(Qt::ControlModifier) || !all[m_panel].zoomsX);
    PanelZoom zoom = m_zoom;
    if (turn.pan != 0)
        zoom.panBy(all, m_panel, turn.pan, 0);
    else
        zoom.zoomBy(all, m_panel, turn.zoom,
                    alongY ? (box.bottom() - at.y()) / box.height() : (at.x() - box.left()) / box.width(), alongY);
    setZoom(zoom);
    point(at);
}

void PanelChart::keyPressEvent(QKeyEvent* event)
{
    const auto move = chartMove(*event);
    if (!move || !navigate(*move))
        QWidget::keyPressEvent(event);
}

/// What a key does; false where it does nothing.
bool PanelChart::navigate(ChartMove move)
{
    const auto all = panels();
    if (m_panel >= all.size())
        return false;
    PanelZoom zoom = m_zoom;
    const auto zoomAxis = [&](double factor) {
        const QRectF& box = all[m_panel].box;
        const auto at = pointed();
        const bool alongY = !all[m_panel].zoomsX;
        const double around = !at || alongY ? 0.5 : std::clamp((at->x() - box.left()) / box.width(), 0.0, 1.0);
        zoom.zoomBy(all, m_panel, factor, around, alongY);
    };
    constexpr double kFar = 1e9;  // screens: it is kept within what there is
    switch (move) {
    case ChartMove::ZoomIn: zoomAxis(1 / kKeyZoom); break;
    case ChartMove::ZoomOut: zoomAxis(kKeyZoom); break;
    case ChartMove::Left: zoom.panBy(all, m_panel, -kKeyPan, 0); break;
    case ChartMove::Right: zoom.panBy(all, m_panel, kKeyPan, 0); break;
    case ChartMove::Up: zoom.panBy(all, m_panel, 0, kKeyPan); break;
    case ChartMove::Down: zoom.panBy(all, m_panel, 0, -kKeyPan); break;
    case ChartMove::ScreenLeft: zoom.panBy(all, m_panel, -1, 0); break;
    case ChartMove::ScreenRight: zoom.panBy(all, m_panel, 1, 0); break;
    case ChartMove::Beginning: zoom.panBy(all, m_panel, -kFar, 0); break;
    case ChartMove::End: zoom.panBy(all, m_panel, kFar, 0); break;
    case ChartMove::Whole: zoom.showAll(); break;
    case ChartMove::PointLeft: return movePointer({-1, 0});
    case ChartMove::PointRight: return movePointer({1, 0});
    case ChartMove::PointUp: return movePointer({0, -1});
    case ChartMove::PointDown: return movePointer({0, 1});
    case ChartMove::NoPoint: pointAtNothing(); return true;
    }
    setZoom(zoom);
    return true;
}

/// To the next place at which something else is told; where there is none, it stays.
bool PanelChart::movePointer(const QPointF& step)
{
    const auto all = panels();
    QPointF at = pointed().value_or(all[m_panel].box.center());
    if (pointed())
        at += step;
    while (rect().contains(at.toPoint()) && toldAt(at) != Told::Other)
        at += step;
    if (!rect().contains(at.toPoint()))
        return true;
    m_panel = panelAt(all, at).value_or(m_panel);
    pointAt(at);
    return true;
}

void PanelChart::leaveEvent(QEvent*) { pointAtNothing(); }

void PanelChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    placeButtons();
}

void PanelChart::focusInEvent(QFocusEvent* event)
{
    m_focusShown = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    QWidget::focusInEvent(event);
    update();
}

void PanelChart::focusOutEvent(QFocusEvent* event)
{
    m_focusShown = false;
    QWidget::focusOutEvent(event);
    update();
}

void PanelChart::paintOver(QPainter& painter) const
{
    const Theme theme = Theme::of(palette());
    painter.setRenderHint(QPainter::Antialiasing, false);
    if (m_focusShown) {
        painter.setPen(QPen(theme.colour(Quantity::Bandwidth), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
    const auto all = m_drag && !m_drag->pans ? panels() : std::vector<ChartPanel>{};
    if (m_panel >= all.size())
        return;
    QColor shade = theme.colour(Quantity::Bandwidth);
    shade.setAlpha(40);
    painter.fillRect(QRectF(m_drag->from, m_drag->to).normalized() & all[m_panel].box, shade);
}

}  // namespace splitscope::ui
