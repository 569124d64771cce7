// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/figure_frame.h"

namespace splitscope::ui {

/// Points of two numbers, the line of their front, and the names of those that nothing beats, above them.
class FrontDrawing : public FigureDrawing {
public:
    /// The figure has one plot.
    FrontDrawing(const session::Figure& figure, const FigureView& view, const QSizeF& size, const Theme& theme);

    void paint(QPainter& painter) const override;
    [[nodiscard]] std::vector<ChartPanel> panels() const override { return {ChartPanel{m_plot}}; }
    /// A spot's map is the series, its index the point.
    [[nodiscard]] std::optional<FigureSpot> spotAt(const QPointF& at) const override;
    [[nodiscard]] QList<QPair<QString, QString>> valuesAt(const FigureSpot& spot) const override;

private:
    struct Look {
        QColor colour;
        Marker marker = Marker::Circle;
    };

    [[nodiscard]] bool shown(const session::PlotSeries& series) const { return !m_view.hidden.contains(text(series.key)); }
    [[nodiscard]] const session::PlotSeries* find(const char* key) const;
    [[nodiscard]] Look lookOf(std::size_t series) const;
    [[nodiscard]] FigureLegend legend() const;
    void chooseRange();
    /// Along the y axis: itself, or its logarithmic distance from the front's best.
    [[nodiscard]] double scaled(double y) const;
    [[nodiscard]] std::vector<std::pair<double, QString>> yTicks() const;
    [[nodiscard]] QPointF at(double x, double y) const;

    void paintAxes(QPainter& painter) const;
    void paintPoints(QPainter& painter) const;
    void paintFront(QPainter& painter) const;
    void paintNames(QPainter& painter) const;

    const session::Figure& m_figure;
    const session::PlotPanel& m_panel;
    FigureView m_view;
    FigureInk m_ink;
    QSizeF m_size;
    QRectF m_plot;
    bool m_magnified;  ///< the y axis, towards the front's best: most decisions answer nearly as well
    double m_best = 0;
    AxisSpan m_x;
    double m_low = 0, m_high = 1;  ///< scaled along y
};

}  // namespace splitscope::ui
