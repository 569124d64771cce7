// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/synthetic_run.h"
#include "ui/models/envelope_cache.h"

#include <QtTest>

using namespace splitscope::ui;

class TestSampleStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void envelopesEqualAScanOfTheValues_data();
    void envelopesEqualAScanOfTheValues();
    void decimationKeepsExtremes();
    void decimationStaysWithinThePixels();
    void bucketsDoNotShimmerWhileScrolling();
    void fewSamplesAreShownAsTheyAre();
    void missingValuesAreNotDrawn();
    void aRestartedDeviceDoesNotTurnTimeBack();
    void aFullStoreForgetsTheOldest();
    void envelopesAreRightAfterForgetting();
    void aCopyStaysAsItWas();
    void cachedEnvelopesAreThoseOfTheColumn();
    void searchesFindTheSameFromAnywhere();
    void valuesCostAtMostTwelveBytes();
};

void TestSampleStore::envelopesEqualAScanOfTheValues_data()
{
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("last");
    QTest::newRow("one") << 17 << 18;
    QTest::newRow("inside a block") << 3 << 11;
    QTest::newRow("whole block") << 16 << 32;
    QTest::newRow("ragged") << 5 << 4093;
    QTest::newRow("all") << 0 << 5000;
    QTest::newRow("empty") << 40 << 40;
}

void TestSampleStore::envelopesEqualAScanOfTheValues()
{
    QFETCH(int, first);
    QFETCH(int, last);
    EnvelopeColumn column;
    for (int i = 0; i < 5000; ++i)
        column.append(static_cast<float>((i * 7919) % 1009) - 500);
    Envelope expected;
    for (int i = first; i < last; ++i)
        expected.add(column.at(static_cast<std::size_t>(i)));
    const Envelope found = column.envelope(static_cast<std::size_t>(first), static_cast<std::size_t>(last));
    QCOMPARE(found.count, expected.count);
    QCOMPARE(found.low, expected.low);
    QCOMPARE(found.high, expected.high);
    QVERIFY(std::abs(found.sum - expected.sum) <= 1e-3F * 500 * 5000);
}

void TestSampleStore::decimationKeepsExtremes()
{
    SampleStore store;
    fillStore(store, 20'000, [](splitscope::session::Sample& sample, int i) {
        sample.energyJoules = i == 12'345 ? 9.0 : i == 6'789 ? 0.25 : 1.0 + (i % 10) * 0.01;
    });
    const auto points = store.line(Column::Energy, store.buckets({0, store.latest()}, 300));
    double low = 1e9;
    double high = -1e9;
    for (const QPointF& point : points) {
        low = std::min(low, point.y());
        high = std::max(high, point.y());
    }
    QCOMPARE(low, 0.25);
    QCOMPARE(high, 9.0);
}

