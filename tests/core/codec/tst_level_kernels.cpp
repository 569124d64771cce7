// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/level_kernels.h"

#include "core/codec/bit_packer.h"
#include "core/codec/bit_stream.h"

#include <QTest>

#include <algorithm>
#include <bit>
#include <cfloat>
#include <cmath>
#include <limits>
#include <random>

using namespace splitscope;
using namespace splitscope::codec;

namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
using Levels = std::vector<std::uint16_t>;

/// As BITSTREAMS.md says it, one value after the other.
std::uint16_t levelOf(float value, int bits, ValueRange range)
{
    const double top = (1 << bits) - 1;
    if (std::isnan(value) || value <= range.low)
        return 0;
    if (value >= range.high)
        return static_cast<std::uint16_t>(top);
    const double low = range.low;
    return static_cast<std::uint16_t>(std::nearbyint((double(value) - low) * top / (double(range.high) - low)));
}

float valueOf(std::uint16_t level, int bits, ValueRange range)
{
    const double low = range.low;
    return static_cast<float>(low + level * ((double(range.high) - low) / ((1 << bits) - 1)));
}

base::Bytes packedOf(const Levels& levels, int bits)
{
    base::Bytes out(packedSize(levels.size(), bits));
    BitWriter writer(out.data());
    for (const std::uint16_t level : levels)
        writer.put(level, bits);
    writer.finish();
    return out;
}

enum Kind { Normal, Ties, NearTies, AnyBits, Denormal, Widest, Special };
const char* const kKindNames[] = {"normal", "ties", "near ties", "any bits", "denormals", "widest", "special values"};

std::vector<float> valuesOf(Kind kind, int bits, std::size_t count, std::mt19937& random)
{
    std::normal_distribution<float> normal(0.25F, 2.0F);
    const auto middle = [&] { return static_cast<float>(random() % ((1U << bits) - 1)) + 0.5F; };
    std::vector<float> values(count);
    for (float& value : values) {
        switch (kind) {
        case Normal: value = normal(random); break;
        case Ties: value = middle(); break;
        case NearTies: value = std::nextafter(middle(), random() % 2 == 0 ? 0.0F : 1e6F); break;
        case AnyBits: value = std::bit_cast<float>(static_cast<std::uint32_t>(random())); break;
        case Denormal: value = static_cast<float>(static_cast<int>(random() % 2001) - 1000) * FLT_TRUE_MIN; break;
        case Widest: value = std::bit_cast<float>(static_cast<std::uint32_t>(random() & 0xFEFFFFFFU)); break;
        case Special: {
            const float special[] = {kInf, -kInf, std::nanf(""), 0.0F, -0.0F, FLT_MAX, -FLT_MAX, FLT_MIN, 1.0F, 2.0F};
            value = special[random() % std::size(special)];
            break;
        }
        }
    }
    return values;
}

/// Ties need the range that makes them; others have their own.
ValueRange rangeFor(Kind kind, int bits, const std::vector<float>& values)
{
    if (kind == Ties || kind == NearTies)
        return {0.0F, static_cast<float>((1 << bits) - 1)};
    const ValueRange range = rangeOf(values);
    return range.low < range.high ? range : ValueRange{-1.0F, 1.5F};
}

void addAllBits()
{
    QTest::addColumn<int>("bits");
    for (int bits = 2; bits <= 16; ++bits)
        QTest::addRow("%d bits", bits) << bits;
}

}  // namespace

