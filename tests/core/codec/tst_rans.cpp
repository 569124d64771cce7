// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/rans.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace splitscope;
using namespace splitscope::codec;

namespace {

using Counts = std::vector<std::uint64_t>;
using Frequencies = std::vector<std::uint16_t>;

Frequencies scaled(const Counts& counts, bool all)
{
    Frequencies frequencies(counts.size());
    scaleToFrequencies(counts, all, frequencies);
    return frequencies;
}

std::uint32_t sumOf(const Frequencies& frequencies) { return std::accumulate(frequencies.begin(), frequencies.end(), 0U); }

base::Bytes encoded(const RansTable& table, const std::vector<std::size_t>& symbols)
{
    base::Bytes room(RansEncoder::roomFor(symbols.size()));
    RansEncoder encoder(room);
    for (auto symbol = symbols.rbegin(); symbol != symbols.rend(); ++symbol)
        table.put(encoder, *symbol);
    const std::size_t size = encoder.size();
    const auto bytes = encoder.finish();
    return size == bytes.size() ? base::Bytes(bytes.begin(), bytes.end()) : base::Bytes();
}

std::vector<std::size_t> drawn(const Counts& counts, std::size_t count)
{
    std::mt19937 random(7);
    std::discrete_distribution<std::size_t> symbol(counts.begin(), counts.end());
    std::vector<std::size_t> symbols(count);
    for (auto& one : symbols)
        one = symbol(random);
    return symbols;
}

}  // namespace

