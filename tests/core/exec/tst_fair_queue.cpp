// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/fair_queue.h"

#include <QTest>
#include <algorithm>
#include <numeric>

using namespace splitscope;
using namespace splitscope::exec;

namespace {

constexpr std::size_t kMany = 1000;

Suffix suffix(int exit = 1, int partition = 3) { return {nullptr, exit, partition}; }

FairQueue::Waiting waiting(FairQueue::Device device, std::uint64_t frame, const Suffix& what = suffix(), int count = 1)
{
    FairQueue::Waiting item{device, what, {}};
    item.arrived.request.firstFrame = frame;
    item.arrived.request.count = count;
    return item;
}

/// "device:frame" of each, in order.
QStringList names(const std::vector<FairQueue::Waiting>& batch)
{
    QStringList all;
    for (const auto& each : batch)
        all << QString("%1:%2").arg(each.device).arg(each.arrived.request.firstFrame);
    return all;
}

/// Devices that always have requests waiting, until so many batches were computed. A row of a suffix takes what `msPerRow` says.
struct Played {
    std::map<FairQueue::Device, int> rows;
    std::map<FairQueue::Device, double> ms;
};
Played play(FairQueue& queue, const std::map<FairQueue::Device, Suffix>& devices, int batches,
            const std::map<int, double>& msPerRow)
{
    Played played;
    for (const auto& [device, what] : devices)
        queue.join(device, 4);
    for (int i = 0; i < batches; ++i) {
        for (const auto& [device, what] : devices)
            while (queue.waiting(device) < 2)
                queue.push(waiting(device, 0, what));
        for (const auto& each : queue.take()) {
            const double ms = msPerRow.at(each.suffix.exit);
            queue.charge(each.device, ms);
            ++played.rows[each.device];
            played.ms[each.device] += ms;
        }
    }
    return played;
}

double maxOverMin(const auto& byDevice)
{
    const auto [least, most] = std::ranges::minmax_element(byDevice, {}, [](const auto& each) { return each.second; });
    return static_cast<double>(most->second) / static_cast<double>(least->second);
}

}  // namespace

