// SPDX-License-Identifier: GPL-3.0-or-later
// What the context coder expects of a value before it knows it, from values already coded: a linear prediction from
// neighbours in the channel and in channels before, and how far it has been off nearby. Integers only, so that both sides
// agree on every machine.
#pragma once

#include "core/codec/map_shape.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace splitscope::codec {

/// Of symbols: levels, or what stands for them where there are more than 256.
inline constexpr int kMaxSymbolBits = 8;

/// Expected values are counted in 1/1024 of the symbols' range, and may lie half of it beyond.
inline constexpr int kExpectedBits = 10;
inline constexpr int kExpectedRange = 1 << kExpectedBits;
inline constexpr int kExpectedMargin = kExpectedRange / 2;
inline constexpr int kExpectedSteps = kExpectedRange + 2 * kExpectedMargin;
/// Spreads are counted in 1/4096 of the symbols' range, up to half of it.
inline constexpr int kSpreadSteps = 2048;

/// Weights have 8 bits behind the point.
inline constexpr int kWeightBits = 8;
inline constexpr int kMaxTerms = 64;  ///< a channel's; more could overflow
inline constexpr std::int32_t kMaxBias = 1 << 28;

/// Neighbours in a channel before, in the order of feature numbers: channel·5 + neighbour.
enum class Neighbour { Same, Right, Below, Left, Above };
inline constexpr int kNeighbours = 5;
/// Neighbours in the same channel.
enum OwnNeighbour : std::size_t { OwnLeft, OwnAbove, OwnAboveLeft, OwnAboveRight };
inline constexpr std::size_t kOwnNeighbours = 4;

struct PredictorTerm {
    std::uint32_t feature = 0;
    std::int16_t weight = 0;
};

struct ChannelPredictor {
    std::int32_t bias = 0;  ///< as weights: 8 bits behind the point
    std::uint8_t corner = 0;  ///< stands for the first value's missing neighbours
    std::int16_t spread = 0;
    std::array<std::int16_t, kOwnNeighbours> own{};  ///< 0 where maps have a single value
    std::vector<PredictorTerm> terms;  ///< features ascend, all of channels before
};

/// How the errors nearby tell the spread.
struct SpreadWeights {
    std::int16_t expected = 0;
    std::int16_t left = 0;
    std::int16_t above = 0;
    std::int16_t before = 0;  ///< the mean error at this place in channels before
    std::int16_t first = 0;  ///< what that is before the first channel
};

struct Predictor {
    MapShape shape;
    int symbolBits = kMaxSymbolBits;
    SpreadWeights spread;
    std::vector<ChannelPredictor> channels;
};

/// What is expected of one value.
struct Expectation {
    std::int32_t expected;  ///< −kExpectedMargin ..< kExpectedRange + kExpectedMargin
    std::int32_t inRange;  ///< the same, 0 ..< kExpectedRange
    std::int32_t spread;  ///< 0 ..< kSpreadSteps
    std::int32_t errorLeft;  ///< what the spread is made of: how far off expectations were nearby
    std::int32_t errorAbove;
    std::int32_t errorBefore;
};

/// By how much it was missed.
inline std::int32_t errorOf(const Expectation& e, std::int32_t symbol, int symbolBits)
{
    return std::abs((symbol << (kExpectedBits - symbolBits)) - e.inRange);
}

/// Where values of a map lie with a border around them that repeats them, so that every value has all neighbours.
struct PlaneLayout {
    explicit PlaneLayout(const MapShape& shape)
        : height(static_cast<std::size_t>(shape.height)), width(static_cast<std::size_t>(shape.width)),
          border(height > 1 || width > 1 ? 1 : 0), stride(width + 2 * border), size(stride * (height + 2 * border)),
          first(border * stride + border), span((height - 1) * stride + width)
    {
    }
    /// From a value to its neighbour.
    [[nodiscard]] std::ptrdiff_t offset(Neighbour neighbour) const
    {
        const auto row = static_cast<std::ptrdiff_t>(stride);
        const std::ptrdiff_t offsets[] = {0, 1, row, -1, -row};
        return offsets[static_cast<std::size_t>(neighbour)];
    }

    std::size_t height;
    std::size_t width;
    std::size_t border;  ///< none around a single value
    std::size_t stride;
    std::size_t size;
    std::size_t first;  ///< where the first value lies
    std::size_t span;  ///< from the first value to behind the last
};

