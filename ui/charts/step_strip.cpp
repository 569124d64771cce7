// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/step_strip.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr double kLaneFill = 0.64;  // of a lane's height; the rest separates lanes
constexpr float kHighestCoding = 24;
constexpr double kLeastRegret = 0.01;  // the lane's upper end; noise must not look like much
constexpr double kShortestTickDistance = 12;  // pixels

}  // namespace

StepStrip::StepStrip(const SampleStore& store, TimeView& view, QWidget* parent)
    : TimeChart({QStringLiteral("decisions"),
                 tr("Decisions"),
                 tr("exit · partition (layers on the device) · coding (bits, or how images are sent) · answered early (share)"),
                 QString(),
                 tr("Start an experiment: exit, partition and bits of every request appear here."),
                 false,
                 1.0,
                 true,
                 {{QStringLiteral("exit"), Column::Exit, Quantity::Decision, Qt::SolidLine, 1},
                  {QStringLiteral("partition"), Column::Partition, Quantity::Decision, Qt::SolidLine, 1},
                  {QStringLiteral("coding"), Column::Coding, Quantity::Decision, Qt::SolidLine, 1},
                  {QStringLiteral("early"), Column::Early, Quantity::Decision, Qt::SolidLine, 1},
                  {QStringLiteral("regret"), Column::Regret, Quantity::Regret, Qt::SolidLine, 1}}},
                store, view, parent)
{
    m_lanes = {{QStringLiteral("exit"), Column::Exit, 1, 3, traceLine(0)},
               {QStringLiteral("cut"), Column::Partition, 0, 20, traceLine(1)},
               {QStringLiteral("bits"), Column::Coding, 0, kHighestCoding, traceLine(2)},
               {QStringLiteral("early"), Column::Early, 0, 1, traceLine(3)},
               {QStringLiteral("regret"), Column::Regret, 0, kLeastRegret, traceLine(4)}};
    StepStrip::restyle();
}

void StepStrip::setNetwork(int exits, int longestPath)
{
    m_lanes[0].high = std::max(2, exits);
    m_lanes[1].high = std::max(1, longestPath);
    refresh();
}

std::unique_ptr<TimeChart> StepStrip::makeCopy(TimeView& view) const
{
    auto copy = std::make_unique<StepStrip>(store(), view);
    for (std::size_t i = 0; i < m_lanes.size(); ++i)
        copy->m_lanes[i].high = m_lanes[i].high;
    return copy;
}

void StepStrip::restyle()
{
    TimeChart::restyle();
    for (const Lane& lane : m_lanes)
        lane.steps->setPen(QPen(theme().colour(lane.column == Column::Regret ? Quantity::Regret : Quantity::Decision), 1.3));
}

double StepStrip::height(std::size_t lane, double value) const
{
    const Lane& l = m_lanes[lane];
    const double share = std::clamp((value - l.low) / (l.high - l.low), 0.0, 1.0);
    return 1 - (static_cast<double>(rowOf(lane)) + 1 - (1 - kLaneFill) / 2 - share * kLaneFill) / rows();
}

bool StepStrip::shows(std::size_t lane) const { return lane != kEarlyLane || m_showsEarly; }

std::size_t StepStrip::rowOf(std::size_t lane) const { return lane > kEarlyLane && !m_showsEarly ? lane - 1 : lane; }

double StepStrip::rows() const { return static_cast<double>(m_lanes.size() - (m_showsEarly ? 0 : 1)); }

QList<QPointF> StepStrip::steps(std::size_t lane, EnvelopeCache& shown) const
{
    QList<QPointF> points;
    const auto& values = store().column(m_lanes[lane].column);
    const auto& buckets = shown.buckets();
    const auto& envelopes = shown.of(m_lanes[lane].column);
    for (std::size_t b = 0; b < buckets.size(); ++b) {
        const Bucket& bucket = buckets[b];
        const Envelope& envelope = envelopes[b];
        const double begin = height(lane, static_cast<double>(values.at(bucket.first)));
        const double end = height(lane, static_cast<double>(values.at(bucket.last - 1)));
        if (points.isEmpty()) {
            points.append({bucket.time, begin});
        } else if (points.last().y() != begin) {
            points.append({bucket.time, points.last().y()});
            points.append({bucket.time, begin});
        }
        if (envelope.high > envelope.low) {
            points.append({bucket.time, height(lane, static_cast<double>(envelope.low))});
            points.append({bucket.time, height(lane, static_cast<double>(envelope.high))});
            points.append({bucket.time, end});
        }
    }
    if (!buckets.empty())
        points.append({buckets.back().time, points.last().y()});
    return points;
}

QList<QPointF> StepStrip::regret(EnvelopeCache& shown)
{
    QList<QPointF> points = SampleStore::line(shown.buckets(), shown.of(Column::Regret));
    double highest = kLeastRegret;
    for (const QPointF& point : points)
        highest = std::max(highest, point.y());
    m_lanes[kRegretLane].high = roundUp(highest);
    for (QPointF& point : points)
        point.setY(height(kRegretLane, point.y()));
    return points;
}

std::pair<double, double> StepStrip::updateSeries(EnvelopeCache& shown)
{
    const auto& early = shown.of(Column::Early);
    m_showsEarly = std::ranges::any_of(early, [](const Envelope& envelope) { return envelope.high > 0; });
    for (std::size_t i = 0; i < m_lanes.size(); ++i)
        m_lanes[i].steps->replace(!shows(i) ? QList<QPointF>() : i == kRegretLane ? regret(shown) : steps(i, shown));
    return {0, 1};
}

std::vector<Tick> StepStrip::valueTicks() const
{
    std::vector<Tick> ticks;
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        if (!shows(i))
            continue;
        const Lane& lane = m_lanes[i];
        std::vector<Tick> wanted{{lane.low, QString::number(lane.low)}, {lane.high, QString::number(lane.high)}};
        if (lane.column == Column::Coding)
            wanted = {
                {0, QStringLiteral("label")}, {16, QStringLiteral("16")}, {8, QStringLiteral("8")}, {22, QStringLiteral("raw")}};
        std::vector<double> taken;
        for (Tick& tick : wanted) {
            const double at = height(i, tick.value);
            const bool fits = std::all_of(taken.begin(), taken.end(), [&](double other) {
                return std::abs(at - other) * plotArea().height() >= kShortestTickDistance;
            });
            if (!fits)
                continue;
            taken.push_back(at);
            ticks.push_back({at, tick.label});
        }
    }
    return ticks;
}

void StepStrip::drawDecorations(QPainter& painter)
{
    painter.setFont(smallFont());
    painter.setPen(theme().muted);
    const QRectF area = plotArea();
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        const double row = area.height() / rows();
        const double top = area.top() + static_cast<double>(rowOf(i)) * row;
        if (shows(i))
            drawLabel(painter, {6, top, area.left() - 30, row}, Qt::AlignLeft | Qt::AlignVCenter, seriesName(m_lanes[i].name));
    }
}

}  // namespace splitscope::ui
