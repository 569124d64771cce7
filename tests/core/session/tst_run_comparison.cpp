// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded runs beside each other: medians with intervals, pairs by seed, rates, fronts, predictions, and the figures of them.
#include "core/session/figure_compare.h"
#include "tests/core/session/recorded_run.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace splitscope::session;

namespace {

/// Latencies around `medianMs`; every `wrongEvery`th frame wrong; the uplink goes through `rates`.
ComparedRun makeRun(const std::string& strategy, std::uint64_t seed, double medianMs, std::vector<float> rates = {1.0F},
                    int wrongEvery = 5, int count = 200)
{
    ComparedRun run;
    run.strategy = run.name = strategy;
    run.seed = seed;
    run.setting = "one";
    run.traits = {"alexnet3", "seed " + std::to_string(seed), std::to_string(seed * 100)};
    for (int i = 0; i < count; ++i) {
        run.seconds.push_back(0.04F * static_cast<float>(i));
        run.frame.push_back(static_cast<float>(i));
        run.latencyMs.push_back(static_cast<float>(medianMs + i % 5 - 2));
        run.megabytesPerSecond.push_back(0.9F * rates[static_cast<std::size_t>(i) % rates.size()]);
        run.energyMj.push_back(10);
        run.reward.push_back(static_cast<float>(1 / medianMs));
        run.regret.push_back(0.1F);
        run.uplink.push_back(rates[static_cast<std::size_t>(i) % rates.size()]);
        run.frames.push_back(1);
        run.correct.push_back(i % wrongEvery ? 1.0F : 0.0F);
    }
    return run;
}

std::string notesOf(const Figure& figure)
{
    std::string notes;
    for (const auto& note : figure.notes)
        notes += note + "\n";
    return notes;
}

}  // namespace