class TestRans : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void symbolsComeBack_data()
    {
        QTest::addColumn<Counts>("counts");
        QTest::addRow("one symbol") << Counts{5};
        QTest::addRow("two, even") << Counts{1, 1};
        QTest::addRow("two, one rare") << Counts{1, 100'000};
        QTest::addRow("rare one first and last") << Counts{1, 1'000'000, 1};
        QTest::addRow("256, even") << Counts(256, 3);
        Counts falling(256);
        for (std::size_t i = 0; i < falling.size(); ++i)
            falling[i] = 1 + (std::uint64_t{1} << 40 >> (i / 4));
        QTest::addRow("256, falling") << falling;
    }
    void symbolsComeBack()
    {
        QFETCH(Counts, counts);
        const auto frequencies = scaled(counts, false);
        const RansTable table(frequencies);
        for (const std::size_t count : {0, 1, 2, 3, 10, 1000, 100'000}) {
            const auto symbols = drawn(counts, count);
            const auto bytes = encoded(table, symbols);
            RansDecoder decoder(bytes);
            for (const auto symbol : symbols)
                QCOMPARE(table.take(decoder), symbol);
            QVERIFY(decoder.ended());

            double bits = 0;
            for (const auto symbol : symbols)
                bits += std::log2(kRansTotal / double(frequencies[symbol]));
            QVERIFY2(double(bytes.size()) <= bits / 8 * 1.0005 + 3, qPrintable(QString::number(bytes.size()) + " bytes"));
        }
    }

    void everyIntervalAndStateDividesExactly()
    {
        // What encode and decode undo is a division; put and take must agree at the edges of what the state can be.
        std::mt19937 random(11);
        for (std::uint32_t frequency = 1; frequency <= kRansTotal; frequency += 1 + frequency / 40) {
            const std::uint32_t start = kRansTotal - frequency;
            const auto code = RansCode::of(start, frequency);
            base::Bytes room(RansEncoder::roomFor(300));
            RansEncoder encoder(room);
            std::vector<std::uint32_t> raw(100);
            for (auto& value : raw) {
                value = random() % 3 == 0 ? 0xffff : random() % 2 == 0 ? 0 : random() & 0xffff;
                encoder.putRaw(value, 16);
                encoder.put(code);
                encoder.put(code);
            }
            RansDecoder decoder(encoder.finish());
            for (auto value = raw.rbegin(); value != raw.rend(); ++value) {
                for (int twice = 0; twice < 2; ++twice) {
                    QVERIFY(decoder.slot() >= start);
                    decoder.take(start, frequency);
                }
                QCOMPARE(decoder.takeRaw(16), *value);
            }
            QVERIFY(decoder.ended());
        }
    }

    void fineIntervalsComeBackAndCostWhatTheyAre_data()
    {
        QTest::addColumn<std::uint32_t>("start");
        QTest::addColumn<std::uint32_t>("frequency");
        QTest::newRow("one part, first") << 0U << 1U;
        QTest::newRow("one part, last") << 65535U << 1U;
        QTest::newRow("all but the first") << 1U << 65535U;
        QTest::newRow("all but the last") << 0U << 65535U;
        QTest::newRow("half") << 32768U << 32768U;
        QTest::newRow("a prime") << 1000U << 257U;
        QTest::newRow("wherever") << 0U << 0U;
    }
    void fineIntervalsComeBackAndCostWhatTheyAre()
    {
        QFETCH(std::uint32_t, start);
        QFETCH(std::uint32_t, frequency);
        constexpr std::uint32_t kTotal = 1U << kFineRansBits;
        struct Step {
            std::uint32_t start, frequency, raw;
        };
        std::mt19937 random(5);
        for (const std::size_t count : {0, 1, 2, 3, 10, 10'000}) {
            std::vector<Step> steps(count);
            double bits = 0;
            for (Step& step : steps) {
                // Intervals of its own where the row gives none; raw numbers bring the state everywhere.
                const auto from = static_cast<std::uint32_t>(random() % kTotal);
                const auto length = static_cast<std::uint32_t>(1 + random() % std::min(kTotal - from, kTotal - 1));
                step = {frequency > 0 ? start : from, frequency > 0 ? frequency : length,
                        static_cast<std::uint32_t>(random() & 0xffff)};
                bits += std::log2(double{kTotal} / step.frequency) + kMaxRansRawBits;
            }
            base::Bytes room(RansEncoder::roomFor(2 * count));
            RansEncoder encoder(room);
            for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
                encoder.putRaw(step->raw, kMaxRansRawBits);
                encoder.putFine(step->start, step->frequency);
            }
            const auto bytes = encoder.finish();
            QVERIFY2(double(bytes.size()) <= bits / 8 * 1.0005 + 4, qPrintable(QString::number(bytes.size()) + " bytes"));
            RansDecoder decoder(bytes);
            for (const Step& step : steps) {
                QVERIFY(decoder.fineSlot() >= step.start && decoder.fineSlot() - step.start < step.frequency);
                decoder.takeFine(step.start, step.frequency);
                QCOMPARE(decoder.takeRaw(kMaxRansRawBits), step.raw);
            }
            QVERIFY(decoder.ended());
        }
    }

    void rawBitsCostWhatTheyAre()
    {
        std::mt19937 random(3);
        base::Bytes room(RansEncoder::roomFor(16'000));
        std::vector<std::pair<std::uint32_t, int>> values;
        std::size_t bits = 0;
        for (int i = 0; i < 16'000; ++i) {
            const int count = 1 + i % kMaxRansRawBits;
            values.emplace_back(random() & ((1U << count) - 1), count);
            bits += static_cast<std::size_t>(count);
        }
        RansEncoder encoder(room);
        for (auto value = values.rbegin(); value != values.rend(); ++value)
            encoder.putRaw(value->first, value->second);
        const auto bytes = encoder.finish();
        QVERIFY(bytes.size() <= bits / 8 + 4);
        RansDecoder decoder(bytes);
        for (const auto& [value, count] : values)
            QCOMPARE(decoder.takeRaw(count), value);
        QVERIFY(decoder.ended());
    }

    void bytesAreTheSameOnEveryMachine()
    {
        const RansTable table(scaled({10, 5, 1, 0, 4}, true));
        const auto bytes = encoded(table, {0, 1, 2, 0, 0, 4, 3, 0, 1, 1, 0, 4, 2, 0, 0, 1, 4, 4, 0, 0});
        const std::string hex = QByteArray(reinterpret_cast<const char*>(bytes.data()), int(bytes.size())).toHex().toStdString();
        QCOMPARE(QString::fromStdString(hex), QString("56d4c10432b3eba9"));
    }

    void damageIsNoticedAndHarmless()
    {
        const Counts counts{50, 30, 10, 5, 1};
        const RansTable table(scaled(counts, true));
        const auto symbols = drawn(counts, 2000);
        const auto good = encoded(table, symbols);
        const auto endsWell = [&](base::ByteView bytes) {
            RansDecoder decoder(bytes);
            for (std::size_t i = 0; i < symbols.size(); ++i)
                table.take(decoder);
            return decoder.ended();
        };
        QVERIFY(endsWell(good));
        for (std::size_t cut = 1; cut < good.size(); ++cut)  // no bytes at all are a row of first symbols
            QVERIFY(!endsWell(base::ByteView(good).first(cut)));
        auto longer = good;
        longer.insert(longer.end(), {1, 2});
        QVERIFY(!endsWell(longer));
        std::size_t unnoticed = 0;
        for (std::size_t at = 0; at < good.size(); ++at)
            for (int bit = 0; bit < 8; ++bit) {
                auto damaged = good;
                damaged[at] ^= static_cast<std::uint8_t>(1 << bit);
                unnoticed += endsWell(damaged) ? 1 : 0;
            }
        QVERIFY2(unnoticed * 100 < good.size() * 8, qPrintable(QString::number(unnoticed)));
    }

    void frequenciesFollowCounts()
    {
        QCOMPARE(scaled({1, 1}, false), (Frequencies{8192, 8192}));
        QCOMPARE(scaled({3, 0, 1}, false), (Frequencies{12288, 0, 4096}));
        QCOMPARE(scaled({1, 0, 0}, false), (Frequencies{16384, 0, 0}));
        QCOMPARE(scaled({1, 0, 0}, true), (Frequencies{16382, 1, 1}));
        QCOMPARE(sumOf(scaled(Counts(kRansTotal, 9), false)), kRansTotal);
        Counts wild(300, 1);
        wild[17] = std::uint64_t{1} << 60;
        wild[18] = std::uint64_t{1} << 55;
        const auto frequencies = scaled(wild, true);
        QCOMPARE(sumOf(frequencies), kRansTotal);
        QVERIFY(*std::min_element(frequencies.begin(), frequencies.end()) >= 1);
        QVERIFY(frequencies[17] > frequencies[18] * 25);
    }
};

QTEST_APPLESS_MAIN(TestRans)
#include "tst_rans.moc"
