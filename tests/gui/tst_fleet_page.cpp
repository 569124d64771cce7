// SPDX-License-Identifier: GPL-3.0-or-later
// Several devices at once, in the real window: real daemons that run to their end, or that are killed while the others go on.
#include "core/session/run_library.h"
#include "tests/core/session/scenario_samples.h"
#include "tests/gui/window_fixture.h"
#include "tests/integration/daemon_process.h"
#include "ui/charts/plot_view.h"
#include "ui/models/scenario_document.h"
#include "ui/pages/devices_page.h"
#include "ui/pages/fleet_page.h"
#include "ui/widgets/trouble_strip.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QComboBox>
#include <QImage>
#include <QPushButton>
#include <QSpinBox>
#include <QSvgRenderer>
#include <QTableView>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

constexpr int kPatienceMs = 120'000;
constexpr std::uint64_t kFrames = 60;

struct Fixture : WindowFixture {
    FleetPage& page = window.fleetPage();
    FleetModel& model = page.model();
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};

    explicit Fixture(std::uint64_t frames = kFrames) : WindowFixture(scenarioOf(frames)) { window.showPage(window.pageOf(page)); }

    static session::Scenario scenarioOf(std::uint64_t frames)
    {
        auto scenario = session::quickScenario(frames, 1);
        scenario.costTable = "none";
        scenario.minFailoverMs = 60'000;  // whatever else this machine does
        return scenario;
    }
    QString cell(int row, int column) { return model.index(row, column).data().toString(); }
    QString state(int row) { return cell(row, FleetModel::StateColumn); }
    qulonglong frames(int row) { return cell(row, FleetModel::FramesColumn).toULongLong(); }
    bool setCell(int row, int column, const char* value)
    {
        return model.setData(model.index(row, column), QLatin1String(value), Qt::EditRole);
    }
};

/// Two boards that know this edge.
struct Boards {
    DaemonProcess first, second;

    Boards() { first.allow(std::move(link::edgeKeys()).value().publicKey); }
};

/// A fleet of them. They come before the window, which keeps its devices where the last one put its keys.
struct FixtureOfBoards : Boards, Fixture {
    using Fixture::Fixture;

    /// Started, known to the window and chosen.
    bool choose()
    {
        if (!first.start() || !second.start() || !add("kitchen", first) || !add("garden, shed", second))
            return false;
        model.choose(0, true);
        model.choose(1, true);
        return true;
    }
    bool runBeyond(qulonglong least)
    {
        page.startButton()->click();
        return QTest::qWaitFor([&] { return frames(0) > least && frames(1) > least; }, kPatienceMs);
    }
    bool goesOn(int row)
    {
        const auto before = frames(row);
        return QTest::qWaitFor([&] { return frames(row) > before + 50; }, kPatienceMs)
            && state(row).contains(QLatin1String("running"));
    }

private:
    bool add(const char* name, const DaemonProcess& board)
    {
        return window.devicesPage().watch().add({name, "127.0.0.1", board.port(), board.key()}).ok();
    }
};

