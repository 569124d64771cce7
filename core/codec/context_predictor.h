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
#include <span>
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

/// A predictor with what running it takes: where in memory its terms' values lie.
class PlacedPredictor {
public:
    explicit PlacedPredictor(Predictor made);

    struct Term {
        std::int32_t at;  ///< from the first value's place on
        std::int16_t weight;
    };
    [[nodiscard]] const Predictor& predictor() const { return m_predictor; }
    [[nodiscard]] const PlaneLayout& layout() const { return m_layout; }
    [[nodiscard]] std::span<const Term> terms(std::size_t channel) const
    {
        return std::span(m_terms).subspan(m_firstTerms[channel], m_firstTerms[channel + 1] - m_firstTerms[channel]);
    }

private:
    Predictor m_predictor;
    PlaneLayout m_layout;
    std::vector<Term> m_terms;  ///< all channels'
    std::vector<std::size_t> m_firstTerms;  ///< of each channel, and the end
};

/// Walks through a frame in the order of coding. Its memory is kept from frame to frame.
class PredictorWalk {
public:
    /// `symbolAt(index, expectation)` tells each symbol in turn.
    template <typename SymbolAt>
    void run(const PlacedPredictor& placed, SymbolAt&& symbolAt)
    {
        const Predictor& predictor = placed.predictor();
        const PlaneLayout& layout = placed.layout();
        prepare(predictor, layout);
        if (layout.size == 1) {
            walkVector(placed, symbolAt);
            return;
        }
        for (std::size_t c = 0; c < predictor.channels.size(); ++c) {
            predictFromBefore(placed, c);
            std::int16_t* const plane = m_planes.data() + c * layout.size + layout.first;
            for (std::size_t y = 0; y < layout.height; ++y) {
                walkRow(predictor, predictor.channels[c], layout, plane + y * layout.stride, y,
                        c * layout.height * layout.width + y * layout.width, symbolAt);
                padRow(plane + y * layout.stride, layout.width);
            }
            finishChannel(layout, m_planes.data() + c * layout.size);
        }
    }

private:
    void prepare(const Predictor& predictor, const PlaneLayout& layout);
    /// What channels before say of a whole channel, into m_sums.
    void predictFromBefore(const PlacedPredictor& placed, std::size_t channel);
    /// Adds what the row above says.
    void predictFromAbove(const ChannelPredictor& channel, const std::int16_t* above, std::size_t width, std::int32_t* sums);
    static void padRow(std::int16_t* row, std::size_t width)
    {
        row[-1] = row[0];
        row[width] = row[width - 1];
    }
    void finishChannel(const PlaneLayout& layout, std::int16_t* plane);

    /// What a sum of weighted neighbours and errors nearby let expect.
    static Expectation expectationOf(const Predictor& predictor, std::int32_t sum, std::int32_t usualSpread,
                                     std::int32_t errorLeft, std::int32_t errorAbove, std::int32_t errorBefore)
    {
        Expectation e{};
        e.expected = std::clamp(sum >> (predictor.symbolBits - (kExpectedBits - kWeightBits)), -kExpectedMargin,
                                kExpectedRange + kExpectedMargin - 1);
        e.inRange = std::clamp(e.expected, 0, kExpectedRange - 1);
        e.errorLeft = errorLeft;
        e.errorAbove = errorAbove;
        e.errorBefore = errorBefore;
        const SpreadWeights& weights = predictor.spread;
        const std::int32_t errorSum
            = weights.expected * e.inRange + weights.left * errorLeft + weights.above * errorAbove + weights.before * errorBefore;
        e.spread = std::clamp(usualSpread + (errorSum >> (kWeightBits - 2)), 0, kSpreadSteps - 1);
        return e;
    }

    template <typename SymbolAt>
    void walkRow(const Predictor& predictor, const ChannelPredictor& channel, const PlaneLayout& layout, std::int16_t* row,
                 std::size_t y, std::size_t index, SymbolAt& symbolAt)
    {
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
            const std::int32_t errorBefore = before[x] >> kBeforeBits;
            const std::int32_t errorAbove = y == 0 ? errorBefore : errorsAbove[x];
            const Expectation e
                = expectationOf(predictor, sums[x] + leftWeight * left, channel.spread, errorLeft, errorAbove, errorBefore);
            left = static_cast<std::int32_t>(symbolAt(index + x, e));
            row[x] = static_cast<std::int16_t>(left);
            errorLeft = errorOf(e, left, predictor.symbolBits);
            errors[x] = static_cast<std::int16_t>(errorLeft);
        }
    }

    /// The same where each channel is a single value.
    template <typename SymbolAt>
    void walkVector(const PlacedPredictor& placed, SymbolAt& symbolAt)
    {
        const Predictor& predictor = placed.predictor();
        std::int32_t before = predictor.spread.first << kBeforeBits;
        for (std::size_t c = 0; c < predictor.channels.size(); ++c) {
            const ChannelPredictor& channel = predictor.channels[c];
            std::int32_t sum = channel.bias;
            for (const auto& term : placed.terms(c))
                sum += std::int32_t{term.weight} * m_planes[static_cast<std::size_t>(term.at)];
            const std::int32_t error = before >> kBeforeBits;
            const Expectation e = expectationOf(predictor, sum, channel.spread, error, error, error);
            const auto symbol = static_cast<std::int32_t>(symbolAt(c, e));
            m_planes[c] = static_cast<std::int16_t>(symbol);
            before += errorOf(e, symbol, predictor.symbolBits) - error;
        }
    }

    static constexpr int kBeforeBits = 3;

    std::vector<std::int16_t> m_planes;  ///< symbols, channel after channel
    std::vector<std::int32_t> m_sums;  ///< of a channel; from here on as long as a layout's span
    std::vector<std::int16_t> m_errors;  ///< of a channel
    std::vector<std::int16_t> m_before;  ///< sliding mean of the errors in channels before, times 8
};

}  // namespace splitscope::codec
