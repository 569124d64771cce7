// SPDX-License-Identifier: GPL-3.0-or-later
// `splitscope-cli run` killed in the middle of a run, and `run --resume`: the same run goes on, and every frame id has exactly
// one outcome over both processes.
#include "core/session/books.h"
#include "core/session/run_library.h"
#include "tests/core/session/old_records.h"
#include "tests/integration/cli_program.h"
#include "tests/integration/daemon_process.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <filesystem>
#include <optional>

using namespace splitscope;

namespace {

constexpr int kWaitMs = 180'000;
constexpr int kFrames = 3'000;

/// A run's database, asked with SQL.
class Records {
public:
    explicit Records(const QTemporaryDir& folder) : m_file(folder.filePath("records.sqlite").toStdString()) {}
    [[nodiscard]] const std::string& file() const { return m_file; }
    [[nodiscard]] std::int64_t number(const std::string& sql) const { return query(m_file, sql); }
    [[nodiscard]] std::int64_t frames() const { return number("SELECT count(*) FROM frames"); }
    [[nodiscard]] std::int64_t events(const std::string& that) const
    {
        return number("SELECT count(*) FROM events WHERE " + that);
    }
    [[nodiscard]] std::uint64_t run() const { return static_cast<std::uint64_t>(number("SELECT max(run) FROM runs")); }
    [[nodiscard]] session::RunEnding ending() const { return session::findRun({m_file, run()})->ending; }
    /// Requests that were captured before one of an earlier frame.
    [[nodiscard]] std::int64_t stepsBack() const
    {
        return number(
            "SELECT count(*) FROM (SELECT captured_at_ms - lag(captured_at_ms) OVER (ORDER BY first_frame) AS step FROM "
            "requests WHERE outcome <> 'lost') WHERE step < 0");
    }

private:
    std::string m_file;
};

/// Runs until so many frames are recorded, then dies of SIGKILL.
void runAndKill(const QStringList& arguments, const Records& records, std::int64_t frames)
{
    QProcess edge;
    edge.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    edge.start(SPLITSCOPE_BIN "/splitscope-cli", arguments);
    QVERIFY(edge.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(records.frames() > frames || edge.state() == QProcess::NotRunning, kWaitMs);
    QCOMPARE(edge.state(), QProcess::Running);
    edge.kill();
    QVERIFY(edge.waitForFinished());
    QVERIFY(records.ending() == session::RunEnding::Interrupted);
}

Ran resume(const QTemporaryDir& out, const QStringList& more = {"--json"})
{
    return runCli(QStringList{"run", "--resume", "--out", out.path()} + more, kWaitMs);
}

QJsonObject summaryOf(const Ran& ran) { return QJsonDocument::fromJson(ran.out).object(); }

QStringList loopbackArguments(const QTemporaryDir& out, const QStringList& more = {})
{
    return QStringList{"run",        "--strategy", "fixed", "--frames", QString::number(kFrames),
                       "--interval", "4ms",        "--out", out.path()}
    + more;
}

}  // namespace

class TestResume : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_config;

