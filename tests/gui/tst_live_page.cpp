// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/synthetic_run.h"
#include "ui/charts/time_chart.h"
#include "ui/pages/live_page.h"

#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

constexpr int kTurns = 3;

/// A request every other second: a page of 1,000 pixels shows hours of them.
void slowly(session::Sample& sample, int i) { sample.record.capturedAtMs = 2000.0 * i; }

std::size_t upToDate(LivePage& page)
{
    std::size_t charts = 0;
    for (const TimeChart* chart : page.charts())
        charts += chart->shownRange().to == page.timeView().range().to;
    return charts;
}

}  // namespace

class TestLivePage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void chartsTakeTurnsWhereNobodySeesIt_data()
    {
        QTest::addColumn<double>("span");
        QTest::addColumn<bool>("takeTurns");
        QTest::newRow("half a minute: each pixel tells") << 30.0 << false;
        QTest::newRow("the last hour") << 3600.0 << true;
        QTest::newRow("longer than the run: its axis grows with each request") << 100'000.0 << true;
    }
    void chartsTakeTurnsWhereNobodySeesIt()
    {
        QFETCH(const double, span);
        QFETCH(const bool, takeTurns);
        constexpr int kBefore = 10'000;
        const auto run = syntheticRun(kBefore + 1, slowly);
        SampleStore store;
        LivePage page(store);
        page.resize(1000, 640);
        page.show();
        page.addSamples({run.begin(), run.end() - 1});
        page.timeView().zoomBy(span / page.timeView().range().span());
        page.refresh();
        QCOMPARE(upToDate(page), page.charts().size());

        page.addSamples({run.end() - 1, run.end()});
        page.refresh();
        QCOMPARE(upToDate(page) < page.charts().size(), takeTurns);
        QVERIFY(upToDate(page) > 0);
        for (int turn = 1; turn < kTurns; ++turn)
            page.refresh();
        QCOMPARE(upToDate(page), page.charts().size());
    }
};

QTEST_MAIN(TestLivePage)
#include "tst_live_page.moc"
