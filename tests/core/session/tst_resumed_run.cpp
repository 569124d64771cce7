// SPDX-License-Identifier: GPL-3.0-or-later
// What is read of an interrupted run, so that another process can go on with it: books, summary, settings, time, faults to come.
#include "core/session/resumed_run.h"

#include "tests/core/session/old_records.h"
#include "tests/core/session/recorded_run.h"

#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;
using namespace splitscope::session;

namespace {

/// As a killed process leaves its run.
void interrupt(const std::string& path, std::uint64_t run = recorded::kRun)
{
    QVERIFY(execute(path, "UPDATE runs SET state = 'interrupted' WHERE run = " + std::to_string(run)));
}

RunEvent changed(double atMs, const std::string& kind, const Scenario& to, std::initializer_list<const char*> keys)
{
    return {atMs, 0, kind, kind + " was changed", settingsDetail(to, keys)};
}

}  // namespace

class TestResumedRun : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    int m_files = 0;

    std::string newFile() { return m_folder.filePath(QStringLiteral("%1.sqlite").arg(++m_files)).toStdString(); }

private Q_SLOTS:
    void booksAndSummaryAreThoseOfTheRecords()
    {
        constexpr std::uint64_t kFrames = 41;
        const auto path = newFile();
        recorded::record(path, recorded::kRun, kFrames, false);
        interrupt(path);
        const auto resumed = readInterrupted({path, recorded::kRun});
        QVERIFY2(resumed.ok(), resumed.ok() ? "" : resumed.error().message().c_str());
        const auto& run = **resumed;
        Summary expected;
        for (std::uint64_t frame = 0; frame < kFrames; ++frame)
            expected.add(frame == 5 ? makeLost(5, 1) : recorded::pricedSample(frame), 12);
        QVERIFY(run.books.complete(kFrames));
        QCOMPARE(run.begun, kFrames);
        QCOMPARE(run.summary.frames(), expected.frames());
        QCOMPARE(run.summary.lost(), 1U);
        QCOMPARE(run.summary.accuracy(), expected.accuracy());
        QCOMPARE(run.summary.latencyMs(0.99), expected.latencyMs(0.99));
        QCOMPARE(run.summary.deadlineMet(), expected.deadlineMet());
        QVERIFY(qAbs(*run.summary.reward() - *expected.reward()) < 1e-6);
        QVERIFY(qAbs(*run.summary.regret() - *expected.regret()) < 1e-6);
        QVERIFY(qAbs(run.summary.energyPerFrame() - expected.energyPerFrame()) < 1e-6);
        QCOMPARE(run.scenario.seed, 7U);
        QVERIFY(run.settings.inForce == run.scenario);
        QVERIFY(run.lastReport && run.lastReport->firstFrame == kFrames - 1);
        QVERIFY(run.lastReport->health == recorded::pricedSample(kFrames - 1).health);
    }

    void theClockGoesOnAsTheTimeOfDayDoesAndNeverBack()
    {
        const auto path = newFile();
        recorded::record(path, recorded::kRun, 4, false);
        constexpr std::int64_t kStart = 1'000'000;
        {
            auto recorder = Recorder::open(path, {});
            (*recorder)->add(recorded::kRun, RunEvent{0.01, kStart, "start", "the device begins at frame 0", {}});
            (*recorder)->add(recorded::kRun, RunEvent{900, kStart + 900, "start", "the device begins at frame 2", {}});
        }
        QVERIFY(execute(path, "DELETE FROM events WHERE kind = 'slider'"));
        interrupt(path);
        const auto resumed = readInterrupted({path, recorded::kRun});
        QVERIFY(resumed.ok());
        const auto& run = **resumed;
        QVERIFY(run.started());
        QCOMPARE(run.wallStartMs, kStart);
        QCOMPARE(run.deviceStartedAtMs, 900.0);
        QCOMPARE(run.lastMs, 900.0);
        QCOMPARE(run.clockMs(kStart + 60'000), 60'000.0);
        QCOMPARE(run.clockMs(kStart - 60'000), 900.0);
    }

    void settingsAreThoseThatSomebodyChangedLast()
    {
        Scenario first;
        first.deadlineMs = 50;
        first.bandwidth = "1MB/s";
        auto changes = first;
        changes.bandwidth = "step:2MB/s,100KB/s";
        changes.shaping.delayMs = 30;
        changes.slowdown = 2.5;
        changes.strategy = "greedy-reward";
        changes.decision = {3, 6, {codec::CodingKind::Quantized, 4}, decision::Gate{1, 0.5}};
        changes.policy = "a.policy";
        changes.correctTable = true;
        const std::vector<RunEvent> events{
            changed(10, "uplink", changes, {"bandwidth", "shaping"}),
            changed(20, "slowdown", changes, {"slowdown"}),
            changed(30, "strategy", changes, {"strategy", "decision", "policy"}),
            changed(40, "correction", changes, {"correct_table"}),
            {50, 0, "objective", "s 3 MB/s",
             R"({"kind":"paper","s_mb_per_s":3,"n":2,"accuracy_floor":0.5,"first_cut":1,"next_frame":9})"},
            {60, 0, "pause", "paused", {}},
            changed(70, "uplink", changes, {"bandwidth", "shaping"}),
        };
        const auto settings = settingsAfter(toJson(first), events, "run 1");
        QVERIFY2(settings.ok(), settings.ok() ? "" : settings.error().message().c_str());
        const auto& now = settings->inForce;
        QCOMPARE(now.bandwidth, changes.bandwidth);
        QCOMPARE(now.shaping.delayMs, 30.0);
        QCOMPARE(settings->uplinkSinceMs, 10.0);  // the same again leaves a trace where it is
        QCOMPARE(now.slowdown, 2.5);
        QCOMPARE(now.strategy, changes.strategy);
        QVERIFY(now.decision == changes.decision);
        QCOMPARE(now.policy, changes.policy);
        QVERIFY(now.correctTable);
        QCOMPARE(now.objective.sensitivity, 3.0);
        QCOMPARE(now.objective.accuracyFloor, 0.5);
        QVERIFY(settings->paused);
        // The slider took the deadline away.
        QCOMPARE(now.deadlineMs, 0.0);
        QCOMPARE(settings->deadlines.size(), 2U);
        QCOMPARE(settings->deadlines[0].second, 50.0);
        QVERIFY(settings->deadlines[1].second == decision::kNoLimit);
        // What was not changed stays.
        QCOMPARE(now.frames, first.frames);
    }

    void eventsOfEarlierVersionsSayWhatTheirTextsDo()
    {
        Scenario first;
        first.strategy = "cycle";
        const std::vector<RunEvent> events{{10, 0, "uplink", "500KB/s", {}},         {20, 0, "slowdown", "4.000000", {}},
                                           {30, 0, "strategy", "greedy-reward", {}}, {40, 0, "objective", "s 3 MB/s, n 1", {}},
                                           {50, 0, "pause", "paused", {}},           {60, 0, "pause", "resumed", {}}};
        const auto settings = settingsAfter(toJson(first), events, "run 1");
        QVERIFY(settings.ok());
        QCOMPARE(settings->inForce.bandwidth, std::string("500KB/s"));
        QCOMPARE(settings->inForce.slowdown, 4.0);
        QCOMPARE(settings->inForce.strategy, std::string("cycle"));
        QVERIFY(settings->inForce.objective == first.objective);
        QVERIFY(!settings->paused);
    }

    void faultsThatCameDoNotComeAgain()
    {
        const auto path = newFile();
        auto info = recorded::infoOf(recorded::kRun, 1000);
        auto scenario = *parseScenario(info.scenarioJson, {});
        scenario.faults = *parseFaults("stall@300:500ms restart@200 stall@100:500ms cut@400:1s");
        info.scenarioJson = toJson(scenario);
        {
            auto recorder = Recorder::open(path, {});
            (*recorder)->beginRun(info);
            const auto told = [&](const char* detail) { (*recorder)->add(recorded::kRun, RunEvent{5, 5, "fault", "", detail}); };
            told(R"({"fault":"stall:500ms","scheduled":true,"state":"begin"})");
            told(R"({"fault":"stall:500ms","state":"end"})");
            told(R"({"fault":"cut:1000ms","scheduled":false,"state":"begin"})");  // somebody's, not the scenario's
            told(R"({"fault":"restart"})");  // of a version that did not tell whose
        }
        interrupt(path);
        const auto resumed = readInterrupted({path, recorded::kRun});
        QVERIFY2(resumed.ok(), resumed.ok() ? "" : resumed.error().message().c_str());
        QCOMPARE(toString((*resumed)->faultsToCome), toString(*parseFaults("stall@300:500ms cut@400:1s")));
    }

    void onlyInterruptedRunsAreTaken_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("says");
        QTest::newRow("finished") << "finished"
                                  << "is finished";
        QTest::newRow("stopped") << "stopped"
                                 << "is stopped";
        QTest::newRow("failed") << "failed"
                                << "is failed";
        QTest::newRow("under way") << "running"
                                   << "a process that lives";
    }
    void onlyInterruptedRunsAreTaken()
    {
        QFETCH(QString, state);
        QFETCH(QString, says);
        const auto path = newFile();
        recorded::record(path, recorded::kRun, 4, false);
        QVERIFY(execute(path, "UPDATE runs SET state = '" + state.toStdString() + "'"));
        const auto resumed = readInterrupted({path, recorded::kRun});
        QVERIFY(!resumed.ok());
        QVERIFY2(QString::fromStdString(resumed.error().message()).contains(says), resumed.error().message().c_str());
        QVERIFY(!chooseInterrupted(path, "42").ok());
        const auto none = chooseInterrupted(path, "latest");
        QVERIFY(!none.ok() && none.error().code == base::ErrorCode::NotFound);
    }

    void ofTwoProcessesOneTakesIt()
    {
        const auto path = newFile();
        recorded::record(path, recorded::kRun, 4, false);
        interrupt(path);
        const auto resumed = readInterrupted({path, recorded::kRun});
        QVERIFY(resumed.ok());
        QVERIFY(claim(**resumed).ok());
        const auto second = claim(**resumed);
        QVERIFY(!second.ok() && second.error().code == base::ErrorCode::Busy);
        // A writer that is gone leaves it to others.
        QVERIFY(execute(path, "UPDATE runs SET writer = 'gone:1:1'"));
        QVERIFY(claim(**resumed).ok());
    }

    void otherFilesAreNamed()
    {
        const auto info = recorded::infoOf(recorded::kRun, 4);
        RunRow row;
        row.modelHash = info.modelHash;
        row.weightsHash = info.weightsHash;
        row.codebookHash = info.codebookHash;
        row.tableHash = info.tableHash;
        QVERIFY(checkSame(row, info).ok());
        auto other = info;
        other.tableHash = "u";
        other.codebookHash.clear();
        const auto refused = checkSame(row, other);
        QVERIFY(!refused.ok() && refused.error().code == base::ErrorCode::Mismatch);
        QVERIFY(refused.error().text.find("codebook (c…, now none), cost table (t…, now u…)") != std::string::npos);
        row = {};  // an old one, which does not tell
        QVERIFY(checkSame(row, other).ok());
    }

    /// Parts, which long runs are opened with, are made while a run is written: those of a resumed one hold the rest alone.
    void aResumedRunIsReadAsAWhole()
    {
        const auto path = newFile();
        recorded::record(path, recorded::kRun, 20, false);
        interrupt(path);
        {
            auto recorder = Recorder::open(path, {});
            (*recorder)->beginRun(recorded::infoOf(recorded::kRun, 40));
            for (std::uint64_t frame = 20; frame < 40; ++frame)
                (*recorder)->add(recorded::kRun, recorded::pricedSample(frame));
            (*recorder)->add(recorded::kRun, RunEvent{400, 1400, "resume", "resumed at frame 20 of 40", {}});
            (*recorder)->endRun(recorded::kRun, "finished");
            QVERIFY((*recorder)->flush(60'000));
        }
        const auto columns = readRun({path, recorded::kRun});
        QVERIFY(columns.ok());
        QCOMPARE(columns->size(), 40U);
        const auto row = findRun({path, recorded::kRun});
        QCOMPARE(row->totals.frames, 40U);
        QCOMPARE(row->resumes, 1);
        QVERIFY(row->ending == RunEnding::Finished);
    }
};

QTEST_GUILESS_MAIN(TestResumedRun)
#include "tst_resumed_run.moc"