void TestSampleStore::decimationStaysWithinThePixels()
{
    SampleStore store;
    fillStore(store, 20'000);
    const auto buckets = store.buckets({10, 500}, 400);
    QVERIFY(buckets.size() > 150);
    QVERIFY2(buckets.size() <= 403, qPrintable(QString::number(buckets.size())));
    for (std::size_t i = 1; i < buckets.size(); ++i)
        QCOMPARE(buckets[i].first, buckets[i - 1].last);
}

void TestSampleStore::bucketsDoNotShimmerWhileScrolling()
{
    SampleStore store;
    fillStore(store, 20'000);
    const auto before = store.buckets({100, 400}, 200);
    const auto after = store.buckets({100.3, 400.3}, 200);
    // Away from the ends the same samples stand in the same buckets.
    std::size_t shared = 0;
    for (const auto& a : before)
        shared
            += std::any_of(after.begin(), after.end(), [&](const Bucket& b) { return a.first == b.first && a.last == b.last; });
    QVERIFY(shared + 4 >= before.size());
}

void TestSampleStore::fewSamplesAreShownAsTheyAre()
{
    SampleStore store;
    fillStore(store, 50);
    QCOMPARE(store.buckets({0, 1000}, 400).size(), std::size_t(50));
}

void TestSampleStore::missingValuesAreNotDrawn()
{
    SampleStore store;
    fillStore(store, 10,
              [](splitscope::session::Sample& sample, int i) { sample.record.achievedBytesPerSecond = i % 2 ? 1e5 : 0; });
    QCOMPARE(store.line(Column::AchievedRate, store.buckets({0, 10}, 100)).size(), 5);
}

void TestSampleStore::aRestartedDeviceDoesNotTurnTimeBack()
{
    SampleStore store;
    fillStore(store, 100);
    fillStore(store, 100);
    for (std::size_t i = 1; i < store.size(); ++i)
        QVERIFY(store.time(i) >= store.time(i - 1));
    QVERIFY(store.latest() > 7.0);
}

void TestSampleStore::aFullStoreForgetsTheOldest()
{
    SampleStore store(1024);
    fillStore(store, 3000);
    QVERIFY(store.size() <= 1024);
    QCOMPARE(store.value(Column::Frame, store.size() - 1), 2999.0F);
}

void TestSampleStore::envelopesAreRightAfterForgetting()
{
    EnvelopeColumn column;
    const auto value = [](std::size_t i) { return static_cast<float>((i * 7919) % 1009); };
    std::size_t appended = 0, dropped = 0;
    for (const std::size_t drop : {std::size_t(7), std::size_t(4096), std::size_t(5000)}) {
        for (std::size_t i = 0; i < 6000; ++i)
            column.append(value(appended++));
        column.dropFirst(drop);
        dropped += drop;
        QCOMPARE(column.size(), appended - dropped);
        for (const auto& [first, last] : {std::pair<std::size_t, std::size_t>{0, column.size()}, {3, 700}, {100, 5000}}) {
            Envelope expected;
            for (std::size_t i = first; i < std::min(last, column.size()); ++i)
                expected.add(value(i + dropped));
            const Envelope found = column.envelope(first, last);
            QCOMPARE(found.count, expected.count);
            QCOMPARE(found.low, expected.low);
            QCOMPARE(found.high, expected.high);
        }
    }
}

void TestSampleStore::aCopyStaysAsItWas()
{
    SampleStore store(20'000);
    fillStore(store, 10'001);
    const SampleStore copy = store;
    fillStore(store, 30'000, [](splitscope::session::Sample& sample, int) { sample.energyJoules = 77; });
    QCOMPARE(copy.size(), std::size_t(10'001));
    QCOMPARE(copy.value(Column::Frame, 10'000), 10'000.0F);
    QCOMPARE(copy.column(Column::Energy).envelope(0, copy.size()).high, 0.012F);
    QCOMPARE(copy.column(Column::Energy).envelope(0, copy.size()).count, 10'001U);
}

void TestSampleStore::cachedEnvelopesAreThoseOfTheColumn()
{
    SampleStore store(50'000);
    EnvelopeCache cache(store);
    int i = 0;
    for (int frame = 0; frame < 60; ++frame) {
        for (int n = 0; n < 997; ++n)
            store.append(syntheticSample(i++));
        if (frame == 40)
            store.clear();
        const bool zoomed = frame % 7 == 3;
        const double from = store.empty() ? 0 : store.time(0);
        cache.setBuckets(store.buckets({from, zoomed ? from + 50 : store.latest()}, 300));
        for (const Column column : {Column::Energy, Column::Regret}) {
            if (column == Column::Regret && frame % 3 == 0)
                continue;  // not asked for in every frame
            const auto& envelopes = cache.of(column);
            QCOMPARE(envelopes.size(), cache.buckets().size());
            for (std::size_t b = 0; b < envelopes.size(); ++b) {
                const Envelope expected = store.column(column).envelope(cache.buckets()[b].first, cache.buckets()[b].last);
                QCOMPARE(envelopes[b].count, expected.count);
                QCOMPARE(envelopes[b].high, expected.high);
                QCOMPARE(envelopes[b].sum, expected.sum);
            }
        }
    }
}

void TestSampleStore::searchesFindTheSameFromAnywhere()
{
    SampleStore store;
    fillStore(store, 1000);
    for (const double seconds : {-1.0, 0.0, 3.14, 20.0, 39.9, 1e9}) {
        const std::size_t expected = store.firstNotBefore(seconds);
        QVERIFY(expected == store.size() || store.time(expected) >= seconds);
        QVERIFY(expected == 0 || store.time(expected - 1) < seconds);
        for (std::size_t from = 0; from <= expected; from += 37)
            QCOMPARE(store.firstNotBefore(seconds, from), expected);
    }
}

void TestSampleStore::valuesCostAtMostTwelveBytes()
{
    EnvelopeColumn column;
    for (int i = 0; i < 100'000; ++i)
        column.append(static_cast<float>(i));
    QVERIFY(column.bytes() <= 100'000 * 12);
}

QTEST_APPLESS_MAIN(TestSampleStore)
#include "tst_sample_store.moc"
