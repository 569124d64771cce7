// SPDX-License-Identifier: GPL-3.0-or-later
// Feature maps that tests of the context coder learn from and code.
#pragma once

#include "core/base/files.h"
#include "core/codec/bit_packer.h"
#include "core/codec/context_model.h"

#include <QTest>

#include <algorithm>
#include <cmath>

namespace splitscope::codec::samples {

using Levels = std::vector<std::uint16_t>;

/// The same numbers on every machine.
class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(seed * 2 + 1) {}
    std::uint32_t below(std::uint32_t end)
    {
        m_state = m_state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::uint32_t>((m_state >> 33) % end);
    }

private:
    std::uint64_t m_state;
};

/// What a convolution and a ReLU may put out: smooth maps, related channels, many zeros, some noise.
inline Levels featureMap(const MapShape& shape, int bits, std::uint64_t seed)
{
    Random random(seed);
    const int top = (1 << bits) - 1;
    const int bumpX = static_cast<int>(random.below(static_cast<std::uint32_t>(shape.width)));
    const int bumpY = static_cast<int>(random.below(static_cast<std::uint32_t>(shape.height)));
    const int strength = 600 + static_cast<int>(random.below(400));
    Levels levels;
    for (int c = 0; c < shape.channels; ++c)
        for (int y = 0; y < shape.height; ++y)
            for (int x = 0; x < shape.width; ++x) {
                const int distance = std::abs(x - bumpX) + std::abs(y - bumpY);
                int value = strength - 90 * distance - 37 * (c % 5) * (c % 3) - static_cast<int>(random.below(80));
                value = value * top / 1000;
                levels.push_back(static_cast<std::uint16_t>(std::clamp(value, 0, top)));
            }
    return levels;
}

inline std::vector<Levels> featureMaps(const MapShape& shape, int bits, std::size_t count, std::uint64_t seed = 1)
{
    std::vector<Levels> frames;
    for (std::size_t i = 0; i < count; ++i)
        frames.push_back(featureMap(shape, bits, seed * 1000 + i));
    return frames;
}

inline ContextModel trained(const MapShape& shape, int bits, std::size_t frames = 40)
{
    return *ContextModel::train(featureMaps(shape, bits, frames), bits, shape);
}

inline base::Bytes coded(const ContextModel& model, const Levels& levels)
{
    base::Bytes out;
    return model.encode(levels, out) ? out : base::Bytes();
}

inline base::Bytes fileOf(const ContextModel& model)
{
    base::Bytes bytes;
    model.serialize(bytes);
    return bytes;
}

inline void comeBack(const ContextModel& model, const Levels& levels)
{
    base::Bytes record{7, 7};
    QVERIFY(model.encode(levels, record).ok());
    QVERIFY(record.size() <= 2 + 1 + packedSize(levels.size(), model.bits()));
    QCOMPARE(model.encodedSize(levels), record.size() - 2);
    Levels back(levels.size(), 0xffff);
    const auto status = model.decode(base::ByteView(record).subspan(2), back);
    QVERIFY2(status.ok(), status ? "" : status.error().message().c_str());
    QVERIFY(back == levels);
}

inline double entropyBytes(const std::vector<Levels>& frames, int bits)
{
    std::vector<double> counts(std::size_t{1} << bits);
    double all = 0;
    for (const auto& frame : frames)
        for (const auto level : frame) {
            ++counts[level];
            ++all;
        }
    double sum = 0;
    for (const double count : counts)
        sum += count > 0 ? count * std::log2(all / count) : 0;
    return sum / 8;
}

inline const MapShape kGoldenShape{4, 5, 6};

inline std::string goldenPath(int bits)
{
    return std::string(SPLITSCOPE_TEST_DATA) + "/codec/context-" + std::to_string(bits) + ".model";
}

inline ContextModel goldenModel(int bits)
{
    const auto bytes = base::readFile(goldenPath(bits));
    return *ContextModel::parse(*bytes, "golden");
}

inline QString hexOf(base::ByteView bytes)
{
    return QByteArray(reinterpret_cast<const char*>(bytes.data()), int(bytes.size())).toHex();
}

}  // namespace splitscope::codec::samples
