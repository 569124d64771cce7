// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/live_page.h"

#include "ui/charts/axis_ticks.h"
#include "ui/charts/live_charts.h"
#include "ui/widgets/network_strip.h"
#include "ui/widgets/prediction_strip.h"
#include "ui/widgets/value_table.h"

#include <QCoreApplication>
#include <QGridLayout>
#include <QKeyEvent>

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr int kFastestRedrawMs = 33;
/// Inference shares the machine: drawing gets a quarter of one core at most.
constexpr double kIdlePerCost = 3;

}  // namespace

LivePage::LivePage(SampleStore& store, QWidget* parent)
    : QWidget(parent), m_store(store), m_network(new NetworkStrip), m_prediction(new PredictionStrip),
      m_values(new ValueTable(this))
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(6);
    TimeChart* bandwidth = makeBandwidthChart(store, m_view).release();
    TimeChart* accuracy = makeAccuracyChart(store, m_view).release();
    TimeChart* energy = makeEnergyChart(store, m_view).release();
    TimeChart* reward = makeRewardChart(store, m_view).release();
    m_energy = energy;
    m_latency = new LatencyStackChart(store, m_view);
    m_steps = new StepStrip(store, m_view);
    m_charts = {bandwidth, m_latency, accuracy, energy, reward, m_steps};
    bandwidth->setToolTip(
        tr("set: what the uplink is shaped to. achieved: bytes over the time that they took. estimated: what is "
           "believed of the uplink now, with its 95 % interval."));
    m_latency->setToolTip(
        tr("T, from capture to label, by its stages: device, coding, link, edge. The dashed line is the deadline."));
    m_steps->setToolTip(tr("What was decided. Exit point: where the network stops. Partition point: how many layers run on the "
                           "device. Bits: to how many each value that crosses is rounded."));
    accuracy->setToolTip(tr("running: the share of frames labelled correctly so far. expected: the share that the cost table "
                            "expects of the same decisions."));
    reward->setToolTip(tr("reward: with the table's accuracy and the measured time. regret: by the table alone, at the rate that "
                          "the uplink had."));
    energy->setToolTip(tr("Modelled, not metered: computing and sending, from the layers' operations and the measured rate."));
    constexpr int kColumns = 6;  // two charts above three
    grid->addWidget(m_network, 0, 0, 1, kColumns);
    grid->addWidget(m_prediction, 1, 0, 1, kColumns);
    grid->addWidget(bandwidth, 2, 0, 1, kColumns / 2);
    grid->addWidget(m_latency, 2, kColumns / 2, 1, kColumns / 2);
    int column = 0;
    for (TimeChart* chart : {accuracy, energy, reward}) {
        grid->addWidget(chart, 3, column, 1, kColumns / 3);
        column += kColumns / 3;
    }
    grid->addWidget(m_steps, 4, 0, 1, kColumns);
    for (int i = 0; i < kColumns; ++i)
        grid->setColumnStretch(i, 1);
    grid->setRowStretch(2, 3);
    grid->setRowStretch(3, 3);
    grid->setRowStretch(4, 2);
    grid->setRowMinimumHeight(4, 176);
    m_steps->setMinimumHeight(168);

    setFocusPolicy(Qt::StrongFocus);
    setAccessibleDescription(
        tr("Left, Right: earlier, later. Plus, Minus: zoom. Home: the beginning. End or F: follow. 0: the whole "
           "run. Shift with Left or Right: the crosshair."));
    m_redraw.setSingleShot(true);
    connect(&m_redraw, &QTimer::timeout, this, &LivePage::refresh);
    connect(&m_view, &TimeView::rangeChanged, this, &LivePage::schedule);
    connect(&m_view, &TimeView::hoverChanged, this, &LivePage::placeValues);
    for (TimeChart* chart : m_charts)
        connect(chart, &TimeChart::exportRequested, this, &LivePage::exportRequested);
}

LivePage::~LivePage()
{
    // Charts refer to the shared time axis, which is a member: they go first.
    for (TimeChart* chart : m_charts)
        delete chart;
}

void LivePage::addSamples(const std::vector<session::Sample>& samples)
{
    for (const auto& sample : samples)
        m_store.append(sample);
    if (samples.empty())
        return;
    m_latest = samples.back();
    m_turnsLeft = static_cast<int>(m_charts.size());
    m_view.setExtent({m_store.time(0), m_store.latest()});
    schedule();
}

void LivePage::clear()
{
    m_store.clear();
    m_latest.reset();
    m_network->clear();
    m_prediction->clear();
    m_view.reset();
    schedule();
}

void LivePage::setNetwork(const model::NetworkSpec& spec)
{
    m_network->setNetwork(spec);
    int longest = 1;
    for (const auto& exit : spec.exits)
        longest = std::max(longest, exit.layerCount());
    m_steps->setNetwork(spec.exitCount(), longest);
}

void LivePage::setDeadline(double deadlineMs)
{
    const bool any = deadlineMs > 0 && std::isfinite(deadlineMs);
    m_latency->setReference(any ? std::optional(deadlineMs) : std::nullopt,
                            any ? tr("deadline %1 ms").arg(threeDigits(deadlineMs)) : QString());
    schedule();
}

void LivePage::setEnergyLimit(double joules)
{
    const bool any = std::isfinite(joules);
    const double millijoules = joules * 1e3;
    m_energy->setReference(any ? std::optional(millijoules) : std::nullopt,
                           any ? tr("limit %1 mJ").arg(threeDigits(millijoules)) : QString());
    schedule();
}

