// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/data/data_set.h"
#include "core/model/weights.h"

#include <functional>
#include <optional>
#include <stop_token>

namespace splitscope::model {

/// Trains a network for being cut: while it trains, the tensors behind some layers are quantized as the codec does it (per
/// frame, between the frame's own extremes; gradients pass straight through), so that it bears the codec's loss.
struct QuantizationNoise {
    int bits = 0;  ///< 2 to 16; 0: none
    std::vector<std::string> layers;  ///< whose outputs are quantized; empty: narrowLayers()
    /// Weight in the loss of the bits a value above `rateTarget` that these tensors' levels would take entropy-coded,
    /// estimated from above: the entropy of a geometric distribution with their mean.
    double ratePenalty = 0;
    double rateTarget = 2.5;
    std::vector<std::string> rateLayers;  ///< those of the layers above that the penalty counts; empty: all of them
};

/// Learning from a trained network as well: loss_e = (1 − weight)·cross-entropy_e + weight·T²·KL(teacher ‖ exit e), where
/// the teacher is the mean of its exits' probabilities at temperature T, on the same augmented images.
struct Distillation {
    NetworkSpec teacher;
    Weights weights;
    double weight = 0.5;
    double temperature = 4;
};

/// The 1×1 convolutions of the trunk, each by its own name or by that of the relu behind it: where a network made to be cut
/// is narrow.
std::vector<std::string> narrowLayers(const NetworkSpec& spec);

/// Joint training of all exits: L = Σ_e weight_e · loss_e (cross-entropy, unless it is distilled), SGD with momentum and a
/// one-cycle learning rate.
struct TrainingOptions {
    int epochs = 12;
    int batch = 128;
    double peakLearningRate = 0.1;
    double weightDecay = 5e-4;
    double momentum = 0.9;
    double labelSmoothing = 0.0;
    std::vector<double> exitWeights;  ///< one per exit; empty: all 1
    int cropPadding = 4;  ///< random crops of the frame padded by this many pixels; 0: none
    /// Below 1: in place of padded crops, random parts of the frame of at least this share of its area, and of sides 3:4 to
    /// 4:3 of its own, stretched to its size.
    double cropScale = 1;
    bool flip = true;  ///< random horizontal flips
    QuantizationNoise noise;
    std::optional<Distillation> distillation;
    std::uint64_t seed = 1;
    int threads = 2;
    std::filesystem::path checkpoint;  ///< written after every epoch when set; resumed from when it exists
};

struct TrainingProgress {
    int epoch = 0;  ///< 1-based, of `epochs`
    int epochs = 0;
    int step = 0;
    int steps = 0;  ///< per epoch
    double loss = 0;
    double learningRate = 0;
    double imagesPerSecond = 0;
    std::vector<double> holdoutAccuracy;  ///< per exit; filled at the end of an epoch
};

/// Called on the training thread, a few times a second and at the end of each epoch.
using TrainingObserver = std::function<void(const TrainingProgress&)>;

/// Trains from scratch (or from the checkpoint) and returns deployable weights: batch normalisation, used behind every
/// convolution while training, is folded into the convolutions. CUDA is used when LibTorch has it. Cancelled → Error
/// Cancelled, with the checkpoint of the last whole epoch kept. Deterministic for a seed, thread count and machine.
base::Result<Weights> train(const NetworkSpec& spec, const data::DataSet& training, const data::DataSet& holdout,
                            const TrainingOptions& options, std::stop_token stop, const TrainingObserver& observer);

/// Accuracy of one exit, with its 95 % Wilson interval.
struct ExitAccuracy {
    int layers = 0;
    double accuracy = 0;
    double low = 0;
    double high = 0;
    std::size_t images = 0;
};

/// Runs the deployed (executor's) network on the first `limit` images (0: all).
base::Result<std::vector<ExitAccuracy>> measureAccuracy(const NetworkSpec& spec, const Weights& weights,
                                                        const data::DataSet& images, std::size_t limit, std::stop_token stop);

}  // namespace splitscope::model
