// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/axis_ticks.h"
#include "ui/charts/time_view.h"
#include "ui/style/theme.h"

#include <QAreaSeries>
#include <QChartView>
#include <QLineSeries>
#include <QValueAxis>

#include <memory>
#include <optional>
#include <vector>

namespace splitscope::ui {

/// The columns between which a quantity lies.
struct BandSpec {
    Column low = Column::Total;
    Column high = Column::Total;
};

/// One quantity of a chart. `scale` turns stored values into the axis' unit.
struct TraceSpec {
    QString name;
    Column column = Column::Total;
    Quantity quantity = Quantity::Decision;
    Qt::PenStyle style = Qt::SolidLine;
    double scale = 1;
    std::optional<BandSpec> band{};  ///< its interval, shaded
};

struct ChartSpec {
    QString key;  ///< file names: "bandwidth"
    QString title;
    QString axisTitle;  ///< with the unit
    QString unit;  ///< alone, for CSV headers
    QString emptyText;  ///< what would fill the chart
    bool logarithmic = false;
    std::optional<double> top;  ///< fixed upper end; else rounded up from what is shown
    bool fromZero = true;  ///< else the axis fits what is shown, in tens
    std::vector<TraceSpec> traces;
};

/// An entry of the legend; areas are drawn as boxes, lines as strokes.
struct LegendEntry {
    QString name;
    QPen pen;
    QBrush brush;
};

/// A chart over the shared time axis. Qt Charts draws the series; axes, grid, legend and crosshair are drawn here, in one
/// place, so that they line up between charts and look the same on paper.
class TimeChart : public QChartView {
    Q_OBJECT

public:
    /// The store and the view must outlive the chart.
    TimeChart(ChartSpec spec, const SampleStore& store, TimeView& view, QWidget* parent = nullptr);
    ~TimeChart() override;

    [[nodiscard]] const ChartSpec& spec() const { return m_spec; }
    [[nodiscard]] const SampleStore& store() const { return m_store; }
    [[nodiscard]] TimeView& timeView() const { return m_view; }

    /// Redraws the series from the store: one replace() each.
    void refresh();
    /// A dashed line with a caption at a value of the y axis, e.g. a deadline; none if empty.
    void setReference(std::optional<double> value, const QString& caption);

    [[nodiscard]] std::optional<double> reference() const { return m_reference; }

    /// The same chart for paper: white, no crosshair, text as outlines so that fonts need not be installed.
    [[nodiscard]] std::unique_ptr<TimeChart> paperCopy(TimeView& view) const;
    void setPaper(bool paper);

    /// Header and cells of the visible range, for CSV.
    struct Table {
        QStringList header;
        std::vector<std::vector<double>> rows;
    };
    [[nodiscard]] virtual Table table() const;

Q_SIGNALS:
    void exportRequested(splitscope::ui::TimeChart* chart, const QPoint& globalPosition);

protected:
    [[nodiscard]] virtual std::unique_ptr<TimeChart> makeCopy(TimeView& view) const;
    /// Puts points into the series and returns the values' range in the axis' unit (low > high: nothing to show).
    virtual std::pair<double, double> updateSeries(const std::vector<Bucket>& buckets);
    [[nodiscard]] virtual std::vector<LegendEntry> legendEntries() const;
    [[nodiscard]] virtual std::vector<Tick> valueTicks() const;
    virtual void drawDecorations(QPainter& painter) { static_cast<void>(painter); }
    virtual void restyle();

    void addSeries(QAbstractSeries* series);
    [[nodiscard]] QLineSeries* traceLine(std::size_t i) const { return m_lines[i]; }
    [[nodiscard]] Theme theme() const;
    [[nodiscard]] QPointF toPixels(double seconds, double value) const;
    [[nodiscard]] QRectF plotArea() const;
    void drawLabel(QPainter& painter, const QRectF& box, Qt::Alignment alignment, const QString& text) const;
    void setValueRange(double low, double high);
    [[nodiscard]] bool paper() const { return m_paper; }
    /// Nothing was recorded, or nothing of what this chart shows.
    [[nodiscard]] bool showsNothing() const;

    void drawBackground(QPainter* painter, const QRectF& rect) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    /// The shaded interval of a trace.
    struct Band {
        std::size_t trace = 0;
        QLineSeries* low = nullptr;
        QLineSeries* high = nullptr;
        QAreaSeries* area = nullptr;
    };
    void addBand(std::size_t trace);
    void updateBand(const Band& band, const std::vector<Bucket>& buckets);
    [[nodiscard]] double onAxis(double value, double scale) const;
    void layOut();
    void drawLegend(QPainter& painter);
    void fitValueAxis(std::pair<double, double> range);
    [[nodiscard]] double secondsAt(double x) const;

    ChartSpec m_spec;
    const SampleStore& m_store;
    TimeView& m_view;
    QChart* m_chart;
    QValueAxis* m_timeAxis;
    QValueAxis* m_valueAxis;
    std::vector<QLineSeries*> m_lines;
    std::vector<Band> m_bands;
    std::optional<double> m_reference;
    QString m_referenceCaption;
    std::optional<double> m_dragFrom;
    bool m_paper = false;
};

}  // namespace splitscope::ui
