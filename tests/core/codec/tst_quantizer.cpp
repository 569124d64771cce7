// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/quantizer.h"

#include <QTest>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace splitscope::codec;

namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
using Levels = std::vector<std::uint16_t>;

Levels levelsOf(const std::vector<float>& values, int bits, ValueRange* range = nullptr)
{
    Levels levels(values.size(), 0xFFFF);
    const ValueRange found = quantize(values, bits, levels);
    if (range)
        *range = found;
    return levels;
}

void addAllBits()
{
    QTest::addColumn<int>("bits");
    for (int bits = 2; bits <= 16; ++bits)
        QTest::addRow("%d bits", bits) << bits;
}

}  // namespace

class TestQuantizer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void equationFourByHand_data() { addAllBits(); }
    void equationFourByHand()
    {
        QFETCH(int, bits);
        const int top = (1 << bits) - 1;
        // The range is 0 .. top, so a value is its own level; a half goes to the even neighbour.
        std::vector<float> values{0.0F, 0.5F, 1.0F, 1.5F, 1.75F, 2.5F, static_cast<float>(top)};
        const auto up = static_cast<std::uint16_t>(top);
        ValueRange range;
        QCOMPARE(levelsOf(values, bits, &range), (Levels{0, 0, 1, 2, 2, 2, up}));
        QVERIFY((range == ValueRange{0.0F, static_cast<float>(top)}));

        // The same around another origin: −1 is level 0, the middle of an odd number of steps is a tie.
        const int middle = (top + 1) / 2;  // even for all widths
        QCOMPARE(levelsOf({-1.0F, 0.0F, 1.0F}, bits), (Levels{0, static_cast<std::uint16_t>(middle), up}));
    }

    void threeBitsOfAnAsymmetricRange()
    {
        // 7·(x + 2)/5: −2 → 0, −1 → 1.4, 0 → 2.8, 0.5 → 3.5 (tie, to 4), 1 → 4.2, 3 → 7
        QCOMPARE(levelsOf({-2.0F, -1.0F, 0.0F, 0.5F, 1.0F, 3.0F}, 3), (Levels{0, 1, 3, 4, 4, 7}));
    }

    void aConstantTensorIsAllLevelZero_data() { addAllBits(); }
    void aConstantTensorIsAllLevelZero()
    {
        QFETCH(int, bits);
        ValueRange range;
        QCOMPARE(levelsOf({2.5F, 2.5F, 2.5F}, bits, &range), (Levels{0, 0, 0}));
        QVERIFY((range == ValueRange{2.5F, 2.5F}));
        std::vector<float> back(3);
        dequantize(Levels{0, 0, 0}, bits, range, back);
        QCOMPARE(back, std::vector<float>(3, 2.5F));
    }

    void valuesThatAreNotFiniteDoNotMoveTheRange_data() { addAllBits(); }
    void valuesThatAreNotFiniteDoNotMoveTheRange()
    {
        QFETCH(int, bits);
        const auto top = static_cast<std::uint16_t>((1 << bits) - 1);
        ValueRange range;
        QCOMPARE(levelsOf({kNan, -kInf, kInf, -1.0F, 3.0F}, bits, &range), (Levels{0, 0, top, 0, top}));
        QVERIFY((range == ValueRange{-1.0F, 3.0F}));
        QCOMPARE(levelsOf({kNan, -kInf, kInf, 4.0F}, bits, &range), (Levels{0, 0, top, 0}));
        QVERIFY((range == ValueRange{4.0F, 4.0F}));
        QCOMPARE(levelsOf({kNan, -kInf, kInf}, bits, &range), (Levels{0, 0, top}));
        QVERIFY((range == ValueRange{0.0F, 0.0F}));
        QCOMPARE(levelsOf({}, bits, &range), Levels{});
        QVERIFY((range == ValueRange{0.0F, 0.0F}));
    }

    void theExtremesAreFoundAtEveryPlace()
    {
        for (std::size_t size = 2; size < 40; ++size) {
            for (std::size_t at = 0; at < size; ++at) {
                std::vector<float> values(size, 1.0F);
                values[at] = 9.0F;
                values[(at + 1) % size] = -9.0F;
                ValueRange range;
                levelsOf(values, 8, &range);
                QVERIFY((range == ValueRange{-9.0F, 9.0F}));
            }
        }
    }

    void negativeZeroIsWrittenAsZero()
    {
        ValueRange range{-1, -1};
        levelsOf({-0.0F, 0.0F, -0.0F, 1.0F}, 8, &range);
        QVERIFY(!std::signbit(range.low));
        levelsOf({-0.0F, -1.0F}, 8, &range);
        QVERIFY(!std::signbit(range.high));
        levelsOf({-0.0F}, 8, &range);
        QVERIFY(!std::signbit(range.low) && !std::signbit(range.high));
    }

    void denormalsHaveLevelsLikeAnyNumber()
    {
        const float tiny = FLT_TRUE_MIN;
        ValueRange range;
        QCOMPARE(levelsOf({0.0F, tiny, 2 * tiny, 3 * tiny}, 2, &range), (Levels{0, 1, 2, 3}));
        std::vector<float> back(4);
        dequantize(Levels{0, 1, 2, 3}, 2, range, back);
        QCOMPARE(back, (std::vector<float>{0.0F, tiny, 2 * tiny, 3 * tiny}));
    }

    void theWidestRangeDoesNotOverflow_data() { addAllBits(); }
    void theWidestRangeDoesNotOverflow()
    {
        QFETCH(int, bits);
        const auto top = static_cast<std::uint16_t>((1 << bits) - 1);
        ValueRange range;
        const Levels levels = levelsOf({-FLT_MAX, 0.0F, FLT_MAX}, bits, &range);
        QCOMPARE(levels, (Levels{0, static_cast<std::uint16_t>((top + 1) / 2), top}));
        std::vector<float> back(3);
        dequantize(levels, bits, range, back);
        QCOMPARE(back.front(), -FLT_MAX);
        QCOMPARE(back.back(), FLT_MAX);
        QVERIFY(std::isfinite(back[1]));
    }

    void roundTripErrorIsAtMostHalfAStep_data() { addAllBits(); }
    void roundTripErrorIsAtMostHalfAStep()
    {
        QFETCH(int, bits);
        std::mt19937 random(static_cast<unsigned>(bits));
        std::normal_distribution<float> normal(0.5F, 3.0F);
        std::vector<float> values(4099);
        for (float& value : values)
            value = normal(random);
        ValueRange range;
        const Levels levels = levelsOf(values, bits, &range);
        std::vector<float> back(values.size());
        dequantize(levels, bits, range, back);
        const double halfStep = (double(range.high) - range.low) / ((1 << bits) - 1) / 2;
        for (std::size_t i = 0; i < values.size(); ++i)
            QVERIFY(std::abs(double(values[i]) - back[i]) <= halfStep + std::abs(values[i]) * FLT_EPSILON);
        QVERIFY(*std::min_element(back.begin(), back.end()) == range.low);
        QVERIFY(*std::max_element(back.begin(), back.end()) == range.high);
    }

    void levelsSurviveASecondQuantization_data() { addAllBits(); }
    void levelsSurviveASecondQuantization()
    {
        QFETCH(int, bits);
        Levels levels(std::size_t{1} << bits);
        for (std::size_t i = 0; i < levels.size(); ++i)
            levels[i] = static_cast<std::uint16_t>(i);
        std::vector<float> values(levels.size());
        dequantize(levels, bits, {-1.25F, 4.0F}, values);
        QCOMPARE(levelsOf(values, bits), levels);
    }
};

QTEST_APPLESS_MAIN(TestQuantizer)
#include "tst_quantizer.moc"
