// SPDX-License-Identifier: GPL-3.0-or-later
// What charts show of a fleet that runs for long.
#include "ui/charts/fleet_plots.h"
#include "ui/models/fleet_history.h"

#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

class TestFleetHistory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLongHistoryIsThinnedEvenly()
    {
        session::FleetStatistics statistics;
        statistics.devices.resize(2);
        statistics.devices[0].name = "a";
        statistics.devices[1].name = "b";
        FleetHistory history;
        constexpr int kLooks = 10'000;
        for (int i = 0; i < kLooks; ++i) {
            statistics.framesPerSecond = i;
            statistics.edge.rows = static_cast<std::uint64_t>(6 * i);
            statistics.edge.batchesOfRows = {7, 0, 0, static_cast<std::uint64_t>(2 * i)};
            history.add(i, statistics);
        }
        const auto& looks = history.looks();
        QVERIFY(looks.size() < FleetHistory::kCapacity && looks.size() >= FleetHistory::kCapacity / 2);
        QCOMPARE(history.names(), (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
        const double step = looks[1].seconds - looks[0].seconds;
        for (std::size_t i = 0; i < looks.size(); ++i) {
            QCOMPARE(looks[i].seconds, static_cast<double>(i) * step);
            QCOMPARE(looks[i].all.framesPerSecond, looks[i].seconds);
        }
        QVERIFY(looks.back().seconds >= kLooks - 1 - step);
        const auto edge = fleetEdgePlot(history);
        for (const QPointF& point : edge.lines[0].points)
            QCOMPARE(point.y(), 3.0);  // rows of a batch, however many looks lie between
        // More devices than a legend holds: the selected one's line is told apart.
        statistics.devices.resize(9);
        history.clear();
        history.add(0, statistics);
        history.add(1, statistics);
        const auto plot = fleetThroughputPlot(history, 7);
        for (std::size_t i = 0; i < 9; ++i)
            QCOMPARE(plot.lines[i].width > plot.lines[0].width, i == 7);
    }
};

QTEST_MAIN(TestFleetHistory)
#include "tst_fleet_history.moc"
