// SPDX-License-Identifier: GPL-3.0-or-later
// How a plot is laid out and painted, on a screen or on paper.
#pragma once

#include "ui/charts/figure_frame.h"
#include "ui/charts/plot.h"

namespace splitscope::ui {

/// One plot at one size. The plot must outlive the drawing.
class PlotDrawing {
public:
    PlotDrawing(const Plot& plot, const QRectF& area, const Theme& theme, bool paper);

    /// `hover`: an x whose values are told; the lines' last ones otherwise.
    void paint(QPainter& painter, std::optional<double> hover = {}) const;
    [[nodiscard]] const QRectF& plotArea() const { return m_area; }
    /// In the axis' unit; none beside the axes.
    [[nodiscard]] std::optional<double> xAt(const QPointF& pixel) const;
    [[nodiscard]] QPointF toPixels(double x, double y, std::size_t lane = 0) const;

private:
    [[nodiscard]] AxisSpan fit(const PlotAxis& axis, bool x) const;
    [[nodiscard]] AxisSpan wholeOf(const PlotAxis& axis, bool x) const;
    [[nodiscard]] bool legendHasItsRow() const;
    [[nodiscard]] double labelWidth() const;
    [[nodiscard]] int rows() const;  ///< about so many ticks on the y axis
    [[nodiscard]] QString legendText(const PlotLine& line, std::optional<double> hover) const;
    void paintAxes(QPainter& painter) const;
    void paintLanes(QPainter& painter) const;
    void paintLine(QPainter& painter, const PlotLine& line) const;
    void paintMarks(QPainter& painter) const;
    void paintHead(QPainter& painter, std::optional<double> hover) const;
    void paintLegend(QPainter& painter, std::optional<double> hover, double left) const;
    void paintEmpty(QPainter& painter) const;

    const Plot& m_plot;
    QRectF m_whole, m_area;
    FigureInk m_ink;
    AxisSpan m_x, m_y;
};

/// The value that a line has at x: of the nearest point, or of the step.
std::optional<double> valueAt(const PlotLine& line, double x);

}  // namespace splitscope::ui
