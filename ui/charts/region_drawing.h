// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/figure_drawing.h"

namespace splitscope::ui {

/// Maps side by side: a row per network, a column per round trip.
class RegionDrawing : public FigureDrawing {
public:
    RegionDrawing(const session::Figure& figure, const FigureView& view, const QSizeF& size, const Theme& theme);

    void paint(QPainter& painter) const override;
    [[nodiscard]] std::vector<ChartPanel> panels() const override;
    [[nodiscard]] std::optional<FigureSpot> spotAt(const QPointF& at) const override;
    [[nodiscard]] QList<QPair<QString, QString>> valuesAt(const FigureSpot& spot) const override;

private:
    struct Panel {
        QRectF box;
        int row = 0;
        int column = 0;
    };

    [[nodiscard]] QRectF cellBox(std::size_t map, std::size_t row, std::size_t column) const;
    void paintLegend(QPainter& painter) const;
    void paintCells(QPainter& painter, std::size_t map) const;
    void paintBorders(QPainter& painter, std::size_t map) const;
    void paintNames(QPainter& painter, std::size_t map) const;
    void paintAxes(QPainter& painter, std::size_t map) const;
    void paintHover(QPainter& painter) const;

    const session::Figure& m_figure;
    FigureView m_view;
    FigureInk m_ink;
    QSizeF m_size;
    int m_rows = 0, m_columns = 0;
    std::vector<Panel> m_panels;
};

}  // namespace splitscope::ui
