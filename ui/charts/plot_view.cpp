// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/plot_view.h"

#include "ui/charts/plot_drawing.h"

#include <QContextMenuEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr int kActionBelow = 26;

}  // namespace

PlotView::PlotView(QWidget* parent) : PanelChart(parent) {}

void PlotView::setAction(const QString& text)
{
    m_actionText = text;
    placeAction(m_actionText, m_plot.empty(), kActionBelow);
}

void PlotView::setPlot(Plot plot)
{
    const bool same = m_plot.key == plot.key;
    m_plot = std::move(plot);
    m_plot.window = zoom().of(0);
    setFocusPolicy(m_plot.compact ? Qt::NoFocus : Qt::StrongFocus);
    setAccessibleName(m_plot.title.isEmpty() ? m_plot.y.title : m_plot.title);
    setAccessibleDescription(m_plot.empty() ? m_plot.emptyText : tr("%1 over %2").arg(m_plot.y.title, m_plot.x.title));
    placeAction(m_actionText, m_plot.empty(), kActionBelow);
    panelsChanged(same);
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

PlotDrawing PlotView::drawing() const { return {m_plot, rect(), Theme::of(palette()), false}; }

void PlotView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), Theme::of(palette()).panel);
    drawing().paint(painter, m_hover);
    paintOver(painter);
}

std::vector<ChartPanel> PlotView::panels() const
{
    if (m_plot.empty() || m_plot.compact)  // small ones stand among controls that the wheel scrolls
        return {};
    return {{drawing().plotArea(), 0, true, m_plot.lanes.empty()}};
}

void PlotView::onZoomed() { m_plot.window = zoom().of(0); }

std::optional<double> PlotView::xUnder(const QPointF& at) const { return m_plot.empty() ? std::nullopt : drawing().xAt(at); }

double PlotView::nearestX(double x) const
{
    std::optional<double> nearest;
    const auto offer = [&](double candidate) {
        if (!nearest || std::abs(candidate - x) < std::abs(*nearest - x))
            nearest = candidate;
    };
    for (const PlotLine& line : m_plot.lines) {
        const auto after = std::lower_bound(line.points.begin(), line.points.end(), x,
                                            [](const QPointF& point, double value) { return point.x() < value; });
        if (after != line.points.end())
            offer(after->x());
        if (after != line.points.begin())
            offer((after - 1)->x());
    }
    return nearest.value_or(x);
}

PanelChart::Told PlotView::toldAt(const QPointF& place) const
{
    const auto x = xUnder(place);
    if (!x)
        return Told::Nothing;
    return m_hover && nearestX(*x) == nearestX(*m_hover) ? Told::Same : Told::Other;
}

void PlotView::pointAt(const QPointF& place)
{
    const auto x = xUnder(place);
    if (x == m_hover)
        return;
    setHover(x);
    Q_EMIT hoverChanged(x);
}

void PlotView::pointAtNothing()
{
    if (!m_hover)
        return;
    setHover({});
    Q_EMIT hoverChanged({});
}

std::optional<QPointF> PlotView::pointed() const
{
    if (!m_hover || m_plot.empty())
        return {};
    const PlotDrawing shown = drawing();
    return QPointF(shown.toPixels(*m_hover, 0).x(), shown.plotArea().center().y());
}

void PlotView::clickedAt(const QPointF& place)
{
    if (const auto x = xUnder(place))
        Q_EMIT clicked(*x);
}

void PlotView::contextMenuEvent(QContextMenuEvent* event)
{
    if (!m_plot.empty())
        Q_EMIT exportRequested(event->globalPos());
}

}  // namespace splitscope::ui
