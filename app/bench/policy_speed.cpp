// SPDX-License-Identifier: GPL-3.0-or-later
// How many updates a second, beside Python's PyTorch in the same run.
#include "app/bench/policy_bench.h"

#include "core/base/clock.h"
#include "core/base/process.h"
#include "core/base/random.h"
#include "core/rl/trainer.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace splitscope::app {

namespace {

constexpr int kWidth = 128, kBatch = 64, kLayers = 5, kInputs = 8;
constexpr double kSeconds = 2;  ///< of a contender
constexpr double kGamma = 0.9;
constexpr double kPythonMs = 60'000;
constexpr Goal kOverPython{3, false};

/// Random transitions; no update depends on what they say.
rl::Batch randomBatch(int actions)
{
    rl::Batch batch(kBatch, kInputs, actions);
    base::Random random(1);
    for (int row = 0; row < kBatch; ++row) {
        const auto r = static_cast<std::size_t>(row);
        for (std::size_t i = 0; i < kInputs; ++i) {
            batch.observations[r * static_cast<std::size_t>(batch.width) + i] = random.between(-1, 1);
            batch.next[r * static_cast<std::size_t>(batch.width) + i] = random.between(-1, 1);
        }
        for (std::size_t i = 0; i < static_cast<std::size_t>(actions); ++i) {
            batch.masks[r * static_cast<std::size_t>(batch.actionWidth) + i] = 1;
            batch.nextMasks[r * static_cast<std::size_t>(batch.actionWidth) + i] = 1;
        }
        batch.actions[r] = random.below(actions);
        batch.rewards[r] = random.unit();
        batch.goesOn[r] = 1;
    }
    return batch;
}

/// Of the best of some turns, as the script takes it: what disturbs the machine does not count.
double updatesPerSecond(rl::Learner& learner, const rl::Batch& batch)
{
    constexpr int kWarmUp = 20, kTurns = 5;
    rl::UpdateStep step;
    for (int i = 0; i < kWarmUp; ++i, ++step.index)
        learner.update(batch, step);
    double best = 0;
    for (int turn = 0; turn < kTurns; ++turn) {
        const auto start = base::nowNs();
        int updates = 0;
        double passed = 0;
        for (; (passed = base::toMs(base::nowNs() - start) / 1000) < kSeconds / kTurns; ++step.index, ++updates)
            learner.update(batch, step);
        best = std::max(best, updates / passed);
    }
    return best;
}

/// What the script measures, on one thread.
base::Result<double> pythonUpdatesPerSecond(const std::filesystem::path& script, int actions)
{
    const auto trouble = [&](const std::string& text) { return base::Error{base::ErrorCode::NotFound, text, "Python"}; };
    std::error_code failure;
    if (!std::filesystem::exists(script, failure))
        return trouble("there is no " + script.string());
    // Debian's package serves Debian's own interpreter, which another one in PATH may hide.
    const std::filesystem::path debian = "/usr/bin/python3";
    const auto python = std::filesystem::exists(debian, failure) ? debian : base::findProgram("python3");
    if (python.empty())
        return trouble("there is no python3");
    // Its libraries make threads when they are loaded: one is what is compared.
    const auto env = base::findProgram("env");
    const auto ran
        = base::runProcess({env.string(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", python.string(), script.string(),
                            "--actions", std::to_string(actions), "--inputs", std::to_string(kInputs), "--width",
                            std::to_string(kWidth), "--layers", std::to_string(kLayers), "--batch", std::to_string(kBatch),
                            "--gamma", format("%g", kGamma), "--seconds", format("%g", kSeconds)},
                           kPythonMs);
    if (!ran)
        return ran.error();
    const auto told = QJsonDocument::fromJson(QByteArray::fromStdString(ran->output)).object()["updates_per_s"];
    if (!ran->ok() || !told.isDouble())
        return trouble("no PyTorch: apt-get install python3-torch ("
                       + ran->errors.substr(ran->errors.rfind('\n', ran->errors.size() - 2) + 1) + ")");
    return told.toDouble();
}

struct Contender {
    std::string name;
    std::unique_ptr<rl::Learner> (*make)(const rl::LearnerOptions&);
    std::filesystem::path script;
};

/// Beside SAC-d's.
std::filesystem::path dqnScript(const std::filesystem::path& sacdScript) { return sacdScript.parent_path() / "dqn_update.py"; }

}  // namespace

base::Status reportUpdateSpeed(const PolicyBenchOptions& options, const OpenGround& ground, const std::stop_token& stop,
                               BenchReport& report)
{
    const auto actions = static_cast<int>(ground.evaluator->actionCount());
    rl::LearnerOptions learner;
    learner.shape = {kInputs, kWidth, kLayers, actions};
    learner.batch = kBatch;
    const auto batch = randomBatch(actions);
    learner.gamma = kGamma;
    for (const auto& [name, make, script] :
         {Contender{"sacd", rl::makeFastSacd, options.python}, Contender{"dqn", rl::makeFastDqn, dqnScript(options.python)}}) {
        const auto ours = make(learner);
        const double before = updatesPerSecond(*ours, batch);
        const auto python = pythonUpdatesPerSecond(script, actions);
        // Before and after the baseline, so that a machine that slows down slows both.
        const double rate = (before + updatesPerSecond(*ours, batch)) / 2;
        if (stop.stop_requested())
            return base::Error{base::ErrorCode::Cancelled, "stopped on request", "bench policy"};
        const auto key = name + "_updates_per_s";
        report.add(key, rate);
        if (python) {
            report.add(key + "_pytorch", *python);
            report.add(key + "_over_pytorch", rate / *python, kOverPython);
        } else {
            report.note(key + "_over_pytorch is left out: " + python.error().message());
        }
    }
    report.note(format("updates of %d transitions, %d layers of width %d, %d inputs, %d actions, on one thread", kBatch, kLayers,
                       kWidth, kInputs, actions));
    return {};
}

}  // namespace splitscope::app
