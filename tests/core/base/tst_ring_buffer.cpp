// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/ring_buffer.h"

#include <QTest>

#include <thread>

using splitscope::base::RingBuffer;

class TestRingBuffer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itemsLeaveInTheOrderTheyCame()
    {
        RingBuffer<int> ring(4);
        QVERIFY(!ring.pop());
        for (int round = 0; round < 10; ++round) {
            QVERIFY(ring.push(round));
            QVERIFY(ring.push(round + 100));
            QCOMPARE(*ring.pop(), round);
            QCOMPARE(*ring.pop(), round + 100);
        }
    }

    void aFullRingDropsAndCounts()
    {
        RingBuffer<int> ring(4);
        for (int i = 0; i < 7; ++i)
            QCOMPARE(ring.push(i), i < 4);
        QCOMPARE(ring.dropped(), 3u);
        QCOMPARE(*ring.pop(), 0);
        QVERIFY(ring.push(9));
    }

    void nothingIsLostOrReorderedBetweenTwoThreads()
    {
        constexpr int kItems = 200'000;
        RingBuffer<int> ring(64);
        std::jthread producer([&ring] {
            for (int i = 0; i < kItems; ++i)
                while (!ring.push(i))
                    std::this_thread::yield();
        });
        for (int expected = 0; expected < kItems;)
            if (const auto item = ring.pop())
                QCOMPARE(*item, expected++);
            else
                std::this_thread::yield();
        QVERIFY(!ring.pop());
    }
};

QTEST_APPLESS_MAIN(TestRingBuffer)
#include "tst_ring_buffer.moc"