class TestFairQueue : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void equalSuffixesShareABatchUpToItsRows()
    {
        FairQueue queue(3);
        for (const FairQueue::Device device : {1, 2, 3, 4}) {
            queue.join(device, kMany);
            queue.push(waiting(device, 0));
        }
        QCOMPARE(names(queue.take()), QStringList({"1:0", "2:0", "3:0"}));
        QCOMPARE(names(queue.take()), QStringList({"4:0"}));  // takes what is there, waits for nothing
        QVERIFY(queue.empty());
        QVERIFY(queue.take().empty());
    }

    void otherSuffixesDoNot_data()
    {
        QTest::addColumn<int>("exit");
        QTest::addColumn<int>("partition");
        QTest::newRow("exit") << 2 << 3;
        QTest::newRow("cut") << 1 << 4;
    }
    void otherSuffixesDoNot()
    {
        QFETCH(int, exit);
        QFETCH(int, partition);
        FairQueue queue(64);
        for (const FairQueue::Device device : {1, 2, 3})
            queue.join(device, kMany);
        queue.push(waiting(1, 0));
        queue.push(waiting(2, 0, suffix(exit, partition)));
        queue.push(waiting(3, 0));
        QCOMPARE(names(queue.take()), QStringList({"1:0", "3:0"}));
        QCOMPARE(names(queue.take()), QStringList({"2:0"}));
    }

    /// One of each device before a second one of any; and a request that does not fit lets smaller ones pass.
    void oneOfEachComesBeforeASecondOne()
    {
        FairQueue queue(5);
        for (const FairQueue::Device device : {1, 2, 3})
            queue.join(device, kMany);
        for (const std::uint64_t frame : {0, 1, 2, 3})
            queue.push(waiting(1, frame));
        queue.push(waiting(2, 0));
        queue.push(waiting(3, 0, suffix(), 4));
        QCOMPARE(names(queue.take()), QStringList({"1:0", "2:0", "1:1", "1:2", "1:3"}));
        QCOMPARE(names(queue.take()), QStringList({"3:0"}));
    }

    /// A device's requests are answered in the order in which they came, whatever else would fit.
    void aDevicesRequestsStayInOrder()
    {
        FairQueue queue(64);
        queue.join(1, kMany);
        queue.push(waiting(1, 0));
        queue.push(waiting(1, 1, suffix(2)));
        queue.push(waiting(1, 2));
        QCOMPARE(names(queue.take()), QStringList({"1:0"}));
        QCOMPARE(names(queue.take()), QStringList({"1:1"}));
        QCOMPARE(names(queue.take()), QStringList({"1:2"}));
    }

    void aRequestOfMoreRowsThanABatchIsComputedAlone()
    {
        FairQueue queue(2);
        queue.join(1, kMany);
        queue.join(2, kMany);
        queue.push(waiting(1, 0, suffix(), 8));
        queue.push(waiting(2, 0));
        QCOMPARE(names(queue.take()), QStringList({"1:0"}));
        QCOMPARE(names(queue.take()), QStringList({"2:0"}));
    }

    void aFullLineGivesItsOldestBack()
    {
        FairQueue queue(1);
        queue.join(1, 2);
        queue.join(2, 2);
        queue.push(waiting(2, 7));
        QVERIFY(!queue.push(waiting(1, 0)));
        QVERIFY(!queue.push(waiting(1, 1)));
        const auto oldest = queue.push(waiting(1, 2));
        QVERIFY(oldest);
        QCOMPARE(oldest->request.firstFrame, 0U);
        QCOMPARE(queue.waiting(1), 2U);
        QCOMPARE(queue.waiting(2), 1U);  // another device's line is its own
    }

    void devicesOfOneSuffixGetEqualShares_data()
    {
        QTest::addColumn<int>("devices");
        QTest::addColumn<int>("rows");
        for (const int devices : {2, 7, 64})
            for (const int rows : {1, 16, 64})
                QTest::addRow("%d devices, %d rows", devices, rows) << devices << rows;
    }
    void devicesOfOneSuffixGetEqualShares()
    {
        QFETCH(int, devices);
        QFETCH(int, rows);
        FairQueue queue(static_cast<std::size_t>(rows));
        std::map<FairQueue::Device, Suffix> all;
        for (int i = 0; i < devices; ++i)
            all[static_cast<FairQueue::Device>(i)] = suffix();
        const auto played = play(queue, all, 40 * devices, {{1, 0.5}});
        QCOMPARE(played.rows.size(), static_cast<std::size_t>(devices));
        QVERIFY2(maxOverMin(played.rows) < 1.1, qPrintable(QString::number(maxOverMin(played.rows))));
    }

    /// Shares are of compute time: who asks for longer suffixes gets fewer of them, but never starves, alone or among many.
    void computeTimeIsWhatIsShared()
    {
        FairQueue queue(16);
        std::map<FairQueue::Device, Suffix> all{{0, suffix(2)}, {1, suffix(2)}};
        for (FairQueue::Device device = 2; device < 20; ++device)
            all[device] = suffix(1);
        const auto played = play(queue, all, 4000, {{1, 1.0}, {2, 8.0}});
        QVERIFY2(maxOverMin(played.ms) < 1.1, qPrintable(QString::number(maxOverMin(played.ms))));
        QVERIFY(played.rows.at(0) > 0 && played.rows.at(0) * 6 < played.rows.at(2));
    }

    /// Who rested does not push the others aside until it has caught up.
    void restIsNoCredit()
    {
        FairQueue queue(1);
        queue.join(1, kMany);
        queue.join(2, kMany);
        queue.push(waiting(2, 0));
        queue.charge(queue.take().front().device, 1);
        for (int i = 0; i < 1000; ++i) {
            queue.push(waiting(1, 0));
            queue.charge(queue.take().front().device, 1);
        }
        int ofTheRested = 0;
        for (int i = 0; i < 100; ++i) {
            for (const FairQueue::Device device : {1, 2})
                if (queue.waiting(device) == 0)
                    queue.push(waiting(device, 0));
            const auto device = queue.take().front().device;
            ofTheRested += device == 2 ? 1 : 0;
            queue.charge(device, 1);
        }
        QVERIFY2(ofTheRested >= 45 && ofTheRested <= 55, qPrintable(QString::number(ofTheRested)));
    }

    /// A device that comes late begins where the others are, and one that left is forgotten with what it had waiting.
    void devicesComeAndGo()
    {
        FairQueue queue(1);
        queue.join(1, kMany);
        for (int i = 0; i < 100; ++i) {
            queue.push(waiting(1, 0));
            queue.charge(queue.take().front().device, 1);
        }
        queue.join(2, kMany);
        for (const FairQueue::Device device : {1, 2})
            for (std::uint64_t frame = 0; frame < 4; ++frame)
                queue.push(waiting(device, frame));
        QStringList taken;
        for (int i = 0; i < 4; ++i) {
            const auto batch = queue.take();
            taken << names(batch);
            queue.charge(batch.front().device, 1);
        }
        QCOMPARE(taken.filter("1:").size(), 2);
        queue.leave(1);
        queue.charge(1, 1);  // its batch was under way
        QCOMPARE(queue.waiting(1), 0U);
        QCOMPARE(names(queue.take()), QStringList({"2:2"}));
        QCOMPARE(names(queue.take()), QStringList({"2:3"}));
        QVERIFY(queue.empty());
    }

    void malformedRequestsCountAsOneRow_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("rows");
        QTest::newRow("negative") << -5 << 1;
        QTest::newRow("none") << 0 << 1;
        QTest::newRow("one") << 1 << 1;
        QTest::newRow("full") << wire::kMaxBatch << wire::kMaxBatch;
        QTest::newRow("too many") << wire::kMaxBatch + 1 << 1;
    }
    void malformedRequestsCountAsOneRow()
    {
        QFETCH(int, count);
        QFETCH(int, rows);
        QCOMPARE(rowsOf(waiting(1, 0, suffix(), count).arrived.request), static_cast<std::size_t>(rows));
    }
};

QTEST_APPLESS_MAIN(TestFairQueue)
#include "tst_fair_queue.moc"