class TestRunComparison : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRunsOneNumberIsTheStatisticThatIsNamed()
    {
        const auto run = makeRun("sacd", 1, 20);
        QCOMPARE(run.summary(RunQuantity::Latency), 20.0);
        QCOMPARE(run.summary(RunQuantity::Accuracy), 80.0);
        QCOMPARE(run.summary(RunQuantity::Energy), 10.0);
        QVERIFY(std::abs(run.summary(RunQuantity::Bandwidth) - 0.9) < 1e-6);
        const auto running = run.values(RunQuantity::Accuracy);
        QCOMPARE(running.front(), 0.0F);
        QCOMPARE(running.back(), 80.0F);
    }

    void theDevicesStateIsComparedAsItWasRecorded()
    {
        QTemporaryDir folder;
        const auto path = folder.filePath("records.sqlite").toStdString();
        recorded::record(path, recorded::kRun, 5);
        const auto row = findRun({path, recorded::kRun});
        QVERIFY(row.ok());
        const auto run = readComparedRun(*row);
        QVERIFY2(run.ok(), run.ok() ? "" : run.error().message().c_str());
        QVERIFY(std::isnan(run->values(RunQuantity::Temperature).front()));  // not told with the first request
        QCOMPARE(run->values(RunQuantity::Temperature)[1], 61.5F);
        QCOMPARE(run->summary(RunQuantity::Temperature), 61.5);
        QCOMPARE(run->summary(RunQuantity::Clock), 1500.0);
        QCOMPARE(run->summary(RunQuantity::Power), 4.25);
        QVERIFY(std::isnan(run->summary(RunQuantity::Busy)));  // its system does not tell
    }

    void medianIsRightForEvenOddAndMissingValues()
    {
        QCOMPARE(medianOfFinite({3, 1, 2}), 2.0);
        QCOMPARE(medianOfFinite({4, 1, 2, 3}), 2.5);
        QCOMPARE(medianOfFinite({NAN, 7}), 7.0);
        QVERIFY(std::isnan(medianOfFinite({})));
        const std::vector<double> values{5, 1, 4, 2};
        QCOMPARE(Bootstrap(4).median(values).mean, 3.0);
    }

    void intervalsOfMediansHoldTheMedianAndLieWithinTheRuns()
    {
        std::vector<ComparedRun> runs;
        for (std::uint64_t seed = 1; seed <= 7; ++seed)
            runs.push_back(makeRun("sacd", seed, 20 + static_cast<double>(seed)));
        const auto strategies = estimateStrategies(runs, RunQuantity::Latency);
        QCOMPARE(strategies.size(), std::size_t(1));
        const auto& median = strategies.front().median;
        QCOMPARE(median.mean, 24.0);
        QVERIFY(median.low >= 21 && median.low < 24);
        QVERIFY(median.high <= 27 && median.high > 24);
        QVERIFY(!estimateStrategies({runs.front()}, RunQuantity::Latency).front().median.hasInterval());
    }

    void pairsNeedTheSameSeedAndSetting()
    {
        // What seeds share is large, what strategies differ by is small: only pairs see it.
        std::vector<ComparedRun> runs;
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            runs.push_back(makeRun("on-edge", seed, 20 * static_cast<double>(seed)));
            runs.push_back(makeRun("sacd", seed, 20 * static_cast<double>(seed) - 1));
        }
        runs.push_back(makeRun("sacd", 77, 500));  // nobody else has this seed
        runs.push_back(makeRun("sacd", 1, 500));
        runs.back().setting = "another";
        const auto strategies = estimateStrategies(runs, RunQuantity::Latency);
        const auto differences = pairedDifferences(strategies, "on-edge");
        QCOMPARE(differences.size(), std::size_t(1));
        QCOMPARE(differences.front().pairs, 5);
        QCOMPARE(differences.front().median.mean, -1.0);
        QVERIFY(differences.front().median.high < 0);
        QVERIFY(pairedDifferences(strategies, "nobody").empty());
    }

    void repeatedConditionsCountOnce()
    {
        const std::vector<ComparedRun> runs{makeRun("on-edge", 1, 30), makeRun("sacd", 1, 10), makeRun("sacd", 1, 20)};
        const auto differences = pairedDifferences(estimateStrategies(runs, RunQuantity::Latency), "on-edge");
        QCOMPARE(differences.front().pairs, 1);
        QCOMPARE(differences.front().median.mean, -15.0);
    }

    void strategiesFigureShowsBarsRunsAndDifferences()
    {
        std::vector<ComparedRun> runs;
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            runs.push_back(makeRun("on-device", seed, 40 + static_cast<double>(seed)));
            runs.push_back(makeRun("sacd", seed, 20 + static_cast<double>(seed)));
        }
        const auto figure = strategiesFigure(runs, RunQuantity::Latency);
        QCOMPARE(figure.plots.size(), std::size_t(2));
        QCOMPARE(figure.plots[0].xLevels, (std::vector<std::string>{"on-device", "sacd"}));
        QCOMPARE(figure.plots[0].series[0].mark, PlotMark::Bars);
        QCOMPARE(figure.plots[0].series[2].xs.size(), std::size_t(3));  // the runs themselves
        QCOMPARE(figure.plots[1].series.front().ys.front(), -20.0);
        QVERIFY(notesOf(figure).find("sacd below on-device by 20.00 ms") != std::string::npos);
        QCOMPARE(strategiesFigure(runs, RunQuantity::Latency, "sacd").plots[1].series.front().ys.front(), 20.0);
    }

    void longRunsAreThinnedAndKeepTheirSpread()
    {
        const auto figure = overlayFigure({makeRun("sacd", 1, 20, {1.0F}, 5, 100'000)}, RunQuantity::Latency, OverlayAxis::Time);
        const auto& series = figure.plots.front().series.front();
        QVERIFY(series.xs.size() <= 241);
        QVERIFY(std::is_sorted(series.xs.begin(), series.xs.end()));
        QCOMPARE(series.ys.front(), 20.0);
        QCOMPARE(series.low.front(), 18.0);
        QCOMPARE(series.high.front(), 22.0);
    }

    void distributionsRiseToAHundredPercent()
    {
        const auto figure
            = overlayFigure({makeRun("sacd", 1, 20, {1.0F}, 5, 5000)}, RunQuantity::Latency, OverlayAxis::Distribution);
        const auto& series = figure.plots.front().series.front();
        QVERIFY(series.xs.size() <= 600);
        QVERIFY(std::is_sorted(series.ys.begin(), series.ys.end()));
        QCOMPARE(series.ys.back(), 100.0);
        QCOMPARE(series.xs.back(), 22.0);
    }

    void timesFarApartStandOnALogarithmicAxis()
    {
        const auto quick = makeRun("sacd", 1, 4), slower = makeRun("edgent", 1, 9), slowest = makeRun("on-edge", 1, 400);
        for (const auto axis : {OverlayAxis::Distribution, OverlayAxis::Time}) {
            const bool distribution = axis == OverlayAxis::Distribution;
            QVERIFY(!overlayFigure({quick, slower}, RunQuantity::Latency, axis).plots[0].x.logarithmic);
            QCOMPARE(overlayFigure({quick, slowest}, RunQuantity::Latency, axis).plots[0].x.logarithmic, distribution);
        }
        QVERIFY(!paretoFigure({quick, slower}, ParetoAxes::AccuracyLatency).plots[0].x.logarithmic);
        QVERIFY(paretoFigure({quick, slowest}, ParetoAxes::AccuracyLatency).plots[0].x.logarithmic);
    }

    void whatARunDidNotRecordIsNotDrawn()
    {
        auto run = makeRun("fixed", 1, 20);
        std::fill(run.reward.begin(), run.reward.end(), NAN);
        QVERIFY(overlayFigure({run}, RunQuantity::Reward, OverlayAxis::Frame).plots.empty());
        QVERIFY(strategiesFigure({run}, RunQuantity::Reward).plots.empty());
        QVERIFY(predictionFigure({run}).plots.empty());
    }

    void fewSetRatesAreKeptAsTheyAre()
    {
        const auto bins = rateBins({makeRun("sacd", 1, 20, {0.5F, 1.0F, 2.0F})});
        QCOMPARE(bins.centres, (std::vector<double>{0.5, 1.0, 2.0}));
        QCOMPARE(*bins.binOf(1.0), std::size_t(1));
        QVERIFY(!bins.binOf(5.0));
        QVERIFY(!bins.binOf(NAN));
    }

    void manyRatesAreGatheredInStretchesOfEqualRatio()
    {
        std::vector<float> rates;
        for (int i = 0; i < 100; ++i)
            rates.push_back(0.1F * std::pow(1.047F, static_cast<float>(i)));
        const auto bins = rateBins({makeRun("sacd", 1, 20, rates)});
        QCOMPARE(bins.centres.size(), std::size_t(12));
        for (const float rate : rates)
            QVERIFY(bins.binOf(static_cast<double>(rate)));
        QVERIFY(std::abs(bins.centres[1] / bins.centres[0] - bins.centres[11] / bins.centres[10]) < 1e-9);
    }

    void latencyAndRewardStandOverBandwidthByStrategy()
    {
        const auto figure
            = recordedLatencyFigure({makeRun("sacd", 1, 20, {0.5F, 2.0F}), makeRun("on-device", 1, 40, {0.5F, 2.0F})});
        QCOMPARE(figure.plots.size(), std::size_t(2));
        QCOMPARE(figure.plots[0].series.size(), std::size_t(2));
        QCOMPARE(figure.plots[0].series[0].xs, (std::vector<double>{0.5, 2.0}));
        QVERIFY(figure.plots[0].x.logarithmic);
        QCOMPARE(figure.plots[1].y.key, std::string("reward"));
        const auto accuracy = recordedAccuracyFigure({makeRun("sacd", 1, 20)});
        QCOMPARE(accuracy.plots[0].series[0].ys.front(), 80.0);
        QVERIFY(notesOf(accuracy).find("one rate only") != std::string::npos);
    }

    void theFrontHoldsWhatNothingBeats()
    {
        const std::vector<double> latency{10, 20, 15, 30, 12}, accuracy{70, 80, 69, 80, 75};
        QCOMPARE(paretoFront(latency, accuracy, true), (std::vector<std::size_t>{0, 4, 1}));
        QCOMPARE(paretoFront(latency, accuracy, false), (std::vector<std::size_t>{0, 2}));
        const auto figure
            = paretoFigure({makeRun("sacd", 1, 20, {1.0F}, 10), makeRun("dqn", 1, 30, {1.0F}, 4)}, ParetoAxes::AccuracyLatency);
        QVERIFY(notesOf(figure).find("sacd") != std::string::npos);
        QVERIFY(notesOf(figure).find("dqn") == std::string::npos);
    }

    void predictionErrorIsTheMedianShareOff()
    {
        auto run = makeRun("sacd", 1, 20);
        run.predictedMs.assign(run.size(), 16);
        run.predictedMs.front() = NAN;  // a fallback, say
        const auto error = predictionError(run);
        QCOMPARE(error.requests, run.size() - 1);
        QVERIFY(std::abs(error.median - 0.2) < 1e-6);
        QVERIFY(std::abs(error.bias - 0.25) < 1e-6);
        QCOMPARE(error.within10, 0.0);
        const auto figure = predictionFigure({run, makeRun("cycle", 2, 20)});
        QVERIFY(figure.plots.front().diagonal);
        QVERIFY(notesOf(figure).find("20.0 %") != std::string::npos);
        QVERIFY(notesOf(figure).find("No cost table knows the decisions of cycle") != std::string::npos);
    }

    void sharesHaveWilsonsInterval()
    {
        const auto all = shareInterval(100, 100);
        QCOMPARE(all.mean, 1.0);
        QVERIFY(all.high <= 1 + 1e-12 && all.low > 0.95 && all.low < 0.97);
        QVERIFY(!shareInterval(0, 0).hasInterval());
    }

    void namesTellRunsApartByAsLittleAsPossible()
    {
        std::vector<ComparedRun> runs{makeRun("sacd", 1, 20), makeRun("dqn", 1, 20)};
        nameRuns(runs);
        QCOMPARE(runs[0].name, std::string("sacd"));
        runs.push_back(makeRun("sacd", 2, 20));
        nameRuns(runs);
        QCOMPARE(runs[0].name, std::string("sacd, seed 1"));
        QCOMPARE(runs[2].name, std::string("sacd, seed 2"));
    }

    void settingsDifferInAllButStrategySeedAndLength()
    {
        Scenario a, b;
        b.strategy = "sacd";
        b.seed = 9;
        b.frames = 5;
        QCOMPARE(settingOf(a), settingOf(b));
        b.bandwidth = "1MB/s";
        QVERIFY(settingOf(a) != settingOf(b));
    }

    void figuresSurviveJsonAndFillCsv()
    {
        const auto figure = strategiesFigure({makeRun("sacd", 1, 20), makeRun("sacd", 2, 21)}, RunQuantity::Latency);
        const auto again = parseFigure(toJson(figure), "test");
        QVERIFY2(again.ok(), again.ok() ? "" : again.error().message().c_str());
        QCOMPARE(toCsv(*again), toCsv(figure));
        QCOMPARE(again->plots[0].series[0].mark, PlotMark::Bars);
        const auto csv = toCsv(figure);
        QVERIFY(csv.starts_with("panel,series,x_key,x,x_name,y_key,y,low,high,label\r\n"));
        QVERIFY(csv.find("sacd,latency_ms,20.5,20,21") != std::string::npos);
        auto broken = figure;
        broken.plots[0].series[0].ys.clear();
        QVERIFY(!parseFigure(toJson(broken), "test").ok());
    }
};

QTEST_APPLESS_MAIN(TestRunComparison)
#include "tst_run_comparison.moc"
