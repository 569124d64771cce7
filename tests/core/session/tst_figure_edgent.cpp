// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/figure_edgent.h"

#include "core/session/figure_edgent_p.h"
#include "core/sim/trace_generate.h"
#include "tests/core/sim/small_table.h"

#include <QTest>

using namespace splitscope;
using namespace splitscope::session;

namespace {

const PlotPanel& panelOf(const Figure& figure, const std::string& title)
{
    for (const auto& panel : figure.plots)
        if (panel.title == title)
            return panel;
    qFatal("there is no panel %s", title.c_str());
}

const PlotSeries& seriesOf(const PlotPanel& panel, const std::string& key)
{
    for (const auto& series : panel.series)
        if (series.key == key)
            return series;
    qFatal("there is no series %s", key.c_str());
}

const Statement& statementWith(const Figure& figure, const std::string& words)
{
    for (const auto& statement : figure.statements)
        if (statement.claim.find(words) != std::string::npos)
            return statement;
    qFatal("there is no statement about %s", words.c_str());
}

}  // namespace

class TestFigureEdgent : public QObject {
    Q_OBJECT
private:
    static EdgentInputs inputs()
    {
        EdgentInputs made{.table = sim::smallTable()};
        for (std::uint64_t seed : {1, 2})
            made.traces.push_back(
                *sim::generateWalk({.random = {.seed = seed, .meanBytesPerSecond = 1e6, .durationMs = 30'000}, .sigma = 0.5}));
        return made;
    }

private Q_SLOTS:
    void selectionsAreThoseOfTheStrategy()
    {
        const auto in = inputs();
        const auto figure = edgentFigure(in, {});
        QVERIFY2(figure.ok(), figure.ok() ? "" : figure.error().message().c_str());
        const auto bench = *EdgentBench::make(in);
        const auto& exits = seriesOf(panelOf(*figure, "selection over required latency (ms)"), "exit");
        const auto& cuts = seriesOf(panelOf(*figure, "selection over required latency (ms)"), "cut");
        QVERIFY(exits.xs.size() > 20);
        for (std::size_t i = 0; i < exits.xs.size(); ++i) {
            const auto plan = bench.plan("edgent", bench.middleRate(), exits.xs[i]);
            QVERIFY(plan.ok() && plan->prediction.totalMs <= exits.xs[i]);
            QCOMPARE(exits.ys[i], double(plan->exit));
            QCOMPARE(cuts.ys[i], double(plan->cut));
        }
        QVERIFY(statementWith(*figure, "larger latency goal").verdict == Verdict::Holds);
    }

    void noMethodAloneAnswersWhereBothCannot()
    {
        const auto figure = edgentFigure(inputs(), {});
        QVERIFY(figure.ok());
        const auto& panel = panelOf(*figure, "accuracy within a required latency");
        QCOMPARE(panel.series.size(), std::size_t{5});
        const auto& both = seriesOf(panel, "edgent").ys;
        int missed = 0;
        for (const auto& series : panel.series)
            for (std::size_t i = 0; i < both.size(); ++i) {
                QVERIFY(std::isnan(series.ys[i]) || series.ys[i] <= both[i]);
                missed += std::isnan(series.ys[i]) ? 1 : 0;
            }
        QVERIFY(missed > 0);
        QVERIFY(statementWith(*figure, "maximise the accuracy").verdict == Verdict::Holds);
    }

    /// Times of the sample table are the layers' FLOPs, which Edgent's variables do not tell of: off, but not beyond all measure.
    void runtimesAreForetoldFromTypesOfLayers()
    {
        const auto in = inputs();
        const auto figure = edgentFigure(in, {});
        QVERIFY(figure.ok());
        const auto& panel = panelOf(*figure, "runtime over bandwidth (MB/s)");
        const auto& measured = seriesOf(panel, "measured").ys;
        const auto& predicted = seriesOf(panel, "predicted").ys;
        double off = 0;
        for (std::size_t i = 0; i < measured.size(); ++i) {
            QVERIFY(measured[i] > 0 && predicted[i] > 0);
            off = std::max(off, std::abs(std::log(predicted[i] / measured[i])));
        }
        QVERIFY2(off > 1e-6 && off < 1, qPrintable(QString::number(off)));
        QVERIFY(statementWith(*figure, "well estimate").verdict != Verdict::Unknown);
    }

    void throughputIsADistribution()
    {
        auto in = inputs();
        const auto figure = edgentFigure(in, {});
        QVERIFY(figure.ok());
        for (const auto& series : panelOf(*figure, "throughput over 4G traces").series) {
            QVERIFY(std::is_sorted(series.xs.begin(), series.xs.end()) && std::is_sorted(series.ys.begin(), series.ys.end()));
            QCOMPARE(series.ys.front(), 0.0);
            QCOMPARE(series.ys.back(), 1.0);
        }
        in.traces.clear();
        const auto without = edgentFigure(in, {});
        QVERIFY(without.ok());
        QCOMPARE(without->plots.size(), figure->plots.size() - 1);
        QVERIFY(without->notes.back().find("no recorded 4G traces") != std::string::npos);
    }

    void itIsWrittenAndReadAgain()
    {
        const auto figure = edgentFigure(inputs(), {});
        QVERIFY(figure.ok());
        const auto again = parseFigure(toJson(*figure), "again");
        QVERIFY2(again.ok(), again.ok() ? "" : again.error().message().c_str());
        QCOMPARE(toCsv(*again), toCsv(*figure));
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(edgentFigure(inputs(), stop.get_token()).error().code == base::ErrorCode::Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestFigureEdgent)
#include "tst_figure_edgent.moc"
