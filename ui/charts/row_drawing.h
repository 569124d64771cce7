// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/figure_frame.h"

namespace splitscope::ui {

/// Named rows with a value each, panel beside panel; strategies keep their colour and marker.
class RowDrawing : public FigureDrawing {
public:
    RowDrawing(const session::Figure& figure, const FigureView& view, const QSizeF& size, const Theme& theme);

    void paint(QPainter& painter) const override;
    [[nodiscard]] std::vector<ChartPanel> panels() const override;
    /// A spot's map is the panel, its index the row.
    [[nodiscard]] std::optional<FigureSpot> spotAt(const QPointF& at) const override;
    /// All quantities of the row.
    [[nodiscard]] QList<QPair<QString, QString>> valuesAt(const FigureSpot& spot) const override;

    /// What a figure wants to be high, so that rows can be read.
    static double heightFor(const session::Figure& figure);

private:
    struct Place {
        QRectF box;
        AxisSpan x;
    };

    void chooseRange(const session::RowPanel& panel, Place& place) const;
    [[nodiscard]] double xOf(std::size_t panel, double value) const;
    [[nodiscard]] double yOf(std::size_t panel, std::size_t row) const;
    [[nodiscard]] double rowHeight(std::size_t panel) const;
    [[nodiscard]] QColor colourOf(std::size_t row) const;
    [[nodiscard]] Marker markerOf(std::size_t row) const;

    /// What marks and several values of a row stand for; each once.
    [[nodiscard]] FigureLegend legend() const;
    void paintBands(QPainter& painter, std::size_t panel) const;
    void paintAxis(QPainter& painter, std::size_t panel) const;
    void paintMarks(QPainter& painter, std::size_t panel) const;
    void paintRow(QPainter& painter, std::size_t panel, std::size_t row) const;
    void paintValue(QPainter& painter, std::size_t panel, std::size_t row, std::size_t series) const;
    /// Values of one key have the same sign in all panels; the only value of a row has the first one.
    [[nodiscard]] std::size_t signOf(std::size_t panel, std::size_t series) const;
    void paintSign(QPainter& painter, std::size_t sign, Marker marker, const QPointF& at, const QColor& colour) const;

    const session::Figure& m_figure;
    FigureView m_view;
    FigureInk m_ink;
    QSizeF m_size;
    double m_labels = 0;
    std::vector<Place> m_places;
    std::vector<std::string> m_keys;  ///< of series in panels with several, in order
};

}  // namespace splitscope::ui
