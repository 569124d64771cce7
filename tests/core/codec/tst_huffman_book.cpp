// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/bit_packer.h"
#include "core/codec/huffman_book.h"
#include "tests/core/codec/level_samples.h"

#include <QTest>

using namespace splitscope;
using namespace splitscope::codec;

namespace {

HuffmanBook trained(const std::vector<Levels>& frames, int bits)
{
    const std::vector<std::span<const std::uint16_t>> views(frames.begin(), frames.end());
    auto book = HuffmanBook::train(views, bits);
    return *std::move(book);
}

HuffmanBook bookFor(Kind kind, int bits)
{
    std::vector<Levels> frames;
    for (unsigned seed = 1; seed <= 4; ++seed)
        frames.push_back(levelsOf(kind, bits, 8000, seed));
    return trained(frames, bits);
}

base::Bytes coded(const HuffmanBook& book, const Levels& levels)
{
    base::Bytes out;
    book.encode(levels, out);
    return out;
}

/// Zeros, but for one value in so many: what groups of four and eight are for.
Levels sparse(int bits, std::size_t count, int oneIn, unsigned seed)
{
    std::mt19937 random(seed);
    Levels levels(count);
    for (auto& level : levels)
        if (static_cast<int>(random() % static_cast<unsigned>(oneIn)) == 0)
            level = static_cast<std::uint16_t>(1 + random() % ((1U << bits) - 1));
    return levels;
}

}  // namespace

