// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli policy: train
#include "app/text_format.h"
#include "app/verbs/ground.h"
#include "app/verbs/model_report.h"
#include "app/verbs/policy_verbs.h"
#include "app/verbs/verbs.h"
#include "core/session/policy_task.h"
#include "core/sim/episodes.h"

#include <QJsonObject>
#include <cstdio>

namespace splitscope::app {

namespace {

struct TrainArguments {
    Ground ground;
    rl::TrainerOptions trainer;
    std::string scenario = "paper", source;
    int traces = 8;
    // Negative, 0, empty: what suits.
    double gamma = -1, learningRate = 0;
    int width = 0;
    std::optional<rl::Algorithm> algorithm;
    std::filesystem::path from;
    sim::EnvironmentOptions environment;
    std::filesystem::path out;
    bool json = false;
};

void addOptions(Options& options, TrainArguments& a)
{
    auto& t = a.trainer;
    options.custom("--algorithm", "NAME", "sacd (default), dqn, sacd-paper, boomerang or supervised",
                   [&a](const std::string& text) -> base::Status {
                       const auto algorithm = rl::parseAlgorithm(text);
                       if (!algorithm)
                           return algorithm.error();
                       a.algorithm = *algorithm;
                       return {};
                   });
    options.path("--from", "FILE",
                 "fine-tunes this policy: algorithm, layers and inputs are its own; lower rates, little exploration", a.from);
    addGround(options, a.ground);
    options.text(
        "--scenario", "NAME|FILE",
        "paper (default), queue, switch, stale, load or budget; or a scenario file, whose model, table, batch, slowdown\n"
        "and sliders are taken",
        a.scenario);
    addHidden(options, a.environment);
    options.integer("--seed", "S", "of everything random (1)", t.seed, 0, 1LL << 53);
    options.integer("--updates", "N", "of the networks, one after each step (3000)", t.updates, 1, 100'000'000);
    options.flag("--sliders", "s, n, the energy limit and the deadline become inputs: one policy for all their settings",
                 t.conditioned);
    options.real("--gamma", "G", "discount (0 where decisions change nothing that comes, else 0.85)", a.gamma, 0, 0.9999);
    options.integer("--width", "N", "of hidden layers (128)", a.width, 1, 1024);
    options.integer("--train-batch", "N", "transitions of an update (64)", t.batch, 1, 4096);
    options.real("--learning-rate", "RATE", "Adam's at the start (0.001; fine-tuning 0.0005); a tenth of it at the end",
                 a.learningRate, 1e-7, 0.5);
    options.integer("--random-steps", "N", "before the first update (500)", t.randomSteps, 1, 10'000'000);
    options.text("--source", "NAME",
                 "bandwidth: constant, walk, markov, outage, sweep, step, mixed or real (default: sweeps and walks,\n"
                 "evaluated on mixed)",
                 a.source);
    options.integer("--traces", "N", "to evaluate on; others to train on (8)", a.traces, 1, sim::kMaxEpisodeTraces);
    options.integer("--evaluate-every", "N", "updates between two evaluations (0: at the end only)", t.evaluateEvery, 0,
                    100'000'000);
    options.flag("--autograd", "LibTorch's gradients in place of those by hand: the same, slower", t.autograd);
    options.path("--checkpoint", "FILE", "written as it goes on; taken up again where it exists", t.checkpoint);
    options.path("--out", "FILE", "the policy", a.out);
    options.flag("--json", "prints one JSON object at the end", a.json);
}

/// The scenario by name, or a file's in place of what the ground says.
base::Status readScenario(TrainArguments& a)
{
    if (const auto kind = sim::parseEnvironmentKind(a.scenario)) {
        a.environment.kind = *kind;
        return {};
    }
    std::error_code failure;
    if (!std::filesystem::exists(a.scenario, failure))
        return sim::parseEnvironmentKind(a.scenario).error();
    auto scenario = session::loadScenario(a.scenario);
    if (!scenario)
        return scenario.error();
    a.ground.scenario = *std::move(scenario);
    return {};
}

/// What nobody said is the policy's to go on from, or usual.
base::Status completeOptions(TrainArguments& a)
{
    auto& t = a.trainer;
    if (!a.from.empty()) {
        auto from = rl::loadPolicy(a.from);
        if (!from)
            return from.error();
        const bool sliders = t.conditioned;
        t = rl::fineTuning(std::make_shared<const rl::Policy>(*std::move(from)), t);
        t.conditioned = t.conditioned || sliders;
    }
    if (a.algorithm)
        t.algorithm = *a.algorithm;
    if (a.width > 0)
        t.width = a.width;
    if (a.learningRate > 0)
        t.learningRate = a.learningRate;
    if (a.learningRate > 0 || a.from.empty())
        t.lastLearningRate = t.learningRate / 10;
    if (a.gamma >= 0)
        t.gamma = a.gamma;
    return {};
}

int trainAndSave(TrainArguments& a, const OpenGround& ground, const std::stop_token& stop)
{
    a.environment.conditions = ground.conditions;
    const auto task
        = session::makeTrainingTask(ground.evaluator, a.environment, ground.rates, {a.source, a.traces, a.trainer.seed});
    if (!task)
        return wrongUsage("policy train", task.error());
    PolicyProgress progress;
    const auto trained = rl::train(*task, a.trainer, stop, [&](const rl::TrainingMetrics& metrics) { progress.show(metrics); });
    progress.end();
    if (!trained) {
        const bool kept = trained.error().code == base::ErrorCode::Cancelled && !a.trainer.checkpoint.empty();
        const int status = fail(trained.error());
        if (kept)
            std::fprintf(stderr, "the same command goes on from %s\n", a.trainer.checkpoint.c_str());
        return status;
    }
    if (!a.out.empty())
        if (const auto saved = rl::save(trained->policy, a.out); !saved)
            return fail(saved.error());
    const auto& evaluation = trained->evaluation;
    if (a.json) {
        QJsonObject object{{"algorithm", QString::fromStdString(rl::toString(a.trainer.algorithm))},
                           {"network", QString::fromStdString(ground.spec.name)},
                           {"data", QString::fromStdString(ground.data)},
                           {"scenario", QString::fromStdString(sim::toString(a.environment.kind))},
                           {"seed", static_cast<qint64>(a.trainer.seed)},
                           {"updates", a.trainer.updates},
                           {"seconds", trained->seconds},
                           {"updates_per_s", trained->updatesPerSecond},
                           {"reward", evaluation.reward},
                           {"optimum", evaluation.optimum},
                           {"gap", evaluation.gap()}};
        if (!a.out.empty())
            object["policy"] = QString::fromStdString(a.out.string());
        printJson(object);
        return kDone;
    }
    std::printf("%s on %s, scenario %s, seed %llu: %d updates in %.2f s (%.0f updates/s of learning alone)\n",
                rl::toString(a.trainer.algorithm).c_str(), ground.spec.name.c_str(), sim::toString(a.environment.kind).c_str(),
                static_cast<unsigned long long>(a.trainer.seed), a.trainer.updates, trained->seconds, trained->updatesPerSecond);
    std::printf("mean reward %.5f of at most %.5f on traces that it was not trained on: %.3f %% below\n", evaluation.reward,
                evaluation.optimum, 100 * evaluation.gap());
    if (!a.out.empty())
        std::printf("written to %s\n", a.out.c_str());
    return kDone;
}

int train(const std::vector<std::string>& arguments, std::stop_token stop) { return policyTrain(arguments, std::move(stop)); }
int inspect(const std::vector<std::string>& arguments, std::stop_token stop) { return policyInspect(arguments, std::move(stop)); }

}  // namespace

int policyTrain(const std::vector<std::string>& arguments, std::stop_token stop)
{
    TrainArguments a;
    a.trainer.conditioned = false;
    a.trainer.command = repeatableCommand("policy train", arguments);
    Options options(
        "policy train [options]",
        "Trains a policy that chooses exit, cut and coding, in the simulator, on a cost table. The gap is 1 − its mean\n"
        "reward over the bound (scenario paper: the exact optimum), on traces that it was not trained on.");
    addOptions(options, a);
    if (const auto answered = parseOrAnswer(options, "policy train", arguments))
        return *answered;
    if (const auto read = readScenario(a); !read)
        return wrongUsage("policy train", read.error());
    if (const auto completed = completeOptions(a); !completed)
        return fail(completed.error());
    const auto ground = openGround(a.ground);
    if (!ground)
        return fail(ground.error());
    return trainAndSave(a, *ground, stop);
}

int policyVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return chooseSubVerb("policy", "Learned policies: networks that choose exit, cut and coding.",
                         {{"train", "in the simulator, on a cost table", train},
                          {"inspect", "what a policy decides over bandwidth, beside the optimum", inspect}},
                         arguments, stop);
}

}  // namespace splitscope::app
