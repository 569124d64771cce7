// SPDX-License-Identifier: GPL-3.0-or-later
// A whole edge, killed while an experiment runs: its records are intact and lack the last second at most.
#include "core/session/books.h"
#include "core/session/experiment.h"
#include "core/session/exports.h"
#include "core/session/recorder.h"
#include "core/session/run_library.h"
#include "tests/core/session/old_records.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace splitscope;

namespace {

constexpr double kMayBeLostMs = 1'000;

/// Says when each request was finished, by the run's own clock.
class Teller : public session::ExperimentObserver {
public:
    void onSample(const session::Sample& sample) override
    {
        std::printf("%llu %.3f\n", static_cast<unsigned long long>(sample.record.firstFrame),
                    sample.record.capturedAtMs + sample.record.stages.total);
        std::fflush(stdout);
    }
    void onStatus(const session::ExperimentStatus&) override {}
    void onTrouble(const base::Error& error) override { std::fprintf(stderr, "%s\n", error.message().c_str()); }
};

/// Helper mode: runs an experiment until it is killed.
int runForever(const char* folder)
{
    session::Scenario scenario;
    scenario.strategy = "fixed";
    scenario.frames = 1'000'000;
    scenario.minIntervalMs = 4;
    scenario.costTable = "none";
    Teller teller;
    const auto experiment
        = session::Experiment::start(scenario, {.outFolder = folder, .daemonProgram = SPLITSCOPE_BIN "/splitscoped"}, teller);
    if (!experiment)
        return 1;
    constexpr double kForeverMs = 3'600'000;
    (*experiment)->waitUntilEnded(kForeverMs);
    return 1;
}

}  // namespace

class TestCrash : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aKilledEdgeLosesItsLastSecondAtMost()
    {
        QTemporaryDir out;
        QProcess edge;
        edge.start(QCoreApplication::applicationFilePath(), {"--run-forever", out.path()});
        QVERIFY(edge.waitForStarted());
        QByteArray said;
        QTRY_VERIFY2_WITH_TIMEOUT((said += edge.readAllStandardOutput()).count('\n') > 600,
                                  edge.readAllStandardError().constData(), 120'000);
        edge.kill();  // SIGKILL
        QVERIFY(edge.waitForFinished());
        said += edge.readAllStandardOutput();
        auto lines = said.split('\n');
        lines.removeLast();  // empty, or cut short
        const auto records = out.filePath("records.sqlite").toStdString();

        // Before anybody writes to it again: what a reader finds.
        const auto list = session::listRuns(records);
        QVERIFY2(list.ok(), list.ok() ? "" : list.error().message().c_str());
        QCOMPARE(list->runs.size(), 1U);
        const auto& row = list->runs.front();
        QVERIFY(row.ending == session::RunEnding::Interrupted);
        QCOMPARE(query(records, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
        const auto columns = session::readRun(row.key);
        QVERIFY(columns.ok());
        QSet<quint64> written;
        for (std::size_t i = 0; i < columns->size(); ++i)
            written.insert(columns->firstFrame[i]);
        const double killedAtMs = lines.last().split(' ').last().toDouble();
        int due = 0;
        for (const auto& line : lines) {
            const auto fields = line.split(' ');
            if (fields.size() != 2 || fields[1].toDouble() > killedAtMs - kMayBeLostMs)
                continue;
            ++due;
            QVERIFY2(written.contains(fields[0].toULongLong()), line.constData());
        }
        QVERIFY(due > 50);
        QCOMPARE(query(records, "SELECT count(*) FROM frames"), static_cast<std::int64_t>(row.totals.frames));

        // The rest of it is whole as well: how it began, what the device said, and the way out as a file.
        QVERIFY(!row.weightsHash.empty() && !row.environment.empty());
        const auto events = session::readEvents(row.key);
        const auto isRunning = [](const session::RunEvent& event) { return event.kind == "phase" && event.text == "running"; };
        QVERIFY(std::any_of(events->begin(), events->end(), isRunning));
        QVERIFY(!session::readHealth(row.key)->empty());
        const auto csv = out.filePath("run.csv").toStdString();
        QVERIFY(session::exportCsv(row.key, session::ExportTable::Requests, csv).ok());
        QCOMPARE(session::readRequestsCsv(csv)->size(), columns->size());

        // The next recorder goes on with the file and says what became of the run.
        QVERIFY(session::Recorder::open(records, {}).ok());
        QCOMPARE(query(records, "SELECT count(*) FROM runs WHERE state = 'interrupted'"), 1);
        QVERIFY(session::checkBooks(records, row.key.run)->balanced());
    }
};

int main(int argc, char** argv)
{
    if (argc == 3 && std::string(argv[1]) == "--run-forever")
        return runForever(argv[2]);
    QCoreApplication app(argc, argv);
    TestCrash test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_crash.moc"
