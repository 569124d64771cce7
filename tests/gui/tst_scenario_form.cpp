// SPDX-License-Identifier: GPL-3.0-or-later
// A scenario as a document: the form, its files, and the controls beside it.
#include "core/session/shipped_scenarios.h"
#include "tests/core/session/scenario_samples.h"
#include "tests/gui/window_fixture.h"
#include "ui/pages/experiment_page.h"
#include "ui/widgets/control_dock.h"
#include "ui/widgets/slider_field.h"
#include "ui/widgets/trouble_strip.h"

#include <QAction>
#include <QCheckBox>
#include <QFileDialog>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QToolButton>
#include <QtTest>

#include <fstream>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

constexpr int kPatienceMs = 60'000;

/// "a", "b.c", … of all keys.
QStringList keysOf(const QJsonObject& object, const QString& prefix = {})
{
    QStringList keys;
    for (auto it = object.begin(); it != object.end(); ++it)
        if (it->isObject())
            keys << keysOf(it->toObject(), prefix + it.key() + QLatin1Char('.'));
        else
            keys << prefix + it.key();
    return keys;
}

struct Fixture : WindowFixture {
    explicit Fixture(const session::Scenario& scenario = {}) : WindowFixture(scenario)
    {
        window.showPage(window.pageOf(window.experimentPage()));
    }
    ScenarioForm& form() { return window.experimentPage().form(); }
    void type(const char* key, const QString& text) { form().setTextOf(QString::fromUtf8(key), text); }
    bool settled() { return !window.document().checking(); }
};

}  // namespace

