// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/bit_packer.h"
#include "core/codec/huffman.h"
#include "core/codec/huffman_code.h"
#include "tests/core/codec/level_samples.h"

#include <QTest>

using namespace splitscope;
using namespace splitscope::codec;

namespace {

base::Bytes coded(const Levels& levels, int bits)
{
    base::Bytes out;
    encodeLevels(levels, bits, out);
    return out;
}

}  // namespace

class TestHuffman : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void levelsComeBack_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("bits");
        const char* names[] = {"uniform", "geometric", "bell", "relu", "two values"};
        for (int kind = Uniform; kind <= TwoValues; ++kind)
            for (int bits = 2; bits <= 16; ++bits)
                QTest::addRow("%s, %d bits", names[kind], bits) << kind << bits;
    }
    void levelsComeBack()
    {
        QFETCH(int, kind);
        QFETCH(int, bits);
        for (const std::size_t count : {1, 2, 3, 7, 8, 64, 257, 1000, 16384}) {
            const Levels levels = levelsOf(static_cast<Kind>(kind), bits, count);
            const base::Bytes bytes = coded(levels, bits);
            QVERIFY(bytes.size() <= 1 + packedSize(count, bits));
            Levels back(count, 0xFFFF);
            const auto status = decodeLevels(bytes, bits, back);
            QVERIFY2(status.ok(), status.ok() ? "" : status.error().text.c_str());
            QCOMPARE(back, levels);
        }
    }

    void skewedFramesCostLittleMoreThanTheirEntropy_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("bits");
        QTest::addColumn<double>("ratio");
        // At 12 and 16 bits the entropy of one frame's own histogram is far below what any table could reach.
        QTest::newRow("geometric 8") << int(Geometric) << 8 << 1.02;
        QTest::newRow("bell 8") << int(Bell) << 8 << 1.02;
        QTest::newRow("relu 8") << int(ReluLike) << 8 << 1.08;  // a zero has 0.5 bits to say and pays 1
        QTest::newRow("bell 4") << int(Bell) << 4 << 1.03;
        QTest::newRow("relu 12") << int(ReluLike) << 12 << 1.10;
        QTest::newRow("relu 16") << int(ReluLike) << 16 << 1.50;
    }
    void skewedFramesCostLittleMoreThanTheirEntropy()
    {
        QFETCH(int, kind);
        QFETCH(int, bits);
        QFETCH(double, ratio);
        const Levels levels = levelsOf(static_cast<Kind>(kind), bits, 16384);
        const double size = static_cast<double>(coded(levels, bits).size());
        const double found = size / entropyBytes(levels);
        QVERIFY2(found <= ratio, qPrintable(QString::number(found)));
        QVERIFY(size < static_cast<double>(packedSize(levels.size(), bits)));
    }

    void emptyConstantAndTinyFramesAreDefined()
    {
        QCOMPARE(coded({}, 8), (base::Bytes{0}));
        QVERIFY(decodeLevels(base::Bytes{0}, 8, {}).ok());
        QCOMPARE(coded(Levels(1000, 0x0ABC), 12), (base::Bytes{2, 0xBC, 0x0A}));
        QCOMPARE(coded({3}, 2), (base::Bytes{0, 3}));  // packed: shorter than naming the constant

        Levels levels(5);
        QVERIFY(decodeLevels(base::Bytes{2, 0xFF, 0x0F}, 12, levels).ok());
        QCOMPARE(levels, Levels(5, 0x0FFF));
        QVERIFY(!decodeLevels(base::Bytes{2, 0x00, 0x10}, 12, levels).ok());  // level of 13 bits
        QVERIFY(!decodeLevels(base::Bytes{2, 0x00}, 12, levels).ok());
        QVERIFY(!decodeLevels(base::Bytes{2, 0x00, 0x00, 0x00}, 12, levels).ok());
        QVERIFY(!decodeLevels(base::Bytes{3, 0x00, 0x00}, 12, levels).ok());
        QVERIFY(!decodeLevels({}, 12, levels).ok());
        QVERIFY(!decodeLevels(base::Bytes{2, 0, 0}, 12, {}).ok());
        QVERIFY(!decodeLevels(base::Bytes{1}, 12, {}).ok());
    }

    void noCodeIsLongerThanTheLimit()
    {
        std::array<std::uint64_t, kMaxSymbols> counts{};
        std::uint64_t a = 1;
        std::uint64_t b = 1;
        for (std::size_t i = 0; i < 60; ++i) {  // Fibonacci: the deepest tree
            counts[i * 4] = a;
            b = std::exchange(a, a + b);
        }
        const CodeLengths lengths = codeLengthsFor(counts);
        double kraft = 0;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            QVERIFY(lengths.of[i] <= kMaxCodeLength);
            QCOMPARE(lengths.of[i] > 0, counts[i] > 0);
            if (counts[i] > 0)
                kraft += std::ldexp(1.0, -lengths.of[i]);
        }
        QCOMPARE(kraft, 1.0);

        base::Bytes table((codeLengthsBitCount(lengths, 8) + 7) / 8);
        BitWriter writer(table.data());
        writeCodeLengths(lengths, 8, writer);
        QCOMPARE(writer.finish(), table.data() + table.size());
        BitReader reader(table);
        const auto read = readCodeLengths(reader, kMaxSymbols, 8);
        QVERIFY(read.ok());
        QVERIFY(read->of == lengths.of);
    }

    void codesOfEveryLengthAreDecoded()
    {
        CodeLengths lengths;  // 1, 2, 3, … 15, 16, 16 bits
        lengths.alphabetSize = 17;
        for (std::size_t i = 0; i < 17; ++i)
            lengths.of[i] = static_cast<std::uint8_t>(std::min<std::size_t>(i + 1, 16));
        const CodeWords words = canonicalCode(lengths);
        base::Bytes bytes(64);
        BitWriter writer(bytes.data());
        for (std::size_t i = 0; i < 17; ++i)
            writer.put(words[i].bits, words[i].length);
        writer.finish();
        const CodeDecoder decoder(lengths);
        BitReader reader(bytes);
        for (std::size_t i = 0; i < 17; ++i) {
            reader.refill();
            QCOMPARE(decoder.decode(reader), i);
        }
    }

    void hostileTablesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("bits");
        QTest::newRow("three codes of one bit") << QByteArray("1111000 0 0");  // complete after two: trailing bits
        QTest::newRow("oversubscribed: 1, 2, then 1") << QByteArray("1111000 100 101");
        QTest::newRow("length 0 by steps") << QByteArray("1111000 101");
        QTest::newRow("length 17 by steps") << QByteArray("1111111 100");
        QTest::newRow("run beyond the alphabet") << QByteArray("110 1110000");
        QTest::newRow("endless run length") << QByteArray("110 1111111111111111");
        QTest::newRow("incomplete: all of 16 bits") << QByteArray("1111111 000000000000000000000000000000");
        QTest::newRow("cut off") << QByteArray("1111000");
    }
    void hostileTablesAreRefused()
    {
        QFETCH(QByteArray, bits);
        bits.replace(' ', "");
        base::Bytes record(1 + static_cast<std::size_t>(bits.size() + 7) / 8);
        record[0] = 1;
        for (int i = 0; i < bits.size(); ++i)
            if (bits[i] == '1')
                record[1 + static_cast<std::size_t>(i) / 8] |= static_cast<std::uint8_t>(1 << i % 8);
        record.resize(record.size() + 4, 0xFF);
        Levels levels(4);
        QVERIFY(!decodeLevels(record, 3, levels).ok());
    }

    void damagedRecordsNeverHarm_data()
    {
        QTest::addColumn<int>("bits");
        for (const int bits : {2, 4, 8, 9, 12, 16})
            QTest::addRow("%d bits", bits) << bits;
    }
    void damagedRecordsNeverHarm()
    {
        QFETCH(int, bits);
        const Levels levels = levelsOf(ReluLike, bits, 300);
        const base::Bytes record = coded(levels, bits);
        QCOMPARE(record[0], std::uint8_t{1});
        Levels back(levels.size());
        for (std::size_t size = 0; size < record.size(); ++size)
            QVERIFY(!decodeLevels(base::Bytes(record.begin(), record.begin() + std::ptrdiff_t(size)), bits, back).ok());
        for (std::size_t bit = 0; bit < record.size() * 8; ++bit) {
            base::Bytes flipped = record;
            flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
            if (decodeLevels(flipped, bits, back).ok())
                for (const unsigned level : back)
                    QVERIFY(level >> bits == 0);
        }
        for (const std::size_t count : {0, 1, 200, 400, 5000}) {  // one more or less may hide in the padding
            Levels other(count);
            QVERIFY(!decodeLevels(record, bits, other).ok());
        }
    }
};

QTEST_APPLESS_MAIN(TestHuffman)
#include "tst_huffman.moc"
