// SPDX-License-Identifier: GPL-3.0-or-later
// Distributions of what the networks leave: for each scale a mixture of logistic ones, fitted by expectation maximization.
#include "core/codec/frame_kernels.h"
#include "core/codec/frame_trainer.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace splitscope::codec {

namespace {

constexpr std::size_t kComponents = 24;
constexpr double kLowestComponent = 0.04;  // in samples
constexpr double kComponentFactor = 1.4142135623730951;
constexpr std::size_t kDistances = 255 * kStepsPerLevel + kMeanMargin + 1;  // a sample to any mean, in steps
constexpr std::size_t kMostSamples = 3'000'000;
constexpr int kRounds = 60;
constexpr double kPriorSamples = 20;  // as if so many had been seen that follow the scale's name

using Counts = std::vector<std::array<double, kDistances>>;

double componentScale(std::size_t component) { return kLowestComponent * std::pow(kComponentFactor, double(component)); }

/// How much of a logistic distribution lies between 0 and `steps`.
double logisticHalf(double steps, double scale) { return 0.5 * std::tanh(steps / kStepsPerLevel / scale / 2); }

/// How often samples of each scale lay so many steps from their mean.
Counts countDistances(std::span<const data::Image> frames, const FrameParameters& parameters, const std::stop_token& stop)
{
    const auto tables = std::make_unique<FrameTables>(parameters);
    Counts counts(kFrameScales);
    FrameScratch scratch;
    std::size_t all = 0;
    for (const data::Image& frame : frames)
        all += frame.pixels.size();
    const std::size_t stride = all / kMostSamples + 1;
    for (std::size_t f = 0; f < frames.size() && !stop.stop_requested(); f += stride) {
        const data::Image& frame = frames[f];
        const std::size_t pixels = frame.pixels.size() / kFrameChannels;
        scratch.prepare(frame.size);
        scratch.predictions.resize(frame.pixels.size());
        frameKernels().predict(*tables, frame, scratch, scratch.predictions.data());
        for (std::size_t i = 0; i < frame.pixels.size(); ++i) {
            const auto plane = static_cast<std::size_t>(kFramePlanes[i % kFrameChannels]);
            const int sample = frame.pixels[plane * pixels + i / kFrameChannels];
            const FramePrediction prediction = scratch.predictions[i];
            if (sample != 0 && sample != 255)  // those stand for all beyond as well
                counts[prediction.scale][static_cast<std::size_t>(std::abs(kStepsPerLevel * sample - prediction.mean))] += 1;
        }
    }
    return counts;
}

/// likelihoods[component][distance] of one sample.
Counts componentLikelihoods()
{
    Counts result(kComponents);
    for (std::size_t component = 0; component < kComponents; ++component)
        for (std::size_t distance = 0; distance < kDistances; ++distance) {
            const double scale = componentScale(component);
            const double half = kStepsPerLevel / 2.0;
            result[component][distance]
                = logisticHalf(double(distance) + half, scale) - logisticHalf(double(distance) - half, scale);
        }
    return result;
}

std::array<double, kComponents> fitMixture(const std::array<double, kDistances>& counts, const Counts& likelihoods,
                                           std::size_t expectedComponent)
{
    std::array<double, kComponents> weights;
    weights.fill(1.0 / kComponents);
    for (int round = 0; round < kRounds; ++round) {
        std::array<double, kComponents> shares{};
        shares[expectedComponent] = kPriorSamples;
        for (std::size_t distance = 0; distance < kDistances; ++distance) {
            if (counts[distance] == 0)
                continue;
            double sum = 1e-12;
            for (std::size_t k = 0; k < kComponents; ++k)
                sum += weights[k] * likelihoods[k][distance];
            for (std::size_t k = 0; k < kComponents; ++k)
                shares[k] += counts[distance] * weights[k] * likelihoods[k][distance] / sum;
        }
        double all = 0;
        for (const double share : shares)
            all += share;
        for (std::size_t k = 0; k < kComponents; ++k)
            weights[k] = shares[k] / all;
    }
    return weights;
}

}  // namespace

FrameShapes fitFrameShapes(std::span<const data::Image> frames, const FrameParameters& parameters, const std::stop_token& stop)
{
    const Counts counts = countDistances(frames, parameters, stop);
    const Counts likelihoods = componentLikelihoods();
    FrameShapes shapes;
    for (std::size_t scale = 0; scale < kFrameScales && !stop.stop_requested(); ++scale) {
        const double nominal = std::exp(kLowestLogScale + (double(scale) + 0.5) * kLogScaleStep);
        const double component = std::log(nominal / kLowestComponent) / std::log(kComponentFactor);
        const auto expected = static_cast<std::size_t>(std::clamp(std::lround(component), 0L, long{kComponents - 1}));
        const auto weights = fitMixture(counts[scale], likelihoods, expected);
        for (std::size_t knot = 0; knot < kShapeKnots; ++knot) {
            double share = 0;
            for (std::size_t k = 0; k < kComponents; ++k)
                share += weights[k] * logisticHalf(shapeKnotSteps()[knot], componentScale(k));
            shapes[scale][knot]
                = static_cast<std::uint16_t>(std::clamp(std::lround(share * kShapeTotal), 0L, long{kShapeTotal / 2}));
        }
    }
    return shapes;
}

}  // namespace splitscope::codec
