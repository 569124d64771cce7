// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/base/torch_p.h"

#include "core/model/training_loss_p.h"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace splitscope::model {

namespace {

using base::Error;
using base::ErrorCode;

Error refused(const std::string& text) { return {ErrorCode::InvalidInput, text, "training options"}; }

bool hasLayer(const NetworkSpec& spec, const std::string& name)
{
    const auto among = [&](const std::vector<LayerSpec>& layers) {
        return std::any_of(layers.begin(), layers.end(), [&](const LayerSpec& layer) { return layer.name == name; });
    };
    return among(spec.trunk) || std::any_of(spec.exits.begin(), spec.exits.end(), [&](const auto& e) { return among(e.head); });
}

base::Status checkNoise(const NetworkSpec& spec, const QuantizationNoise& noise)
{
    constexpr int kMostBits = 16;
    if (noise.bits == 0)
        return noise.ratePenalty > 0 ? refused("a rate penalty needs quantization noise, whose levels it counts")
                                     : base::Status();
    if (noise.bits < 2 || noise.bits > kMostBits)
        return refused("quantization noise has 2 to 16 bits");
    if (!(noise.ratePenalty >= 0) || !(noise.rateTarget > 0))
        return refused("the rate penalty must be 0 or more, and its target above 0");
    const auto layers = noisyLayers(spec, noise);
    if (layers.empty())
        return refused("quantization noise has no place: the network has no 1×1 convolution, and no layers were named");
    for (const auto& name : layers)
        if (!hasLayer(spec, name))
            return refused("quantization noise is wanted behind '" + name + "', which is no layer of " + spec.name);
    for (const auto& name : noise.rateLayers)
        if (std::find(layers.begin(), layers.end(), name) == layers.end())
            return refused("the rate penalty is to count '" + name + "', behind which no quantization noise is");
    return {};
}

base::Status checkTeacher(const NetworkSpec& spec, const Distillation& distillation)
{
    if (!(distillation.weight >= 0 && distillation.weight <= 1) || !(distillation.temperature > 0))
        return refused("the distillation's weight must be from 0 to 1, its temperature above 0");
    const auto& teacher = distillation.teacher;
    if (teacher.input != spec.input || teacher.classes != spec.classes || teacher.mean != spec.mean
        || teacher.deviation != spec.deviation)
        return Error{ErrorCode::Mismatch, "the teacher takes other images or knows other classes than " + spec.name,
                     teacher.name};
    return checkWeights(teacher, distillation.weights);
}

}  // namespace

std::vector<std::string> narrowLayers(const NetworkSpec& spec)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < spec.trunk.size(); ++i) {
        if (spec.trunk[i].type != LayerType::Conv || spec.trunk[i].kernel != 1)
            continue;
        const bool rectified = i + 1 < spec.trunk.size() && spec.trunk[i + 1].type == LayerType::Relu;
        names.push_back(spec.trunk[rectified ? i + 1 : i].name);
    }
    return names;
}

base::Status checkLossOptions(const NetworkSpec& spec, const TrainingOptions& options)
{
    if (auto status = checkNoise(spec, options.noise); !status)
        return status;
    return options.distillation ? checkTeacher(spec, *options.distillation) : base::Status();
}

std::vector<std::string> noisyLayers(const NetworkSpec& spec, const QuantizationNoise& noise)
{
    if (noise.bits == 0)
        return {};
    return noise.layers.empty() ? narrowLayers(spec) : noise.layers;
}

std::string lossIdentity(const NetworkSpec& spec, const TrainingOptions& options)
{
    std::ostringstream text;
    text << std::setprecision(17);
    if (options.noise.bits > 0)
        text << " noise " << options.noise.bits << ' ' << base::joined(noisyLayers(spec, options.noise), ",") << ' '
             << options.noise.ratePenalty << ' ' << options.noise.rateTarget
             << (options.noise.rateLayers.empty() ? "" : ' ' + base::joined(options.noise.rateLayers, ","));
    if (const auto& distillation = options.distillation)
        text << " teacher " << modelHash(distillation->teacher, distillation->weights) << ' ' << distillation->weight << ' '
             << distillation->temperature;
    return text.str();
}

std::string describeLoss(const NetworkSpec& spec, const TrainingOptions& options)
{
    std::ostringstream text;
    if (options.noise.bits > 0) {
        text << ", quantization noise of " << options.noise.bits << " bits behind "
             << base::joined(noisyLayers(spec, options.noise), ",");
        if (options.noise.ratePenalty > 0)
            text << ", rate penalty " << options.noise.ratePenalty << " above " << options.noise.rateTarget << " bits a value"
                 << (options.noise.rateLayers.empty() ? "" : " of " + base::joined(options.noise.rateLayers, ","));
    }
    if (const auto& distillation = options.distillation)
        text << ", distilled from " << distillation->teacher.name << ' '
             << modelHash(distillation->teacher, distillation->weights).substr(0, 12) << " with weight " << distillation->weight
             << " at temperature " << distillation->temperature;
    return text.str();
}

at::Tensor distillationLoss(const at::Tensor& logits, const at::Tensor& teacherProbabilities, double temperature)
{
    const auto own = at::log_softmax(logits / temperature, 1);
    return at::kl_div(own, teacherProbabilities, at::Reduction::Sum) * (temperature * temperature / logits.size(0));
}

TrainingLoss::TrainingLoss(const TrainingOptions& options, at::Device device) : m_options(options)
{
    if (!options.distillation)
        return;
    m_teacher = std::make_shared<TrainingNetwork>(options.distillation->teacher);
    m_teacher->unfold(options.distillation->weights);
    m_teacher->eval();
    m_teacher->to(device);
}

/// What all the teacher's exits think on average: an ensemble that knows more than any of them.
at::Tensor TrainingLoss::teacherProbabilities(const at::Tensor& images) const
{
    const torch::NoGradGuard noGradient;
    at::Tensor sum;
    const auto exits = m_teacher->forward(images);
    for (const auto& logits : exits) {
        const auto probabilities = at::softmax(logits / m_options.distillation->temperature, 1);
        sum = sum.defined() ? sum + probabilities : probabilities;
    }
    return sum / static_cast<double>(exits.size());
}

at::Tensor TrainingLoss::of(TrainingNetwork& network, const at::Tensor& images, const at::Tensor& labels) const
{
    const auto options = torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(m_options.labelSmoothing);
    const auto logits = network.forward(images);
    const auto taught = m_teacher ? teacherProbabilities(images) : at::Tensor();
    at::Tensor sum;
    for (std::size_t e = 0; e < logits.size(); ++e) {
        auto loss = torch::nn::functional::cross_entropy(logits[e], labels, options);
        if (m_teacher) {
            const auto& distillation = *m_options.distillation;
            loss = loss * (1 - distillation.weight)
                + distillationLoss(logits[e], taught, distillation.temperature) * distillation.weight;
        }
        const double weight = m_options.exitWeights.empty() ? 1.0 : m_options.exitWeights[e];
        loss = weight * loss;
        sum = sum.defined() ? sum + loss : loss;
    }
    if (m_options.noise.ratePenalty > 0)
        sum = sum + m_options.noise.ratePenalty * network.excessRate(m_options.noise.rateTarget, m_options.noise.rateLayers);
    return sum;
}

}  // namespace splitscope::model