class TestHuffmanBook : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void levelsComeBackWhateverTheBookWasTrainedOn_data()
    {
        QTest::addColumn<int>("trained");
        QTest::addColumn<int>("bits");
        const char* names[] = {"uniform", "geometric", "bell", "relu", "two values"};
        for (int kind = Uniform; kind <= TwoValues; ++kind)
            for (int bits = 2; bits <= 16; ++bits)
                QTest::addRow("%s, %d bits", names[kind], bits) << kind << bits;
    }
    void levelsComeBackWhateverTheBookWasTrainedOn()
    {
        QFETCH(int, trained);
        QFETCH(int, bits);
        const auto book = bookFor(static_cast<Kind>(trained), bits);
        QCOMPARE(book.bits(), bits);
        for (int kind = Uniform; kind <= TwoValues; ++kind) {
            for (const std::size_t count : {0, 1, 2, 3, 7, 8, 64, 257, 1000, 16384}) {
                const Levels levels = levelsOf(static_cast<Kind>(kind), bits, count, 9);
                const base::Bytes bytes = coded(book, levels);
                QVERIFY(bytes.size() <= 1 + packedSize(count, bits));
                QCOMPARE(book.encodedSize(levels), bytes.size());
                Levels back(count, 0xFFFF);
                const auto status = book.decode(bytes, back);
                QVERIFY2(status.ok(), status.ok() ? "" : status.error().text.c_str());
                QCOMPARE(back, levels);
            }
        }
    }

    void aMillionLevelsComeBack()
    {
        for (const int bits : {4, 8, 16}) {
            const auto book = bookFor(ReluLike, bits);
            const Levels levels = levelsOf(ReluLike, bits, 1'000'000, 5);
            Levels back(levels.size());
            QVERIFY(book.decode(coded(book, levels), back).ok());
            QVERIFY(back == levels);
        }
    }

    void levelsThatTrainingHasNotSeenComeBack()
    {
        for (const int bits : {2, 4, 8, 9, 12, 16}) {
            const auto top = static_cast<std::uint16_t>((1 << bits) - 1);
            for (const auto& seen : {Levels(1000, 0), Levels(1000, top), Levels{0}, sparse(bits, 4000, 100, 1)}) {
                const auto book = trained({seen}, bits);
                Levels levels;
                for (unsigned level = 0; level <= top; ++level)
                    levels.push_back(static_cast<std::uint16_t>(level));
                levels.resize(levels.size() + 20 * levels.size(), seen.front());
                Levels back(levels.size());
                QVERIFY(book.decode(coded(book, levels), back).ok());
                QCOMPARE(back, levels);
            }
        }
    }

    void otherFramesCostLittleMoreThanTheirEntropy_data()
    {
        QTest::addColumn<Levels>("seen");
        QTest::addColumn<Levels>("other");
        QTest::addColumn<int>("bits");
        QTest::addColumn<double>("ratio");
        const auto row = [](const char* name, Kind kind, int bits, double ratio) {
            QTest::newRow(name) << levelsOf(kind, bits, 200'000, 1) << levelsOf(kind, bits, 100'000, 2) << bits << ratio;
        };
        row("uniform 8", Uniform, 8, 1.005);
        row("geometric 8", Geometric, 8, 1.02);
        row("bell 8", Bell, 8, 1.02);
        row("relu 8", ReluLike, 8, 1.02);
        row("two values 8", TwoValues, 8, 1.03);
        row("bell 4", Bell, 4, 1.02);
        row("relu 4", ReluLike, 4, 1.03);
        for (const int oneIn : {3, 6, 12, 25, 50, 200})
            QTest::addRow("4 bits, one in %d", oneIn)
                << sparse(4, 200'000, oneIn, 1) << sparse(4, 100'000, oneIn, 2) << 4 << 1.05;
        for (const int oneIn : {3, 6, 12, 25, 50})
            QTest::addRow("8 bits, one in %d", oneIn)
                << sparse(8, 200'000, oneIn, 1) << sparse(8, 100'000, oneIn, 2) << 8 << 1.03;
    }
    void otherFramesCostLittleMoreThanTheirEntropy()
    {
        QFETCH(Levels, seen);
        QFETCH(Levels, other);
        QFETCH(int, bits);
        QFETCH(double, ratio);
        const auto book = trained({seen}, bits);
        const double found = static_cast<double>(coded(book, other).size()) / entropyBytes(other);
        const auto said = QString("%1 in groups of %2").arg(found).arg(book.groupSize());
        QVERIFY2(found <= ratio, qPrintable(said));
    }

    void booksComeBackFromTheirBytes_data() { levelsComeBackWhateverTheBookWasTrainedOn_data(); }
    void booksComeBackFromTheirBytes()
    {
        QFETCH(int, trained);
        QFETCH(int, bits);
        const auto book = bookFor(static_cast<Kind>(trained), bits);
        base::Bytes bytes;
        book.serialize(bytes);
        QVERIFY(bytes.size() < 700);
        const auto read = HuffmanBook::parse(bytes, "test");
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().text.c_str());
        base::Bytes again;
        read->serialize(again);
        QCOMPARE(again, bytes);
        const Levels levels = levelsOf(ReluLike, bits, 3000, 7);
        QCOMPARE(coded(*read, levels), coded(book, levels));
    }

    void damagedBooksAreRefusedOrSafe_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("oneIn");
        QTest::newRow("single levels of 8 bits") << 8 << 1;
        QTest::newRow("pairs of 4 bits") << 4 << 3;
        QTest::newRow("eights of 4 bits") << 4 << 12;
        QTest::newRow("runs of 4 bits") << 4 << 60;
        QTest::newRow("12 bits, half zeros") << 12 << 2;
    }
    void damagedBooksAreRefusedOrSafe()
    {
        QFETCH(int, bits);
        QFETCH(int, oneIn);
        const Levels levels = sparse(bits, 2000, oneIn, 3);
        const auto book = trained({levels}, bits);
        base::Bytes bytes;
        book.serialize(bytes);
        const auto record = coded(book, levels);
        for (std::size_t size = 0; size < bytes.size(); ++size)
            QVERIFY(!HuffmanBook::parse(base::ByteView(bytes).first(size), "test").ok());
        auto longer = bytes;
        longer.push_back(0);
        QVERIFY(!HuffmanBook::parse(longer, "test").ok());
        Levels back(levels.size());
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            auto flipped = bytes;
            flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
            const auto other = HuffmanBook::parse(flipped, "test");
            if (!other)
                continue;
            static_cast<void>(other->decode(record, back));  // whatever it says
            QVERIFY(other->bits() == bits ? other->decode(coded(*other, levels), back).ok() && back == levels : true);
        }
    }

    void damagedRecordsNeverHarm_data() { damagedBooksAreRefusedOrSafe_data(); }
    void damagedRecordsNeverHarm()
    {
        QFETCH(int, bits);
        QFETCH(int, oneIn);
        const Levels levels = sparse(bits, 400, oneIn, 3);
        const auto book = trained({levels, sparse(bits, 4000, oneIn, 4)}, bits);
        const base::Bytes record = coded(book, levels);
        Levels back(levels.size());
        for (std::size_t size = 0; size < record.size(); ++size)
            QVERIFY(!book.decode(base::ByteView(record).first(size), back).ok());
        auto longer = record;
        longer.push_back(0);
        QVERIFY(!book.decode(longer, back).ok());
        for (std::size_t bit = 0; bit < record.size() * 8; ++bit) {
            base::Bytes flipped = record;
            flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
            if (book.decode(flipped, back).ok())
                for (const unsigned level : back)
                    QVERIFY(level >> bits == 0);
        }
        QVERIFY(!book.decode({}, back).ok());
        Levels many(10'000'000);
        QVERIFY(!book.decode(record, many).ok());  // at once: the record is too short
    }

    void uniformNoiseCostsAFlagAtMost()
    {
        for (const int bits : {2, 4, 8, 12, 16}) {
            const auto book = trained({sparse(bits, 4000, 50, 1)}, bits);
            const Levels noise = levelsOf(Uniform, bits, 5000);
            QCOMPARE(coded(book, noise).size(), packedSize(noise.size(), bits) + 1);
        }
    }

    void thereMustBeSomethingToTrainOn()
    {
        QVERIFY(!HuffmanBook::train({}, 8).ok());
        const std::vector<std::span<const std::uint16_t>> empty(3);
        QVERIFY(!HuffmanBook::train(empty, 8).ok());
    }
};

QTEST_APPLESS_MAIN(TestHuffmanBook)
#include "tst_huffman_book.moc"
