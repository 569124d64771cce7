// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/model/checkpoint_p.h"
#include "core/model/network_p.h"
#include "core/model/trainer.h"
#include "core/model/training_data_p.h"
#include "core/model/training_loss_p.h"

#include <algorithm>
#include <ctime>
#include <iomanip>
#include <numbers>
#include <numeric>
#include <sstream>

namespace splitscope::model {

namespace {

using base::Error;
using base::ErrorCode;

constexpr std::int64_t kObserveEveryNs = 200'000'000;
constexpr std::int64_t kEvaluationBatch = 250;

Error cancelled(int wholeEpochs)
{
    return {ErrorCode::Cancelled, "stopped after " + std::to_string(wholeEpochs) + " whole epochs", "training"};
}

base::Status checkOptions(const NetworkSpec& spec, const TrainingOptions& options)
{
    const auto refuse = [](const std::string& text) { return Error{ErrorCode::InvalidInput, text, "training options"}; };
    if (options.epochs < 1 || options.batch < 2 || options.threads < 1 || options.cropPadding < 0)
        return refuse("epochs and threads must be at least 1, the batch at least 2, the crop padding not negative");
    if (!(options.peakLearningRate > 0) || !(options.weightDecay >= 0) || !(options.momentum >= 0 && options.momentum < 1)
        || !(options.labelSmoothing >= 0 && options.labelSmoothing < 1))
        return refuse("the learning rate must be above 0, weight decay 0 or more, momentum and label smoothing 0 to below 1");
    if (!(options.cropScale > 0 && options.cropScale <= 1))
        return refuse("the crops' least share of the frame must be above 0, and at most 1");
    if (!options.exitWeights.empty() && options.exitWeights.size() != spec.exits.size())
        return refuse("there are " + std::to_string(options.exitWeights.size()) + " exit weights, but the network has "
                      + std::to_string(spec.exits.size()) + " exits");
    return checkLossOptions(spec, options);
}

/// What must be equal for a checkpoint to be continued with the same result.
std::string identityOf(const NetworkSpec& spec, const TrainingOptions& options, const data::DataSet& training)
{
    std::ostringstream text;
    text << std::setprecision(17) << toJson(spec) << ' ' << training.name() << ' ' << training.size() << ' ' << options.epochs
         << ' ' << options.batch << ' ' << options.peakLearningRate << ' ' << options.weightDecay << ' ' << options.momentum
         << ' ' << options.labelSmoothing << ' ' << options.cropPadding << ' ' << options.flip << ' ' << options.seed;
    for (double weight : options.exitWeights)
        text << ' ' << weight;
    if (options.cropScale < 1)
        text << " scale " << options.cropScale;
    text << lossIdentity(spec, options);
    return base::sha256(base::asBytes(text.str()));
}

/// One cycle: linear warm-up over the first 30 % of the steps, then half a cosine down to nearly nothing.
double learningRate(double peak, double progress)
{
    constexpr double kWarmUp = 0.3;
    constexpr double kStart = 1.0 / 25;
    if (progress < kWarmUp)
        return peak * (kStart + (1 - kStart) * progress / kWarmUp);
    return peak * (0.5 + 0.5 * std::cos(std::numbers::pi * (progress - kWarmUp) / (1 - kWarmUp))) + peak * 1e-4;
}

std::string today()
{
    const auto now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::ostringstream text;
    text << std::put_time(&parts, "%Y-%m-%d");
    return text.str();
}

/// Stochastic gradient descent with Nesterov's momentum.
class Optimizer {
public:
    Optimizer(const TrainingNetwork& network, const TrainingOptions& options)
        : m_momentum(options.momentum), m_weightDecay(options.weightDecay), m_parameters(network.decayed())
    {
        m_decayedCount = m_parameters.size();
        for (auto& parameter : network.undecayed())
            m_parameters.push_back(parameter);
        for (const auto& parameter : m_parameters)
            m_velocities.push_back(at::zeros_like(parameter));
    }

    void clearGradients()
    {
        for (auto& parameter : m_parameters)
            parameter.mutable_grad().reset();
    }

    void step(double rate)
    {
        const torch::NoGradGuard noGradient;
        for (std::size_t i = 0; i < m_parameters.size(); ++i) {
            auto gradient = m_parameters[i].grad();
            if (!gradient.defined())
                continue;  // an exit of weight 0
            if (i < m_decayedCount && m_weightDecay > 0)
                gradient = gradient.add(m_parameters[i], m_weightDecay);
            m_velocities[i].mul_(m_momentum).add_(gradient);
            m_parameters[i].add_(gradient.add(m_velocities[i], m_momentum), -rate);
        }
    }