    /// All frames have their outcome, in the one run, and the summary told the same.
    static void checkWhole(const Records& records, const QJsonObject& summary)
    {
        QCOMPARE(records.number("SELECT count(*) FROM runs"), 1);
        QCOMPARE(records.frames(), kFrames);
        const auto books = session::checkBooks(records.file(), records.run());
        QVERIFY(books.ok() && books->balanced());
        QVERIFY(records.ending() == session::RunEnding::Finished);
        QCOMPARE(records.stepsBack(), 0);
        QCOMPARE(records.events("kind = 'resume'"), 1);
        QCOMPARE(summary["frames"].toInt(), kFrames);
        QCOMPARE(summary["done"].toInt(), static_cast<int>(books->done));
        QCOMPARE(summary["fallback"].toInt(), static_cast<int>(books->fallback));
        QCOMPARE(summary["lost"].toInt(), static_cast<int>(books->lost));
    }

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("XDG_CONFIG_HOME", m_config.path().toUtf8());
        qputenv("XDG_DATA_HOME", m_config.path().toUtf8());
    }

    /// What the device finished alone meanwhile arrives, and it is not told to begin again.
    void aDeviceThatKeptRunningLosesNothing()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        QTemporaryDir out;
        const Records records(out);
        runAndKill(daemon.runArguments(kFrames, "4ms", out.path()) + QStringList{"--fault", "stall@20:100ms"}, records, 200);
        const auto before = records.frames();
        const auto ran = resume(out);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        checkWhole(records, summaryOf(ran));
        QCOMPARE(records.number("SELECT count(*) FROM requests WHERE outcome = 'lost'"), 0);
        QVERIFY(records.number("SELECT count(*) FROM requests WHERE outcome = 'fallback' AND first_frame >= "
                               + std::to_string(before))
                >= 1);
        QCOMPARE(records.events("kind = 'start'"), 1);
        QCOMPARE(records.events("kind = 'resume' AND json_extract(detail, '$.still_runs')"), 1);
        QCOMPARE(records.events("kind = 'fault' AND json_extract(detail, '$.state') = 'begin'"), 1);
        // `runs` tells of it.
        QVERIFY(runCli({"runs", "list", "--records", out.path()}, kWaitMs).out.contains("finished, resumed"));
        const auto shown = runCli({"runs", "show", "--records", out.path()}, kWaitMs);
        QVERIFY2(shown.out.contains("of 3000 after"), shown.out.constData());
    }

    /// The edge computes again, and nothing stands still between: stopped by hand once it does.
    void theEdgeTakesItsHalfUpAgain()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        QTemporaryDir out;
        const Records records(out);
        runAndKill(daemon.runArguments(1'000'000, "4ms", out.path()), records, 50);
        QProcess edge;
        edge.start(SPLITSCOPE_BIN "/splitscope-cli", {"run", "--resume", "--out", out.path(), "--json"});
        QVERIFY(edge.waitForStarted());
        QTRY_COMPARE_WITH_TIMEOUT(records.events("kind = 'resume'"), 1, kWaitMs);
        const auto resumedAt
            = std::to_string(records.number("SELECT json_extract(detail, '$.next_frame') FROM events WHERE kind = 'resume'"));
        const auto together = "SELECT count(*) FROM requests WHERE outcome = 'done' AND first_frame >= " + resumedAt;
        QTRY_VERIFY_WITH_TIMEOUT(records.number(together) > 100, kWaitMs);
        QCOMPARE(records.number("SELECT count(*) FROM requests WHERE outcome = 'lost'"), 0);
        ::kill(static_cast<pid_t>(edge.processId()), SIGINT);
        QVERIFY(edge.waitForFinished(kWaitMs));
        QVERIFY(records.ending() == session::RunEnding::Stopped);
        QVERIFY(session::checkBooks(records.file(), records.run())->balanced());
        QCOMPARE(records.stepsBack(), 0);
    }

    void aDeviceThatWasKilledTooBeginsAtTheNextFrame()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        QTemporaryDir out;
        const Records records(out);
        runAndKill(daemon.runArguments(kFrames, "4ms", out.path()), records, 200);
        daemon.kill();
        QVERIFY(daemon.start());
        const auto ran = resume(out);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        checkWhole(records, summaryOf(ran));
        QCOMPARE(records.events("kind = 'start'"), 2);
        QCOMPARE(records.events("kind = 'resume' AND NOT json_extract(detail, '$.still_runs')"), 1);
        QVERIFY(summaryOf(ran)["lost"].toInt() < kFrames / 2);
    }

    void aLoopbackRunGoesOnWithAnotherDaemon()
    {
        QTemporaryDir out;
        const Records records(out);
        runAndKill(loopbackArguments(out), records, 200);
        const auto ran = resume(out, {});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QVERIFY2(ran.out.contains("finished:") && ran.out.contains("3000"), ran.out.constData());
        QVERIFY(records.frames() == kFrames && session::checkBooks(records.file(), records.run())->balanced());
        QVERIFY(QFile::exists(out.filePath("frames.csv")));
        // Once is enough.
        const auto again = resume(out);
        QCOMPARE(again.exitCode, 1);
        QVERIFY2(again.err.contains("nothing to resume"), again.err.constData());
    }

    /// The trace's first step is over long before the kill, and does not come again with another daemon.
    void aTraceGoesOnWhereItWouldStand()
    {
        QTemporaryDir out;
        const Records records(out);
        QStringList arguments = loopbackArguments(
            out,
            {"--exit", "3", "--partition", "6", "--bits", "8", "--bandwidth", "sweep:900KB/s..800KB/s,steps=2,dwell=1s,once"});
        arguments[arguments.indexOf("--frames") + 1] = "1000000";
        runAndKill(arguments, records, 400);
        QVERIFY(records.number("SELECT max(captured_at_ms) FROM requests") > 1'000);
        const auto last = std::to_string(records.number("SELECT max(first_frame) FROM requests"));
        QProcess edge;
        edge.start(SPLITSCOPE_BIN "/splitscope-cli", {"run", "--resume", "--out", out.path(), "--json"});
        QTRY_VERIFY_WITH_TIMEOUT(
            records.number("SELECT count(*) FROM requests WHERE outcome = 'done' AND first_frame > " + last) > 100, kWaitMs);
        edge.kill();
        QVERIFY(edge.waitForFinished());
        QCOMPARE(records.number("SELECT count(*) FROM requests WHERE outcome = 'done' AND set_bytes_per_second <> 800000 AND "
                                "first_frame > "
                                + last),
                 0);
    }

    /// Killed again and again, with another process each time, it still is one run.
    void aRunMayBeInterruptedMoreThanOnce()
    {
        QTemporaryDir out;
        const Records records(out);
        runAndKill(loopbackArguments(out), records, 200);
        runAndKill({"run", "--resume", "--out", out.path()}, records, records.frames() + 200);
        const auto ran = resume(out);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QCOMPARE(records.events("kind = 'resume'"), 2);
        QCOMPARE(records.events("kind = 'start'"), 3);
        QCOMPARE(summaryOf(ran)["frames"].toInt(), kFrames);
        QVERIFY(records.frames() == kFrames && session::checkBooks(records.file(), records.run())->balanced());
        QCOMPARE(records.stepsBack(), 0);
    }

    void whatCannotBeResumedIsRefused()
    {
        QTemporaryDir out;
        const Records records(out);
        const auto nowhere = resume(out);
        QCOMPARE(nowhere.exitCode, 1);
        const auto table = out.filePath("table.costs.json.zst");
        const auto costs = [](const char* name) {
            return QStringLiteral(SPLITSCOPE_SOURCE "/resources/models/alexnet3/%1.costs.json.zst").arg(name);
        };
        QVERIFY(QFile::copy(costs("patterns"), table));
        const auto arguments = loopbackArguments(out, {"--cost-table", table});

        QProcess edge;
        edge.start(SPLITSCOPE_BIN "/splitscope-cli", arguments);
        QTRY_VERIFY_WITH_TIMEOUT(records.frames() > 50, kWaitMs);
        const auto number = QString::number(records.run());
        const auto busy = resume(out, {number});
        QCOMPARE(busy.exitCode, 1);
        QVERIFY2(busy.err.contains("a process that lives"), busy.err.constData());
        edge.kill();
        QVERIFY(edge.waitForFinished());

        const auto unknown = resume(out, {"17"});
        QCOMPARE(unknown.exitCode, 1);
        QVERIFY2(unknown.err.contains("there is no run 17") && unknown.err.contains(number.toUtf8()), unknown.err.constData());
        const auto contradicts = resume(out, {"--frames", "9"});
        QCOMPARE(contradicts.exitCode, 2);
        QVERIFY2(contradicts.err.contains("--frames") && contradicts.err.contains("as its records say"),
                 contradicts.err.constData());

        // Another table is named, and nothing of the run changes.
        QVERIFY(QFile::remove(table) && QFile::copy(costs("cifar10"), table));
        const auto before = records.frames();
        const auto other = resume(out, {number});
        QCOMPARE(other.exitCode, 1);
        QVERIFY2(other.err.contains("other files: cost table ("), other.err.constData());
        QVERIFY(records.ending() == session::RunEnding::Interrupted);
        QCOMPARE(records.frames(), before);
        QVERIFY(QFile::remove(table) && QFile::copy(costs("patterns"), table));
        const auto ran = resume(out, {number, "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        checkWhole(records, summaryOf(ran));
        const auto finished = resume(out, {number});
        QCOMPARE(finished.exitCode, 1);
        QVERIFY2(finished.err.contains("is finished"), finished.err.constData());
    }

    /// It stays interrupted, and is resumed when the device is there again.
    void aDeviceThatDoesNotAnswerLeavesTheRunAsItIs()
    {
        DaemonProcess daemon;
        QVERIFY(daemon.start());
        QTemporaryDir out;
        const Records records(out);
        runAndKill(daemon.runArguments(kFrames, "4ms", out.path()), records, 200);
        daemon.kill();
        const auto before = records.frames();
        const auto silent = resume(out);
        QCOMPARE(silent.exitCode, 1);
        QVERIFY2(silent.err.contains("does not answer"), silent.err.constData());
        QVERIFY(records.ending() == session::RunEnding::Interrupted);
        QCOMPARE(records.frames(), before);
        QVERIFY(daemon.start());
        const auto ran = resume(out);
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        checkWhole(records, summaryOf(ran));
    }
};

QTEST_GUILESS_MAIN(TestResume)
#include "tst_resume.moc"
