// SPDX-License-Identifier: GPL-3.0-or-later
// Runs are copied from one database into another: whole, once, and only those that finished.
#include "core/session/run_copy.h"
#include "core/session/run_library.h"
#include "tests/core/session/old_records.h"
#include "tests/core/session/recorded_run.h"

#include <QTemporaryDir>
#include <QTest>

using namespace splitscope;
using namespace recorded;

class TestRunCopy : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }

private Q_SLOTS:
    void everythingOfAFinishedRunArrives()
    {
        record(path("from"), 1, 40);
        record(path("to"), 2, 8);
        QVERIFY(session::setTags({path("from"), 1}, {"night"}).ok());
        const auto copied = session::copyFinishedRuns(path("from"), path("to"));
        QVERIFY2(copied.ok(), copied.ok() ? "" : copied.error().message().c_str());
        QCOMPARE(*copied, 1U);
        const auto before = session::findRun({path("from"), 1}), after = session::findRun({path("to"), 1});
        QVERIFY(before.ok() && after.ok());
        QCOMPARE(after->totals, before->totals);
        QCOMPARE(after->tags, std::vector<std::string>{"night"});
        QCOMPARE(after->scenarioJson, before->scenarioJson);
        QCOMPARE(session::readRun({path("to"), 1})->size(), session::readRun({path("from"), 1})->size());
        for (const std::uint64_t run : {1, 2}) {
            QCOMPARE(session::readEvents({path("to"), run})->size(), 1U);
            QCOMPARE(session::readHealth({path("to"), run})->size(), 1U);
        }
        QCOMPARE(query(path("to"), "SELECT count(*) FROM frames"), 48);
    }

    void copyingAgainDoublesNothing()
    {
        record(path("again"), 7, 12);
        QCOMPARE(*session::copyFinishedRuns(path("again"), path("new")), 1U);
        QCOMPARE(*session::copyFinishedRuns(path("again"), path("new")), 0U);
        QCOMPARE(query(path("new"), "SELECT count(*) FROM events"), 1);
        QCOMPARE(session::listRuns(path("new"))->runs.size(), 1U);
    }

    void whatDidNotFinishStays()
    {
        record(path("half"), 9, 12, false);
        QCOMPARE(*session::copyFinishedRuns(path("half"), path("none")), 0U);
        QVERIFY(session::listRuns(path("none"))->runs.empty());
    }

    void troublesAreToldAndLeaveTheTargetAlone()
    {
        record(path("kept"), 3, 4);
        QVERIFY(!session::copyFinishedRuns(path("missing"), path("kept")).ok());
        QVERIFY(execute(path("foreign"), "CREATE TABLE recipes(name)"));
        QVERIFY(!session::copyFinishedRuns(path("foreign"), path("kept")).ok());
        QVERIFY(!session::copyFinishedRuns(path("kept"), path("foreign")).ok());
        QCOMPARE(session::listRuns(path("kept"))->runs.size(), 1U);
    }
};

QTEST_GUILESS_MAIN(TestRunCopy)
#include "tst_run_copy.moc"
