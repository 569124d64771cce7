// SPDX-License-Identifier: GPL-3.0-or-later
// An experiment is made to suffer, on real processes: every kind of fault comes when its frame has begun, is in the records, and
// leaves the books balanced.
#include "core/session/books.h"
#include "core/session/run_library.h"
#include "tests/integration/cli_program.h"
#include "tests/integration/collector.h"
#include "tests/integration/daemon_process.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace splitscope;

namespace {

constexpr int kPatienceMs = 60'000;
constexpr double kHourMs = 3.6e6;

session::Scenario quickScenario(const std::string& faults)
{
    session::Scenario scenario;
    scenario.strategy = "fixed";
    scenario.decision = {3, 6, {codec::CodingKind::Quantized, 8}};
    scenario.frames = 400;
    scenario.minIntervalMs = 3;
    scenario.costTable = "none";
    scenario.faults = *session::parseFaults(faults);
    return scenario;
}

/// A whole run on a loopback daemon, and what is written of it.
struct FaultyRun {
    QTemporaryDir out;
    Collector collector;
    std::unique_ptr<session::Experiment> experiment;

    bool start(const session::Scenario& scenario, session::ExperimentOptions options = {})
    {
        options.outFolder = out.path().toStdString();
        options.daemonProgram = SPLITSCOPE_BIN "/splitscoped";
        auto started = session::Experiment::start(scenario, options, collector);
        if (started)
            experiment = std::move(*started);
        return started.ok();
    }
    bool ends() const
    {
        return QTest::qWaitFor([this] { return experiment->ended(); }, kPatienceMs)
            && experiment->status().phase == session::Phase::Finished;
    }
    [[nodiscard]] session::RunKey key() const { return {out.filePath("records.sqlite").toStdString(), experiment->run()}; }
    /// In the order of their frames, as "stall:300ms begin".
    [[nodiscard]] QStringList faults() const
    {
        QStringList told;
        const auto events = *session::readEvents(key());
        for (const auto& event : events) {
            if (event.kind != "fault")
                continue;
            const auto detail = QJsonDocument::fromJson(QByteArray::fromStdString(event.detail)).object();
            told << (detail["fault"].toString() + ' ' + detail["state"].toString()).trimmed();
        }
        return told;
    }
    [[nodiscard]] bool balanced() const { return session::checkBooks(key().records, key().run)->balanced(); }
};

double medianDeviceMs(const std::vector<wire::FrameRecord>& records, std::uint64_t first, std::uint64_t end)
{
    std::vector<double> times;
    for (const auto& record : records)
        if (record.firstFrame >= first && record.firstFrame < end)
            times.push_back(record.stages.deviceSegment);
    std::sort(times.begin(), times.end());
    return times.empty() ? 0 : times[times.size() / 2];
}

}  // namespace

