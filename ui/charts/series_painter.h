// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPen>
#include <QPointF>
#include <QRectF>

#include <span>

class QPainter;

namespace splitscope::ui {

/// Draws functions of time: points' x never falls. Nothing is drawn outside the plot.
class SeriesPainter {
public:
    virtual ~SeriesPainter() = default;
    virtual void line(std::span<const QPointF> points, const QPen& pen) = 0;
    /// From a function down to another with the same xs, and as far below as what is drawn upon it next hides.
    virtual void fill(std::span<const QPointF> upper, std::span<const QPointF> lower, const QColor& colour) = 0;
    /// Between two functions with the same xs.
    virtual void band(std::span<const QPointF> lower, std::span<const QPointF> upper, const QColor& colour) = 0;
};

/// As lines and polygons: for paper.
class PathPainter : public SeriesPainter {
public:
    PathPainter(QPainter& painter, const QRectF& plot) : m_painter(painter), m_plot(plot) {}

    void line(std::span<const QPointF> points, const QPen& pen) override;
    void fill(std::span<const QPointF> upper, std::span<const QPointF> lower, const QColor& colour) override;
    void band(std::span<const QPointF> lower, std::span<const QPointF> upper, const QColor& colour) override;

private:
    QPainter& m_painter;
    QRectF m_plot;
};

}  // namespace splitscope::ui
