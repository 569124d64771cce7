// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/experiment_queue.h"

#include <QTest>

using namespace splitscope;
using session::ExperimentQueue;
using session::Phase;
using session::QueuedState;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

session::Scenario scenario(std::uint64_t frames, std::uint64_t seed = 7)
{
    session::Scenario s;
    s.frames = frames;
    s.seed = seed;
    return s;
}

std::vector<std::uint64_t> seeds(const session::QueuedExperiment& experiment)
{
    std::vector<std::uint64_t> all;
    for (const auto& run : experiment.runs)
        all.push_back(run.seed);
    return all;
}

/// Names and seeds in the order in which they would run.
QStringList order(ExperimentQueue queue)
{
    QStringList all;
    while (const auto job = queue.next(1)) {
        all << QStringLiteral("%1:%2").arg(QString::fromStdString(job->name)).arg(job->scenario.seed);
        queue.ended(Phase::Finished, {}, 2);
    }
    return all;
}

bool near(std::optional<double> value, double expected) { return value && std::abs(*value - expected) < 1e-6; }

}  // namespace

class TestExperimentQueue : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void runsComeInOrderWithOneSeedAfterTheOther()
    {
        ExperimentQueue queue;
        const auto a = queue.add(scenario(10), "a", "a.json", 2);
        const auto b = queue.add(scenario(10, 1), "b", "b.json", 1);
        const auto c = queue.add(scenario(10, 4), "c", "", 1);
        QVERIFY(a.ok() && b.ok() && c.ok());
        QCOMPARE(order(queue), (QStringList{"a:7", "a:8", "b:1", "c:4"}));
        queue.move(*c, 0);
        QCOMPARE(order(queue), (QStringList{"c:4", "a:7", "a:8", "b:1"}));
        queue.move(*c, 99);
        queue.move(*a, 1);
        QCOMPARE(order(queue), (QStringList{"b:1", "a:7", "a:8", "c:4"}));
        QVERIFY(queue.remove(*b).ok());
        QVERIFY(queue.setRepeats(*a, 3).ok());
        QCOMPARE(order(queue), (QStringList{"a:7", "a:8", "a:9", "c:4"}));
        QCOMPARE(seeds(*queue.find(*a)), (std::vector<std::uint64_t>{7, 8, 9}));
    }

    void repeatsAreChecked()
    {
        ExperimentQueue queue;
        QVERIFY(!queue.add(scenario(1), "a", "", 0).ok());
        QVERIFY(!queue.add(scenario(1), "a", "", ExperimentQueue::kMostRepeats + 1).ok());
        const auto late = queue.add(scenario(1, 1ULL << 53), "a", "", 2);
        QVERIFY(!late.ok());
        QVERIFY(late.error().text.find("2^53") != std::string::npos);
        const auto id = queue.add(scenario(1), "a", "", 2);
        QVERIFY(id.ok());
        static_cast<void>(queue.next(1));
        queue.ended(Phase::Finished, {}, 2);
        static_cast<void>(queue.next(3));
        QVERIFY(!queue.setRepeats(*id, 1).ok());
        QVERIFY(queue.setRepeats(*id, 2).ok());
        QVERIFY(queue.remove(*id).error().code == base::ErrorCode::Busy);
    }

    void aFailureSaysWhyAndTheQueueGoesOn()
    {
        ExperimentQueue queue;
        const auto id = queue.add(scenario(10), "a", "", 3);
        QVERIFY(id.ok());
        static_cast<void>(queue.next(1));
        QVERIFY(!queue.next(1));  // one at a time
        queue.ended(Phase::Failed, "the device does not answer", 2);
        const auto second = queue.next(3);
        QVERIFY(second && second->run == 1);
        queue.ended(Phase::Stopped, "stopped", 4);
        QVERIFY(queue.next(5));
        queue.ended(Phase::Finished, "finished", 6);
        const auto& runs = queue.find(*id)->runs;
        QVERIFY(runs[0].state == QueuedState::Failed);
        QCOMPARE(runs[0].why, std::string("the device does not answer"));
        QVERIFY(runs[1].state == QueuedState::Cancelled);
        QVERIFY(runs[2].state == QueuedState::Finished);
        QVERIFY(!queue.next(7));
        queue.again(*id);  // what did not succeed
        QCOMPARE(queue.find(*id)->count(QueuedState::Waiting), 2U);
        QVERIFY(queue.find(*id)->runs[0].why.empty());
        QCOMPARE(order(queue), (QStringList{"a:7", "a:8"}));
    }

    void heldItBeginsNothing()
    {
        ExperimentQueue queue;
        QVERIFY(queue.add(scenario(10), "a", "", 2).ok());
        QVERIFY(queue.next(1));
        queue.hold(true);
        queue.ended(Phase::Finished, {}, 2);
        QVERIFY(!queue.next(3));
        queue.hold(false);
        QVERIFY(queue.next(4));
    }

    void skippedAndCancelledOnesDoNotRun()
    {
        ExperimentQueue queue;
        const auto a = queue.add(scenario(10), "a", "", 3);
        QVERIFY(a.ok() && queue.add(scenario(10, 1), "b", "", 2).ok());
        QVERIFY(queue.next(1));
        queue.skip(*a);
        QCOMPARE(queue.find(*a)->count(QueuedState::Running), 1U);
        QCOMPARE(queue.find(*a)->count(QueuedState::Cancelled), 2U);
        queue.ended(Phase::Stopped, {}, 2);
        QCOMPARE(queue.next(3)->name, std::string("b"));
        queue.cancelWaiting();
        queue.ended(Phase::Stopped, {}, 4);
        QVERIFY(!queue.next(5));
        QCOMPARE(queue.progress(6).done, 1.0);
    }

    void timeLeftComesFromWhatFramesTook()
    {
        ExperimentQueue queue;
        const auto a = queue.add(scenario(101), "a", "", 2);
        QVERIFY(a.ok() && queue.add(scenario(50), "b", "", 1).ok());
        QVERIFY(!queue.progress(0).secondsLeft);
        QVERIFY(queue.next(1 * kSecond));
        QVERIFY(!queue.currentProgress(1 * kSecond).secondsLeft);
        queue.progressed(1, 3 * kSecond);  // the first one came late: models load
        QVERIFY(!queue.currentProgress(3 * kSecond).secondsLeft);
        queue.progressed(51, 8 * kSecond);  // 10 a second
        QVERIFY(near(queue.currentProgress(8 * kSecond).secondsLeft, 5.0));
        QVERIFY(near(queue.progress(8 * kSecond).secondsLeft, 5 + 10.1 + 5));
        QVERIFY(near(queue.currentProgress(8 * kSecond).done, 51.0 / 101));
        QVERIFY(near(queue.progress(8 * kSecond).done, 51.0 / 252));
        QVERIFY(near(queue.progress(*a, 8 * kSecond).done, 51.0 / 202));
        queue.paused(true, 8 * kSecond);
        QVERIFY(near(queue.currentProgress(60 * kSecond).secondsLeft, 5.0));  // a pause changes nothing
        queue.paused(false, 108 * kSecond);
        queue.progressed(101, 113 * kSecond);
        queue.ended(Phase::Finished, {}, 113 * kSecond);
        QVERIFY(near(queue.find(*a)->runs[0].seconds, 12.0));
        QVERIFY(near(queue.progress(*a, 113 * kSecond).secondsLeft, 12.0));  // as the one before
    }

    void intervalsBoundWhatOthersPromise()
    {
        ExperimentQueue queue;
        QVERIFY(queue.add(scenario(11), "fast", "", 1).ok());
        auto slow = scenario(100);
        slow.minIntervalMs = 2000;
        slow.batch = 4;
        const auto id = queue.add(slow, "slow", "", 1);
        QVERIFY(id.ok() && queue.next(1));
        queue.progressed(1, kSecond);
        queue.progressed(11, 2 * kSecond);
        QVERIFY(near(queue.progress(*id, 2 * kSecond).secondsLeft, 50.0));
    }

    void timesAreToldForPeople_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << 0.0 << "0 s";
        QTest::newRow("seconds") << 41.2 << "42 s";
        QTest::newRow("minutes") << 250.0 << "4 min 10 s";
        QTest::newRow("whole minutes") << 120.0 << "2 min";
        QTest::newRow("hours") << 7500.0 << "2 h 5 min";
    }
    void timesAreToldForPeople()
    {
        QFETCH(double, seconds);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(session::formatTimeLeft(seconds)), text);
    }
};

QTEST_APPLESS_MAIN(TestExperimentQueue)
#include "tst_experiment_queue.moc"
