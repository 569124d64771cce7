// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/network_spec.h"
#include "ui/models/log_model.h"
#include "ui/widgets/control_dock.h"
#include "ui/widgets/decision_controls.h"
#include "ui/widgets/link_controls.h"
#include "ui/widgets/slider_field.h"
#include "ui/widgets/trouble_strip.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLineEdit>
#include <QSlider>
#include <QUndoStack>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

void choose(QComboBox* box, const char* data)
{
    box->setCurrentIndex(box->findData(QString::fromUtf8(data)));
    Q_EMIT box->activated(box->currentIndex());
}

}  // namespace

class TestWidgets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void logModelKeepsTheModelRules();
    void logFilterFindsByLevelAndText();
    void aLogFloodIsBoundedAndCounted();
    void rateIsTypedInAnyUnit_data();
    void rateIsTypedInAnyUnit();
    void nonsenseLeavesTheValue();
    void sliderAndValueAgree_data();
    void sliderAndValueAgree();
    void undoTakesAValueBack();
    void aDragIsPassedOnAsOneShaping();
    void presetsSetTheRate();
    void aRateThatVariesIsFollowedUntilTheSliderMoves();
    void onlyValidDecisionsAreOffered();
    void scenarioSurvivesTheControls();
    void repeatedTroublesAreCountedNotFlashed();
};

void TestWidgets::logModelKeepsTheModelRules()
{
    LogModel model;
    LogFilter filter;
    filter.setSourceModel(&model);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const LogLine line{QDateTime::currentDateTime(), base::LogLevel::Info, QStringLiteral("link"), QStringLiteral("connected")};
    model.append({line, line});
    model.append(std::vector<LogLine>(LogModel::kCapacity - 1, line));
    QCOMPARE(model.rowCount(), LogModel::kCapacity);
    filter.setText(QStringLiteral("nothing has this"));
    model.clear();
    QCOMPARE(model.rowCount(), 0);
}

void TestWidgets::logFilterFindsByLevelAndText()
{
    LogModel model;
    LogFilter filter;
    filter.setSourceModel(&model);
    const QDateTime now = QDateTime::currentDateTime();
    model.append({{now, base::LogLevel::Debug, QStringLiteral("link"), QStringLiteral("ping")},
                  {now, base::LogLevel::Warning, QStringLiteral("link"), QStringLiteral("silent")},
                  {now, base::LogLevel::Error, QStringLiteral("records"), QStringLiteral("disk full")}});
    filter.setLowestLevel(base::LogLevel::Warning);
    QCOMPARE(filter.rowCount(), 2);
    filter.setText(QStringLiteral("RECORDS"));
    QCOMPARE(filter.rowCount(), 1);
    QCOMPARE(filter.index(0, LogModel::TextColumn).data().toString(), QStringLiteral("disk full"));
}

void TestWidgets::aLogFloodIsBoundedAndCounted()
{
    LogFeed feed;
    for (std::size_t i = 0; i < LogFeed::kCapacity + 10; ++i)
        base::log(base::LogLevel::Info, "flood", "line");
    const auto lines = feed.take();
    QCOMPARE(lines.size(), LogFeed::kCapacity + 1);
    QVERIFY(lines.back().text.contains(QLatin1String("10 lines")));
    QVERIFY(feed.take().empty());
}

void TestWidgets::rateIsTypedInAnyUnit_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("bytesPerSecond");
    QTest::newRow("MB/s") << "2 MB/s" << 2e6;
    QTest::newRow("KB/s") << "300KB/s" << 3e5;
    QTest::newRow("Mbit/s") << "5.85 Mbit/s" << 731'250.0;
    QTest::newRow("unlimited") << "unlimited" << 0.0;
}

