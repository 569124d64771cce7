// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/frame_fit_p.h"
#include "core/codec/frame_trainer.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace splitscope::codec {

namespace {

/// A lane over the inputs themselves.
struct InputLane {
    std::array<double, kMaxFrameInputs> weights{};
    double bias = 0;
};

/// What a guess counts, its inputs share.
void addGuess(InputLane& lane, int channel, bool firstRow, double weight)
{
    const auto at = static_cast<std::size_t>(channel);
    const auto left = static_cast<std::size_t>(kLeftPixel) + at;
    const auto upper = static_cast<std::size_t>(kUpperPixel) + at;
    lane.weights[left] += firstRow ? weight : weight / 2;
    if (!firstRow)
        lane.weights[upper] += weight / 2;
}

InputLane unfoldFeatures(const FrameFit& fit, int inputs, std::size_t at, bool firstRow)
{
    InputLane lane;
    lane.bias = fit.bias[at];
    for (int input = 0; input < inputs; ++input) {
        // Behind the pixels' inputs are those of this one, in the same order of channels.
        const double weight = fit.inputs[input][at] / kDifferenceUnit;
        lane.weights[static_cast<std::size_t>(input)] += weight;
        addGuess(lane, input % kFrameChannels, firstRow, -weight);
    }
    for (int channel = 0; channel < kFrameChannels; ++channel)
        addGuess(lane, channel, firstRow, fit.inputs[kLevelFeatures + channel][at] / kLevelUnit);
    return lane;
}

/// The factor that uses the weights' range well and keeps sums within kMaxLaneSum.
double hiddenFactor(const InputLane& lane)
{
    constexpr double kLargestWeight = 8191;
    double largest = 1e-6;
    double sum = 1e-6 + std::abs(lane.bias);
    for (const double weight : lane.weights) {
        largest = std::max(largest, std::abs(weight));
        sum += kSampleOffset * std::abs(weight);
    }
    return std::min(kLargestWeight / largest, 0.99 * kMaxLaneSum / sum);
}

/// Each channel's weights keep their sum, so that a plain area's level passes as it should.
void storeLane(const InputLane& lane, double factor, int inputs, std::size_t at, FrameNetwork& out)
{
    std::array<double, kFrameChannels> error{};
    const auto store = [&](std::size_t input, double value) {
        out.weights[input][at] = static_cast<std::int16_t>(std::lround(std::clamp(value, -32767.0, 32767.0)));
    };
    for (std::size_t input = 0; input < static_cast<std::size_t>(inputs); ++input) {
        store(input, lane.weights[input] * factor);
        error[input % kFrameChannels] += lane.weights[input] * factor - out.weights[input][at];
    }
    for (std::size_t channel = 0; channel < kFrameChannels; ++channel) {
        const auto left = static_cast<std::size_t>(kLeftPixel) + channel;
        store(left, out.weights[left][at] + error[channel]);
    }
    out.bias[at] = static_cast<std::int32_t>(std::lround(lane.bias * factor));
}

/// Rounded; smaller where sums could leave 32 bits.
std::array<std::int16_t, kHiddenLanes> boundedOutput(const std::array<double, kHiddenLanes>& factors)
{
    double sum = 1;
    for (const double factor : factors)
        sum += std::abs(factor) + 1;
    const double shrink = std::min(1.0, static_cast<double>(kMaxOutputSum) / sum);
    std::array<std::int16_t, kHiddenLanes> result{};
    for (std::size_t i = 0; i < factors.size(); ++i)
        result[i] = static_cast<std::int16_t>(std::lround(std::clamp(factors[i] * shrink, -32767.0, 32767.0)));
    return result;
}

/// The last two lanes have a fixed unit; weights too large for it could only come from frames that no model fits.
double boundedFactor(const InputLane& lane, double wanted) { return std::min(wanted, hiddenFactor(lane)); }

}  // namespace

FrameNetwork rounded(const FrameFit& fit, int channel, bool firstRow)
{
    constexpr double kUnit = 1 << kMeanBits;
    constexpr double kLinearUnit = kUnit / kLinearFactor;
    FrameNetwork network;
    const int inputs = frameInputs(channel);
    std::array<double, kHiddenLanes> means{};
    std::array<double, kHiddenLanes> scales{};
    for (std::size_t at = 0; at < kHiddenLanes; ++at) {
        const InputLane lane = unfoldFeatures(fit, inputs, at, firstRow);
        const double factor = hiddenFactor(lane);
        storeLane(lane, factor, inputs, at, network);
        const double unit = kUnit * (1 << kHiddenShift) / factor;
        means[at] = fit.mean[at] * kDifferenceUnit * unit;
        scales[at] = fit.scale[at] / kLogScaleStep * unit;
    }
    network.mean = boundedOutput(means);
    network.scale = boundedOutput(scales);
    InputLane mean = unfoldFeatures(fit, inputs, kMeanLane, firstRow);
    for (double& weight : mean.weights)
        weight *= kDifferenceUnit;
    mean.bias *= kDifferenceUnit;
    addGuess(mean, channel, firstRow, 1);
    storeLane(mean, boundedFactor(mean, kLinearUnit), inputs, kMeanLane, network);
    InputLane scale = unfoldFeatures(fit, inputs, kScaleLane, firstRow);
    for (double& weight : scale.weights)
        weight /= kLogScaleStep;
    scale.bias = (scale.bias - kLowestLogScale) / kLogScaleStep;
    storeLane(scale, boundedFactor(scale, kLinearUnit), inputs, kScaleLane, network);
    return network;
}

}  // namespace splitscope::codec