class TestFaults : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachFaultComesAndTheBooksBalance_data()
    {
        QTest::addColumn<QString>("faults");
        QTest::addColumn<QStringList>("told");
        QTest::newRow("stall") << "stall@50:1500ms" << QStringList{"stall:1500ms begin", "stall:1500ms end"};
        QTest::newRow("cut") << "cut@50:1500ms" << QStringList{"cut:1500ms begin", "cut:1500ms end"};
        QTest::newRow("restart") << "restart@50" << QStringList{"restart"};
        QTest::newRow("corrupt") << "corrupt@50" << QStringList{"corrupt"};
        QTest::newRow("clock, forward and back")
            << "clock-jump@50:1h, clock-jump@150:-2h" << QStringList{"clock-jump:1h", "clock-jump:-2h"};
        QTest::newRow("one into the other") << "stall@50:700ms, cut@51:300ms, restart@60, corrupt@70"
                                            << QStringList{"stall:700ms begin", "cut:300ms begin"};
    }
    void eachFaultComesAndTheBooksBalance()
    {
        QFETCH(QString, faults);
        QFETCH(QStringList, told);
        FaultyRun run;
        QVERIFY(run.start(quickScenario(faults.toStdString())));
        QVERIFY2(run.ends(), run.experiment->status().text.c_str());
        QCOMPARE(run.faults().mid(0, told.size()), told);
        QVERIFY(run.balanced());
        QCOMPARE(run.experiment->summary().frames(), 400U);
        const bool restarts = faults.contains(QLatin1String("restart"));
        QVERIFY(restarts || run.experiment->summary().lost() == 0);
        for (const auto& record : run.collector.records()) {
            QVERIFY(record.stages.total >= 0 && record.stages.total < kPatienceMs);
            QVERIFY(record.stages.edgeSegment >= 0 && record.stages.edgeSegment <= record.stages.total);
        }
    }

    void aStallIsFinishedOnTheDevice()
    {
        FaultyRun run;
        QVERIFY(run.start(quickScenario("stall@50:3s")));
        QVERIFY(run.ends());
        QVERIFY(run.experiment->summary().fallback() >= 1);
        QVERIFY(run.collector.saw(session::Phase::Reconnecting));
    }

    void aClockJumpShowsInTheTimeOfDayAlone()
    {
        FaultyRun run;
        QVERIFY(run.start(quickScenario("clock-jump@50:1h")));
        QVERIFY(run.ends());
        const auto isOver = [&] { return session::readEvents(run.key())->back().text.starts_with("finished"); };
        QTRY_VERIFY_WITH_TIMEOUT(isOver(), kPatienceMs);  // the last entry is written a moment later
        const auto events = *session::readEvents(run.key());
        double beforeMs = 0;
        for (const auto& event : events) {
            QVERIFY(event.atMs >= beforeMs && event.atMs < kPatienceMs);
            beforeMs = event.atMs;
        }
        const auto toldMs = static_cast<double>(events.back().wallMs - events.front().wallMs);
        QVERIFY(toldMs >= kHourMs && toldMs < kHourMs + 2 * kPatienceMs);
    }

    void aSlowProcessorIsSlowForAWhile()
    {
        auto scenario = quickScenario("slow-cpu@100:1min");
        scenario.frames = 200;
        scenario.slowdown = 10;  // by waiting: what else this machine does hardly counts
        FaultyRun run;
        QVERIFY(run.start(scenario));
        QVERIFY(run.ends());
        const auto records = run.collector.records();
        QVERIFY(medianDeviceMs(records, 120, 200) > 3 * medianDeviceMs(records, 0, 100));
        QCOMPARE(run.faults(), QStringList{"slow-cpu:1min begin"});
    }

    /// A trace goes on after the link was away: what is told again at a reconnection must not end it.
    void theUplinkIsShapedAfterACutAsBefore()
    {
        auto scenario = quickScenario("cut@50:2s");
        scenario.bandwidth = "step:3MB/s,2MB/s";
        FaultyRun run;
        QVERIFY(run.start(scenario));
        QVERIFY(run.ends());
        QVERIFY(run.collector.saw(session::Phase::Reconnecting));
        int afterwards = 0;
        for (const auto& record : run.collector.records())
            if (record.firstFrame > 350 && record.outcome == wire::Outcome::Done && record.wireBytes > 0) {
                ++afterwards;
                QVERIFY2(record.setBytesPerSecond >= 1.9e6 && record.setBytesPerSecond <= 3.1e6,
                         qPrintable(QString::number(record.setBytesPerSecond)));
            }
        QVERIFY(afterwards > 10);
    }

    void injectingIsForRunsUnderWay()
    {
        FaultyRun run;
        QVERIFY(run.start(quickScenario("")));
        QTRY_VERIFY_WITH_TIMEOUT(run.collector.recordCount() > 20, kPatienceMs);
        QVERIFY(run.experiment->inject(session::usualFault(session::FaultKind::Corrupt)).ok());
        QVERIFY(!run.experiment->inject({session::FaultKind::Stall, -1}).ok());
        QVERIFY(run.ends());
        QCOMPARE(run.faults(), QStringList{"corrupt"});
        const auto late = run.experiment->inject(session::usualFault(session::FaultKind::Stall));
        QVERIFY(!late.ok() && late.error().code == base::ErrorCode::Busy);
    }

    void anotherMachinesDaemonIsRestartedByWhoCan()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        auto scenario = quickScenario("restart@100");
        scenario.device = daemon.address();
        scenario.deviceKey = daemon.key();
        {
            FaultyRun run;  // nobody can
            QVERIFY(run.start(scenario));
            QVERIFY(run.ends());
            const auto troubles = run.collector.troubles();
            QCOMPARE(troubles.size(), 1U);
            QVERIFY2(troubles.front().find("was not started from here") != std::string::npos, troubles.front().c_str());
            QVERIFY(run.faults().isEmpty());
        }
        std::atomic<int> asked{0};
        session::ExperimentOptions options;
        options.restartDaemon = [&asked](const std::stop_token&) {
            ++asked;
            return base::Status();
        };
        FaultyRun run;
        QVERIFY(run.start(scenario, options));
        QVERIFY(run.ends());
        QCOMPARE(asked.load(), 1);
        QCOMPARE(run.faults(), QStringList{"restart"});
    }

    void theCommandLineTakesThemAndSavesThem()
    {
        QTemporaryDir out;
        const auto file = out.filePath("faulty.json");
        const QStringList faults{"--fault", "stall@20:300ms", "--fault", "restart@60"};
        auto saved = runCli(QStringList{"run", "--frames", "200", "--save-scenario", file} + faults, kPatienceMs);
        QCOMPARE(saved.exitCode, 0);
        const auto scenario = session::loadScenario(file.toStdString());
        QVERIFY(scenario.ok());
        QCOMPARE(QString::fromStdString(toString(scenario->faults)), QStringLiteral("stall@20:300ms, restart@60"));
        const auto ran = runCli({"run", file, "--json", "--out", out.path()}, kPatienceMs);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto json = QJsonDocument::fromJson(ran.out).object();
        QCOMPARE(json["frames"].toInt(), 200);
        const auto runs = session::listRuns(out.path().toStdString());
        const auto events = *session::readEvents(runs->runs.front().key);
        int told = 0;
        for (const auto& event : events)
            told += event.kind == "fault" ? 1 : 0;
        QCOMPARE(told, 3);  // begin and end of the stall, and the restart

        const auto wrong = runCli({"run", "--fault", "stal@20"}, kPatienceMs);
        QCOMPARE(wrong.exitCode, 2);
        QVERIFY2(wrong.err.contains("there are stall, cut, restart"), wrong.err.constData());
        const auto never = runCli({"run", "--frames", "10", "--fault", "cut@20"}, kPatienceMs);
        QCOMPARE(never.exitCode, 2);
        QVERIFY2(never.err.contains("never comes"), never.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestFaults)
#include "tst_faults.moc"
