// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/figure_policies.h"
#include "core/session/figure_set.h"
#include "tests/core/session/figure_samples.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace splitscope;
using namespace splitscope::session;

namespace {

const sim::RateRange kRates = kSampleRates;

PolicyScene scene() { return {"alexnet3, batch 1", sampleEvaluator(), {}, kRates, 1000}; }

std::size_t actionOf(const PolicyScene& scene, int exit, int partition, const codec::Coding& coding)
{
    return *scene.evaluator->table().rowOf({exit, partition, coding});
}

/// Ten rates from 20 KB/s to 2 MB/s without a curve.
SceneCurves emptyCurves()
{
    SceneCurves curves{scene(), {}, {}};
    for (int i = 0; i < 10; ++i)
        curves.bytesPerSecond.push_back(kRates.low * std::pow(100.0, i / 9.0));
    return curves;
}

void add(SceneCurves& curves, const std::string& key, const std::vector<std::size_t>& actions)
{
    curves.curves.push_back(curveOf(curves, key, key, actions));
}

constexpr codec::Coding kLabel{codec::CodingKind::LabelOnly, 0};
constexpr codec::Coding kRaw{codec::CodingKind::Raw, 0};
constexpr codec::Coding kFour{codec::CodingKind::Quantized, 4}, kSixteen{codec::CodingKind::Quantized, 16};

}  // namespace

class TestFiguresPolicies : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void curvesHoldWhatTheTablePredicts();
    void latencyStatementsFollowTheCurves();
    void accuracyStatementsFollowTheCurves();
    void choiceStatementsFollowTheDecisions();
    void choicesArePanelsOfExitCutAndCoding();
    void trainedPoliciesComeNearTheOptimum();
    void cancelledTrainingIsAnError();
    void jsonGivesPanelsBack();
    void damagedPanelsAreErrors_data();
    void damagedPanelsAreErrors();
    void csvHasARowPerValue();
    void aTableMakesTheThreeFigures();
    void aNetworkWithoutTableIsAProblemAndNotSilence();
};

void TestFiguresPolicies::curvesHoldWhatTheTablePredicts()
{
    auto curves = emptyCurves();
    const auto action = actionOf(curves.scene, 3, 0, kRaw);
    add(curves, "on-edge", std::vector<std::size_t>(10, action));
    auto conditions = profile::Conditions{};
    conditions.bytesPerSecond = curves.bytesPerSecond[4];
    const auto scored = curves.scene.evaluator->score(action, conditions);
    QCOMPARE(curves.curves[0].latencyMs[4], scored.prediction.totalMs);
    QCOMPARE(curves.curves[0].reward[4], scored.reward);
    QVERIFY(curves.curves[0].latencyMs[0] > curves.curves[0].latencyMs[9]);
}

void TestFiguresPolicies::latencyStatementsFollowTheCurves()
{
    auto curves = emptyCurves();
    const int last = model::Path(curves.scene.evaluator->table().spec(), 3).length();
    const int first = model::Path(curves.scene.evaluator->table().spec(), 1).length();
    const auto local = actionOf(curves.scene, 3, last, kLabel), early = actionOf(curves.scene, 1, first, kLabel);
    add(curves, "on-device", std::vector<std::size_t>(10, local));
    add(curves, "sacd", std::vector<std::size_t>(10, early));
    add(curves, "dqn", std::vector<std::size_t>(10, early));
    const auto holds = policyLatencyFigure({curves});
    QCOMPARE(statementWith(holds, "all below").verdict, Verdict::Holds);
    QCOMPARE(statementWith(holds, "slightly worse").verdict, Verdict::DoesNotHold);

    curves.curves[1] = curveOf(curves, "sacd", "sacd", std::vector<std::size_t>(10, local));
    const auto flipped = policyLatencyFigure({curves});
    QCOMPARE(statementWith(flipped, "all below").verdict, Verdict::DoesNotHold);
    QVERIFY(statementWith(flipped, "all below").evidence.find("0 of 10") != std::string::npos);
    QCOMPARE(holds.panels.size(), std::size_t(2));
    QCOMPARE(holds.panels[0].series.size(), std::size_t(3));
}