class TestLevelKernels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theFallbackIsAmongThem()
    {
        const auto all = availableLevelKernels();
        QVERIFY(!all.empty());
        QVERIFY(all.front().quantize == levelKernels().quantize);
#if defined(__x86_64__)
        QCOMPARE(all.size() > 1, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"));
#endif
    }

    void allQuantizeAsIsDefined_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("bits");
        for (int kind = Normal; kind <= Special; ++kind)
            for (int bits = 2; bits <= 16; ++bits)
                QTest::addRow("%s, %d bits", kKindNames[kind], bits) << kind << bits;
    }
    void allQuantizeAsIsDefined()
    {
        QFETCH(int, kind);
        QFETCH(int, bits);
        std::mt19937 random(static_cast<unsigned>(100 * kind + bits));
        for (std::size_t count = 1; count <= 1000; ++count) {
            const auto values = valuesOf(static_cast<Kind>(kind), bits, count, random);
            const ValueRange range = rangeFor(static_cast<Kind>(kind), bits, values);
            Levels expected(count);
            std::vector<float> expectedBack(count);
            for (std::size_t i = 0; i < count; ++i) {
                expected[i] = levelOf(values[i], bits, range);
                expectedBack[i] = valueOf(expected[i], bits, range);
            }
            for (const LevelKernels& kernels : availableLevelKernels()) {
                Levels levels(count, 0xFFFF);
                kernels.quantize(values.data(), count, bits, range, levels.data());
                QCOMPARE(levels, expected);
                std::vector<float> back(count);
                kernels.dequantize(levels.data(), count, bits, range, back.data());
                QVERIFY(std::memcmp(back.data(), expectedBack.data(), count * sizeof(float)) == 0);
            }
        }
    }

    void aTieAnywhereInALongFrameGoesToTheEvenLevel_data() { addAllBits(); }
    void aTieAnywhereInALongFrameGoesToTheEvenLevel()
    {
        QFETCH(int, bits);
        const ValueRange range{0.0F, static_cast<float>((1 << bits) - 1)};
        const std::size_t count = 2000;
        for (std::size_t at = 0; at < count; at += 37) {
            for (const int below : {0, 1}) {  // 0.5 goes down, 1.5 up
                std::vector<float> values(count, 1.0F);
                values[at] = static_cast<float>(below) + 0.5F;
                Levels expected(count, 1);
                expected[at] = static_cast<std::uint16_t>(2 * below);
                for (const LevelKernels& kernels : availableLevelKernels()) {
                    Levels levels(count);
                    kernels.quantize(values.data(), count, bits, range, levels.data());
                    QCOMPARE(levels, expected);
                }
            }
        }
    }

    void allFindTheExtremesButForNans()
    {
        std::mt19937 random(3);
        for (const Kind kind : {Normal, AnyBits, Denormal, Widest, Special}) {
            for (std::size_t count = 0; count <= 1000; ++count) {
                const auto values = valuesOf(kind, 8, count, random);
                ValueRange expected{kInf, -kInf};
                for (const float value : values) {
                    if (value < expected.low)
                        expected.low = value;
                    if (value > expected.high)
                        expected.high = value;
                }
                for (const LevelKernels& kernels : availableLevelKernels())
                    QVERIFY(kernels.extremes(values.data(), count) == expected);
            }
        }
    }

    void allPackAsOneBitAfterTheOther_data() { addAllBits(); }
    void allPackAsOneBitAfterTheOther()
    {
        QFETCH(int, bits);
        std::mt19937 random(static_cast<unsigned>(bits));
        for (std::size_t groups = 1; groups <= 130; ++groups) {
            Levels levels(groups * kLevelsInGroup);
            for (auto& level : levels)
                level = static_cast<std::uint16_t>(random() & ((1U << bits) - 1));
            const base::Bytes expected = packedOf(levels, bits);
            const std::size_t reach = (groups - 1) * static_cast<std::size_t>(bits) + kGroupReach;
            for (const LevelKernels& kernels : availableLevelKernels()) {
                base::Bytes out(reach + 1, 0xA5);
                kernels.packGroups(levels.data(), groups, bits, out.data());
                QVERIFY(std::equal(expected.begin(), expected.end(), out.begin()));
                QCOMPARE(out.back(), std::uint8_t{0xA5});
                Levels back(levels.size());
                std::fill(out.begin() + std::ptrdiff_t(expected.size()), out.end(), std::uint8_t{0xFF});
                kernels.unpackGroups(out.data(), groups, bits, back.data());
                QCOMPARE(back, levels);
            }
        }
    }

    void packersTouchTheirBytesOnly_data() { addAllBits(); }
    void packersTouchTheirBytesOnly()
    {
        QFETCH(int, bits);
        std::mt19937 random(static_cast<unsigned>(bits));
        for (std::size_t count = 0; count <= 1000; ++count) {
            Levels levels(count);
            for (auto& level : levels)
                level = static_cast<std::uint16_t>(random() & ((1U << bits) - 1));
            const base::Bytes expected = packedOf(levels, bits);
            // Vectors of exactly that size: the address sanitizer watches both sides.
            base::Bytes out(expected.size());
            packInto(levels, bits, out);
            QCOMPARE(out, expected);
            Levels back(count);
            unpackFrom(out, bits, back);
            QCOMPARE(back, levels);
            // And with room behind, of every size that matters.
            const std::size_t slack = random() % (2 * kGroupReach);
            out.assign(expected.size() + slack, 0xFF);
            packInto(levels, bits, out);
            QVERIFY(std::equal(expected.begin(), expected.end(), out.begin()));
            unpackFrom(out, bits, back);
            QCOMPARE(back, levels);
        }
    }
};

QTEST_APPLESS_MAIN(TestLevelKernels)
#include "tst_level_kernels.moc"
