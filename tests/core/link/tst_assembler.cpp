// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/assembler.h"
#include "link_fixture.h"

using namespace splitscope;
using namespace splitscope::link;
using namespace splitscope::link::testing;

namespace {

constexpr std::int64_t kMs = 1'000'000;

wire::Request announced(std::uint64_t firstFrame, std::size_t bytes)
{
    auto request = requestOf(firstFrame, bytes);
    request.payloadBytes = bytes;
    return request;
}

}  // namespace

class TestAssembler : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void piecesBecomeTheWhole()
    {
        Assembler assembler;
        const auto bytes = patternBytes(25);
        const base::ByteView view(*bytes);
        QVERIFY(!assembler.open(announced(1, 25), view.first(10), 50, 0)->has_value());
        QVERIFY(!assembler.add({7, 1, 10}, view.subspan(10, 10), 50, 1)->has_value());
        const auto whole = assembler.add({7, 1, 20}, view.subspan(20), 50, 2);
        QVERIFY(whole.ok() && whole->has_value());
        QCOMPARE((*whole)->payload, *bytes);
        QCOMPARE((*whole)->completeNs, std::int64_t{2});
        QCOMPARE((*whole)->wireBytes, std::uint64_t{150});
        QCOMPARE(assembler.openCount(), std::size_t{0});
    }

    void aRequestOfLabelsIsWholeAtOnce()
    {
        Assembler assembler;
        auto request = announced(1, 0);
        QVERIFY(assembler.open(request, {}, 50, 0)->has_value());
    }

    void whatDoesNotFollowEndsTheRequest_data()
    {
        QTest::addColumn<quint64>("firstFrame");
        QTest::addColumn<quint64>("offset");
        QTest::addColumn<int>("bytes");
        QTest::newRow("a gap") << quint64{1} << quint64{11} << 5;
        QTest::newRow("an overlap") << quint64{1} << quint64{9} << 5;
        QTest::newRow("more than announced") << quint64{1} << quint64{10} << 16;
        QTest::newRow("an empty piece") << quint64{1} << quint64{10} << 0;
        QTest::newRow("a request that is not open") << quint64{2} << quint64{10} << 5;
    }
    void whatDoesNotFollowEndsTheRequest()
    {
        QFETCH(quint64, firstFrame);
        QFETCH(quint64, offset);
        QFETCH(int, bytes);
        Assembler assembler;
        const auto payload = patternBytes(64);
        const base::ByteView view(*payload);
        QVERIFY(assembler.open(announced(1, 25), view.first(10), 50, 0).ok());
        const auto outcome = assembler.add({7, firstFrame, offset}, view.first(static_cast<std::size_t>(bytes)), 50, 0);
        QVERIFY(!outcome.ok());
        QCOMPARE(assembler.openCount(), std::size_t{firstFrame == 1 ? 0U : 1U});
    }

    void aRequestThatBeginsAgainReplacesItself()
    {
        Assembler assembler;
        const auto bytes = patternBytes(20);
        const base::ByteView view(*bytes);
        QVERIFY(assembler.open(announced(1, 20), view.first(10), 0, 0).ok());
        QVERIFY(assembler.open(announced(1, 20), view.first(15), 0, 0).ok());
        QVERIFY(assembler.add({7, 1, 15}, view.subspan(15), 0, 0)->has_value());
    }

    void openRequestsAreBounded()
    {
        Assembler assembler(Assembler::Limits{4, 1000, 1000});
        const auto bytes = patternBytes(400);
        for (std::uint64_t frame = 0; frame < 10; ++frame)
            QVERIFY(assembler.open(announced(frame, 500), base::ByteView(*bytes).first(10), 0, static_cast<std::int64_t>(frame))
                        .ok());
        QCOMPARE(assembler.openCount(), std::size_t{4});
        QVERIFY(!assembler.add({7, 0, 10}, *bytes, 0, 20).ok());  // the oldest went first
        for (std::uint64_t frame = 6; frame < 10; ++frame)
            static_cast<void>(assembler.add({7, frame, 10}, *bytes, 0, static_cast<std::int64_t>(30 + frame)));
        QVERIFY(assembler.openCount() <= 2);
    }

    void staleRequestsAreForgotten()
    {
        Assembler assembler(Assembler::Limits{4, 1000, 100});
        const auto bytes = patternBytes(10);
        QVERIFY(assembler.open(announced(1, 500), *bytes, 0, 0).ok());
        static_cast<void>(assembler.progress(99 * kMs));
        QCOMPARE(assembler.openCount(), std::size_t{1});
        static_cast<void>(assembler.progress(101 * kMs));
        QCOMPARE(assembler.openCount(), std::size_t{0});
    }

    void progressIsToldByBytesAndByTime()
    {
        Assembler assembler;
        const auto bytes = patternBytes(70'000);
        const base::ByteView view(*bytes);
        QVERIFY(assembler.open(announced(1, 200'000), view.first(10'000), 0, 0).ok());
        QVERIFY(assembler.progress(0).empty());
        QCOMPARE(assembler.progress(250 * kMs).size(), std::size_t{1});
        QVERIFY(assembler.progress(600 * kMs).empty());  // nothing moved
        QVERIFY(assembler.add({7, 1, 10'000}, view, 0, 601 * kMs).ok());
        const auto told = assembler.progress(601 * kMs);
        QCOMPARE(told.size(), std::size_t{1});
        QCOMPARE(told.front().receivedBytes, std::uint64_t{80'000});
        QCOMPARE(told.front().firstFrame, std::uint64_t{1});
    }
};

QTEST_APPLESS_MAIN(TestAssembler)
#include "tst_assembler.moc"
