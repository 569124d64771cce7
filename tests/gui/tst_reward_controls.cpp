// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/plot_drawing.h"
#include "ui/charts/plot_view.h"
#include "ui/widgets/reward_controls.h"
#include "ui/widgets/reward_curve.h"
#include "ui/widgets/reward_scales.h"

#include <QComboBox>
#include <QImage>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSlider>
#include <QToolButton>
#include <QUndoStack>
#include <QtTest>

#include <cmath>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

void type(SliderField* field, const QString& text)
{
    field->edit()->setText(text);
    Q_EMIT field->edit()->editingFinished();
}

void choose(QComboBox* box, const QString& text)
{
    box->setCurrentIndex(box->findText(text));
    Q_EMIT box->activated(box->currentIndex());
}

}  // namespace

class TestRewardControls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachSliderSetsItsTerm_data();
    void eachSliderSetsItsTerm();
    void positionsAndTextsAgree_data();
    void positionsAndTextsAgree();
    void nonsenseLeavesTheObjective_data();
    void nonsenseLeavesTheObjective();
    void anObjectiveSurvivesTheControls();
    void undoGoesBackOverSlidersAndPresets();
    void resetReturnsToThePapersValue();
    void presetsAreToldApart();
    void edgentsRewardHasNoWeights();
    void theCurveFollowsTheSlidersAndTheLink();
    void pinnedCutsEndAtTheNetworksLength();
    void aPlotIsWrittenInEveryFormat_data();
    void aPlotIsWrittenInEveryFormat();
    void hoveredValuesAreThoseOfTheLine();
};

void TestRewardControls::eachSliderSetsItsTerm_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("value");
    QTest::newRow("s") << "sensitivity"
                       << "2.5 MB/s" << 2.5;
    QTest::newRow("s in KB/s") << "sensitivity"
                               << "400 KB/s" << 0.4;
    QTest::newRow("n") << "weight"
                       << "0.4" << 0.4;
    QTest::newRow("energy") << "energyLimit"
                            << "20 mJ" << 0.02;
    QTest::newRow("energy in J") << "energyLimit"
                                 << "0.5 J" << 0.5;
    QTest::newRow("deadline") << "deadline"
                              << "50" << 50.0;
    QTest::newRow("deadline in s") << "deadline"
                                   << "0.2 s" << 200.0;
    QTest::newRow("floor") << "accuracyFloor"
                           << "70 %" << 0.7;
    QTest::newRow("first cut") << "firstCut"
                               << "4" << 4.0;
    QTest::newRow("last cut") << "lastCut"
                              << "9" << 9.0;
}

void TestRewardControls::eachSliderSetsItsTerm()
{
    QFETCH(QString, field);
    QFETCH(QString, text);
    QFETCH(double, value);
    RewardControls controls(nullptr);
    QSignalSpy changed(&controls, &RewardControls::objectiveChanged);
    const std::map<QString, std::pair<SliderField*, std::function<double()>>> fields{
        {"sensitivity", {controls.sensitivity(), [&] { return controls.objective().sensitivity; }}},
        {"weight", {controls.weight(), [&] { return controls.objective().scale; }}},
        {"energyLimit", {controls.energyLimit(), [&] { return controls.objective().energyLimitJoules; }}},
        {"deadline", {controls.deadline(), [&] { return controls.objective().deadlineMs; }}},
        {"accuracyFloor", {controls.accuracyFloor(), [&] { return controls.objective().accuracyFloor; }}},
        {"firstCut", {controls.firstCut(), [&] { return double(controls.objective().firstCut); }}},
        {"lastCut", {controls.lastCut(), [&] { return double(controls.objective().lastCut); }}}};
    const auto& [slider, read] = fields.at(field);
    type(slider, text);
    QCOMPARE(read(), value);
    QCOMPARE(changed.count(), 1);
    QVERIFY(decision::check(controls.objective()).ok());
}

void TestRewardControls::positionsAndTextsAgree_data()
{
    QTest::addColumn<int>("scale");
    const char* names[] = {"s", "n", "energy", "deadline", "floor", "first cut", "last cut"};
    for (int i = 0; i < 7; ++i)
        QTest::newRow(names[i]) << i;
}

