// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/process.h"

#include "core/base/clock.h"

#include <QTest>
#include <csignal>

using namespace splitscope::base;

class TestProcess : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void streamsAndExitStatusAreToldApart()
    {
        const auto result = runProcess({"sh", "-c", "echo out; echo err >&2; exit 3"});
        QVERIFY(result.ok());
        QCOMPARE(result->exitStatus, 3);
        QCOMPARE(result->output, std::string("out\n"));
        QCOMPARE(result->errors, std::string("err\n"));
    }

    void argumentsReachTheProgramUntouched()
    {
        const auto result = runProcess({"printf", "%s|", "a b", "$HOME", "*", ""});
        QVERIFY(result.ok());
        QCOMPARE(result->output, std::string("a b|$HOME|*||"));
    }

    void muchOutputOnBothStreamsDoesNotBlock()
    {
        const auto result = runProcess({"sh", "-c", "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2"});
        QVERIFY(result.ok());
        QCOMPARE(result->output.size(), std::size_t(300000));
        QCOMPARE(result->errors.size(), std::size_t(300000));
    }

    void aProgramThatWaitsForInputFindsNone()
    {
        const auto result = runProcess({"cat"});
        QVERIFY(result.ok());
        QVERIFY(result->ok());
        QVERIFY(result->output.empty());
    }

    void muchInputIsFedAndItsWayReported()
    {
        ProcessOptions options;
        options.input = std::string(1'000'000, 'x');
        std::size_t fed = 0;
        std::string heard;
        pid_t started = 0;
        options.fed = [&](std::size_t bytes) { fed = bytes; };
        options.heard = [&](std::string_view text) { heard += text; };
        options.started = [&](pid_t id) { started = id; };
        const auto result = runProcess({"sh", "-c", "echo $$; wc -c"}, options);
        QVERIFY(result.ok());
        QCOMPARE(fed, options.input.size());
        QCOMPARE(QString::fromStdString(heard).simplified(), QString("%1 1000000").arg(started));
        QVERIFY(result->output.empty());
    }

    /// Who does not read to the end has ended by itself, and that counts.
    void aProgramThatLeavesItsInputIsNoError()
    {
        ProcessOptions options;
        options.input = std::string(1'000'000, 'x');
        const auto result = runProcess({"sh", "-c", "exit 4"}, options);
        QVERIFY(result.ok());
        QCOMPARE(result->exitStatus, 4);
    }

    void aProgramEndsWhenItIsToldTo()
    {
        std::stop_source stop;
        ProcessOptions options;
        options.timeoutMs = 300'000;
        options.stop = stop.get_token();
        options.heard = [&](std::string_view) { stop.request_stop(); };
        const auto result = runProcess({"sh", "-c", "echo here; exec sleep 300"}, options);
        QVERIFY(!result.ok());
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
    }

    void anEndlessProgramIsKilledAtItsLimit_data()
    {
        QTest::addColumn<QString>("script");
        QTest::newRow("with open streams") << "exec sleep 60";
        QTest::newRow("with closed streams") << "exec sleep 60 >&- 2>&-";
        QTest::newRow("that ignores the polite signal") << "trap '' TERM; exec sleep 60";
    }
    void anEndlessProgramIsKilledAtItsLimit()
    {
        QFETCH(QString, script);
        const auto result = runProcess({"sh", "-c", script.toStdString()}, 50);
        QVERIFY(!result.ok());
        QCOMPARE(result.error().code, ErrorCode::Unreachable);
        QVERIFY(result.error().text.find("50 ms") != std::string::npos);
    }

    void deathBySignalShowsInTheExitStatus()
    {
        const auto result = runProcess({"sh", "-c", "kill -KILL $$"});
        QVERIFY(result.ok());
        QCOMPARE(result->exitStatus, 128 + SIGKILL);
    }

    void missingProgramsAreNamed()
    {
        const auto result = runProcess({"no-such-program-anywhere"});
        QVERIFY(!result.ok());
        QCOMPARE(result.error().code, ErrorCode::NotFound);
        QCOMPARE(result.error().where, std::string("no-such-program-anywhere"));
        QVERIFY(!runProcess({}).ok());
        QVERIFY(findProgram("/etc").empty());
        QVERIFY(findProgram("").empty());
    }

    void programsAreFoundWhereAShellFindsThem()
    {
        QVERIFY(!findProgram("sh").empty());
        QCOMPARE(findProgram("/bin/sh").string(), std::string("/bin/sh"));
    }

    void failuresQuoteWhatTheProgramSaid()
    {
        const auto result = runProcessOrFail({"sh", "-c", "echo 'disk on fire' >&2; exit 1"});
        QVERIFY(!result.ok());
        QCOMPARE(result.error().text, std::string("disk on fire"));
        QVERIFY(runProcessOrFail({"true"}).ok());
    }
};

QTEST_APPLESS_MAIN(TestProcess)
#include "tst_process.moc"
