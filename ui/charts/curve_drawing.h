// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/figure_frame.h"

namespace splitscope::ui {

/// Lines over a number, panel by panel. A series has one colour, line and marker in all of them.
class CurveDrawing : public FigureDrawing {
public:
    CurveDrawing(const session::Figure& figure, const FigureView& view, const QSizeF& size, const Theme& theme);

    void paint(QPainter& painter) const override;
    [[nodiscard]] std::vector<ChartPanel> panels() const override { return m_panels; }
    /// A spot's map is the panel, its index that of x.
    [[nodiscard]] std::optional<FigureSpot> spotAt(const QPointF& at) const override;
    [[nodiscard]] QList<QPair<QString, QString>> valuesAt(const FigureSpot& spot) const override;

private:
    /// How a series is told from the others.
    struct Look {
        QString key, name;
        QColor colour;
        Qt::PenStyle line = Qt::SolidLine;
        double width = 1.4;
        Marker marker = Marker::Circle;
    };
    struct Place {
        QRectF box;
        AxisSpan x, y;
        bool lowest = false;  ///< nothing stands below it
    };

    void collectLooks();
    [[nodiscard]] FigureLegend legend() const;
    void placePanels();
    void chooseRange(const session::CurvePanel& panel, Place& place) const;
    [[nodiscard]] const Look& lookOf(const std::string& key) const;
    [[nodiscard]] bool shown(const session::FigureSeries& series) const { return !m_view.hidden.contains(text(series.key)); }
    [[nodiscard]] double xOf(std::size_t panel, double x) const;
    [[nodiscard]] double yOf(std::size_t panel, double y) const;

    void paintAxes(QPainter& painter, std::size_t panel) const;
    void paintSeries(QPainter& painter, std::size_t panel, std::size_t series) const;
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
