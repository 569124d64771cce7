// SPDX-License-Identifier: GPL-3.0-or-later
// What the daemon's worker has still to do is bounded by what it weighs; what is over the bound is refused, nothing else.
#include "device_daemon/task_queue.h"

#include <QTest>

#include <latch>

using splitscope::daemon::TaskQueue;

namespace {

constexpr std::size_t kMegabyte = 1ULL << 20;

/// Once there is room for it.
bool postInTime(TaskQueue& queue, const std::function<void()>& task, std::size_t bytes = 0)
{
    return QTest::qWaitFor([&] { return queue.post(task, bytes); }, 60'000);
}

}  // namespace

class TestTaskQueue : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tasksOverTheWeightAreRefusedUntilOthersAreDone()
    {
        TaskQueue queue(256 * kMegabyte);  // the daemon's (SECURITY.md)
        std::latch begun(1), mayEnd(1);
        int done = 0;  // the worker's, read when it has stopped
        QVERIFY(queue.post([&] {
            begun.count_down();
            mayEnd.wait();
        }));
        begun.wait();
        for (int i = 0; i < 255; ++i)
            QVERIFY(queue.post([&] { ++done; }, kMegabyte));
        QVERIFY(!queue.post([&] { ++done; }, kMegabyte));  // each weighs a little more than what it holds
        QVERIFY(queue.post([&] { ++done; }, kMegabyte / 2));  // there is room for that
        mayEnd.count_down();
        QVERIFY(postInTime(
            queue, [&] { ++done; }, 255 * kMegabyte));  // all are done, and weigh no more
        std::latch last(1);
        QVERIFY(queue.post([&] { last.count_down(); }));
        last.wait();
        queue.stop();
        QCOMPARE(done, 257);
    }

    void tasksWithoutPayloadAreBoundedToo()
    {
        TaskQueue queue(64 * 1024);
        std::latch begun(1), mayEnd(1);
        QVERIFY(queue.post([&] {
            begun.count_down();
            mayEnd.wait();
        }));
        begun.wait();
        int taken = 0;
        while (queue.post([] {}) && taken < 1000)
            ++taken;
        QCOMPARE(taken, 63);  // a kilobyte each, the one that runs as well
        mayEnd.count_down();
        queue.stop();
        QVERIFY(!queue.post([] {}));
    }

    void aTaskThatThrowsEndsAlone()
    {
        TaskQueue queue(kMegabyte);
        std::latch last(1);
        QVERIFY(queue.post([] { throw std::runtime_error("damaged"); }, kMegabyte / 2));
        QVERIFY(queue.post([&] { last.count_down(); }));
        last.wait();
        QVERIFY(postInTime(
            queue, [] {}, kMegabyte * 3 / 4));  // it weighs no more either
    }
};

QTEST_GUILESS_MAIN(TestTaskQueue)
#include "tst_task_queue.moc"
