// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/plot_view.h"

#include "ui/charts/plot_drawing.h"

#include <QContextMenuEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>

namespace splitscope::ui {

PlotView::PlotView(QWidget* parent) : QWidget(parent), m_action(new QPushButton(this))
{
    setMouseTracking(true);
    m_action->hide();
    connect(m_action, &QPushButton::clicked, this, &PlotView::actionRequested);
}

void PlotView::setAction(const QString& text)
{
    m_action->setText(text);
    placeAction();
}

/// Below the text.
void PlotView::placeAction()
{
    constexpr int kBelow = 26;
    m_action->adjustSize();
    m_action->move((width() - m_action->width()) / 2, std::min(height() / 2 + kBelow, height() - m_action->height() - 4));
    m_action->setVisible(m_plot.empty() && !m_action->text().isEmpty());
}

void PlotView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    placeAction();
}

void PlotView::setPlot(Plot plot)
{
    m_plot = std::move(plot);
    setAccessibleName(m_plot.title.isEmpty() ? m_plot.y.title : m_plot.title);
    setAccessibleDescription(m_plot.empty() ? m_plot.emptyText : m_plot.y.title + QStringLiteral(" over ") + m_plot.x.title);
    placeAction();
    update();
}

void PlotView::setXMark(const std::optional<PlotMark>& mark)
{
    if (m_plot.xMark == mark)
        return;
    m_plot.xMark = mark;
    update();
}

void PlotView::setHover(std::optional<double> x)
{
    if (m_hover == x)
        return;
    m_hover = x;
    update();
}

void PlotView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Theme theme = Theme::of(palette());
    painter.fillRect(rect(), theme.panel);
    PlotDrawing(m_plot, rect(), theme, false).paint(painter, m_hover);
}

std::optional<double> PlotView::xUnder(const QPointF& at) const
{
    return m_plot.empty() ? std::nullopt : PlotDrawing(m_plot, rect(), Theme::of(palette()), false).xAt(at);
}

void PlotView::mouseMoveEvent(QMouseEvent* event)
{
    const auto x = xUnder(event->position());
    if (x == m_hover)
        return;
    setHover(x);
    Q_EMIT hoverChanged(x);
}

void PlotView::mousePressEvent(QMouseEvent* event)
{
    if (const auto x = xUnder(event->position()); x && event->button() == Qt::LeftButton)
        Q_EMIT clicked(*x);
}

void PlotView::leaveEvent(QEvent*)
{
    if (!m_hover)
        return;
    setHover({});
    Q_EMIT hoverChanged({});
}

void PlotView::contextMenuEvent(QContextMenuEvent* event)
{
    if (!m_plot.empty())
        Q_EMIT exportRequested(event->globalPos());
}

}  // namespace splitscope::ui