void LivePage::schedule()
{
    if (!m_redraw.isActive() && isVisible())
        m_redraw.start(std::max(kFastestRedrawMs, static_cast<int>(m_lastCostMs * kIdlePerCost)));
}

void LivePage::refresh()
{
    QElapsedTimer watch;
    watch.start();
    if (m_latest)
        m_network->showSample(*m_latest);
    refreshCharts();
    placeValues();
    QCoreApplication::sendPostedEvents(window(), QEvent::UpdateRequest);  // painted now, in one go: it counts as cost
    m_lastCostMs = static_cast<double>(watch.nsecsElapsed()) * 1e-6;
}

/// Where a pixel lasts longer than a round of them, nobody sees that charts take turns, and a frame costs a part of them all.
void LivePage::refreshCharts()
{
    constexpr double kSlowPixel = 0.5;  // seconds
    constexpr int kTurns = 3;
    const double span = m_view.range().span(), pixel = span / m_latency->plotArea().width();
    // A run that is shorter than what is shown lengthens its axis with every request, by less than anybody sees.
    const bool slow = m_view.following() && std::abs(span - m_drawnSpan) < pixel && pixel >= kSlowPixel;
    m_drawnSpan = span;
    for (std::size_t i = 0; i < m_charts.size(); ++i)
        if (!slow || static_cast<int>(i % kTurns) == m_turn)
            m_charts[i]->refresh();
    m_turn = (m_turn + 1) % kTurns;
    m_turnsLeft = slow ? m_turnsLeft - 1 : 0;
    if (m_turnsLeft > 0)
        schedule();
}

void LivePage::placeValues()
{
    const auto hover = m_view.hover();
    if (!hover || m_store.empty() || *hover < m_view.range().from || *hover > m_view.range().to) {
        m_values->hide();
        return;
    }
    m_values->showSample(m_store, m_store.nearest(*hover));
    QPoint cursor = mapFromGlobal(QCursor::pos());
    if (!rect().contains(cursor)) {  // moved by keys
        const TimeRange range = m_view.range();
        const QRectF plot = m_latency->plotArea();
        const double x = plot.left() + (*hover - range.from) / range.span() * plot.width();
        cursor = m_latency->mapTo(this, QPointF(x, plot.top()).toPoint());
    }
    QPoint at = cursor + QPoint(18, 14);
    if (at.x() + m_values->width() > width() - 8)
        at.setX(cursor.x() - m_values->width() - 18);
    at.setY(std::clamp(at.y(), 4, std::max(4, height() - m_values->height() - 4)));
    m_values->move(at);
    m_values->show();
    m_values->raise();
}

void LivePage::keyPressEvent(QKeyEvent* event)
{
    const auto move = chartMove(*event);
    if (!move || !navigate(*move))
        QWidget::keyPressEvent(event);
}

/// What a key does to the time axis; false where it does nothing.
bool LivePage::navigate(ChartMove move)
{
    const double span = m_view.range().span();
    const auto zoom = [this](double factor) {
        if (m_view.hover() && !m_view.following())
            m_view.zoomBy(factor, *m_view.hover());
        else
            m_view.zoomBy(factor);
    };
    switch (move) {
    case ChartMove::ZoomIn: zoom(1 / kKeyZoom); return true;
    case ChartMove::ZoomOut: zoom(kKeyZoom); return true;
    case ChartMove::Left: m_view.panBy(-span * kKeyPan); return true;
    case ChartMove::Right: m_view.panBy(span * kKeyPan); return true;
    case ChartMove::ScreenLeft: m_view.panBy(-span); return true;
    case ChartMove::ScreenRight: m_view.panBy(span); return true;
    case ChartMove::Beginning: m_view.showBeginning(); return true;
    case ChartMove::End: m_view.follow(); return true;
    case ChartMove::Whole: m_view.showAll(); return true;
    case ChartMove::PointLeft: moveCrosshair(-1); return true;
    case ChartMove::PointRight: moveCrosshair(1); return true;
    case ChartMove::NoPoint: m_view.setHover(std::nullopt); return true;
    default: return false;  // up and down there is nothing to be seen
    }
}

/// To the next sample, but by a pixel at least; it stays in sight.
void LivePage::moveCrosshair(int direction)
{
    if (m_store.empty())
        return;
    const TimeRange range = m_view.range();
    const std::size_t at = m_store.nearest(m_view.hover().value_or((range.from + range.to) / 2));
    double to = m_store.time(at);
    if (m_view.hover()) {
        const std::size_t next = direction < 0 ? at - (at > 0) : std::min(at + 1, m_store.size() - 1);
        const double pixel = range.span() / std::max(1.0, m_latency->plotArea().width());
        to = direction < 0 ? std::min(m_store.time(next), *m_view.hover() - pixel)
                           : std::max(m_store.time(next), *m_view.hover() + pixel);
        to = std::clamp(to, m_store.time(0), m_store.latest());
    }
    m_view.setHover(to);
    if (to < range.from || to > range.to)
        m_view.panBy(to - (range.from + range.to) / 2);
}

void LivePage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    schedule();
}

void LivePage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    setFocus(Qt::OtherFocusReason);  // its keys work at once
    m_drawnSpan = 0;
    schedule();
}

}  // namespace splitscope::ui