    [[nodiscard]] const std::vector<at::Tensor>& velocities() const { return m_velocities; }

private:
    double m_momentum;
    double m_weightDecay;
    std::vector<at::Tensor> m_parameters;  ///< those that decay first
    std::size_t m_decayedCount = 0;
    std::vector<at::Tensor> m_velocities;
};

class Training {
public:
    Training(const NetworkSpec& spec, const TrainingOptions& options, TrainingData training, TrainingData holdout,
             std::string identity, std::stop_token stop, const TrainingObserver& observer)
        : m_spec(spec), m_options(options), m_training(std::move(training)), m_holdout(std::move(holdout)),
          m_identity(std::move(identity)), m_stop(std::move(stop)), m_observer(observer), m_device(at::kCPU)
    {
        torch::manual_seed(options.seed);
        m_network = std::make_shared<TrainingNetwork>(spec);
        if (torch::cuda::is_available())
            m_device = at::kCUDA;
        m_network->to(m_device);
        m_network->quantizeBehind(noisyLayers(spec, options.noise), options.noise.bits);
        m_loss = std::make_unique<TrainingLoss>(options, m_device);
        m_optimizer = std::make_unique<Optimizer>(*m_network, options);
        m_progress.epochs = options.epochs;
        m_progress.steps = static_cast<int>(std::max<std::int64_t>(1, m_training.size() / options.batch));
    }

    base::Result<Weights> run()
    {
        int done = 0;
        if (auto status = resume(done); !status)
            return status.error();
        std::vector<double> accuracy = done == m_options.epochs ? evaluate() : std::vector<double>{};
        for (int epoch = done; epoch < m_options.epochs; ++epoch) {
            if (!runEpoch(epoch))
                return cancelled(epoch);
            accuracy = evaluate();
            if (accuracy.empty())
                return cancelled(epoch);
            if (auto status = keep(epoch + 1); !status)
                return status.error();
            m_progress.holdoutAccuracy = accuracy;
            observe();
            m_progress.holdoutAccuracy.clear();
        }
        auto weights = m_network->fold();
        describe(weights, accuracy);
        return weights;
    }

private:
    /// The names and tensors that make up a checkpoint.
    std::map<std::string, at::Tensor> state() const
    {
        std::map<std::string, at::Tensor> tensors;
        for (const auto& entry : m_network->named_parameters())
            tensors["parameter " + entry.key()] = entry.value();
        for (const auto& entry : m_network->named_buffers())
            tensors["buffer " + entry.key()] = entry.value();
        for (std::size_t i = 0; i < m_optimizer->velocities().size(); ++i)
            tensors["velocity " + std::to_string(i)] = m_optimizer->velocities()[i];
        return tensors;
    }

    base::Status keep(int epochs) const
    {
        if (m_options.checkpoint.empty())
            return {};
        return saveCheckpoint({m_identity, epochs, state()}, m_options.checkpoint);
    }

    base::Status resume(int& epochs)
    {
        std::error_code ec;
        if (m_options.checkpoint.empty() || !std::filesystem::exists(m_options.checkpoint, ec))
            return {};
        auto checkpoint = loadCheckpoint(m_options.checkpoint, m_identity);
        if (!checkpoint)
            return checkpoint.error();
        const torch::NoGradGuard noGradient;
        for (auto& [name, tensor] : state()) {
            const auto found = checkpoint->tensors.find(name);
            if (found == checkpoint->tensors.end() || found->second.sizes() != tensor.sizes())
                return Error{ErrorCode::Mismatch, "lacks '" + name + "'; remove it to train from the start",
                             m_options.checkpoint.string()};
            tensor.copy_(found->second);
        }
        epochs = checkpoint->epoch;
        return {};
    }

    /// False when it was stopped.
    bool runEpoch(int epoch)
    {
        // Each epoch draws from its own seed, so that a resumed training repeats an uninterrupted one.
        const std::uint64_t seed = m_options.seed * 1'000'003 + static_cast<std::uint64_t>(epoch);
        torch::manual_seed(seed);
        std::mt19937_64 random(seed);
        std::vector<std::int64_t> order(static_cast<std::size_t>(m_training.size()));
        std::iota(order.begin(), order.end(), 0);
        std::shuffle(order.begin(), order.end(), random);
        m_network->train();
        m_progress.epoch = epoch + 1;
        m_epochStartNs = base::nowNs();
        m_epochLoss = 0;
        for (int step = 0; step < m_progress.steps; ++step) {
            if (m_stop.stop_requested())
                return false;
            const auto first = static_cast<std::size_t>(step) * static_cast<std::size_t>(m_options.batch);
            const auto count = std::min(static_cast<std::size_t>(m_options.batch), order.size() - first);
            runStep(std::span(order).subspan(first, count), epoch, step, random);
        }
        return true;
    }

