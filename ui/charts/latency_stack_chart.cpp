// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/latency_stack_chart.h"

#include "ui/charts/series_painter.h"

#include <algorithm>

namespace splitscope::ui {

const std::vector<StageGroup>& stageGroups()
{
    static const std::vector<StageGroup> groups{
        {QStringLiteral("device"), Quantity::Device, Qt::SolidPattern, {Column::Capture, Column::DeviceSegment, Column::Encode}},
        {QStringLiteral("queues"), Quantity::Queue, Qt::SolidPattern, {Column::SendQueue, Column::EdgeQueue}},
        {QStringLiteral("transfer"), Quantity::Transfer, Qt::SolidPattern, {Column::Transfer}},
        {QStringLiteral("edge"), Quantity::Edge, Qt::SolidPattern, {Column::Decode, Column::EdgeSegment, Column::Reply}},
        {QStringLiteral("fallback"), Quantity::Fallback, Qt::SolidPattern, {Column::Fallback}},
    };
    return groups;
}

double meanMs(const SampleStore& store, const StageGroup& group, const Bucket& bucket)
{
    double total = 0;
    for (const Column column : group.columns) {
        const Envelope envelope = store.column(column).envelope(bucket.first, bucket.last);
        total += envelope.count ? static_cast<double>(envelope.mean()) : 0;
    }
    return total;
}

LatencyStackChart::LatencyStackChart(const SampleStore& store, TimeView& view, QWidget* parent)
    : TimeChart({QStringLiteral("latency"),
                 tr("Latency"),
                 tr("by stage, a request (ms)"),
                 QStringLiteral("ms"),
                 tr("Start an experiment: the time of each stage of every request appears here."),
                 false,
                 std::nullopt,
                 true,
                 {}},
                store, view, parent),
      m_slowest(new QLineSeries(this))
{
    m_edges.push_back(new QLineSeries(this));
    for (const auto& group : stageGroups()) {
        m_edges.push_back(new QLineSeries(this));
        auto* area = new QAreaSeries(m_edges.back(), m_edges[m_edges.size() - 2]);
        area->setParent(this);
        area->setName(seriesName(group.name));
        m_areas.push_back(area);
    }
    m_slowest->setName(seriesName(QStringLiteral("slowest")));
    LatencyStackChart::restyle();
}

std::vector<QAbstractSeries*> LatencyStackChart::series() const
{
    std::vector<QAbstractSeries*> all(m_areas.begin(), m_areas.end());
    all.push_back(m_slowest);
    return all;
}

void LatencyStackChart::paintSeries(SeriesPainter& painter) const
{
    // From the uppermost down, each a little into the next: where two meet nothing shines through.
    for (std::size_t i = m_areas.size(); i-- > 0;)
        painter.fill(pixelsOf(*m_edges[i + 1]), pixelsOf(*m_edges[i]), m_areas[i]->brush().color());
    paintLine(painter, *m_slowest);
}

std::unique_ptr<TimeChart> LatencyStackChart::makeCopy(TimeView& view) const
{
    return std::make_unique<LatencyStackChart>(store(), view);
}

void LatencyStackChart::restyle()
{
    TimeChart::restyle();
    const Theme colours = theme();
    for (std::size_t i = 0; i < m_areas.size(); ++i) {
        const auto& group = stageGroups()[i];
        m_areas[i]->setPen(Qt::NoPen);
        m_areas[i]->setBrush(QBrush(colours.colour(group.quantity), group.brush));
    }
    m_slowest->setPen(QPen(colours.text, 1, Qt::DotLine));
}

std::pair<double, double> LatencyStackChart::updateSeries(EnvelopeCache& shown)
{
    const auto& buckets = shown.buckets();
    std::vector<QList<QPointF>> edges(m_edges.size());
    for (const Bucket& bucket : buckets)
        edges[0].append({bucket.time, 0});
    m_fallbackShown = false;
    for (std::size_t i = 0; i < stageGroups().size(); ++i) {
        const StageGroup& group = stageGroups()[i];
        edges[i + 1] = edges[i];
        for (const Column column : group.columns) {
            const auto& envelopes = shown.of(column);
            for (std::size_t b = 0; b < buckets.size(); ++b)
                if (envelopes[b].count > 0)
                    edges[i + 1][static_cast<qsizetype>(b)].ry() += static_cast<double>(envelopes[b].mean());
        }
        if (group.quantity == Quantity::Fallback && !buckets.empty())
            m_fallbackShown = edges[i + 1] != edges[i];
    }
    QList<QPointF> slowest;
    double high = 0;
    const auto& totals = shown.of(Column::Total);
    for (std::size_t b = 0; b < buckets.size(); ++b) {
        const double worst = std::max(static_cast<double>(totals[b].high), edges.back()[static_cast<qsizetype>(b)].y());
        slowest.append({buckets[b].time, worst});
        high = std::max(high, worst);
    }
    for (std::size_t i = 0; i < edges.size(); ++i)
        m_edges[i]->replace(edges[i]);
    m_slowest->replace(slowest);
    return buckets.empty() ? std::pair{1.0, 0.0} : std::pair{0.0, high};
}

std::vector<LegendEntry> LatencyStackChart::legendEntries() const
{
    std::vector<LegendEntry> entries;
    for (std::size_t i = 0; i < m_areas.size(); ++i) {
        const bool exceptional = stageGroups()[i].quantity == Quantity::Fallback;
        if (!exceptional || m_fallbackShown)
            entries.push_back({m_areas[i]->name(), Qt::NoPen, m_areas[i]->brush()});
    }
    entries.push_back({m_slowest->name(), m_slowest->pen(), Qt::NoBrush});
    return entries;
}

std::vector<ValueColumn> LatencyStackChart::valueColumns() const
{
    std::vector<ValueColumn> columns;
    for (const auto& group : stageGroups())
        columns.push_back({group.name + QStringLiteral("_ms"), group.columns});
    columns.push_back({QStringLiteral("total_ms"), {Column::Total}});
    return columns;
}

}  // namespace splitscope::ui
