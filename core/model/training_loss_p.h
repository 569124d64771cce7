// SPDX-License-Identifier: GPL-3.0-or-later
// What a training minimises. Include core/base/torch_p.h first.
#pragma once

#include "core/base/torch_p.h"

#include "core/model/network_p.h"
#include "core/model/trainer.h"

namespace splitscope::model {

/// Whether noise and distillation fit the network: an Error says what does not.
base::Status checkLossOptions(const NetworkSpec& spec, const TrainingOptions& options);

/// The layers whose outputs the noise quantizes: those that were named, or narrowLayers().
std::vector<std::string> noisyLayers(const NetworkSpec& spec, const QuantizationNoise& noise);

/// What options beyond the ordinary make of a training's identity, and say in the weights' provenance; empty without them.
std::string lossIdentity(const NetworkSpec& spec, const TrainingOptions& options);
std::string describeLoss(const NetworkSpec& spec, const TrainingOptions& options);

/// Logits of one exit against a teacher's probabilities, both at a temperature: T²·KL(teacher ‖ student), mean over the batch.
at::Tensor distillationLoss(const at::Tensor& logits, const at::Tensor& teacherProbabilities, double temperature);

/// The joint loss of all exits.
class TrainingLoss {
public:
    TrainingLoss(const TrainingOptions& options, at::Device device);

    /// Of a batch, in training mode.
    at::Tensor of(TrainingNetwork& network, const at::Tensor& images, const at::Tensor& labels) const;

private:
    [[nodiscard]] at::Tensor teacherProbabilities(const at::Tensor& images) const;

    const TrainingOptions& m_options;
    std::shared_ptr<TrainingNetwork> m_teacher;  ///< null without distillation
};

}  // namespace splitscope::model
