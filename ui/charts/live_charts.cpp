// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/live_charts.h"

#include "ui/charts/chart_export.h"

#include <QCoreApplication>

#include <algorithm>

namespace splitscope::ui {

namespace {

/// The context of these charts' texts. Names of lines are columns of the CSV too, the same in every language.
class LiveCharts {
    Q_DECLARE_TR_FUNCTIONS(splitscope::ui::LiveCharts)
};

}  // namespace

std::unique_ptr<TimeChart> makeBandwidthChart(const SampleStore& store, TimeView& view)
{
    return std::make_unique<TimeChart>(
        ChartSpec{QStringLiteral("bandwidth"),
                  LiveCharts::tr("Bandwidth"),
                  LiveCharts::tr("uplink rate (MB/s)"),
                  QStringLiteral("MB_per_s"),
                  LiveCharts::tr("Start an experiment: the rate that was set and the rate that was achieved appear here."),
                  true,
                  std::nullopt,
                  true,
                  {{QStringLiteral("set"), Column::SetRate, Quantity::Bandwidth, Qt::DotLine, 1e-6},
                   {QStringLiteral("achieved"), Column::AchievedRate, Quantity::Bandwidth, Qt::SolidLine, 1e-6},
                   {QStringLiteral("estimated"), Column::EstimatedRate, Quantity::Accuracy, Qt::DashLine, 1e-6,
                    BandSpec{Column::EstimateLow, Column::EstimateHigh}}}},
        store, view);
}

std::unique_ptr<TimeChart> makeAccuracyChart(const SampleStore& store, TimeView& view)
{
    return std::make_unique<TimeChart>(
        ChartSpec{QStringLiteral("accuracy"),
                  LiveCharts::tr("Accuracy"),
                  LiveCharts::tr("correct frames so far (%)"),
                  QStringLiteral("percent"),
                  LiveCharts::tr("Start an experiment: the share of frames labelled correctly so far appears here."),
                  false,
                  100.0,
                  false,
                  {{QStringLiteral("running"), Column::Accuracy, Quantity::Accuracy, Qt::SolidLine, 100},
                   {QStringLiteral("expected"), Column::ExpectedSoFar, Quantity::Decision, Qt::DashLine, 100}}},
        store, view);
}

std::unique_ptr<TimeChart> makeEnergyChart(const SampleStore& store, TimeView& view)
{
    return std::make_unique<TimeChart>(
        ChartSpec{
            QStringLiteral("energy"),
            LiveCharts::tr("Energy a frame"),
            LiveCharts::tr("modelled, device (mJ)"),
            QStringLiteral("mJ_modelled"),
            LiveCharts::tr("Start an experiment: the device's energy for each frame, as the model computes it, appears here."),
            false,
            std::nullopt,
            true,
            {{QStringLiteral("modelled"), Column::Energy, Quantity::Energy, Qt::SolidLine, 1e3}}},
        store, view);
}

std::unique_ptr<TimeChart> makeRewardChart(const SampleStore& store, TimeView& view)
{
    return std::make_unique<TimeChart>(
        ChartSpec{QStringLiteral("reward"),
                  LiveCharts::tr("Reward"),
                  LiveCharts::tr("a request"),
                  QString(),
                  LiveCharts::tr("Start an experiment on a model that has a cost table: the reward of each decision, and by how "
                                 "much it falls short of the exact optimum, appear here."),
                  false,
                  std::nullopt,
                  true,
                  {{QStringLiteral("reward"), Column::Reward, Quantity::Decision, Qt::SolidLine, 1},
                   {QStringLiteral("regret"), Column::Regret, Quantity::Regret, Qt::SolidLine, 1}}},
        store, view);
}

base::Result<std::vector<QString>> renderCharts(const SampleStore& store, const QString& folder)
{
    if (store.empty())
        return base::Error{base::ErrorCode::InvalidInput, "no finished request to draw; run an experiment first", "records"};
    TimeView view;
    view.zoomTo({store.time(0), store.latest()});
    StepStrip steps(store, view);

    const int exits = static_cast<int>(store.column(Column::Exit).envelope(0, store.size()).high);
    const int longest = static_cast<int>(store.column(Column::Partition).envelope(0, store.size()).high);
    steps.setNetwork(exits, longest);
    const LatencyStackChart latency(store, view);
    const auto bandwidth = makeBandwidthChart(store, view);
    const auto accuracy = makeAccuracyChart(store, view);
    const auto energy = makeEnergyChart(store, view);
    const auto reward = makeRewardChart(store, view);
    return exportCharts({bandwidth.get(), &latency, accuracy.get(), energy.get(), reward.get(), &steps}, folder, {},
                        {QStringLiteral("png"), QStringLiteral("svg")});
}

}  // namespace splitscope::ui
