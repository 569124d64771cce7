// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/figure_frame.h"

namespace splitscope::ui {

/// Bars, or markers joined by lines, over named categories.
class CategoryDrawing : public FigureDrawing {
public:
    CategoryDrawing(const session::Figure& figure, const FigureView& view, const QSizeF& size, const Theme& theme);

    void paint(QPainter& painter) const override;
    [[nodiscard]] std::vector<ChartPanel> panels() const override { return {ChartPanel{m_plot}}; }
    [[nodiscard]] std::optional<FigureSpot> spotAt(const QPointF& at) const override;
    [[nodiscard]] QList<QPair<QString, QString>> valuesAt(const FigureSpot& spot) const override;

private:
    void chooseRange();
    [[nodiscard]] FigureLegend legend() const;
    [[nodiscard]] bool shown(const session::FigureSeries& series) const { return !m_view.hidden.contains(text(series.key)); }
    [[nodiscard]] double columnWidth() const;
    [[nodiscard]] double xOf(std::size_t category) const;
    [[nodiscard]] bool inSight(std::size_t category) const;
    [[nodiscard]] double yOf(double value) const;
    [[nodiscard]] Marker markerOf(std::size_t series) const;
    [[nodiscard]] QString categoryLabel(std::size_t category) const;

    void paintGrid(QPainter& painter) const;
    void paintCategories(QPainter& painter) const;
    void paintGroups(QPainter& painter) const;
    void paintBars(QPainter& painter) const;
    void paintPoints(QPainter& painter) const;
    void paintWhisker(QPainter& painter, const session::FigureSeries& series, std::size_t category, double x) const;

    const session::Figure& m_figure;
    FigureView m_view;
    FigureInk m_ink;
    QSizeF m_size;
    QRectF m_plot;
    AxisWindow m_columns;  ///< the categories in sight
    bool m_logarithmic;
    bool m_risingLabels = false;
    QPointF m_legendAt;
    double m_low = 0, m_high = 1;  ///< of the axis; exponents where logarithmic
};

}  // namespace splitscope::ui