void TestWidgets::rateIsTypedInAnyUnit()
{
    QFETCH(QString, text);
    QFETCH(double, bytesPerSecond);
    SliderField field(QStringLiteral("Rate"), bandwidthScale());
    field.setValue(123'456);
    field.edit()->setText(text);
    Q_EMIT field.edit()->editingFinished();
    QCOMPARE(field.value(), bytesPerSecond);
}

void TestWidgets::nonsenseLeavesTheValue()
{
    SliderField field(QStringLiteral("Slowdown"), slowdownScale());
    field.setValue(8);
    for (const char* text : {"fast", "", "-3", "1000", "nan"}) {
        field.edit()->setText(QString::fromUtf8(text));
        Q_EMIT field.edit()->editingFinished();
        QCOMPARE(field.value(), 8.0);
        QCOMPARE(field.edit()->text(), QStringLiteral("×8"));
    }
}

void TestWidgets::sliderAndValueAgree_data()
{
    QTest::addColumn<double>("share");
    for (const double share : {0.0, 0.1, 0.5, 0.9, 1.0})
        QTest::addRow("%g", share) << share;
}

void TestWidgets::sliderAndValueAgree()
{
    QFETCH(double, share);
    for (const ValueScale& scale : {bandwidthScale(), delayScale(), slowdownScale()}) {
        const double value = scale.value(share);
        QVERIFY(std::abs(scale.share(value) - share) < 0.02);
        const auto parsed = scale.parse(scale.format(value));
        QVERIFY2(parsed.has_value(), qPrintable(scale.format(value)));
        QVERIFY(std::abs(*parsed - value) <= 0.01 * std::abs(value) + 1e-9);
    }
}

void TestWidgets::undoTakesAValueBack()
{
    QUndoStack undo;
    SliderField field(QStringLiteral("Rate"), bandwidthScale());
    field.recordIn(&undo);
    field.setValue(1e6);
    field.edit()->setText(QStringLiteral("2 MB/s"));
    Q_EMIT field.edit()->editingFinished();
    QSignalSpy changed(&field, &SliderField::valueChanged);
    undo.undo();
    QCOMPARE(field.value(), 1e6);
    QCOMPARE(changed.count(), 1);
    undo.redo();
    QCOMPARE(field.value(), 2e6);
}

void TestWidgets::aDragIsPassedOnAsOneShaping()
{
    QUndoStack undo;
    ControlDock dock(&undo);
    dock.setScenario(session::Scenario::demonstration());
    std::vector<session::Uplink> passed;
    connect(&dock, &ControlDock::uplinkChanged, this, [&](const std::string& bandwidth, const wire::Shaping& shaping) {
        passed.push_back(*session::makeUplink(bandwidth, shaping));
    });
    QSlider* slider = dock.link()->rate()->slider();
    for (int position = 100; position < 150; ++position)
        slider->setValue(position);
    QTRY_VERIFY(!passed.empty());
    QVERIFY(passed.size() <= 3);
    QVERIFY(std::abs(passed.back().shaping.bytesPerSecond - dock.link()->rate()->value()) < 1e-3);
    QCOMPARE(passed.back().shaping.delayMs, session::Scenario::demonstration().shaping.delayMs);
}

void TestWidgets::presetsSetTheRate()
{
    QUndoStack undo;
    LinkControls link(&undo);
    auto* sources = link.sources();
    QSignalSpy changed(&link, &LinkControls::uplinkChanged);
    choose(sources, "preset:4g");
    QCOMPARE(changed.count(), 1);
    QCOMPARE(link.rate()->value(), 731'250.0);
    link.rate()->changeValue(5e5);
    QCOMPARE(sources->currentIndex(), 0);
}

void TestWidgets::aRateThatVariesIsFollowedUntilTheSliderMoves()
{
    QUndoStack undo;
    LinkControls link(&undo);
    QSignalSpy changed(&link, &LinkControls::uplinkChanged);
    choose(link.sources(), "markov");
    QCOMPARE(changed.count(), 1);
    QCOMPARE(link.bandwidth(), std::string("markov"));
    link.delay()->changeValue(20);
    QCOMPARE(link.bandwidth(), std::string("markov"));
    link.rate()->changeValue(5e5);
    QVERIFY(session::makeUplink(link.bandwidth(), {})->shaping.bytesPerSecond == 5e5);
}

void TestWidgets::onlyValidDecisionsAreOffered()
{
    DecisionControls controls;
    int gates = 0;
    for (const auto& name : model::shippedNetworks()) {
        const auto spec = model::loadNetworkSpec(name);
        QVERIFY2(spec.ok(), name.c_str());
        controls.setNetwork(*spec);
        controls.setChoice("fixed", {1, 0, {codec::CodingKind::Raw, 0}});
        for (int exit = 0; exit < controls.exits()->count(); ++exit) {
            controls.exits()->setCurrentIndex(exit);
            Q_EMIT controls.exits()->activated(exit);
            for (int cut = 0; cut < controls.partitions()->count(); ++cut) {
                controls.partitions()->setCurrentIndex(cut);
                Q_EMIT controls.partitions()->activated(cut);
                for (int coding = 0; coding < controls.codings()->count(); ++coding) {
                    controls.codings()->setCurrentIndex(coding);
                    Q_EMIT controls.codings()->activated(coding);
                    for (int gate = 0; gate < controls.gates()->count(); ++gate) {
                        controls.gates()->setCurrentIndex(gate);
                        const auto valid = decision::check(*spec, controls.decision());
                        QVERIFY2(valid.ok(), valid.ok() ? "" : valid.error().message().c_str());
                        QCOMPARE(controls.decision().gate.has_value(), gate > 0);
                        gates += gate > 0 ? 1 : 0;
                    }
                }
            }
        }
    }
    QVERIFY(gates > 0);
    QVERIFY(controls.codings()->isEnabled() && controls.gates()->isEnabled());
    controls.setChoice("cycle", controls.decision());
    QVERIFY(!controls.codings()->isEnabled());
}

void TestWidgets::scenarioSurvivesTheControls()
{
    QUndoStack undo;
    ControlDock dock(&undo);
    session::Scenario scenario = session::Scenario::demonstration();
    scenario.batch = 16;
    scenario.depth = 3;
    scenario.seed = 77;
    scenario.dwell = 5;
    scenario.strategy = "fixed";
    scenario.decision = {2, 4, {codec::CodingKind::Quantized, 12}, decision::Gate{1, 0.25}};
    scenario.deadlineMs = 50;
    dock.setScenario(scenario);
    QCOMPARE(session::toJson(dock.scenario()), session::toJson(scenario));
}

void TestWidgets::repeatedTroublesAreCountedNotFlashed()
{
    TroubleStrip strip;
    const base::Error silent{base::ErrorCode::Unreachable, "no answer; check the daemon", "loopback"};
    strip.report(silent);
    const QString first = strip.text();
    QCOMPARE(first, QStringLiteral("loopback: no answer; check the daemon"));
    for (int i = 0; i < 500; ++i)
        strip.report(silent);
    QCOMPARE(strip.text(), first);
    strip.report({base::ErrorCode::Io, "disk full; free some space", "records"});
    strip.report({base::ErrorCode::Io, "cannot write", "log"});
    QCOMPARE(strip.text(), first);
    QTRY_VERIFY_WITH_TIMEOUT(strip.text().startsWith(QLatin1String("log: cannot write")), 5000);
    QVERIFY(strip.text().contains(QLatin1String("1 more in the Log")));
    strip.dismiss();
    QVERIFY(strip.text().isEmpty());
}

QTEST_MAIN(TestWidgets)
#include "tst_widgets.moc"