QByteArray contentsOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestFleetPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useSettingsOfTest("fleet"); }
    void init()
    {
        QSettings().clear();
        qputenv("XDG_CONFIG_HOME", m_home.path().toUtf8());  // no devices are known
    }

    void anEmptyPageSaysWhatToDo()
    {
        Fixture f;
        QCOMPARE(f.model.rowCount(), 0);
        QVERIFY2(f.page.hintText().contains(QLatin1String("Devices page")), qPrintable(f.page.hintText()));
        QVERIFY(!f.page.startButton()->isEnabled());
        QVERIFY(!f.page.stopButton()->isEnabled());
        for (const PlotView* plot : f.page.plots()) {
            QVERIFY(plot->plot().empty());
            QVERIFY(!plot->plot().emptyText.isEmpty());
        }
        QVERIFY(!f.page.startExport(f.folder.path(), {QStringLiteral("png")}).ok());
        f.page.emulated()->setValue(2);
        QCOMPARE(f.model.chosen().size(), 2U);
        QVERIFY(f.page.startButton()->isEnabled());
        f.page.emulated()->setValue(0);
        QCOMPARE(f.model.rowCount(), 0);
    }

    void devicesAreChosenAndToldWhatToDoByKeys()
    {
        const DaemonProcess board;  // not started: it is only known
        Fixture f;
        QVERIFY(f.window.devicesPage().watch().add({"kitchen", "127.0.0.1", board.port(), board.key()}).ok());
        f.page.emulated()->setValue(1);
        QCOMPARE(f.model.rowCount(), 2);
        QCOMPARE(f.model.chosen().size(), 1U);  // the emulated one
        QTableView& table = *f.page.table();
        table.setFocus();
        table.setCurrentIndex(f.model.index(0, FleetModel::NameColumn));
        QTest::keyClick(&table, Qt::Key_Space);
        QCOMPARE(f.model.chosen().size(), 2U);
        QCOMPARE(f.cell(0, FleetModel::StrategyColumn), QStringLiteral("fixed"));  // the scenario's
        table.setCurrentIndex(f.model.index(0, FleetModel::StrategyColumn));
        QTest::keyClick(&table, Qt::Key_F2);
        auto* editor = table.viewport()->findChild<QComboBox*>();
        QVERIFY(editor);
        QVERIFY(!editor->accessibleName().isEmpty());
        QVERIFY(editor->findText(QStringLiteral("cycle")) > 0);
        editor->setCurrentText(QStringLiteral("cycle"));
        Q_EMIT editor->activated(editor->currentIndex());
        QCOMPARE(QString::fromStdString(f.model.chosen()[0].strategy), QStringLiteral("cycle"));
        QCOMPARE(f.cell(1, FleetModel::StrategyColumn), QStringLiteral("fixed"));
        auto other = f.window.document().scenario();
        other.strategy = "on-edge";
        f.window.setScenario(other);
        QCOMPARE(f.cell(0, FleetModel::StrategyColumn), QStringLiteral("cycle"));
        QCOMPARE(f.cell(1, FleetModel::StrategyColumn), QStringLiteral("on-edge"));
        QVERIFY(f.setCell(0, FleetModel::StrategyColumn, ""));
        QCOMPARE(f.cell(0, FleetModel::StrategyColumn), QStringLiteral("on-edge"));

        QVERIFY(f.setCell(1, FleetModel::UplinkColumn, "2MB/s"));
        QVERIFY(!f.setCell(1, FleetModel::UplinkColumn, "quick"));
        QVERIFY2(f.window.troubles().text().contains(QLatin1String("quick")), qPrintable(f.window.troubles().text()));
        f.page.emulated()->setValue(3);  // choices stay
        QCOMPARE(f.cell(1, FleetModel::UplinkColumn), QStringLiteral("2MB/s"));
    }

    void twoDaemonsRunToTheirEndEachUnderItsStrategy()
    {
        FixtureOfBoards f;
        QVERIFY(f.choose());
        QVERIFY(f.setCell(1, FleetModel::StrategyColumn, "on-device"));
        f.page.startButton()->click();
        QVERIFY(f.page.active());
        QVERIFY(!f.page.startButton()->isEnabled());
        QVERIFY(!f.window.startAction()->isEnabled());
        QVERIFY(!f.setCell(1, FleetModel::StrategyColumn, "cycle"));
        QVERIFY(f.window.devicesPage().model().entry(1).inExperiment);
        QTRY_VERIFY_WITH_TIMEOUT(!f.page.active(), kPatienceMs);
        for (int row = 0; row < 2; ++row) {
            QVERIFY2(f.state(row).contains(QLatin1String("finished")), qPrintable(f.state(row)));
            QCOMPARE(f.frames(row), kFrames);
            QCOMPARE(f.cell(row, FleetModel::ShareColumn), QStringLiteral("50.0 %"));
            QVERIFY(f.cell(row, FleetModel::P50Column).endsWith(QLatin1String(" ms")));
        }
        QCOMPARE(f.cell(0, FleetModel::DecisionColumn), QStringLiteral("exit 1, cut 3, 8 bits"));
        QVERIFY(f.cell(1, FleetModel::DecisionColumn) != f.cell(0, FleetModel::DecisionColumn));
        QVERIFY(f.window.startAction()->isEnabled());
        QVERIFY(!f.window.devicesPage().model().entry(1).inExperiment);

        const auto listed = session::listRuns(f.folder.path().toStdString());
        QVERIFY(listed.ok());
        QCOMPARE(listed->runs.size(), 2U);
        std::map<std::string, std::string> strategies;
        for (const auto& run : listed->runs) {
            QVERIFY(run.ending == session::RunEnding::Finished);
            QCOMPARE(run.totals.frames, kFrames);
            strategies[run.scenarioName] = run.strategy;
        }
        QCOMPARE(strategies.at("kitchen"), std::string("fixed"));
        QCOMPARE(strategies.at("garden, shed"), std::string("on-device"));
    }

    void whatTheChartsShowIsExported()
    {
        Fixture f(400);
        f.page.emulated()->setValue(2);
        f.page.startButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(!f.page.active(), kPatienceMs);
        QVERIFY(f.page.history().looks().size() >= 2);
        const QStringList suffixes{QStringLiteral("png"), QStringLiteral("svg"), QStringLiteral("pdf"), QStringLiteral("csv")};
        const auto files = f.page.startExport(f.folder.path(), suffixes);
        QVERIFY(files.ok());
        QCOMPARE(files->size(), 3U * 4U);
        QTRY_VERIFY_WITH_TIMEOUT(!f.page.writing(), kPatienceMs);
        for (const QString& file : *files) {
            if (file.endsWith(QLatin1String("png")))
                QVERIFY2(!QImage(file).isNull(), qPrintable(file));
            else if (file.endsWith(QLatin1String("svg")))
                QVERIFY2(QSvgRenderer(file).isValid(), qPrintable(file));
            else if (file.endsWith(QLatin1String("pdf")))
                QVERIFY2(contentsOf(file).startsWith("%PDF-"), qPrintable(file));
            else
                QCOMPARE(contentsOf(file).count('\n'),
                         static_cast<qsizetype>(f.page.history().looks().size())
                             + (file.contains(QLatin1String("edge")) ? 0 : 1));
        }
        const auto header = contentsOf(f.folder.filePath(QStringLiteral("fleet-throughput.csv"))).split('\n').front();
        QCOMPARE(header, QByteArray("seconds,frames_per_s_emulated_1,frames_per_s_emulated_2,frames_per_s_fleet"));
    }

    void oneIsKilledAndTheOtherGoesOn()
    {
        FixtureOfBoards f(wire::kMaxFrames);
        QVERIFY(f.choose());
        QVERIFY(f.runBeyond(20));
        f.first.kill();
        QTRY_VERIFY_WITH_TIMEOUT(f.state(0).contains(QLatin1String("silent: ")), kPatienceMs);
        const auto before = f.frames(1);
        QVERIFY2(f.goesOn(1), qPrintable(f.state(1)));
        QVERIFY(conditionOf(f.window.devicesPage().model().entry(1)) == DeviceCondition::Silent);
        QVERIFY(conditionOf(f.window.devicesPage().model().entry(2)) == DeviceCondition::Connected);
        f.page.stopButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(!f.page.active(), kPatienceMs);
        QVERIFY2(f.state(1).contains(QLatin1String("stopped")), qPrintable(f.state(1)));
        QVERIFY(f.frames(1) >= before + 50);  // how it fared can still be read
    }

    /// Its run ends and is written; started again it has another one, and what it had done still counts. Nobody else stops.
    void oneIsStoppedAloneAndStartedAgain()
    {
        FixtureOfBoards f(wire::kMaxFrames);
        QVERIFY(f.choose());
        QAction& action = *f.page.deviceAction();
        QVERIFY(!action.isEnabled());
        QVERIFY(f.runBeyond(20));
        QVERIFY2(!action.isEnabled(), "no device is selected");
        f.page.table()->setCurrentIndex(f.model.index(0, FleetModel::NameColumn));
        QVERIFY(action.isEnabled());
        QVERIFY(f.page.table()->actions().contains(&action));
        const QString stops = action.text();
        action.trigger();
        QTRY_VERIFY_WITH_TIMEOUT(f.state(0).contains(QLatin1String("stopped")), kPatienceMs);
        const auto done = f.frames(0);
        QVERIFY2(f.goesOn(1), qPrintable(f.state(1)));
        QCOMPARE(f.frames(0), done);
        f.page.table()->setCurrentIndex(f.model.index(1, FleetModel::NameColumn));
        QCOMPARE(action.text(), stops);  // of this one
        f.page.table()->setCurrentIndex(f.model.index(0, FleetModel::NameColumn));
        QVERIFY(action.text() != stops);
        action.trigger();
        QVERIFY2(f.goesOn(0), qPrintable(f.state(0)));
        QVERIFY2(f.goesOn(1), qPrintable(f.state(1)));
        f.page.stopButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(!f.page.active(), kPatienceMs);
        QVERIFY(!action.isEnabled());

        const auto listed = session::listRuns(f.folder.path().toStdString());
        QVERIFY(listed.ok());
        std::map<std::string, std::pair<int, std::uint64_t>> kept;  // runs and frames
        for (const auto& run : listed->runs) {
            QVERIFY(run.ending == session::RunEnding::Stopped);
            kept[run.scenarioName].first += 1;
            kept[run.scenarioName].second += run.totals.frames;
        }
        QCOMPARE(kept["kitchen"], std::pair(2, std::uint64_t{f.frames(0)}));
        QCOMPARE(kept["garden, shed"], std::pair(1, std::uint64_t{f.frames(1)}));
    }

    /// An emulated one gets a daemon of its own anew.
    void anEmulatedOneIsStartedAgain()
    {
        Fixture f(wire::kMaxFrames);
        f.page.emulated()->setValue(2);
        f.page.startButton()->click();
        for (int row = 0; row < 2; ++row)
            QTRY_VERIFY_WITH_TIMEOUT(f.frames(row) > 0, kPatienceMs);
        f.page.table()->setCurrentIndex(f.model.index(1, FleetModel::NameColumn));
        f.page.deviceAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(f.state(1).contains(QLatin1String("stopped")), kPatienceMs);
        const auto done = f.frames(1);
        f.page.deviceAction()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(f.frames(1) > done + 20, kPatienceMs);
        f.page.stopButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(!f.page.active(), kPatienceMs);
    }

    void oneThatFailsSaysWhyAndTheOthersFinish()
    {
        FixtureOfBoards f;
        QVERIFY(f.choose());
        f.model.choose(1, false);
        f.page.emulated()->setValue(1);
        session::ExperimentOptions options;
        options.daemonProgram = "/no/such/splitscoped";  // for the emulated one
        f.page.start(f.window.document().scenario(), options);
        QTRY_VERIFY_WITH_TIMEOUT(!f.page.active(), kPatienceMs);
        QVERIFY2(f.state(2).contains(QLatin1String("failed: ")) && f.state(2).contains(QLatin1String("/no/such")),
                 qPrintable(f.state(2)));
        QVERIFY2(f.state(0).contains(QLatin1String("finished")), qPrintable(f.state(0)));
        QCOMPARE(f.frames(0), kFrames);
        QVERIFY(f.state(1).contains(QLatin1String("not chosen")));
    }

    void whatCannotBeAskedOfADeviceIsToldBeforeAnyBegins()
    {
        Fixture f;
        f.page.emulated()->setValue(2);
        QVERIFY(f.setCell(1, FleetModel::StrategyColumn, "neurosurgeon-latency"));  // and the scenario has no cost table
        f.page.startButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(!f.page.active(), kPatienceMs);
        for (const char* words : {"emulated 2", "cost table"})
            QVERIFY2(f.window.troubles().text().contains(QLatin1String(words)), qPrintable(f.window.troubles().text()));
        QVERIFY(f.page.history().looks().empty());
        QVERIFY(f.page.startButton()->isEnabled());
    }

    void theWindowMayCloseWhileAFleetRuns()
    {
        Fixture f(wire::kMaxFrames);
        f.page.emulated()->setValue(2);
        f.page.startButton()->click();
        for (int row = 0; row < 2; ++row)
            QTRY_VERIFY_WITH_TIMEOUT(f.frames(row) > 0, kPatienceMs);
        QVERIFY(f.window.close());
        QTRY_VERIFY_WITH_TIMEOUT(!f.page.active(), kPatienceMs);
        const auto listed = session::listRuns(f.folder.path().toStdString());
        QVERIFY(listed.ok());
        QCOMPARE(listed->runs.size(), 2U);
        for (const auto& run : listed->runs)
            QVERIFY(run.ending == session::RunEnding::Stopped);
    }

    void theWindowMayGoWhileAFleetRuns()
    {
        std::filesystem::path records;
        {
            Fixture f(wire::kMaxFrames);
            f.page.emulated()->setValue(1);
            f.page.startButton()->click();
            QTRY_VERIFY_WITH_TIMEOUT(f.frames(0) > 0, kPatienceMs);
            records = f.folder.path().toStdString();
            f.folder.setAutoRemove(false);
        }
        const auto listed = session::listRuns(records);
        std::filesystem::remove_all(records);
        QVERIFY(listed.ok());
        QCOMPARE(listed->runs.size(), 1U);
        QVERIFY(listed->runs[0].ending == session::RunEnding::Stopped);
    }

private:
    const QTemporaryDir m_home;
};

QTEST_MAIN(TestFleetPage)
#include "tst_fleet_page.moc"
