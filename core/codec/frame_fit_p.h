// SPDX-License-Identifier: GPL-3.0-or-later
// A frame model's networks while they are learned.
#pragma once

#include "core/codec/frame_tables.h"

namespace splitscope::codec {

// What is learned from: differences to a first guess, the guesses, and differences of this pixel's earlier channels. All are
// sums of inputs, so that the networks that come out see inputs only.
constexpr int kFeatures = kMaxFrameInputs + kFrameChannels;
constexpr int kLevelFeatures = kMaxFrameInputs;  // the guesses stand behind the others
constexpr float kDifferenceUnit = 16;
constexpr float kLevelUnit = 64;
constexpr int kLeftPixel = kAboveInputs + kFrameChannels;  // where among the inputs these pixels are
constexpr int kUpperPixel = kRowInputs + kFrameChannels * kFrameReach;

/// One network of real numbers.
struct alignas(64) FrameFit {
    float inputs[kFeatures][kFrameLanes];
    float bias[kFrameLanes];
    float mean[kFrameLanes];  // kMeanLane adds 1 to the mean, kScaleLane 1 to the scale's logarithm
    float scale[kFrameLanes];
};

/// The network of integers that sees inputs in place of features and comes closest.
FrameNetwork rounded(const FrameFit& fit, int channel, bool firstRow);

}  // namespace splitscope::codec