void TestFiguresPolicies::accuracyStatementsFollowTheCurves()
{
    auto curves = emptyCurves();
    const auto& spec = curves.scene.evaluator->table().spec();
    const auto lengthOf = [&](int exit) { return model::Path(spec, exit).length(); };
    const auto last = actionOf(curves.scene, 3, lengthOf(3), kLabel), first = actionOf(curves.scene, 1, lengthOf(1), kLabel);
    add(curves, "on-device", std::vector<std::size_t>(10, last));
    add(curves, "sacd", std::vector<std::size_t>(10, last));
    add(curves, "dqn", std::vector<std::size_t>(10, first));
    const auto figure = policyAccuracyFigure({curves});
    // Exits of the sample are 80, 85 and 90 % right.
    QCOMPARE(statementWith(figure, "little degradation").verdict, Verdict::DoesNotHold);
    QCOMPARE(statementWith(figure, "only focusing on latency").verdict, Verdict::Holds);
    QCOMPARE(statementWith(figure, "far higher").verdict, Verdict::Holds);
    curves.curves[2] = curveOf(curves, "dqn", "dqn", std::vector<std::size_t>(10, last));
    const auto equal = policyAccuracyFigure({curves});
    QCOMPARE(statementWith(equal, "little degradation").verdict, Verdict::Holds);
    QCOMPARE(statementWith(equal, "only focusing on latency").verdict, Verdict::DoesNotHold);
    QCOMPARE(statementWith(equal, "far higher").verdict, Verdict::DoesNotHold);
}

void TestFiguresPolicies::choiceStatementsFollowTheDecisions()
{
    auto curves = emptyCurves();
    const auto& spec = curves.scene.evaluator->table().spec();
    const auto local = actionOf(curves.scene, 1, model::Path(spec, 1).length(), kLabel);
    const auto late = actionOf(curves.scene, 1, 6, kFour), soon = actionOf(curves.scene, 1, 2, kSixteen);
    const auto raw2 = actionOf(curves.scene, 2, 0, kRaw), raw3 = actionOf(curves.scene, 3, 0, kRaw);
    add(curves, "sacd", {local, local, local, local, late, late, soon, soon, raw2, raw3});
    const auto figure = policyChoicesFigure({curves});
    for (const char* words : {"0–0.1 MB/s", "partition point moves forward", "more bits", "changes to 2"})
        QCOMPARE(statementWith(figure, words).verdict, Verdict::Holds);
    curves.curves.clear();
    add(curves, "sacd", {raw3, local, soon, late, raw2, soon, late, raw2, local, local});
    const auto flipped = policyChoicesFigure({curves});
    for (const char* words : {"0–0.1 MB/s", "partition point moves forward", "more bits", "changes to 2"})
        QCOMPARE(statementWith(flipped, words).verdict, Verdict::DoesNotHold);
    curves.curves.clear();
    QCOMPARE(statementWith(policyChoicesFigure({curves}), "changes to 2").verdict, Verdict::Unknown);
}

void TestFiguresPolicies::choicesArePanelsOfExitCutAndCoding()
{
    auto curves = emptyCurves();
    const auto soon = actionOf(curves.scene, 2, 2, kSixteen);
    add(curves, "sacd", std::vector<std::size_t>(10, soon));
    const auto figure = policyChoicesFigure({curves});
    QCOMPARE(figure.panels.size(), std::size_t(3));
    const auto named = [&](std::size_t panel) {
        return figure.panels[panel].levels[static_cast<std::size_t>(figure.panels[panel].series[0].values[0])];
    };
    QCOMPARE(named(0), std::string("2"));
    QCOMPARE(figure.panels[1].series[0].values[0], static_cast<double>(curves.scene.evaluator->decisionOf(soon).partition));
    QCOMPARE(named(2), std::string("16 bits"));
}

void TestFiguresPolicies::trainedPoliciesComeNearTheOptimum()
{
    const auto curves = curvesOf(scene(), 40, 1, {});
    QVERIFY2(curves.ok(), curves.ok() ? "" : curves.error().message().c_str());
    const auto mean = [&](const char* key) {
        double sum = 0;
        for (const double reward : curves->find(key)->reward)
            sum += reward / 40;
        return sum;
    };
    QVERIFY(curves->find("on-device") && curves->find("neurosurgeon-latency"));
    QVERIFY2(mean("sacd") >= 0.99 * mean("optimum"), std::to_string(mean("sacd") / mean("optimum")).c_str());
    QVERIFY(mean("sacd") <= mean("optimum") + 1e-12);
}

