// SPDX-License-Identifier: GPL-3.0-or-later
// Learns a frame model: small networks by gradient descent on what coding costs, then made integers, then distributions of
// what those leave.
#pragma once

#include "core/codec/frame_tables.h"
#include "core/data/image.h"

#include <functional>
#include <span>
#include <stop_token>

namespace splitscope::codec {

/// Scales are steps of this factor's logarithm, from this one on: of a logistic distribution, in samples.
inline constexpr double kLogScaleStep = 0.18;
inline constexpr double kLowestLogScale = -2.8;

/// Called with the share of the training that is done, from any of its threads, one call at a time.
using FrameTrainingObserver = std::function<void(double share)>;

/// Of frames that have 3 channels, sides of at least 1 and all their pixels; at least one. Each step of descent sees 256 samples
/// of a channel. The same frames give the same parameters (on the same kind of processor). A thread for each channel. Once
/// stopped it returns at once what is no good.
FrameParameters trainFrameNetworks(std::span<const data::Image> frames, int steps, const std::stop_token& stop,
                                   const FrameTrainingObserver& observer);

/// How far samples lie from what these networks expect. As above when stopped.
FrameShapes fitFrameShapes(std::span<const data::Image> frames, const FrameParameters& parameters, const std::stop_token& stop);

}  // namespace splitscope::codec
