// SPDX-License-Identifier: GPL-3.0-or-later
// The examples of core/codec/BITSTREAMS.md: what crosses the link must not change unnoticed, nor differ from the text.
#include "core/base/files.h"
#include "core/codec/codebook.h"
#include "core/codec/feature_codec.h"
#include "core/codec/huffman.h"
#include "core/codec/zstd_levels.h"

#include <QTest>

using namespace splitscope;
using namespace splitscope::codec;

namespace {

using Levels = std::vector<std::uint16_t>;

const std::vector<float> kFourValues{-1.0F, 0.0F, 0.25F, 3.0F};

base::Bytes fromHex(const QByteArray& hex)
{
    const QByteArray bytes = QByteArray::fromHex(hex);
    return {bytes.begin(), bytes.end()};
}

QByteArray toHex(const base::Bytes& bytes)
{
    return QByteArray(reinterpret_cast<const char*>(bytes.data()), qsizetype(bytes.size())).toHex(' ');
}

}  // namespace

Q_DECLARE_METATYPE(std::vector<float>)
Q_DECLARE_METATYPE(Levels)

class TestBitstreams : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        const auto file = base::readFile(SPLITSCOPE_SOURCE "/core/codec/BITSTREAMS.md");
        QVERIFY(file.ok());
        m_text = QByteArray(reinterpret_cast<const char*>(file->data()), qsizetype(file->size())).simplified();
    }

    void featureRecordsHaveTheSpecifiedBytes_data()
    {
        QTest::addColumn<std::vector<float>>("values");
        QTest::addColumn<QString>("coding");
        QTest::addColumn<QString>("coder");
        QTest::addColumn<QByteArray>("hex");
        QTest::newRow("float32") << std::vector<float>{-1, 0} << "float32"
                                 << "none" << QByteArray("00 00 80 bf 00 00 00 00");
        QTest::newRow("2 bits") << kFourValues << "2"
                                << "none" << QByteArray("00 00 80 bf 00 00 40 40 d4");
        QTest::newRow("4 bits") << kFourValues << "4"
                                << "none" << QByteArray("00 00 80 bf 00 00 40 40 40 f5");
        QTest::newRow("12 bits") << kFourValues << "12"
                                 << "none" << QByteArray("00 00 80 bf 00 00 40 40 00 00 40 00 f5 ff");
        QTest::newRow("mode 0") << kFourValues << "4"
                                << "huffman-adaptive" << QByteArray("00 00 80 bf 00 00 40 40 00 40 f5");
        QTest::newRow("mode 2") << std::vector<float>(6, 2.0F) << "8"
                                << "huffman-adaptive" << QByteArray("00 00 00 40 00 00 00 40 02 00 00");
    }
    void featureRecordsHaveTheSpecifiedBytes()
    {
        QFETCH(std::vector<float>, values);
        QFETCH(QString, coding);
        QFETCH(QString, coder);
        QFETCH(QByteArray, hex);
        base::Bytes record;
        const auto how = parseCoding(coding.toStdString());
        const auto entropyCoder = parseEntropyCoder(coder.toStdString());
        QVERIFY(encodeFeatures(values, *how, *entropyCoder, record).ok());
        QCOMPARE(toHex(record), hex);
        QVERIFY(decodeFeatures(fromHex(hex), *how, *entropyCoder, values).ok());
        QVERIFY2(m_text.contains(hex), "not in BITSTREAMS.md");
    }

    void huffmanStreamsHaveTheSpecifiedBytes_data()
    {
        QTest::addColumn<Levels>("levels");
        QTest::addColumn<int>("bits");
        QTest::addColumn<QByteArray>("hex");
        QTest::newRow("4 bits") << Levels{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 3, 3, 3, 5, 7} << 4
                                << QByteArray("01 87 25 93 01 40 d5 0e");
        QTest::newRow("12 bits") << Levels{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x321, 0x32F, 0xFFF, 0} << 12
                                 << QByteArray("01 00 70 d8 27 b3 3f 26 00 28 fa 1f");
    }
    void huffmanStreamsHaveTheSpecifiedBytes()
    {
        QFETCH(Levels, levels);
        QFETCH(int, bits);
        QFETCH(QByteArray, hex);
        base::Bytes coded;
        encodeLevels(levels, bits, coded);
        QCOMPARE(toHex(coded), hex);
        Levels back(levels.size());
        QVERIFY(decodeLevels(fromHex(hex), bits, back).ok());
        QCOMPARE(back, levels);
        QVERIFY2(m_text.contains(hex), "not in BITSTREAMS.md");
    }

    void recordsByHuffmanBooksHaveTheSpecifiedBytes_data()
    {
        QTest::addColumn<QByteArray>("book");
        QTest::addColumn<Levels>("levels");
        QTest::addColumn<QByteArray>("hex");
        const auto zeros = [](Levels levels, std::size_t count) {
            levels.resize(levels.size() + count);
            return levels;
        };
        QTest::newRow("single levels") << QByteArray("02 01 00 00 00 00 cd 04") << zeros({0, 1, 0, 0, 2, 3}, 10)
                                       << QByteArray("c4 1d 00");
        QTest::newRow("groups") << QByteArray("02 02 01 00 00 00 00 00 87 64 34 13") << zeros({0, 0, 0, 3, 1, 0, 1, 2}, 9)
                                << QByteArray("b4 f5 2e 00");
        QTest::newRow("runs") << QByteArray("02 00 01 00 00 00 00 00 87 8d ec 4f af 99 00")
                              << zeros({0, 0, 0, 0, 0, 1, 3, 0, 0, 2, 0, 0, 0, 0, 0, 1}, 14) << QByteArray("ca 16 b8 b5 03");
        QTest::newRow("12 bits") << QByteArray("0c 01 00 00 00 00 87 7d 32 fb 6b 02") << zeros({0, 0x321, 0x32F, 0xFFF}, 5)
                                 << QByteArray("14 fd ff 0f 00");
    }
    void recordsByHuffmanBooksHaveTheSpecifiedBytes()
    {
        QFETCH(QByteArray, book);
        QFETCH(Levels, levels);
        QFETCH(QByteArray, hex);
        const auto read = HuffmanBook::parse(fromHex(book), "example");
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().text.c_str());
        base::Bytes again;
        read->serialize(again);
        QCOMPARE(toHex(again), book);
        base::Bytes record;
        read->encode(levels, record);
        QCOMPARE(toHex(record), hex);
        Levels back(levels.size());
        QVERIFY(read->decode(fromHex(hex), back).ok());
        QCOMPARE(back, levels);
        QVERIFY2(m_text.contains(hex) && m_text.contains(book), "not in BITSTREAMS.md");
    }

    void zstdRecordsAreReadFromTheSpecifiedBytes_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<Levels>("levels");
        QTest::addColumn<QByteArray>("hex");
        QTest::newRow("4 bits") << 4 << Levels{0, 4, 5, 15} << QByteArray("28 b5 2f fd 20 04 21 00 00 00 04 05 0f");
        QTest::newRow("12 bits") << 12 << Levels{0, 0x123, 0xFFF} << QByteArray("28 b5 2f fd 20 06 31 00 00 00 23 ff 00 01 0f");
    }
    void zstdRecordsAreReadFromTheSpecifiedBytes()
    {
        QFETCH(int, bits);
        QFETCH(Levels, levels);
        QFETCH(QByteArray, hex);
        Levels back(levels.size());
        QVERIFY(decodeZstd(fromHex(hex), bits, back).ok());
        QCOMPARE(back, levels);
        QVERIFY2(m_text.contains(hex), "not in BITSTREAMS.md");
    }

    /// Whatever comes over the link is one whole frame of as many levels as are expected, each within its bits.
    void zstdRecordsThatDoNotFitAreErrors_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("count");
        QTest::addColumn<QByteArray>("hex");
        QTest::addColumn<QString>("said");
        const QByteArray four("28 b5 2f fd 20 04 21 00 00 00 04 05 0f");
        QTest::newRow("nothing") << 4 << 4 << QByteArray() << "is not one zstd frame";
        QTest::newRow("cut off") << 4 << 4 << four.chopped(3) << "is not one zstd frame";
        QTest::newRow("a byte behind it") << 4 << 4 << four + " 00"
                                          << "is not one zstd frame";
        QTest::newRow("two frames") << 4 << 4 << four + four << "is not one zstd frame";
        QTest::newRow("more levels") << 4 << 3 << four << "zstd: ";
        QTest::newRow("fewer levels") << 4 << 5 << four << "4 bytes where 5 belong";
        QTest::newRow("a level of more bits") << 3 << 4 << four << "a level does not fit 3 bits";
    }
    void zstdRecordsThatDoNotFitAreErrors()
    {
        QFETCH(int, bits);
        QFETCH(int, count);
        QFETCH(QByteArray, hex);
        QFETCH(QString, said);
        Levels levels(static_cast<std::size_t>(count));
        const auto status = decodeZstd(fromHex(hex), bits, levels);
        QVERIFY(!status.ok());
        QVERIFY2(status.error().text.find(said.toStdString()) != std::string::npos, status.error().text.c_str());
    }

    void codebooksAreReadFromTheSpecifiedBytes()
    {
        const QByteArray hex("53 53 42 31 01 00 6e 02 00 30 66 01 00 64 01 00 00 00 1c 00 00 00 28 b5 2f fd 20 1c c5 00 00 c2 "
                             "01 05 0a f0 39 7f af df b5 52 48 99 02 ff ff ea 3f f2 2f 1c 3f 02 00 07 97 9e d5 ea 84 3d 7d d4 "
                             "16 a0 b6 fd b7 b1 e4 0c 7b dd 40 5a 64 a7 33 3f ce ff 07 ed 76 b9 0b");
        const auto codebook = Codebook::parse(fromHex(hex), "example");
        QVERIFY2(codebook.ok(), codebook.ok() ? "" : codebook.error().text.c_str());
        const auto& contents = codebook->contents();
        QCOMPARE(contents.network, "n");
        QCOMPARE(contents.modelHash, "0f");
        QCOMPARE(contents.data, "d");
        QCOMPARE(contents.images, 1U);
        QCOMPARE(contents.books.size(), std::size_t{1});
        base::Bytes book;
        codebook->find("t", 2)->huffman->serialize(book);
        QCOMPARE(toHex(book), QByteArray("02 01 00 00 00 00 cd 04"));
        QVERIFY2(m_text.contains(hex), "not in BITSTREAMS.md");
    }

    void framesAreReadFromTheSpecifiedBytes_data()
    {
        QTest::addColumn<QString>("coding");
        QTest::addColumn<QByteArray>("hex");
        QTest::newRow("raw") << "raw" << QByteArray("ff 00 80 00 00 40");
        QTest::newRow("lossless") << "lossless"
                                  << QByteArray("52 49 46 46 20 00 00 00 57 45 42 50 56 50 38 4c 13 00 00 00 2f 01 00 00 "
                                                "00 0f 30 80 f3 7f 20 e0 f9 0f 3c 64 44 ff 03 00");
    }
    void framesAreReadFromTheSpecifiedBytes()
    {
        QFETCH(QString, coding);
        QFETCH(QByteArray, hex);
        const auto image = decodeImage(fromHex(hex), *parseCoding(coding.toStdString()), {3, 1, 2});
        QVERIFY(image.ok());
        QCOMPARE(image->pixels, (base::Bytes{255, 0, 128, 0, 0, 64}));
        QVERIFY2(m_text.contains(hex), "not in BITSTREAMS.md");
    }

private:
    QByteArray m_text;  ///< BITSTREAMS.md, all white space single
};

QTEST_APPLESS_MAIN(TestBitstreams)
#include "tst_bitstreams.moc"
