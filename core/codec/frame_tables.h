// SPDX-License-Identifier: GPL-3.0-or-later
// What a model of whole frames consists of: for each sample six small networks of integers say what to expect and how sure that
// is, and tables say how likely each value then is. BITSTREAMS.md has the arithmetic.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <array>
#include <memory>

namespace splitscope::codec {

inline constexpr int kFrameChannels = 3;
/// Channels in coding order: green, red given green, blue given both.
inline constexpr std::array<int, kFrameChannels> kFramePlanes{1, 0, 2};

/// A sample is predicted from two rows above, as many pixels to either side, and two pixels to the left.
inline constexpr int kFrameReach = 2;
inline constexpr int kRowInputs = kFrameChannels * (2 * kFrameReach + 1);
inline constexpr int kAboveInputs = 2 * kRowInputs;
inline constexpr int kLeftInputs = kFrameChannels * kFrameReach;
inline constexpr int kPixelInputs = kAboveInputs + kLeftInputs;
inline constexpr int kMaxFrameInputs = kPixelInputs + kFrameChannels - 1;  ///< and this pixel's earlier channels
/// A channel's inputs, by its place in the coding order.
constexpr int frameInputs(int channel) { return kPixelInputs + channel; }

inline constexpr int kFrameLanes = 32;  ///< sums over the inputs: hidden units, then one for the mean and one for the scale
inline constexpr int kMeanLane = 30;
inline constexpr int kScaleLane = 31;
inline constexpr int kHiddenLanes = 30;
inline constexpr int kAllLanes = kFrameChannels * kFrameLanes;

inline constexpr int kSampleOffset = 128;  ///< inputs are samples less this
inline constexpr int kHiddenShift = 8;
inline constexpr int kMaxHidden = 32767;
inline constexpr int kLinearFactor = 16;  ///< of the last two lanes
inline constexpr int kMeanBits = 16;  ///< fraction of a mean's sum; of a scale's as well
inline constexpr int kStepBits = 3;
inline constexpr int kStepsPerLevel = 1 << kStepBits;  ///< means are multiples of 1/8
inline constexpr int kMeanShift = 13;
/// Means may lie this far outside of what samples can be: then the nearest sample takes almost all.
inline constexpr int kMeanMargin = 32 * kStepsPerLevel;

inline constexpr int kFrameScales = 40;  ///< how uncertain a sample is, in steps of a factor
inline constexpr int kShapeKnots = 40;
inline constexpr int kShapeTotal = 65536 - 256;  ///< what a distribution shares out; each value has one part besides

/// Sums stay exact in binary32: kernels may add floats in any order.
inline constexpr std::int64_t kMaxLaneSum = (1 << 24) - 1;
/// Of the magnitudes of what hidden units are multiplied with, so that 32 bits hold the sums.
inline constexpr std::int64_t kMaxOutputSum = 57000;

/// The knots' distances from the mean, in steps.
const std::array<int, kShapeKnots>& shapeKnotSteps();

/// Integers as they are stored.
struct FrameNetwork {
    std::array<std::array<std::int16_t, kFrameLanes>, kMaxFrameInputs> weights{};
    std::array<std::int32_t, kFrameLanes> bias{};
    std::array<std::int16_t, kHiddenLanes> mean{};
    std::array<std::int16_t, kHiddenLanes> scale{};
};

/// For each scale how much lies between the mean and each knot, of kShapeTotal / 2.
using FrameShapes = std::array<std::array<std::uint16_t, kShapeKnots>, kFrameScales>;

struct FrameParameters {
    /// First those of a frame's first row, then of all others; in coding order.
    std::array<std::array<FrameNetwork, kFrameChannels>, 2> networks{};
    FrameShapes shapes{};
};

inline constexpr std::size_t kFrameParameterBytes
    = 2 * (kFrameLanes * 2 * (3 * kPixelInputs + 3) + kFrameChannels * (4 * kFrameLanes + 4 * kHiddenLanes))
    + 2 * kFrameScales * kShapeKnots;

/// An Error says which network or scale breaks a bound.
base::Status checkFrameParameters(const FrameParameters& parameters, const std::string& where);
void serializeFrameParameters(const FrameParameters& parameters, base::Bytes& out);
base::Result<FrameParameters> parseFrameParameters(base::ByteView in, const std::string& where);

/// Kernels take inputs by pairs: each row above has eight, with an input of no weight at its end.
inline constexpr int kRowPairs = (kRowInputs + 1) / 2;
inline constexpr int kLeftPairs = kLeftInputs / 2;
inline constexpr int kPixelPair = 2 * kRowPairs + kLeftPairs;  ///< this pixel's earlier channels
inline constexpr int kInputPairs = kPixelPair + 1;

/// A row's three networks side by side, inputs by lanes.
struct alignas(64) FrameWeights {
    float inputs[2 * kInputPairs][kAllLanes];
    std::int16_t pairs[kInputPairs][kAllLanes][2];  ///< the same
    float bias[kAllLanes];
    std::int32_t wholeBias[kAllLanes];  ///< the same
    std::int32_t mean[kAllLanes];  ///< 0 behind the hidden lanes
    std::int32_t scale[kAllLanes];
};

/// Cumulative distribution of one scale: what lies below a value, by how far its lower end lies from the mean. Values of
/// neighbouring levels lie side by side: by the mean's fraction of a level, then by levels above its whole part.
inline constexpr int kCdfReach = 296;  ///< levels
struct ScaleCdf {
    std::uint16_t below[kStepsPerLevel][2 * kCdfReach];  ///< at −kCdfReach levels first
};

/// Parameters made ready for coding.
struct FrameTables {
    explicit FrameTables(const FrameParameters& checked);

    std::array<FrameWeights, 2> weights;
    std::array<ScaleCdf, kFrameScales> cdfs;
    FrameParameters parameters;
};

}  // namespace splitscope::codec
