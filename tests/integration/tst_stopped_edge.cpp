// SPDX-License-Identifier: GPL-3.0-or-later
// An edge is stopped (SIGSTOP) after it has computed an answer and before it has sent it, and continued when the device has given
// it up: the frame has one outcome, and the late answer is discarded. This program is the edge, too: `--edge FOLDER ADDRESS KEY`.
#include "core/base/clock.h"
#include "core/session/books.h"
#include "core/session/process_usage.h"
#include "tests/integration/collector.h"
#include "tests/integration/daemon_process.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <cstdio>

using namespace splitscope;

namespace {

constexpr int kFrames = 600;
constexpr std::uint64_t kStopsAt = 50;
constexpr double kIntervalMs = 20;  ///< the run goes on for a while after the edge does
constexpr int kPatienceMs = 60'000;

/// Stops its own process with the answer to one frame in its hands.
class StoppingEdge : public Collector {
public:
    void onLogits(const wire::Request& request, const base::Tensor&) override
    {
        if (request.firstFrame == kStopsAt)
            static_cast<void>(::raise(SIGSTOP));
    }
};

int runEdge(const char* folder, const char* address, const char* key)
{
    session::Scenario scenario;
    scenario.device = address;
    scenario.deviceKey = key;
    scenario.strategy = "fixed";
    scenario.decision = {3, 6, {codec::CodingKind::Quantized, 8}};
    scenario.frames = kFrames;
    scenario.minIntervalMs = kIntervalMs;
    scenario.costTable = "none";
    session::ExperimentOptions options;
    options.outFolder = folder;
    StoppingEdge edge;
    const auto experiment = session::Experiment::start(scenario, options, edge);
    if (!experiment || !(*experiment)->waitUntilEnded(kPatienceMs))
        return 1;
    const auto records = edge.records();
    const auto stopped = std::find_if(records.begin(), records.end(),
                                      [](const wire::FrameRecord& record) { return record.firstFrame == kStopsAt; });
    const auto summary = (*experiment)->summary();
    const QJsonObject told{{"run", static_cast<qint64>((*experiment)->run())},
                           {"records", static_cast<int>(records.size())},
                           {"lost", static_cast<int>(summary.lost())},
                           {"discarded_here", static_cast<int>(summary.discarded())},
                           {"discarded_there", static_cast<int>((*experiment)->status().device.discarded)},
                           {"outcome", QString::fromStdString(session::toString(stopped->outcome))},
                           {"reason", QString::fromStdString(stopped->reason)}};
    std::puts(QJsonDocument(told).toJson(QJsonDocument::Compact).constData());
    return 0;
}

}  // namespace

class TestStoppedEdge : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anAnswerInTheHandsOfAStoppedEdgeIsDiscarded()
    {
        QTemporaryDir out;
        DaemonProcess daemon;
        const auto log = out.filePath("daemon.log");
        daemon.logInto(log);
        QVERIFY(daemon.start());
        QProcess edge;
        edge.start(QCoreApplication::applicationFilePath(),
                   {"--edge", out.path(), QString::fromStdString(daemon.address()), QString::fromStdString(daemon.key())});
        QVERIFY(edge.waitForStarted());
        const auto pid = static_cast<pid_t>(edge.processId());
        QTRY_VERIFY2_WITH_TIMEOUT(session::isStopped(pid), edge.readAllStandardError().constData(), kPatienceMs);
        const auto daemonSaid = [&log](const char* what) {
            QFile file(log);
            return file.open(QIODevice::ReadOnly) && file.readAll().contains(what);
        };
        QTRY_VERIFY_WITH_TIMEOUT(daemonSaid("is silent; its run goes on here alone"), kPatienceMs);
        const auto silentNs = base::nowNs();
        constexpr double kLongerMs = 3'000;  // than the device would wait for that frame
        QTRY_VERIFY_WITH_TIMEOUT(base::toMs(base::nowNs() - silentNs) > kLongerMs, kPatienceMs);
        ::kill(pid, SIGCONT);
        QVERIFY(edge.waitForFinished(2 * kPatienceMs));
        QVERIFY2(edge.exitCode() == 0, edge.readAllStandardError().constData());

        const auto told = QJsonDocument::fromJson(edge.readAllStandardOutput()).object();
        QCOMPARE(told["outcome"].toString(), QStringLiteral("fallback"));
        QVERIFY2(told["reason"].toString().startsWith(QLatin1String("edge silent for ")), qPrintable(told["reason"].toString()));
        QCOMPARE(told["records"].toInt(), kFrames);  // each frame once
        QCOMPARE(told["lost"].toInt(), 0);
        QVERIFY(told["discarded_here"].toInt() >= 1);
        QVERIFY(told["discarded_there"].toInt() >= 1);
        const auto books = session::checkBooks(out.filePath("records.sqlite").toStdString(),
                                               static_cast<std::uint64_t>(told["run"].toInteger()));
        QVERIFY(books.ok() && books->balanced());
        QCOMPARE(books->frames, static_cast<std::uint64_t>(kFrames));
    }
};

int main(int argc, char** argv)
{
    if (argc == 5 && std::string(argv[1]) == "--edge")
        return runEdge(argv[2], argv[3], argv[4]);
    QCoreApplication app(argc, argv);
    TestStoppedEdge test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_stopped_edge.moc"