void TestFiguresPolicies::cancelledTrainingIsAnError()
{
    std::stop_source stop;
    const auto curves = curvesOf(scene(), 10, 1, stop.get_token(), [&](const std::string&) { stop.request_stop(); });
    QVERIFY(!curves && curves.error().code == base::ErrorCode::Cancelled);
}

void TestFiguresPolicies::jsonGivesPanelsBack()
{
    auto curves = emptyCurves();
    add(curves, "sacd", std::vector<std::size_t>(10, actionOf(curves.scene, 3, 0, kRaw)));
    const auto figure = policyChoicesFigure({curves});
    const auto json = toJson(figure);
    const auto again = parseFigure(json, "test");
    QVERIFY2(again.ok(), again.ok() ? "" : again.error().message().c_str());
    QCOMPARE(toJson(*again), json);
    QVERIFY(again->kind == FigureKind::Curves);
    QCOMPARE(again->panels[2].levels, figure.panels[2].levels);
    QCOMPARE(again->panels[1].xs.size(), std::size_t(10));
}

void TestFiguresPolicies::damagedPanelsAreErrors_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::newRow("xs descend") << "\"xs\":[0.02,"
                                << "\"xs\":[9,";
    QTest::newRow("a value is missing") << "\"values\":[0,"
                                        << "\"values\":[";
    QTest::newRow("a column far away") << "\"column\":0"
                                       << "\"column\":100";
    QTest::newRow("an unknown kind") << "\"kind\":\"curves\""
                                     << "\"kind\":\"waves\"";
}

void TestFiguresPolicies::damagedPanelsAreErrors()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    auto curves = emptyCurves();
    add(curves, "sacd", std::vector<std::size_t>(10, actionOf(curves.scene, 1, 0, kRaw)));
    auto json = QString::fromStdString(toJson(policyChoicesFigure({curves})));
    QVERIFY2(json.contains(from), qPrintable(json.left(2000)));
    json.replace(from, to);
    QVERIFY(!parseFigure(json.toStdString(), "test"));
}

void TestFiguresPolicies::csvHasARowPerValue()
{
    auto curves = emptyCurves();
    add(curves, "sacd", std::vector<std::size_t>(10, actionOf(curves.scene, 3, 0, kRaw)));
    const auto csv = QString::fromStdString(toCsv(policyChoicesFigure({curves}))).split("\r\n", Qt::SkipEmptyParts);
    QCOMPARE(csv.size(), 1 + 3 * 10);
    static const QRegularExpression quoted("\"[^\"]*\"");
    for (auto line : csv)
        QCOMPARE(line.replace(quoted, "x").count(','), csv.front().count(','));
    QVERIFY(csv.last().contains(",raw,"));
}

void TestFiguresPolicies::aTableMakesTheThreeFigures()
{
    QTemporaryDir folder;
    FigureRequest request;
    request.table = folder.filePath("table.json").toStdString();
    QVERIFY(profile::sampleTable(*model::loadNetworkSpec("alexnet3")).save(request.table).ok());
    request.figures = {"6a", "6b", "6c"};
    request.batches = {1};
    request.policyUpdates = 100;  // what comes of them is not asked here
    const auto set = makeFigures(request, {});
    QVERIFY2(set.ok(), set.ok() ? "" : set.error().message().c_str());
    for (const auto& key : request.figures) {
        const auto* figure = set->find(key);
        QVERIFY(figure && !figure->panels.empty() && !figure->statements.empty() && !figure->notes.empty());
    }
}

void TestFiguresPolicies::aNetworkWithoutTableIsAProblemAndNotSilence()
{
    FigureRequest request;
    request.figures = {"6c"};
    request.data = "nowhere";
    const auto set = makeFigures(request, {});
    QVERIFY(!set);
    QVERIFY2(set.error().message().find("cost table") != std::string::npos, set.error().message().c_str());
}

QTEST_APPLESS_MAIN(TestFiguresPolicies)
#include "tst_figures_policies.moc"
