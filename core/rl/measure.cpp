// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rl/measure.h"

#include "core/base/random.h"

#include <algorithm>
#include <chrono>

namespace splitscope::rl {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTurns = 5;
constexpr int kWarmUp = 5;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

Batch randomBatch(const LearnerOptions& options)
{
    base::Random random(1);
    Batch batch(options.batch, options.shape.inputs, options.shape.outputs);
    const auto fill = [&](std::vector<float>& values, int width, int used, bool ones) {
        for (std::size_t i = 0; i < values.size(); ++i)
            if (static_cast<int>(i % static_cast<std::size_t>(width)) < used)
                values[i] = ones ? 1.0F : random.between(-1, 1);
    };
    fill(batch.observations, batch.width, options.shape.inputs, false);
    fill(batch.next, batch.width, options.shape.inputs, false);
    fill(batch.masks, batch.actionWidth, options.shape.outputs, true);
    fill(batch.nextMasks, batch.actionWidth, options.shape.outputs, true);
    for (std::size_t row = 0; row < batch.actions.size(); ++row) {
        batch.actions[row] = random.below(options.shape.outputs);
        batch.rewards[row] = random.unit();
    }
    return batch;
}

}  // namespace

LearnerOptions benchmarkOptions()
{
    LearnerOptions options;
    options.shape = {.inputs = 8, .width = 128, .layers = 5, .outputs = 162};
    options.gamma = 0.9;
    return options;
}

UpdateRate measureUpdates(Learner& learner, const LearnerOptions& options, double seconds)
{
    const auto batch = randomBatch(options);
    UpdateRate rate;
    UpdateStep step;
    for (step.index = 1; step.index <= kWarmUp; ++step.index)
        learner.update(batch, step);
    for (int turn = 0; turn < kTurns; ++turn) {
        const auto start = Clock::now();
        int updates = 0;
        double elapsed = 0;
        for (; elapsed < seconds / kTurns; elapsed = secondsSince(start), ++updates, ++step.index)
            learner.update(batch, step);
        rate.updates += updates;
        rate.updatesPerSecond = std::max(rate.updatesPerSecond, updates / elapsed);
    }
    return rate;
}

ForwardTime measureForward(const Policy& policy, int decisions)
{
    PolicyScratch scratch;
    scratch.input.resize(featureCount(policy.features));
    base::Random random(1);
    std::vector<double> times;
    for (int i = 0; i < decisions; ++i) {
        for (auto& value : scratch.input)
            value = random.between(-1, 1);
        const auto start = Clock::now();
        forward(policy, scratch);
        times.push_back(secondsSince(start) * 1e6);
    }
    if (times.empty())
        return {};
    std::sort(times.begin(), times.end());
    return {times[times.size() / 2], times[times.size() * 99 / 100]};
}

}  // namespace splitscope::rl
