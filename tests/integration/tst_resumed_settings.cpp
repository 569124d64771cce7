// SPDX-License-Identifier: GPL-3.0-or-later
// What was changed while a run was under way is in force when another process goes on with it, whether the device was told before
// or has forgotten it as well.
#include "core/session/resumed_run.h"
#include "tests/core/session/old_records.h"
#include "tests/integration/collector.h"
#include "tests/integration/daemon_process.h"

#include <QTest>

#include <cstdio>
#include <thread>

using namespace splitscope;

namespace {

constexpr int kWaitMs = 120'000;
constexpr double kRate = 700e3;
const decision::Decision kFirst{3, 6, {codec::CodingKind::Quantized, 8}};
const decision::Decision kLater{3, 3, {codec::CodingKind::Quantized, 4}};

decision::Objective laterObjective()
{
    decision::Objective objective;
    objective.sensitivity = 3;
    objective.accuracyFloor = 0.25;
    return objective;
}

/// Helper mode: runs on that device, changes everything that can be changed, pauses, and waits to be killed.
int changeAndWait(const char* device, const char* key, const char* folder)
{
    session::Scenario scenario;
    scenario.device = device;
    scenario.deviceKey = key;
    scenario.strategy = "fixed";
    scenario.decision = kFirst;
    scenario.frames = 1'000'000;
    scenario.minIntervalMs = 4;
    Collector collector;
    const auto started = session::Experiment::start(scenario, {.outFolder = folder, .daemonProgram = {}}, collector);
    if (!started)
        return 1;
    const auto wait = [](const std::function<bool()>& until) {
        while (!until())
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
    };
    auto& run = **started;
    wait([&] { return collector.recordCount() > 20; });
    wire::Shaping shaping;
    shaping.delayMs = 2;
    const bool changed = run.setUplink("700KB/s", shaping).ok() && run.setObjective(laterObjective()).ok()
        && run.setStrategy("fixed", kLater).ok();
    run.setSlowdown(1.5);
    run.setTableCorrection(true);
    if (!changed)
        return 1;
    wait([&] { return collector.records().back().decision == kLater; });
    run.pause(true);
    wait([&] { return run.status().device.paused; });
    wait([] { return false; });
    return 1;
}

}  // namespace

class TestResumedSettings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void settingsAreInForceAgain_data()
    {
        QTest::addColumn<bool>("deviceDies");
        QTest::newRow("the device remembers") << false;
        QTest::newRow("the device was restarted") << true;
    }
    void settingsAreInForceAgain()
    {
        QFETCH(bool, deviceDies);
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        QTemporaryDir out;
        const auto records = out.filePath("records.sqlite").toStdString();
        QProcess edge;
        edge.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        edge.start(QCoreApplication::applicationFilePath(),
                   {"--change", QString::fromStdString(daemon.address()), QString::fromStdString(daemon.key()), out.path()});
        QVERIFY(edge.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(query(records, "SELECT count(*) FROM events WHERE kind = 'phase' AND text LIKE 'paused%'") == 1
                                     || edge.state() == QProcess::NotRunning,
                                 kWaitMs);
        QCOMPARE(edge.state(), QProcess::Running);
        edge.kill();
        QVERIFY(edge.waitForFinished());
        if (deviceDies) {
            daemon.kill();
            QVERIFY(daemon.start());
        }

        const auto row = session::chooseInterrupted(records, "latest");
        QVERIFY2(row.ok(), row.ok() ? "" : row.error().message().c_str());
        const auto resumed = session::readInterrupted(row->key);
        QVERIFY2(resumed.ok(), resumed.ok() ? "" : resumed.error().message().c_str());
        QCOMPARE((*resumed)->settings.inForce.slowdown, 1.5);
        QCOMPARE((*resumed)->settings.inForce.shaping.delayMs, 2.0);
        Collector collector;
        session::ExperimentOptions options;
        options.outFolder = out.path().toStdString();
        options.resumed = *resumed;
        const auto started = session::Experiment::start((*resumed)->scenario, options, collector);
        QVERIFY2(started.ok(), started.ok() ? "" : started.error().message().c_str());
        auto& run = **started;
        QCOMPARE(run.run(), row->key.run);
        QTRY_VERIFY_WITH_TIMEOUT(run.status().phase == session::Phase::Paused && run.status().device.paused, kWaitMs);
        QCOMPARE(run.status().device.run, row->key.run);
        QCOMPARE(run.evaluator()->objective().sensitivity, 3.0);
        QCOMPARE(run.evaluator()->objective().accuracyFloor, 0.25);
        QVERIFY(run.status().prediction.corrects);
        QCOMPARE(run.summary().frames(), (*resumed)->summary.frames() + collector.recordCount());

        const auto before = collector.recordCount();
        run.pause(false);
        QTRY_VERIFY_WITH_TIMEOUT(collector.recordCount() > before + 50, kWaitMs);
        const auto last = collector.records().back();
        QVERIFY(last.decision == kLater);
        QCOMPARE(last.setBytesPerSecond, kRate);
        run.stop();
        QVERIFY(run.waitUntilEnded(kWaitMs));
        QVERIFY(session::checkBooks(records, row->key.run)->balanced());
    }

    /// A slider moved before there is anything to record, too.
    void whatIsChangedWhileTheModelIsLoadedIsRecorded()
    {
        QTemporaryDir config;
        qputenv("XDG_CONFIG_HOME", config.path().toUtf8());
        QTemporaryDir out;
        const auto records = out.filePath("records.sqlite").toStdString();
        session::Scenario scenario;
        scenario.strategy = "fixed";
        scenario.frames = 20;
        Collector collector;
        const auto started = session::Experiment::start(
            scenario, {.outFolder = out.path().toStdString(), .daemonProgram = SPLITSCOPE_BIN "/splitscoped"}, collector);
        QVERIFY(started.ok());
        (*started)->setSlowdown(1.25);
        QVERIFY((*started)->waitUntilEnded(kWaitMs));
        const session::RunKey key{records, (*started)->run()};
        const auto settings = session::settingsAfter(session::findRun(key)->scenarioJson, *session::readEvents(key), "run");
        QVERIFY(settings.ok());
        QCOMPARE(settings->inForce.slowdown, 1.25);
    }
};

int main(int argc, char** argv)
{
    if (argc == 5 && std::string(argv[1]) == "--change")
        return changeAndWait(argv[2], argv[3], argv[4]);
    QCoreApplication app(argc, argv);
    TestResumedSettings test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_resumed_settings.moc"
