// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/evaluation_figures.h"

#include <QtTest>

#include <cmath>

using namespace splitscope;
using namespace splitscope::session;

namespace {

Estimate about(double mean, double half = 0.01) { return {mean, mean - half, mean + half}; }

EvaluationRow row(const std::string& strategy, const std::string& source, double reward)
{
    EvaluationRow row;
    row.strategy = strategy;
    row.scenario = "paper";
    row.source = source;
    row.episodes = 3;
    row.reward = about(reward);
    row.overBound = about(reward / 0.8);
    row.latencyP50Ms = about(10);
    row.latencyP95Ms = about(20);
    row.latencyP99Ms = about(40);
    row.deadlineMet = {0.9, 0.85, 0.95};
    row.energyJoules = about(0.002, 0.0001);
    row.decideP50Us = about(1);
    row.decideP99Us = about(4, 1);
    return row;
}

/// Two strategies on two sources; the better one comes last.
Evaluation evaluation()
{
    Evaluation evaluation;
    evaluation.network = "alexnet3";
    evaluation.data = "patterns";
    for (const char* source : {"walk", "step:1MB/s,100KB/s"}) {
        evaluation.references.push_back({"paper", source, about(0.78), about(0.8), "optimum"});
        evaluation.rows.push_back(row("on-device", source, 0.4));
        evaluation.rows.push_back(row("sacd", source, 0.77));
    }
    return evaluation;
}

const RowPanel& panelWith(const Figure& figure, const std::string& key)
{
    static const RowPanel missing;
    for (const auto& panel : figure.rowPanels)
        if (panel.x.key == key)
            return panel;
    return missing;
}

}  // namespace

class TestEvaluationFigures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyScenarioAndSourceIsAFigureAndSourcesTogetherAreOne()
    {
        const auto figures = evaluationFigures(evaluation());
        QCOMPARE(figures.size(), std::size_t(3));
        QCOMPARE(figures[0].key, std::string("paper"));
        QCOMPARE(figures[1].key, std::string("paper-walk"));
        QCOMPARE(figures[2].key, std::string("paper-step-1MB-s-100KB-s"));  // fit for a file's name
        QCOMPARE(figures[0].rowPanels.size(), std::size_t(2));
        QCOMPARE(figures[0].rowPanels[0].series[0].values[0], 100 * 0.77 / 0.8);
        auto one = evaluation();
        one.references.pop_back();
        QCOMPARE(evaluationFigures(one).size(), std::size_t(1));
    }

    void sourcesOfOneNameForFilesHaveFiguresOfTheirOwn()
    {
        auto twice = evaluation();
        twice.references[1].source = "walk.";
        twice.references[0].source = "walk.";
        const auto figures = evaluationFigures(twice);
        QCOMPARE(figures.size(), std::size_t(3));
        QVERIFY(figures[1].key != figures[2].key);
    }

    void theBestStrategyStandsFirstWithItsIntervals()
    {
        const auto figure = evaluationFigures(evaluation())[1];
        QCOMPARE(figure.categories[0].name, std::string("sacd"));
        const auto& reward = panelWith(figure, "reward");
        QCOMPARE(reward.series.size(), std::size_t(1));
        QCOMPARE(reward.series[0].values, (std::vector<double>{0.77, 0.4}));
        QCOMPARE(reward.series[0].low[0], 0.76);
        QCOMPARE(reward.marks.size(), std::size_t(2));
        QCOMPARE(reward.marks[1].value, 0.8);
        QCOMPARE(panelWith(figure, "latency_ms").series.size(), std::size_t(3));
        QCOMPARE(panelWith(figure, "energy_mj_per_frame").series[0].values[0], 2.0);
        QCOMPARE(panelWith(figure, "decide_us").series[1].values[0], 4.0);
        QCOMPARE(panelWith(figure, "decide_us").series[1].low[0], 3.0);
    }

    void missesAreWhatWasNotMetWithTheIntervalTurned()
    {
        const auto figure = evaluationFigures(evaluation())[1];
        const auto& missed = panelWith(figure, "deadline_missed_percent").series[0];
        QVERIFY(std::abs(missed.values[0] - 10) < 1e-9);
        QVERIFY(std::abs(missed.low[0] - 5) < 1e-9 && std::abs(missed.high[0] - 15) < 1e-9);
    }

    void whatNeverHappenedHasNoPanel()
    {
        auto some = evaluation();
        QVERIFY(panelWith(evaluationFigures(some)[1], "turned_away_percent").series.empty());
        some.rows[0].turnedAway = about(0.2);
        QVERIFY(!panelWith(evaluationFigures(some)[1], "turned_away_percent").series.empty());
    }

    void aSingleEpisodeHasNoWhiskers()
    {
        auto single = evaluation();
        for (auto& row : single.rows)
            row.reward.low = row.reward.high = std::nan("");
        const auto figure = evaluationFigures(single)[1];
        QVERIFY(std::isnan(panelWith(figure, "reward").series[0].low[0]));
    }

    void jsonGivesRowsBackAndCsvHasThemAll()
    {
        for (const auto& figure : evaluationFigures(evaluation())) {
            const auto back = parseFigure(toJson(figure), "here");
            QVERIFY2(back.ok(), back.ok() ? "" : back.error().message().c_str());
            QCOMPARE(toJson(*back), toJson(figure));
            QCOMPARE(toCsv(*back), toCsv(figure));
            std::size_t rows = 1;
            for (const auto& panel : figure.rowPanels)
                rows += panel.marks.size() + panel.series.size() * figure.categories.size();
            QCOMPARE(std::size_t(QByteArray::fromStdString(toCsv(figure)).count('\n')), rows);
        }
    }

    void damagedRowsAreErrors_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::newRow("place") << QByteArray("\"row\":0") << QByteArray("\"row\":-1");
        QTest::newRow("kind") << QByteArray("\"kind\":\"rows\"") << QByteArray("\"kind\":\"rings\"");
        QTest::newRow("values") << QByteArray("\"values\":[") << QByteArray("\"values\":[1,");
    }
    void damagedRowsAreErrors()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        auto json = QByteArray::fromStdString(toJson(evaluationFigures(evaluation())[1]));
        QVERIFY(json.contains(from));
        json.replace(from, to);
        QVERIFY(!parseFigure(json.toStdString(), "here").ok());
    }
};

QTEST_APPLESS_MAIN(TestEvaluationFigures)
#include "tst_evaluation_figures.moc"
