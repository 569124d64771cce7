// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/bit_packer.h"
#include "core/codec/bit_stream.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace splitscope;
using namespace splitscope::codec;

namespace {

using Levels = std::vector<std::uint16_t>;

base::Bytes packed(const Levels& levels, int bits)
{
    base::Bytes out;
    packLevels(levels, bits, out);
    return out;
}

}  // namespace

class TestBitPacker : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theLeastSignificantBitComesFirst()
    {
        QCOMPARE(packed({1, 2, 3, 0, 1}, 2), (base::Bytes{0b00111001, 0b01}));
        QCOMPARE(packed({0x123, 0xABC}, 12), (base::Bytes{0x23, 0xC1, 0xAB}));
        QCOMPARE(packed({0x12, 0xFF}, 8), (base::Bytes{0x12, 0xFF}));
        QCOMPARE(packed({0x1234}, 16), (base::Bytes{0x34, 0x12}));
        QCOMPARE(packed({5, 1, 7}, 3), (base::Bytes{0b11001101, 0b1}));
    }

    void everyWidthAndCountComesBack_data()
    {
        QTest::addColumn<int>("bits");
        for (int bits = 2; bits <= 16; ++bits)
            QTest::addRow("%d bits", bits) << bits;
    }
    void everyWidthAndCountComesBack()
    {
        QFETCH(int, bits);
        std::mt19937 random(7);
        for (std::size_t count = 0; count < 70; ++count) {
            Levels levels(count);
            for (auto& level : levels)
                level = static_cast<std::uint16_t>(random() & ((1U << bits) - 1));
            const base::Bytes bytes = packed(levels, bits);
            QCOMPARE(bytes.size(), (count * static_cast<std::size_t>(bits) + 7) / 8);
            Levels back(count, 0xFFFF);
            QVERIFY(unpackLevels(bytes, bits, back).ok());
            QCOMPARE(back, levels);

            base::Bytes longer = bytes;
            longer.push_back(0);
            QVERIFY(!unpackLevels(longer, bits, back).ok());
            if (!bytes.empty())
                QVERIFY(!unpackLevels(std::span(bytes).first(bytes.size() - 1), bits, back).ok());
        }
    }

    void paddingBitsMustBeZero()
    {
        Levels levels(3);
        for (int bit = 0; bit < 8; ++bit) {
            const base::Bytes bytes{0xFF, static_cast<std::uint8_t>(1 << bit)};
            QCOMPARE(unpackLevels(bytes, 3, levels).ok(), bit < 1);
        }
    }

    void longPutsWriteTheSameBits()
    {
        std::mt19937_64 random(11);
        for (int round = 0; round < 2000; ++round) {
            const int before = static_cast<int>(random() % 32);
            const std::size_t pieces = random() % 20;
            base::Bytes expected(256, 0xA5);
            base::Bytes found(256, 0xA5);
            BitWriter slow(expected.data());
            BitWriter fast(found.data());
            slow.put(before == 0 ? 0 : 1U << (before - 1), before);
            fast.put(before == 0 ? 0 : 1U << (before - 1), before);
            fast.writeWholeBytes();
            for (std::size_t i = 0; i < pieces; ++i) {
                const int count = static_cast<int>(random() % 57);
                const std::uint64_t value = random() & ((std::uint64_t{1} << count) - 1);
                const int low = std::min(count, 28);
                slow.put(static_cast<std::uint32_t>(value & ((std::uint64_t{1} << low) - 1)), low);
                slow.put(static_cast<std::uint32_t>(value >> low), count - low);
                fast.putLong(value, count);
            }
            const auto size = slow.finish() - expected.data();
            QCOMPARE(fast.finish() - found.data(), size);
            QVERIFY(std::equal(expected.begin(), expected.begin() + size, found.begin()));
            const auto room = static_cast<std::ptrdiff_t>(BitWriter::kRoomForPutLong);
            QVERIFY(std::all_of(found.begin() + size + room, found.end(), [](auto byte) { return byte == 0xA5; }));
        }
    }

    void whatIsThereAlreadyStays()
    {
        base::Bytes out{0xAA};
        packLevels(Levels{0xB}, 4, out);
        QCOMPARE(out, (base::Bytes{0xAA, 0x0B}));
    }
};

QTEST_APPLESS_MAIN(TestBitPacker)
#include "tst_bit_packer.moc"