void TestRewardControls::positionsAndTextsAgree()
{
    QFETCH(int, scale);
    const ValueScale scales[] = {sensitivityScale(),   weightScale(),         energyLimitScale(),  deadlineScale(),
                                 accuracyFloorScale(), layerScale(20, false), layerScale(20, true)};
    const ValueScale& tested = scales[scale];
    double before = -1;
    for (const double share : {0.0, 0.1, 0.3, 0.5, 0.77, 1.0}) {
        const double value = tested.value(share);
        QVERIFY2(value > before, qPrintable(QString::number(share)));
        before = value;
        QVERIFY2(std::abs(tested.share(value) - share) < 0.03, qPrintable(QString::number(share)));
        const auto parsed = tested.parse(tested.format(value));
        QVERIFY2(parsed.has_value(), qPrintable(tested.format(value)));
        QVERIFY2(*parsed == value || std::abs(*parsed / value - 1) < 1e-9, qPrintable(tested.format(value)));
    }
}

void TestRewardControls::nonsenseLeavesTheObjective_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"much", "-3", "nan", "inf", "1e999", "5 bananas"})
        QTest::newRow(text) << text;
}

void TestRewardControls::nonsenseLeavesTheObjective()
{
    QFETCH(QString, text);
    RewardControls controls(nullptr);
    for (SliderField* field : {controls.sensitivity(), controls.weight(), controls.energyLimit(), controls.deadline(),
                               controls.accuracyFloor(), controls.firstCut(), controls.lastCut()})
        type(field, text);
    QCOMPARE(controls.objective(), decision::Objective());
}

void TestRewardControls::anObjectiveSurvivesTheControls()
{
    decision::Objective objective{decision::RewardKind::Edgent, 3.25, 0.75, 0.125, 80, 0.6, 2, 11};
    RewardControls controls(nullptr);
    QSignalSpy changed(&controls, &RewardControls::objectiveChanged);
    controls.setObjective(objective);
    QCOMPARE(controls.objective(), objective);
    QCOMPARE(changed.count(), 0);
    QVERIFY(controls.moreLimits()->isChecked());
    type(controls.deadline(), QStringLiteral("none"));
    objective.deadlineMs = decision::kNoLimit;
    QCOMPARE(controls.objective(), objective);
}

void TestRewardControls::undoGoesBackOverSlidersAndPresets()
{
    QUndoStack undo;
    RewardControls controls(&undo);
    type(controls.sensitivity(), QStringLiteral("2 MB/s"));
    const auto typed = controls.objective();
    choose(controls.presets(), QStringLiteral("energy saver"));
    const auto saver = controls.objective();
    QVERIFY(std::isfinite(saver.energyLimitJoules));
    QSignalSpy changed(&controls, &RewardControls::objectiveChanged);
    undo.undo();
    QCOMPARE(controls.objective(), typed);
    undo.undo();
    QCOMPARE(controls.objective(), decision::Objective());
    undo.redo();
    undo.redo();
    QCOMPARE(controls.objective(), saver);
    QCOMPARE(changed.count(), 4);
    QVERIFY(!undo.canRedo());
}

void TestRewardControls::resetReturnsToThePapersValue()
{
    QUndoStack undo;
    RewardControls controls(&undo);
    QVERIFY(!controls.sensitivity()->resetButton()->isVisibleTo(&controls));
    controls.sensitivity()->slider()->setValue(50);
    QVERIFY(controls.sensitivity()->resetButton()->isVisibleTo(&controls));
    const double moved = controls.objective().sensitivity;
    controls.sensitivity()->resetButton()->click();
    QCOMPARE(controls.objective().sensitivity, 10.0);
    QVERIFY(!controls.sensitivity()->resetButton()->isVisibleTo(&controls));
    undo.undo();
    QCOMPARE(controls.objective().sensitivity, moved);
}

void TestRewardControls::presetsAreToldApart()
{
    RewardControls controls(nullptr);
    controls.setEnergyRange(0.004, 0.16);
    std::vector<decision::Objective> seen;
    for (int i = 1; i < controls.presets()->count(); ++i) {
        choose(controls.presets(), controls.presets()->itemText(i));
        QCOMPARE(controls.presets()->currentIndex(), i);
        QVERIFY(decision::check(controls.objective()).ok());
        QVERIFY(std::find(seen.begin(), seen.end(), controls.objective()) == seen.end());
        seen.push_back(controls.objective());
    }
    type(controls.sensitivity(), QStringLiteral("7 MB/s"));
    QCOMPARE(controls.presets()->currentText(), QStringLiteral("custom"));
}

