// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/figure_frame.h"

namespace splitscope::ui {

/// Lines, points and bars with x values of their own, in panels that stand in rows and columns. Strategies and runs keep their
/// colour, marker and line.
class PointDrawing : public FigureDrawing {
public:
    PointDrawing(const session::Figure& figure, const FigureView& view, const QSizeF& size, const Theme& theme);

    void paint(QPainter& painter) const override;
    [[nodiscard]] std::vector<ChartPanel> panels() const override { return m_panels; }
    /// A spot's map is the panel, its index counts the values of all its series.
    [[nodiscard]] std::optional<FigureSpot> spotAt(const QPointF& at) const override;
    [[nodiscard]] QList<QPair<QString, QString>> valuesAt(const FigureSpot& spot) const override;

private:
    struct Look {
        QString key, name;
        QColor colour;
        Qt::PenStyle line = Qt::SolidLine;
        Marker marker = Marker::Circle;
        session::PlotMark mark = session::PlotMark::Line;
        bool neutral = false;
    };
    struct Place {
        QRectF box;
        AxisSpan x, y;
        bool lowest = true;  ///< of its column: it has the axis' title
    };
    struct Value {
        const session::PlotSeries* series;
        std::size_t index;
    };

    void collectLooks();
    [[nodiscard]] FigureLegend legend() const;
    void placePanels();
    void chooseRanges(const session::PlotPanel& panel, Place& place) const;
    [[nodiscard]] double levelLabelHeight() const;  ///< 0: they fit beside each other
    [[nodiscard]] AxisSpan rangeOf(const session::PlotPanel& panel, bool x) const;
    [[nodiscard]] Look lookOf(const session::PlotSeries& series, std::size_t unknown) const;
    [[nodiscard]] const Look& foundLook(const session::PlotSeries& series) const;
    [[nodiscard]] QPointF pixelOf(std::size_t panel, double x, double y) const;
    [[nodiscard]] std::optional<Value> valueAt(const FigureSpot& spot) const;

    void paintAxes(QPainter& painter, std::size_t panel) const;
    void paintXAxis(QPainter& painter, std::size_t panel) const;
    void paintDiagonal(QPainter& painter, std::size_t panel) const;
    void paintSeries(QPainter& painter, std::size_t panel, std::size_t series) const;
    void paintBand(QPainter& painter, std::size_t panel, const session::PlotSeries& series, const QColor& colour) const;
    void paintLine(QPainter& painter, std::size_t panel, const session::PlotSeries& series, const Look& look) const;
    void paintMarkers(QPainter& painter, std::size_t panel, std::size_t series) const;
    void paintBars(QPainter& painter, std::size_t panel, const session::PlotSeries& series, const Look& look) const;
    void paintWhisker(QPainter& painter, std::size_t panel, const session::PlotSeries& series, std::size_t index) const;
    void paintHover(QPainter& painter) const;

    const session::Figure& m_figure;
    FigureView m_view;
    FigureInk m_ink;
    QSizeF m_size;
    std::vector<Look> m_looks;
    std::vector<Place> m_places;
    std::vector<ChartPanel> m_panels;
};

}  // namespace splitscope::ui
