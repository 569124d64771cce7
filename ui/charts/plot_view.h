// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/panel_chart.h"
#include "ui/charts/plot.h"

namespace splitscope::ui {

class PlotDrawing;

/// A plot on the screen; told values under the pointer. Empty, it says what would fill it.
class PlotView : public PanelChart {
    Q_OBJECT

public:
    explicit PlotView(QWidget* parent = nullptr);

    void setPlot(Plot plot);
    [[nodiscard]] const Plot& plot() const { return m_plot; }
    /// A button below the text of an empty plot: actionRequested(). Empty: none.
    void setAction(const QString& text);
    void setXMark(const std::optional<PlotMark>& mark);
    /// For plots with a common x axis: where the pointer is on another one.
    void setHover(std::optional<double> x);
    [[nodiscard]] std::optional<double> hover() const { return m_hover; }

    [[nodiscard]] QSize sizeHint() const override { return m_plot.compact ? QSize(230, 124) : QSize(420, 220); }
    [[nodiscard]] QSize minimumSizeHint() const override { return m_plot.compact ? QSize(180, 120) : QSize(200, 110); }

Q_SIGNALS:
    void hoverChanged(std::optional<double> x);
    void clicked(double x);
    void exportRequested(const QPoint& globalPosition);

protected:
    [[nodiscard]] std::vector<ChartPanel> panels() const override;
    void onZoomed() override;
    [[nodiscard]] Told toldAt(const QPointF& place) const override;
    void pointAt(const QPointF& place) override;
    void pointAtNothing() override;
    [[nodiscard]] std::optional<QPointF> pointed() const override;
    void clickedAt(const QPointF& place) override;
    void paintEvent(QPaintEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    [[nodiscard]] PlotDrawing drawing() const;
    [[nodiscard]] std::optional<double> xUnder(const QPointF& at) const;
    /// Of all lines, where their values are: what is told changes from one to the next.
    [[nodiscard]] double nearestX(double x) const;

    Plot m_plot;
    QString m_actionText;
    std::optional<double> m_hover;
};

}  // namespace splitscope::ui
