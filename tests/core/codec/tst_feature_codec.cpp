// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/bit_packer.h"
#include "core/codec/feature_codec.h"
#include "core/codec/quantizer.h"
#include "tests/allocation_counter.h"

#include <QTest>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>

using namespace splitscope;
using namespace splitscope::codec;

namespace {

std::vector<float> randomValues(std::size_t count, unsigned seed = 1)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, 2.0F);
    std::vector<float> values(count);
    for (float& value : values)
        value = std::max(normal(random), 0.0F);
    return values;
}

Coding bitsCoding(int bits) { return {CodingKind::Quantized, bits}; }

base::Bytes encoded(std::span<const float> values, const Coding& coding, EntropyCoder coder)
{
    base::Bytes out;
    const auto status = encodeFeatures(values, coding, coder, out);
    return status ? out : base::Bytes{};
}

}  // namespace

class TestFeatureCodec : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sizesAreExactAndValuesAreTheQuantizers_data()
    {
        QTest::addColumn<int>("bits");
        for (int bits = kMinBits; bits <= kMaxBits; ++bits)
            QTest::addRow("%d bits", bits) << bits;
    }
    void sizesAreExactAndValuesAreTheQuantizers()
    {
        QFETCH(int, bits);
        for (const std::size_t count : {0, 1, 3, 10, 1000, 4096}) {
            const auto values = randomValues(count);
            std::vector<std::uint16_t> levels(count);
            std::vector<float> expected(count);
            const ValueRange range = quantize(values, bits, levels);
            dequantize(levels, bits, range, expected);

            const auto packed = encoded(values, bitsCoding(bits), EntropyCoder::None);
            QCOMPARE(packed.size(), 8 + (static_cast<std::size_t>(bits) * count + 7) / 8);
            const auto huffman = encoded(values, bitsCoding(bits), EntropyCoder::HuffmanAdaptive);
            QVERIFY(huffman.size() <= packed.size() + 1);
            if (count == 4096)
                QVERIFY(huffman.size() < packed.size());

            std::vector<float> back(count);
            QVERIFY(decodeFeatures(packed, bitsCoding(bits), EntropyCoder::None, back).ok());
            QCOMPARE(back, expected);
            std::fill(back.begin(), back.end(), -1.0F);
            QVERIFY(decodeFeatures(huffman, bitsCoding(bits), EntropyCoder::HuffmanAdaptive, back).ok());
            QCOMPARE(back, expected);
        }
    }

    void longFramesArePackedWithoutASeam_data() { sizesAreExactAndValuesAreTheQuantizers_data(); }
    void longFramesArePackedWithoutASeam()
    {
        QFETCH(int, bits);
        for (const std::size_t count : {1023, 1024, 1025, 2047, 2049, 3071, 5000, 1'000'000}) {
            auto values = randomValues(count, static_cast<unsigned>(count));
            values[count / 3] = -std::numeric_limits<float>::infinity();
            std::vector<std::uint16_t> levels(count);
            const ValueRange range = quantize(values, bits, levels);
            base::Bytes expected;
            base::append(expected, range.low);
            base::append(expected, range.high);
            packLevels(levels, bits, expected);
            QVERIFY(encoded(values, bitsCoding(bits), EntropyCoder::None) == expected);
            std::vector<float> expectedBack(count);
            dequantize(levels, bits, range, expectedBack);
            std::vector<float> back(count);
            QVERIFY(decodeFeatures(expected, bitsCoding(bits), EntropyCoder::None, back).ok());
            QVERIFY(back == expectedBack);
        }
    }

    void framesAllocateNothingOnceMemoryIsThere()
    {
        const auto values = randomValues(16384);
        const auto smaller = randomValues(1000);
        std::vector<float> back(values.size());
        base::Bytes record;
        for (const EntropyCoder coder : {EntropyCoder::None, EntropyCoder::HuffmanAdaptive, EntropyCoder::Zstd}) {
            for (const int bits : {2, 3, 4, 8, 12, 16}) {
                int before = 0;
                for (const bool warm : {false, true}) {
                    before = allocations;
                    for (const auto& frame : {std::span(values), std::span(smaller), std::span(values)}) {
                        record.clear();
                        const bool coded = encodeFeatures(frame, bitsCoding(bits), coder, record).ok()
                            && decodeFeatures(record, bitsCoding(bits), coder, std::span(back).first(frame.size())).ok();
                        if (!coded)
                            QFAIL("not coded");
                    }
                    if (warm)
                        QCOMPARE(allocations - before, 0);
                }
            }
        }
        const int before = allocations;
        record.shrink_to_fit();
        record.resize(record.size() + 1);
        QVERIFY(allocations > before);  // they are counted
    }

    void float32IsExact()
    {
        std::vector<float> values = randomValues(100);
        values[3] = std::numeric_limits<float>::infinity();
        values[4] = -0.0F;
        values[5] = std::bit_cast<float>(0x7FC01234U);  // a NaN with a payload
        for (const EntropyCoder coder : {EntropyCoder::None, EntropyCoder::HuffmanAdaptive, EntropyCoder::Zstd}) {
            const auto record = encoded(values, {CodingKind::Float32, 0}, coder);
            QCOMPARE(record.size(), std::size_t{400});
            std::vector<float> back(100);
            QVERIFY(decodeFeatures(record, {CodingKind::Float32, 0}, coder, back).ok());
            QVERIFY(std::memcmp(back.data(), values.data(), 400) == 0);
            std::vector<float> shorter(99);
            QVERIFY(!decodeFeatures(record, {CodingKind::Float32, 0}, coder, shorter).ok());
        }
    }

    void aRowsBytesDoNotDependOnItsBatchMates()
    {
        base::Tensor batch(5, {4, 6, 7});
        batch.values = randomValues(batch.values.size(), 5);
        for (float& value : batch.row(2))
            value *= 1000;  // a mate with another range
        for (const EntropyCoder coder : {EntropyCoder::None, EntropyCoder::HuffmanAdaptive, EntropyCoder::Zstd}) {
            for (const int bits : {4, 8, 12, 16}) {
                base::Bytes all;
                base::Bytes reversed;
                base::Bytes alone;
                for (int i = 0; i < batch.batch; ++i) {
                    QVERIFY(encodeFeatures(batch.row(i), bitsCoding(bits), coder, all).ok());
                    const auto row = encoded(batch.row(i), bitsCoding(bits), coder);
                    alone.insert(alone.end(), row.begin(), row.end());
                    base::Bytes next;
                    QVERIFY(encodeFeatures(batch.row(i), bitsCoding(bits), coder, next).ok());
                    reversed.insert(reversed.begin(), next.begin(), next.end());
                }
                QCOMPARE(all, alone);
                QCOMPARE(reversed.size(), all.size());
                QVERIFY(std::equal(reversed.end() - std::ptrdiff_t(encoded(batch.row(0), bitsCoding(bits), coder).size()),
                                   reversed.end(), all.begin()));
            }
        }
    }

    void onlyFeatureCodingsAreTaken()
    {
        base::Bytes out{1, 2, 3};
        std::vector<float> values(4);
        for (const Coding& coding : {Coding{CodingKind::LabelOnly, 0}, Coding{CodingKind::Raw, 0}, Coding{CodingKind::Jpeg, 80},
                                     bitsCoding(1), bitsCoding(17), bitsCoding(0)}) {
            const auto status = encodeFeatures(values, coding, EntropyCoder::None, out);
            QVERIFY(!status.ok());
            QVERIFY(!status.error().text.empty());
            QVERIFY(!decodeFeatures(out, coding, EntropyCoder::None, values).ok());
        }
        QCOMPARE(out, (base::Bytes{1, 2, 3}));
    }

    void aRangeThatIsNoneIsRefused_data()
    {
        QTest::addColumn<float>("low");
        QTest::addColumn<float>("high");
        const float infinity = std::numeric_limits<float>::infinity();
        const float nan = std::numeric_limits<float>::quiet_NaN();
        QTest::newRow("descending") << 1.0F << 0.5F;
        QTest::newRow("low NaN") << nan << 0.5F;
        QTest::newRow("high NaN") << 0.5F << nan;
        QTest::newRow("low infinite") << -infinity << 0.5F;
        QTest::newRow("high infinite") << 0.5F << infinity;
    }
    void aRangeThatIsNoneIsRefused()
    {
        QFETCH(float, low);
        QFETCH(float, high);
        base::Bytes record;
        base::append(record, low);
        base::append(record, high);
        record.resize(12);
        std::vector<float> values(4);
        QVERIFY(!decodeFeatures(record, bitsCoding(8), EntropyCoder::None, values).ok());
        std::memset(record.data(), 0, 8);
        QVERIFY(decodeFeatures(record, bitsCoding(8), EntropyCoder::None, values).ok());
    }

    void everyTruncationIsRefusedAndNoFlipHarms_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<bool>("huffman");
        for (const int bits : {2, 4, 8, 12, 16})
            for (const bool huffman : {false, true})
                QTest::addRow("%d bits, %s", bits, huffman ? "huffman" : "packed") << bits << huffman;
    }
    void everyTruncationIsRefusedAndNoFlipHarms()
    {
        QFETCH(int, bits);
        QFETCH(bool, huffman);
        const EntropyCoder coder = huffman ? EntropyCoder::HuffmanAdaptive : EntropyCoder::None;
        const auto record = encoded(randomValues(200), bitsCoding(bits), coder);
        std::vector<float> values(200);
        for (std::size_t size = 0; size < record.size(); ++size)
            QVERIFY(!decodeFeatures(std::span(record).first(size), bitsCoding(bits), coder, values).ok());
        int accepted = 0;
        for (std::size_t bit = 0; bit < record.size() * 8; ++bit) {
            base::Bytes flipped = record;
            flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
            if (!decodeFeatures(flipped, bitsCoding(bits), coder, values).ok())
                continue;
            ++accepted;
            for (const float value : values)
                QVERIFY(std::isfinite(value));
        }
        QVERIFY(accepted > 0);  // a flipped level is a level
    }
};

QTEST_APPLESS_MAIN(TestFeatureCodec)
#include "tst_feature_codec.moc"
