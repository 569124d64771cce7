// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/coding.h"

#include <QTest>

using namespace splitscope::codec;

class TestCoding : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyCodingReadsBackAsWritten()
    {
        std::vector<Coding> all{
            {CodingKind::LabelOnly, 0}, {CodingKind::Float32, 0}, {CodingKind::Raw, 0}, {CodingKind::Lossless, 0}};
        for (int bits = kMinBits; bits <= kMaxBits; ++bits)
            all.push_back({CodingKind::Quantized, bits});
        for (int quality = 1; quality <= 100; ++quality)
            all.push_back({CodingKind::Jpeg, quality});
        for (const Coding& coding : all) {
            const auto read = parseCoding(toString(coding));
            QVERIFY(read.ok());
            QVERIFY(*read == coding);
        }
        QCOMPARE(toString(all.back()), std::string("jpeg:100"));
        QCOMPARE(toString(*parseCoding("12")), std::string("12"));
        for (const EntropyCoder coder : kEntropyCoders)
            QVERIFY(*parseEntropyCoder(toString(coder)) == coder);
    }

    void rubbishIsRefusedWithWhatIsAccepted_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"", "1", "17", "32", "-8", "8 ", "8bits", "jpeg", "jpeg:", "jpeg:0", "jpeg:101", "Raw", "huffman-static"})
            QTest::newRow(text) << text;
    }
    void rubbishIsRefusedWithWhatIsAccepted()
    {
        QFETCH(QString, text);
        const auto coding = parseCoding(text.toStdString());
        QVERIFY(!coding.ok());
        for (const char* word : {"2 to 16", "float32", "raw", "lossless", "jpeg:", "label"})
            QVERIFY2(coding.error().text.find(word) != std::string::npos, word);
        const auto coder = parseEntropyCoder(text.toStdString());
        QVERIFY(!coder.ok());
        QVERIFY(coder.error().text.find("huffman-adaptive") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestCoding)
#include "tst_coding.moc"
