// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/journal.h"

#include <QTest>

using namespace splitscope;
using exec::Journal;

namespace {

wire::FrameRecord record(std::uint64_t first, int count = 1, wire::Outcome outcome = wire::Outcome::Done)
{
    wire::FrameRecord made;
    made.firstFrame = first;
    made.count = count;
    made.outcome = outcome;
    return made;
}

std::vector<std::uint64_t> firsts(const std::vector<wire::FrameRecord>& records)
{
    std::vector<std::uint64_t> all;
    for (const auto& one : records)
        all.push_back(one.firstFrame);
    return all;
}

using Frames = std::vector<std::uint64_t>;
constexpr std::int64_t kMs = 1'000'000;

}  // namespace

class TestJournal : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aFrameHasOneOutcome_data()
    {
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("taken");
        QTest::newRow("the same") << 10 << 4 << false;
        QTest::newRow("inside") << 11 << 1 << false;
        QTest::newRow("around") << 9 << 6 << false;
        QTest::newRow("over its beginning") << 8 << 3 << false;
        QTest::newRow("over its end") << 13 << 2 << false;
        QTest::newRow("just before") << 8 << 2 << true;
        QTest::newRow("just behind") << 14 << 1 << true;
        QTest::newRow("no frames") << 20 << 0 << false;
        QTest::newRow("less than none") << 20 << -1 << false;
    }
    void aFrameHasOneOutcome()
    {
        QFETCH(int, first);
        QFETCH(int, count);
        QFETCH(bool, taken);
        Journal journal(1);
        QVERIFY(journal.add(record(10, 4)));
        QCOMPARE(journal.add(record(static_cast<std::uint64_t>(first), count, wire::Outcome::Fallback)), taken);
        wire::RunState state;
        journal.count(state);
        QCOMPARE(state.done, 4U);
        QCOMPARE(state.fallback, static_cast<std::uint64_t>(taken ? count : 0));
    }

    void mergedRangesStillRefuse()
    {
        Journal journal(1);
        for (std::uint64_t first : {0U, 4U, 2U, 6U})
            QVERIFY(journal.add(record(first, 2)));
        for (std::uint64_t first = 0; first < 8; ++first)
            QVERIFY(!journal.add(record(first)));
        QVERIFY(journal.add(record(8)));
    }

    void acknowledgedFramesKeepTheirOutcome()
    {
        Journal journal(1);
        QVERIFY(journal.add(record(0)));
        QCOMPARE(firsts(journal.due(kMs, 500, 32)), Frames{0});
        journal.acknowledge({0});
        QCOMPARE(journal.unacknowledged(), 0U);
        QVERIFY(!journal.add(record(0)));
    }

    void recordsAreResentUntilAcknowledged()
    {
        Journal journal(1);
        for (std::uint64_t first = 0; first < 3; ++first)
            QVERIFY(journal.add(record(first)));
        QCOMPARE(firsts(journal.due(1000 * kMs, 500, 2)), (Frames{0, 1}));
        QCOMPARE(firsts(journal.due(1100 * kMs, 500, 32)), Frames{2});
        QVERIFY(journal.due(1200 * kMs, 500, 32).empty());
        journal.acknowledge({1});
        QCOMPARE(firsts(journal.due(1501 * kMs, 500, 32)), Frames{0});
        journal.resendAll();
        QCOMPARE(firsts(journal.due(1502 * kMs, 500, 32)), (Frames{0, 2}));
    }

    void whatWasNeverSentCannotBeAcknowledged()
    {
        Journal journal(1);
        QVERIFY(journal.add(record(5)));
        journal.acknowledge({5, 6});
        QCOMPARE(firsts(journal.due(kMs, 500, 32)), Frames{5});
    }

    void outcomesAreCountedInFrames()
    {
        Journal journal(1);
        QVERIFY(journal.add(record(0, 3)));
        QVERIFY(journal.add(record(3, 2, wire::Outcome::Fallback)));
        QVERIFY(journal.add(record(5, 1, wire::Outcome::Lost)));
        journal.countDiscarded();
        wire::RunState state;
        journal.count(state);
        QCOMPARE(state.done, 3U);
        QCOMPARE(state.fallback, 2U);
        QCOMPARE(state.lost, 1U);
        QCOMPARE(state.discarded, 1U);
        QCOMPARE(state.unacknowledged, 3U);
    }
};

QTEST_APPLESS_MAIN(TestJournal)
#include "tst_journal.moc"
