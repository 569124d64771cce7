// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/time_chart.h"

#include <QAreaSeries>

#include <array>
#include <span>

namespace splitscope::ui {

/// Stages that one colour stands for.
struct StageGroup {
    QString name;
    Quantity quantity;
    Qt::BrushStyle brush;
    std::vector<Column> columns;
};

/// Capture to label, in the order in which it happens.
const std::vector<StageGroup>& stageGroups();

/// Mean milliseconds of a group over consecutive samples.
double meanMs(const SampleStore& store, const StageGroup& group, const Bucket& bucket);

/// Latency stacked by stage: the mean of each pixel column, and the slowest request as a dotted line.
class LatencyStackChart : public TimeChart {
    Q_OBJECT

public:
    LatencyStackChart(const SampleStore& store, TimeView& view, QWidget* parent = nullptr);
    [[nodiscard]] std::vector<QAbstractSeries*> series() const override;

protected:
    [[nodiscard]] std::unique_ptr<TimeChart> makeCopy(TimeView& view) const override;
    std::pair<double, double> updateSeries(EnvelopeCache& shown) override;
    [[nodiscard]] std::vector<ValueColumn> valueColumns() const override;
    [[nodiscard]] std::vector<LegendEntry> legendEntries() const override;
    void paintSeries(SeriesPainter& painter) const override;
    void restyle() override;

private:
    std::vector<QLineSeries*> m_edges;  ///< upper edge of each group; [0] is the axis
    std::vector<QAreaSeries*> m_areas;
    QLineSeries* m_slowest;
    bool m_fallbackShown = false;  ///< rare: it has a place in the legend only while it is in sight
};

}  // namespace splitscope::ui