    void runStep(std::span<const std::int64_t> indices, int epoch, int step, std::mt19937_64& random)
    {
        const double steps = m_progress.steps;
        m_progress.learningRate = learningRate(m_options.peakLearningRate, (epoch + step / steps) / m_options.epochs);
        const auto images
            = m_training.images(indices, {m_options.cropPadding, m_options.flip, m_options.cropScale}, random).to(m_device);
        const auto labels = m_training.labels(indices).to(m_device);
        m_optimizer->clearGradients();
        auto loss = m_loss->of(*m_network, images, labels);
        loss.backward();
        m_optimizer->step(m_progress.learningRate);
        m_epochLoss += loss.item<double>();
        m_progress.step = step + 1;
        m_progress.loss = m_epochLoss / (step + 1);
        const auto now = base::nowNs();
        const double images_ = static_cast<double>(step + 1) * static_cast<double>(indices.size());
        m_progress.imagesPerSecond = images_ * 1e9 / static_cast<double>(std::max<std::int64_t>(1, now - m_epochStartNs));
        if (now - m_observedNs >= kObserveEveryNs)
            observe();
    }

    /// Accuracy of each exit on the held-out images; empty when it was stopped.
    std::vector<double> evaluate()
    {
        const torch::NoGradGuard noGradient;
        m_network->eval();
        std::mt19937_64 unused;
        std::vector<double> right(m_spec.exits.size(), 0);
        for (std::int64_t first = 0; first < m_holdout.size(); first += kEvaluationBatch) {
            if (m_stop.stop_requested())
                return {};
            std::vector<std::int64_t> indices(static_cast<std::size_t>(std::min(kEvaluationBatch, m_holdout.size() - first)));
            std::iota(indices.begin(), indices.end(), first);
            const auto labels = m_holdout.labels(indices).to(m_device);
            const auto logits = m_network->forward(m_holdout.images(indices, {}, unused).to(m_device));
            for (std::size_t e = 0; e < logits.size(); ++e)
                right[e] += logits[e].argmax(1).eq(labels).sum().item<double>();
        }
        for (auto& count : right)
            count /= static_cast<double>(m_holdout.size());
        return right;
    }

    void observe()
    {
        m_observedNs = base::nowNs();
        if (m_observer)
            m_observer(m_progress);
    }

    void describe(Weights& weights, const std::vector<double>& accuracy) const
    {
        std::ostringstream text;
        text << std::fixed << std::setprecision(4);
        for (std::size_t e = 0; e < accuracy.size(); ++e)
            text << (e ? " " : "") << accuracy[e];
        weights.provenance["holdout_accuracy"] = text.str();
        text.str({});
        text << std::defaultfloat << "batch " << m_options.batch << ", peak learning rate " << m_options.peakLearningRate
             << ", weight decay " << m_options.weightDecay << ", momentum " << m_options.momentum << ", label smoothing "
             << m_options.labelSmoothing << ", crop padding " << m_options.cropPadding << ", flips "
             << (m_options.flip ? "yes" : "no");
        if (m_options.cropScale < 1)
            text << ", crops of at least " << m_options.cropScale << " of the area";
        for (std::size_t e = 0; e < m_options.exitWeights.size(); ++e)
            text << (e ? " " : ", exit weights ") << m_options.exitWeights[e];
        text << describeLoss(m_spec, m_options);
        weights.provenance["options"] = text.str();
        weights.provenance["epochs"] = std::to_string(m_options.epochs);
        weights.provenance["seed"] = std::to_string(m_options.seed);
        weights.provenance["date"] = today();
    }

    const NetworkSpec& m_spec;
    const TrainingOptions& m_options;
    TrainingData m_training;
    TrainingData m_holdout;
    std::string m_identity;
    std::stop_token m_stop;
    const TrainingObserver& m_observer;
    at::Device m_device;
    std::shared_ptr<TrainingNetwork> m_network;
    std::unique_ptr<TrainingLoss> m_loss;
    std::unique_ptr<Optimizer> m_optimizer;
    TrainingProgress m_progress;
    double m_epochLoss = 0;
    std::int64_t m_epochStartNs = 0;
    std::int64_t m_observedNs = 0;
};

}  // namespace

base::Result<Weights> train(const NetworkSpec& spec, const data::DataSet& training, const data::DataSet& holdout,
                            const TrainingOptions& options, std::stop_token stop, const TrainingObserver& observer)
{
    if (auto status = checkOptions(spec, options); !status)
        return status.error();
    if (auto status = validate(spec, spec.name); !status)
        return status.error();
    auto images = TrainingData::load(spec, training, stop);
    if (!images)
        return images.error();
    auto heldOut = TrainingData::load(spec, holdout, stop);
    if (!heldOut)
        return heldOut.error();
    try {
        at::set_num_threads(options.threads);
        Training run(spec, options, std::move(*images), std::move(*heldOut), identityOf(spec, options, training), stop, observer);
        auto weights = run.run();
        if (weights)
            weights->provenance["data"] = training.name();
        return weights;
    } catch (const std::exception& problem) {
        return Error{ErrorCode::Internal, problem.what(), "training " + spec.name};
    }
}

}  // namespace splitscope::model