class TestScenarioForm : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useSettingsOfTest("form"); }
    void init() { QSettings().clear(); }

    void everyKeyOfTheJsonHasAField()
    {
        const ScenarioForm form;
        const auto json
            = QJsonDocument::fromJson(QByteArray::fromStdString(session::toJson(session::unusualScenario()))).object();
        QStringList keys = keysOf(json);
        for (const QString& key : keys)
            QVERIFY2(form.field(key), qPrintable(key));
        keys << QStringLiteral("scale") << QStringLiteral("energy.channel");
        for (const auto& field : scenarioFields())
            QVERIFY2(keys.contains(field.key), qPrintable(field.key));
        QCOMPARE(static_cast<int>(scenarioFields().size()), keys.size());
        for (const auto& field : scenarioFields())
            QVERIFY2(!form.field(field.key)->accessibleName().isEmpty(), qPrintable(field.key));
    }

    void everyFieldIsReadBackAsItWasShown()
    {
        for (const auto& scenario : {session::unusualScenario(), session::Scenario(), session::Scenario::demonstration()})
            for (const auto& field : scenarioFields()) {
                session::Scenario again = scenario;
                QVERIFY2(field.set(again, field.get(scenario)).ok(), qPrintable(field.key));
                QVERIFY2(again == scenario, qPrintable(field.key));
            }
    }

    void whatIsTypedReachesTheScenarioAndNothingElseChanges()
    {
        ScenarioForm form;
        form.setScenario(session::unusualScenario());
        QVERIFY(form.scenario() == session::unusualScenario());
        form.setTextOf(QStringLiteral("reward.n"), QStringLiteral("0.75"));
        form.setTextOf(QStringLiteral("reward.energy_limit_j_per_frame"), QString());
        form.setTextOf(QStringLiteral("entropy_coder"), QStringLiteral("huffman"));
        form.setTextOf(QStringLiteral("probe"), QStringLiteral("true"));
        auto expected = session::unusualScenario();
        expected.objective.scale = 0.75;
        expected.objective.energyLimitJoules = decision::kNoLimit;
        expected.coder = codec::EntropyCoder::Huffman;
        expected.probe = true;
        QVERIFY(form.scenario() == expected);
        form.setTextOf(QStringLiteral("scale"), QStringLiteral("false"));
        QVERIFY(!form.scenario().scale);
        QVERIFY(!form.field(QStringLiteral("scale.accuracy_min"))->isEnabled());
        form.setTextOf(QStringLiteral("scale"), QStringLiteral("true"));
        QVERIFY(form.scenario().scale == decision::RewardScale());
        QCOMPARE(form.textOf(QStringLiteral("scale.latency_max_ms")), QStringLiteral("1000"));
    }

    void anErrorStandsAtItsFieldAndKeepsTheRunFromStarting_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::addColumn<bool>("unreadable");
        QTest::newRow("range") << "batch"
                               << "65"
                               << "1..64" << false;
        QTest::newRow("no number") << "slowdown"
                                   << "fast"
                                   << "write a number" << true;
        QTest::newRow("no whole number") << "frames"
                                         << "1.5"
                                         << "whole number" << true;
        QTest::newRow("empty") << "seed"
                               << ""
                               << "is empty" << true;
        QTest::newRow("bandwidth") << "bandwidth"
                                   << "quick"
                                   << "2MB/s" << false;
        QTest::newRow("model") << "model"
                               << "vgg"
                               << "vgg" << false;
        QTest::newRow("strategy") << "strategy"
                                  << "best"
                                  << "on-edge-jpeg" << false;
        QTest::newRow("file") << "weights"
                              << "/nowhere.weights"
                              << "/nowhere.weights" << false;
        QTest::newRow("coding") << "decision.coding"
                                << "zip"
                                << "zip" << true;
        QTest::newRow("limit") << "reward.accuracy_floor"
                               << "2"
                               << "[0, 1]" << false;
        QTest::newRow("table") << "cost_table"
                               << "/nowhere.json"
                               << "none" << false;
    }
    void anErrorStandsAtItsFieldAndKeepsTheRunFromStarting()
    {
        QFETCH(QString, key);
        QFETCH(QString, text);
        QFETCH(QString, says);
        QFETCH(bool, unreadable);
        session::Scenario scenario;
        scenario.strategy = "fixed";
        scenario.decision = {1, 3, {codec::CodingKind::Quantized, 8}};
        Fixture f(scenario);
        QTRY_VERIFY_WITH_TIMEOUT(f.settled(), kPatienceMs);
        QVERIFY2(f.window.startAction()->isEnabled(), qPrintable(f.window.document().startObstacle()));
        const QString before = f.form().textOf(key);
        f.type(qPrintable(key), text);
        QTRY_VERIFY_WITH_TIMEOUT(f.settled(), kPatienceMs);
        QVERIFY2(f.form().problemText(key).contains(says), qPrintable(f.form().problemText(key)));
        QVERIFY(!f.window.startAction()->isEnabled());
        QVERIFY2(f.window.startAction()->toolTip().contains(key), qPrintable(f.window.startAction()->toolTip()));
        QVERIFY(f.window.experimentPage().stateText().contains(key));
        QVERIFY(!f.window.experimentPage().queue().addCurrent()->isEnabled());
        QCOMPARE(f.window.saveAction()->isEnabled(), !unreadable);
        f.type(qPrintable(key), before);
        QTRY_VERIFY_WITH_TIMEOUT(f.window.startAction()->isEnabled(), kPatienceMs);
        QVERIFY(f.form().problemText(key).isEmpty());
        QVERIFY(f.window.saveAction()->isEnabled());
        QVERIFY(!f.window.document().modified());
    }

    void whatAStrategyLacksIsToldAtTheStrategy()
    {
        Fixture f;
        f.type("strategy", QStringLiteral("sacd"));  // no policy of patterns ships
        QTRY_VERIFY_WITH_TIMEOUT(f.form().problemText(QStringLiteral("strategy")).contains(QLatin1String("polic")), kPatienceMs);
        QVERIFY(!f.window.startAction()->isEnabled());
        QVERIFY(f.window.saveAction()->isEnabled());  // a document for another day
    }

    void aDocumentIsOpenedChangedAndSaved()
    {
        Fixture f;
        const QString path = f.write("office.json", session::unusualScenario());
        QVERIFY(f.window.document().open(path).ok());
        QVERIFY(f.window.document().scenario() == session::unusualScenario());
        QVERIFY(f.window.controls().scenario() == session::unusualScenario());  // sliders show less, and lose nothing
        QVERIFY(!f.window.isWindowModified());
        QVERIFY(f.window.windowTitle().contains(QLatin1String("office.json")));
        QCOMPARE(f.window.document().recordedName(), QStringLiteral("office"));
        f.type("slowdown", QStringLiteral("3.25"));
        QVERIFY(f.window.isWindowModified());
        QVERIFY(f.window.experimentPage().titleText().contains(QLatin1String("modified")));
        QCOMPARE(f.window.document().recordedName(), QStringLiteral("office (changed)"));
        f.window.saveAction()->trigger();
        QVERIFY(!f.window.isWindowModified());
        auto expected = session::unusualScenario();
        expected.slowdown = 3.25;
        QVERIFY(*session::loadScenario(path.toStdString()) == expected);
        QCOMPARE(ScenarioDocument::recentFiles(), QStringList{path});
    }

    void recentFilesAreOffered()
    {
        Fixture f;
        const QString a = f.write("a.json", session::unusualScenario()), b = f.write("b.json", {});
        QVERIFY(f.window.document().open(a).ok() && f.window.document().open(b).ok());
        QVERIFY(!f.window.document().open(f.folder.filePath(QStringLiteral("none.json"))).ok());
        QMenu* menu = f.window.experimentPage().recentButton()->menu();
        Q_EMIT menu->aboutToShow();
        QCOMPARE(menu->actions().size(), 2);
        QCOMPARE(menu->actions()[1]->text(), QStringLiteral("a.json"));
        menu->actions()[1]->trigger();
        QCOMPARE(f.window.document().path(), a);
    }

    void unsavedChangesAreKeptAndNobodyIsAsked()
    {
        Fixture f;
        const QString a = f.write("a.json", {}), b = f.write("b.json", {});
        QVERIFY(f.window.document().open(a).ok());
        f.type("frames", QStringLiteral("77"));
        const QSignalSpy kept(&f.window.document(), &ScenarioDocument::kept);
        QVERIFY(f.window.document().open(b).ok());
        QTRY_COMPARE_WITH_TIMEOUT(kept.size(), 1, kPatienceMs);
        const QString path = kept[0][0].toString();
        QCOMPARE(session::loadScenario(path.toStdString())->frames, 77U);
        QVERIFY(ScenarioDocument::recentFiles().contains(path));
        QCOMPARE(session::loadScenario(a.toStdString())->frames, session::Scenario().frames);
        QVERIFY(f.window.findChildren<QDialog*>().isEmpty());
        QVERIFY(QFile::remove(path));
    }

    void slidersChangeTheDocumentAndTheFormMovesTheSliders()
    {
        Fixture f;
        QVERIFY(f.window.document().open(f.write("x.json", {})).ok());
        f.window.controls().slowdown()->changeValue(4);
        QTRY_COMPARE_WITH_TIMEOUT(f.form().textOf(QStringLiteral("slowdown")), QStringLiteral("4"), kPatienceMs);
        QVERIFY(f.window.document().modified());
        f.type("slowdown", QStringLiteral("2"));
        QTRY_COMPARE_WITH_TIMEOUT(f.window.controls().slowdown()->value(), 2.0, kPatienceMs);
        f.type("batch", QStringLiteral("9999"));  // the controls keep what was right
        QTRY_VERIFY_WITH_TIMEOUT(f.settled(), kPatienceMs);
        QCOMPARE(f.window.controls().scenario().batch, 1);
    }

    void aWrongFileIsToldAndTheDocumentStays()
    {
        Fixture f;
        const QString path = f.folder.filePath(QStringLiteral("wrong.json"));
        std::ofstream(path.toStdString()) << R"({"frames": "many"})";
        const auto opened = f.window.document().open(path);
        QVERIFY(!opened.ok());
        QVERIFY2(opened.error().message().find("wrong.json") != std::string::npos
                     && opened.error().message().find("'frames'") != std::string::npos,
                 opened.error().message().c_str());
        QVERIFY(f.window.document().path().isEmpty());
    }

    void examplesOpenAsCopiesThatAskWhereToSave()
    {
        Fixture f;
        QMenu* menu = f.window.experimentPage().examplesButton()->menu();
        Q_EMIT menu->aboutToShow();
        QCOMPARE(menu->actions().size(), qsizetype(session::shippedScenarioNames().size()));
        for (const QAction* action : menu->actions())
            QVERIFY2(action->isEnabled() && action->toolTip().size() > 30, qPrintable(action->text()));
        menu->actions().front()->trigger();
        const auto shipped = session::loadScenario(session::shippedScenario("first-look"));
        QVERIFY(shipped.ok());
        QVERIFY(f.window.document().scenario() == *shipped);
        QVERIFY(f.window.document().path().isEmpty() && !f.window.document().modified());
        QCOMPARE(f.window.document().recordedName(), QStringLiteral("first-look"));
        QTRY_VERIFY_WITH_TIMEOUT(f.settled(), kPatienceMs);
        QVERIFY2(f.window.startAction()->isEnabled(), qPrintable(f.window.startAction()->toolTip()));
        f.window.saveAction()->trigger();
        auto* dialog = f.window.findChild<QFileDialog*>();
        QVERIFY(dialog);
        QCOMPARE(QFileInfo(dialog->selectedFiles().value(0)).fileName(), QStringLiteral("first-look.json"));
        dialog->reject();
        f.window.document().startNew();
        QCOMPARE(f.window.document().title(), QStringLiteral("untitled"));
    }
};

QTEST_MAIN(TestScenarioForm)
#include "tst_scenario_form.moc"