/// Walks through a frame in the order of coding. Its memory is kept from frame to frame.
class PredictorWalk {
public:
    /// `symbolAt(index, expectation)` tells each symbol in turn.
    template <typename SymbolAt>
    void run(const Predictor& predictor, SymbolAt&& symbolAt)
    {
        const PlaneLayout layout(predictor.shape);
        prepare(predictor, layout);
        for (std::size_t c = 0; c < predictor.channels.size(); ++c) {
            predictFromBefore(predictor.channels[c], layout);
            std::int16_t* const plane = m_planes.data() + c * layout.size + layout.first;
            for (std::size_t y = 0; y < layout.height; ++y) {
                walkRow(predictor, predictor.channels[c], layout, plane + y * layout.stride, y,
                        c * layout.height * layout.width + y * layout.width, symbolAt);
                if (layout.border > 0)
                    padRow(plane + y * layout.stride, layout.width);
            }
            finishChannel(layout, m_planes.data() + c * layout.size);
        }
    }

private:
    void prepare(const Predictor& predictor, const PlaneLayout& layout);
    /// What channels before say of a whole channel, into m_sums.
    void predictFromBefore(const ChannelPredictor& channel, const PlaneLayout& layout);
    /// Adds what the row above says.
    void predictFromAbove(const ChannelPredictor& channel, const std::int16_t* above, std::size_t width, std::int32_t* sums);
    static void padRow(std::int16_t* row, std::size_t width)
    {
        row[-1] = row[0];
        row[width] = row[width - 1];
    }
    void finishChannel(const PlaneLayout& layout, std::int16_t* plane);

    template <typename SymbolAt>
    void walkRow(const Predictor& predictor, const ChannelPredictor& channel, const PlaneLayout& layout, std::int16_t* row,
                 std::size_t y, std::size_t index, SymbolAt& symbolAt)
    {
        const int weightShift = predictor.symbolBits - (kExpectedBits - kWeightBits);
        const SpreadWeights spread = predictor.spread;
        std::int32_t* const sums = m_sums.data() + y * layout.stride;
        std::int16_t* const errors = m_errors.data() + y * layout.stride;
        const std::int16_t* const before = m_before.data() + y * layout.stride;
        const std::int16_t* const errorsAbove = y == 0 ? errors : errors - layout.stride;

        std::int32_t left = channel.corner;
        std::int32_t leftWeight = channel.own[OwnLeft];
        if (y == 0) {  // what is left of it stands for the row above
            leftWeight += channel.own[OwnAbove] + channel.own[OwnAboveLeft] + channel.own[OwnAboveRight];
        } else {
            predictFromAbove(channel, row - layout.stride, layout.width, sums);
            left = row[-static_cast<std::ptrdiff_t>(layout.stride)];
        }
        std::int32_t errorLeft = before[0] >> kBeforeBits;
        for (std::size_t x = 0; x < layout.width; ++x) {
            Expectation e{};
            e.expected = std::clamp((sums[x] + leftWeight * left) >> weightShift, -kExpectedMargin,
                                    kExpectedRange + kExpectedMargin - 1);
            e.inRange = std::clamp(e.expected, 0, kExpectedRange - 1);
            e.errorLeft = errorLeft;
            e.errorBefore = before[x] >> kBeforeBits;
            e.errorAbove = y == 0 ? e.errorBefore : errorsAbove[x];
            const std::int32_t errorSum = spread.expected * e.inRange + spread.left * e.errorLeft + spread.above * e.errorAbove
                + spread.before * e.errorBefore;
            e.spread = std::clamp(channel.spread + (errorSum >> (kWeightBits - 2)), 0, kSpreadSteps - 1);
            left = static_cast<std::int32_t>(symbolAt(index + x, e));
            row[x] = static_cast<std::int16_t>(left);
            errorLeft = errorOf(e, left, predictor.symbolBits);
            errors[x] = static_cast<std::int16_t>(errorLeft);
        }
    }

    static constexpr int kBeforeBits = 3;

    std::vector<std::int16_t> m_planes;  ///< symbols, channel after channel
    std::vector<std::int32_t> m_sums;  ///< of a channel; from here on as long as a layout's span
    std::vector<std::int16_t> m_errors;  ///< of a channel
    std::vector<std::int16_t> m_before;  ///< sliding mean of the errors in channels before, times 8
};

}  // namespace splitscope::codec
