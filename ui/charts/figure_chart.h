// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/chart_export.h"
#include "ui/charts/figure_drawing.h"
#include "ui/charts/panel_chart.h"

namespace splitscope::ui {

/// A figure on the screen; told values under the pointer. Empty, it says what would fill it.
class FigureChart : public PanelChart {
    Q_OBJECT

public:
    explicit FigureChart(QWidget* parent = nullptr);
    ~FigureChart() override;

    void setFigure(const session::Figure& figure);
    /// With a button where `action` names one: actionRequested().
    void clear(const QString& emptyText, const QString& action = {});
    [[nodiscard]] const session::Figure* figure() const { return m_figure ? &*m_figure : nullptr; }
    void setSeriesShown(const QString& key, bool shown);
    void setLogarithmic(bool logarithmic);
    [[nodiscard]] bool logarithmic() const;
    [[nodiscard]] const FigureView& view() const { return m_view; }
    /// What writes the figure as it is seen now, on any thread; where there is none, an Error says what `ifEmpty` does.
    [[nodiscard]] std::function<base::Status()> exporting(const QString& path, const std::string& ifEmpty,
                                                          const ExportOptions& options = {}) const;
    /// What the pointer is on; empty where it is on nothing.
    [[nodiscard]] QList<QPair<QString, QString>> hoverValues() const;

    [[nodiscard]] QSize sizeHint() const override { return {760, 420}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {360, 240}; }

Q_SIGNALS:
    void exportRequested(const QPoint& globalPosition);

protected:
    [[nodiscard]] std::vector<ChartPanel> panels() const override;
    void onZoomed() override;
    [[nodiscard]] Told toldAt(const QPointF& place) const override;
    void pointAt(const QPointF& place) override;
    void pointAtNothing() override;
    [[nodiscard]] std::optional<QPointF> pointed() const override;
    void paintEvent(QPaintEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    [[nodiscard]] std::unique_ptr<FigureDrawing> drawing() const;
    void paintValues(QPainter& painter, const QList<QPair<QString, QString>>& rows) const;
    void changed();

    std::optional<session::Figure> m_figure;
    QString m_emptyText;
    FigureView m_view;
    QPointF m_pointer;
};

/// Writes a figure as it is viewed: .png, .svg, .pdf for paper, .csv with all its values. An Error names the file.
base::Status exportFigure(const session::Figure& figure, const FigureView& view, const QString& path, ExportOptions options = {});

}  // namespace splitscope::ui
