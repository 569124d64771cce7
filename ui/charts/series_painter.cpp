// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/series_painter.h"

#include <QPainter>
#include <QPolygonF>

namespace splitscope::ui {

void PathPainter::line(std::span<const QPointF> points, const QPen& pen)
{
    m_painter.save();
    m_painter.setClipRect(m_plot);
    m_painter.setPen(pen);
    m_painter.drawPolyline(points.data(), static_cast<int>(points.size()));
    m_painter.restore();
}

void PathPainter::fill(std::span<const QPointF> upper, std::span<const QPointF>, const QColor& colour)
{
    if (upper.empty())
        return;
    const QPointF ends[] = {{upper.front().x(), m_plot.bottom()}, {upper.back().x(), m_plot.bottom()}};
    band(ends, upper, colour);
}

void PathPainter::band(std::span<const QPointF> lower, std::span<const QPointF> upper, const QColor& colour)
{
    QPolygonF polygon(QList<QPointF>(lower.begin(), lower.end()));
    polygon.append(QList<QPointF>(upper.rbegin(), upper.rend()));
    m_painter.save();
    m_painter.setClipRect(m_plot);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(colour);
    m_painter.drawPolygon(polygon);
    m_painter.restore();
}

}  // namespace splitscope::ui