void TestRewardControls::edgentsRewardHasNoWeights()
{
    RewardControls controls(nullptr);
    QVERIFY(!controls.curve()->plot().empty());
    controls.kinds()->setCurrentIndex(1);
    Q_EMIT controls.kinds()->activated(1);
    QCOMPARE(controls.objective().kind, decision::RewardKind::Edgent);
    QVERIFY(!controls.sensitivity()->isEnabled());
    QVERIFY(controls.deadline()->isEnabled());
    QVERIFY(controls.curve()->plot().empty());
    QVERIFY(!controls.curve()->plot().emptyText.isEmpty());
}

void TestRewardControls::theCurveFollowsTheSlidersAndTheLink()
{
    RewardControls controls(nullptr);
    const auto middle = [&] { return *valueAt(controls.curve()->plot().lines[0], 1.0); };
    const double before = middle();
    type(controls.sensitivity(), QStringLiteral("0.2 MB/s"));
    QVERIFY(middle() > before + 0.1);
    QVERIFY(!controls.curve()->plot().xMark);
    controls.setBandwidth(731'250);
    QCOMPARE(controls.curve()->plot().xMark->value, 0.73125);
    type(controls.sensitivity(), QStringLiteral("1 MB/s"));
    QVERIFY(controls.curve()->plot().xMark.has_value());
    controls.setBandwidth(INFINITY);
    QVERIFY(!controls.curve()->plot().xMark);
}

void TestRewardControls::pinnedCutsEndAtTheNetworksLength()
{
    RewardControls controls(nullptr);
    controls.setLayers(8);
    type(controls.firstCut(), QStringLiteral("9"));
    QCOMPARE(controls.objective().firstCut, 0);
    controls.firstCut()->slider()->setValue(controls.firstCut()->slider()->maximum());
    QCOMPARE(controls.objective().firstCut, 8);
    controls.lastCut()->slider()->setValue(0);
    controls.lastCut()->slider()->setValue(controls.lastCut()->slider()->maximum());
    QCOMPARE(controls.objective().lastCut, decision::Objective().lastCut);
    QCOMPARE(controls.lastCut()->edit()->text(), QStringLiteral("any"));
}

void TestRewardControls::aPlotIsWrittenInEveryFormat_data()
{
    QTest::addColumn<QString>("suffix");
    QTest::addColumn<QByteArray>("beginning");
    QTest::newRow("png") << "png" << QByteArray("\x89PNG");
    QTest::newRow("svg") << "svg" << QByteArray("<?xml");
    QTest::newRow("pdf") << "pdf" << QByteArray("%PDF");
    QTest::newRow("csv") << "csv" << QByteArray("uplink_MB_per_s,a,b\n0.01,");
}

void TestRewardControls::aPlotIsWrittenInEveryFormat()
{
    QFETCH(QString, suffix);
    QFETCH(QByteArray, beginning);
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("weights.") + suffix);
    const auto plot = rewardCurve({}, {}, 1e6);
    QVERIFY(exportPlot(plot, path).ok());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY2(bytes.startsWith(beginning), bytes.left(60).constData());
    if (suffix == QLatin1String("svg"))
        QVERIFY(!bytes.contains("<text"));
    if (suffix == QLatin1String("png")) {
        const QImage image = QImage::fromData(bytes);
        QVERIFY(image.width() > 1500);
        QVERIFY(image.pixelColor(0, 0) == QColor(Qt::white));
    }
    const auto nothing = exportPlot(Plot{}, path);
    QVERIFY(!nothing.ok());
}

void TestRewardControls::hoveredValuesAreThoseOfTheLine()
{
    PlotLine line;
    line.points = {{1, 10}, {2, 20}, {4, 40}};
    QCOMPARE(valueAt(line, 1.9), std::optional(20.0));
    QCOMPARE(valueAt(line, 100), std::optional(40.0));
    line.steps = true;
    QCOMPARE(valueAt(line, 3.9), std::optional(20.0));
    QVERIFY(!valueAt(line, 0.5));
    QVERIFY(!valueAt({}, 1));
}

QTEST_MAIN(TestRewardControls)
#include "tst_reward_controls.moc"
