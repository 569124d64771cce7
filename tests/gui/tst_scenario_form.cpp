// SPDX-License-Identifier: GPL-3.0-or-later
// A scenario as a document: the form, its files, and the controls beside it.
#include "ui/bridge/experiment_bridge.h"
#include "ui/main_window.h"
#include "ui/models/log_model.h"
#include "ui/models/sample_store.h"
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

/// Every field differs from its default, in ways that sliders and spin boxes cannot show.
session::Scenario unusual()
{
    session::Scenario s;
    s.device = "tcp://10.0.0.7:47610";
    s.deviceKey = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
    s.model = "alexnet5";
    s.data = "cifar10";
    s.split = "table";
    s.strategy = "on-edge-jpeg";
    s.decision = {4, 3, {codec::CodingKind::Quantized, 12}};
    s.jpegQuality = 33;
    s.actionSet = "bits:4,8";
    s.dwell = 7;
    s.coder = codec::EntropyCoder::Zstd;
    s.bandwidth = "2MB/s";
    s.shaping = {0, 3000.5, 12.25, 1.5, wire::ShapedBy::Kernel};
    s.probe = false;
    s.slowdown = 8.123456789012345;
    s.slowdownBy = wire::SlowdownBy::Work;
    s.batch = 16;
    s.depth = 3;
    s.frames = 4321;
    s.seed = 9007199254740991ULL;
    s.minIntervalMs = 33.5;
    s.minFailoverMs = 250.125;
    s.deviceThreads = 2;
    s.edgeThreads = 3;
    s.deadlineMs = 50;
    s.recordLogits = true;
    s.weights = "/some/where.weights";
    s.codebook = "/some/where.codebook";
    s.objective = {decision::RewardKind::Edgent, 2.5, 0.5, 0.25, 75, 0.5, 2, 9};
    s.scale = decision::RewardScale{0.25, 0.875, 2, 500, 5e6};
    s.costTable = "none";
    s.policy = "/some/sacd.policy";
    s.shadow = "/some/dqn.policy";
    s.energy = {"a meter", 2e-27, 1e9, 2, 1.5, profile::RadioChannel{10e6, 3}};
    return s;
}

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

struct Fixture {
    QTemporaryDir folder;
    LogFeed feed;
    LogModel log;
    SampleStore store;
    ExperimentBridge bridge;
    MainWindow window;

    explicit Fixture(const session::Scenario& scenario = {})
        : window({store, bridge, feed, log}, {scenario, folder.path().toStdString(), std::string(SPLITSCOPE_BIN "/splitscoped")})
    {
        window.show();
        window.showPage(window.pageOf(window.experimentPage()));
    }
    ScenarioForm& form() { return window.experimentPage().form(); }
    QString write(const char* name, const session::Scenario& scenario)
    {
        const QString path = folder.filePath(QString::fromUtf8(name));
        std::ofstream(path.toStdString()) << session::toJson(scenario);
        return path;
    }
    void type(const char* key, const QString& text) { form().setTextOf(QString::fromUtf8(key), text); }
    bool settled() { return !window.document().checking(); }
};

}  // namespace

class TestScenarioForm : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("splitscope-test"));
        QCoreApplication::setApplicationName(QStringLiteral("splitscope-test-form"));
    }
    void init() { QSettings().clear(); }

    void everyKeyOfTheJsonHasAField()
    {
        const ScenarioForm form;
        const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(session::toJson(unusual()))).object();
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
        for (const auto& scenario : {unusual(), session::Scenario(), session::Scenario::demonstration()})
            for (const auto& field : scenarioFields()) {
                session::Scenario again = scenario;
                QVERIFY2(field.set(again, field.get(scenario)).ok(), qPrintable(field.key));
                QVERIFY2(again == scenario, qPrintable(field.key));
            }
    }

    void whatIsTypedReachesTheScenarioAndNothingElseChanges()
    {
        ScenarioForm form;
        form.setScenario(unusual());
        QVERIFY(form.scenario() == unusual());
        form.setTextOf(QStringLiteral("reward.n"), QStringLiteral("0.75"));
        form.setTextOf(QStringLiteral("reward.energy_limit_j_per_frame"), QString());
        form.setTextOf(QStringLiteral("entropy_coder"), QStringLiteral("huffman"));
        form.setTextOf(QStringLiteral("probe"), QStringLiteral("true"));
        auto expected = unusual();
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
        const QString path = f.write("office.json", unusual());
        QVERIFY(f.window.document().open(path).ok());
        QVERIFY(f.window.document().scenario() == unusual());
        QVERIFY(f.window.controls().scenario() == unusual());  // sliders show less, and lose nothing
        QVERIFY(!f.window.isWindowModified());
        QVERIFY(f.window.windowTitle().contains(QLatin1String("office.json")));
        QCOMPARE(f.window.document().recordedName(), QStringLiteral("office"));
        f.type("slowdown", QStringLiteral("3.25"));
        QVERIFY(f.window.isWindowModified());
        QVERIFY(f.window.experimentPage().titleText().contains(QLatin1String("modified")));
        QCOMPARE(f.window.document().recordedName(), QStringLiteral("office (changed)"));
        f.window.saveAction()->trigger();
        QVERIFY(!f.window.isWindowModified());
        auto expected = unusual();
        expected.slowdown = 3.25;
        QVERIFY(*session::loadScenario(path.toStdString()) == expected);
        QCOMPARE(ScenarioDocument::recentFiles(), QStringList{path});
    }

    void recentFilesAreOffered()
    {
        Fixture f;
        const QString a = f.write("a.json", unusual()), b = f.write("b.json", {});
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
};

QTEST_MAIN(TestScenarioForm)
#include "tst_scenario_form.moc"
