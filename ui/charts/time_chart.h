// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/axis_ticks.h"
#include "ui/charts/chart_navigation.h"
#include "ui/charts/time_view.h"
#include "ui/models/envelope_cache.h"
#include "ui/style/theme.h"

#include <QAreaSeries>
#include <QChartView>
#include <QImage>
#include <QLineSeries>

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace splitscope::ui {

class SeriesPainter;

/// The columns between which a quantity lies.
struct BandSpec {
    Column low = Column::Total;
    Column high = Column::Total;
};

/// One quantity of a chart. `scale` turns stored values into the axis' unit.
struct TraceSpec {
    QString name;  ///< in CSV, the same in every language; on the screen its seriesName()
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

    bool operator==(const LegendEntry&) const = default;
};

/// What the series of live charts are called in the dashboard's language.
QString seriesName(const QString& name);

/// A column of a chart's CSV: stored columns summed up, in the axis' unit.
struct ValueColumn {
    QString name;
    std::vector<Column> columns;  ///< several: what was not measured counts 0
    double scale = 1;
};

/// What a chart shows, apart from the chart: another thread can write it.
struct ChartValues {
    SampleStore samples;
    TimeRange range;
    std::vector<ValueColumn> columns;

    [[nodiscard]] QStringList header() const;
    [[nodiscard]] double value(std::size_t column, std::size_t sample) const;
};

/// A chart over the shared time axis. Qt Charts holds the series; axes, grid, legend and crosshair are drawn here, in one place,
/// so that they line up between charts and look the same on paper, and so are the series: Qt Charts strokes each line's outline
/// whenever a point comes, where a frame may take milliseconds. On the screen they are drawn by columns of pixels into an image,
/// over which only the crosshair moves.
class TimeChart : public QChartView {
    Q_OBJECT

public:
    /// The store and the view must outlive the chart.
    TimeChart(ChartSpec spec, const SampleStore& store, TimeView& view, QWidget* parent = nullptr);
    ~TimeChart() override;

    [[nodiscard]] const ChartSpec& spec() const { return m_spec; }
    [[nodiscard]] const SampleStore& store() const { return m_store; }
    [[nodiscard]] TimeView& timeView() const { return m_view; }

    /// Fills the series from the store, one replace() each; they are drawn with the next paint event.
    void refresh();
    /// In the order in which they are drawn.
    [[nodiscard]] virtual std::vector<QAbstractSeries*> series() const;
    /// What is drawn; the view's range may have moved on since the last refresh().
    [[nodiscard]] TimeRange shownRange() const { return m_shown; }
    [[nodiscard]] QRectF plotArea() const;
    /// A dashed line with a caption at a value of the y axis, e.g. a deadline; none if empty.
    void setReference(std::optional<double> value, const QString& caption);

    [[nodiscard]] std::optional<double> reference() const { return m_reference; }

    /// The same chart for paper: white, no crosshair, text as outlines so that fonts need not be installed.
    [[nodiscard]] std::unique_ptr<TimeChart> paperCopy(TimeView& view) const;
    void setPaper(bool paper);

    /// The values of the range in sight, for CSV; the copy of the samples shares their memory.
    [[nodiscard]] ChartValues values() const;

Q_SIGNALS:
    void exportRequested(splitscope::ui::TimeChart* chart, const QPoint& globalPosition);

protected:
    [[nodiscard]] virtual std::unique_ptr<TimeChart> makeCopy(TimeView& view) const;
    /// Puts points into the series and returns the values' range in the axis' unit (low > high: nothing to show).
    virtual std::pair<double, double> updateSeries(EnvelopeCache& shown);
    [[nodiscard]] virtual std::vector<ValueColumn> valueColumns() const;
    [[nodiscard]] virtual std::vector<LegendEntry> legendEntries() const;
    [[nodiscard]] virtual std::vector<Tick> valueTicks() const;
    /// Beside the axis; changes with the value ticks alone.
    virtual void drawDecorations(QPainter& painter) { static_cast<void>(painter); }
    /// On screen and paper.
    virtual void paintSeries(SeriesPainter& painter) const;
    virtual void restyle();

    /// The points of a line where they are painted: in the pixels of the screen's image, or the units of the paper.
    [[nodiscard]] std::vector<QPointF> pixelsOf(const QLineSeries& line) const;
    void paintLine(SeriesPainter& painter, const QLineSeries& line) const;
    [[nodiscard]] QLineSeries* traceLine(std::size_t i) const { return m_lines[i]; }
    [[nodiscard]] Theme theme() const;
    [[nodiscard]] QPointF toPixels(double seconds, double value) const;
    void drawLabel(QPainter& painter, const QRectF& box, Qt::Alignment alignment, const QString& text) const;
    void setValueRange(double low, double high);
    [[nodiscard]] bool paper() const { return m_paper; }
    /// Nothing was recorded, or nothing of what this chart shows.
    [[nodiscard]] bool showsNothing() const;

    void paintEvent(QPaintEvent* event) override;
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
    void updateBand(const Band& band, EnvelopeCache& shown);
    [[nodiscard]] double onAxis(double value, double scale) const;
    /// What an image of all but time and series depends on.
    struct LayerKey {
        QSizeF size;
        std::vector<Tick> ticks;
        double low = 0, high = 1;
        std::vector<LegendEntry> legend;

        bool operator==(const LayerKey&) const = default;
    };
    void compose();
    void composeLayer();
    void drawValueAxis(QPainter& painter) const;
    void drawTimeAxis(QPainter& painter) const;
    void drawLegend(QPainter& painter) const;
    void drawReference(QPainter& painter) const;
    void drawEmptyText(QPainter& painter) const;
    void drawPointer(QPainter& painter) const;
    void fitValueAxis(std::pair<double, double> range);
    [[nodiscard]] double secondsAt(double x) const;

    ChartSpec m_spec;
    const SampleStore& m_store;
    TimeView& m_view;
    EnvelopeCache m_cache;
    std::vector<QLineSeries*> m_lines;
    std::vector<Band> m_bands;
    std::optional<double> m_reference;
    QString m_referenceCaption;
    std::optional<ChartDrag> m_drag;
    TimeRange m_dragged;  ///< shown when the drag began
    TimeRange m_shown{0, 10};
    double m_low = 0, m_high = 1;  ///< of the value axis
    QImage m_layer, m_frame;
    std::optional<LayerKey> m_layerKey;  ///< none: it is to be drawn anew
    bool m_stale = true;  ///< the frame
    bool m_paper = false;
};

}  // namespace splitscope::ui
