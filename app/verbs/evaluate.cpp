// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli evaluate
#include "app/figure_files.h"
#include "app/progress_line.h"
#include "app/text_format.h"
#include "app/verbs/ground.h"
#include "app/verbs/verbs.h"
#include "core/base/files.h"
#include "core/base/units.h"
#include "core/session/evaluation_figures.h"

#include <cstdio>

namespace splitscope::app {

namespace {

namespace fs = std::filesystem;

constexpr double kRedrawMs = 100, kLineMs = 5000;

struct EvaluateArguments {
    Ground ground;
    session::EvaluationRequest request;
    std::string strategies, scenarios, sources;
    std::optional<decision::Decision> fixed;
    fs::path out;
    bool json = false;
};

base::Status readPolicy(const std::string& text, std::map<std::string, std::string>& policies)
{
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
        return base::Error{base::ErrorCode::InvalidInput, "'" + text + "' is not NAME=FILE, e.g. sacd=my.policy", "--policy"};
    policies[text.substr(0, equals)] = text.substr(equals + 1);
    return {};
}

void addOptions(Options& options, EvaluateArguments& a)
{
    addGround(options, a.ground);
    options.text("--strategies", "A,B,…", "which ones (default: all that can be made here)", a.strategies);
    options.text("--scenarios", "A,B,…", "of paper, queue, switch, stale, load and budget (all)", a.scenarios);
    options.text("--sources", "A;B;…",
                 "bandwidth: walk, markov, outage, sweep, step, presets, real, or as --bandwidth of run; separated "
                 "by commas, or by semicolons where a bandwidth holds commas (all)",
                 a.sources);
    options.integer("--episodes", "N", "per scenario and source; intervals are over them (10)", a.request.episodes, 1, 100'000);
    options.integer("--steps", "N", "requests of an episode (500)", a.request.environment.steps, 2, 1'000'000);
    options.integer("--seed", "S", "of traces and episodes (1)", a.request.seed, 0, 1LL << 53);
    options.real("--noise", "SIGMA", "of the logarithm of the bandwidth that strategies see, over what it is (0)",
                 a.request.environment.bandwidthNoise, 0, 3);
    addHidden(options, a.request.environment);
    options.real("--accuracy-loss", "SHARE",
                 "jalad, ko-lossy, branchynet, branchynet-edge, spinn: the most that may be lost (0.01: one point)",
                 a.request.accuracyLoss, 0, 1);
    options.custom("--policy", "[SCENARIO:]NAME=FILE", "a learned strategy's policy (default: the shipped one)",
                   [&a](const std::string& text) { return readPolicy(text, a.request.policyFiles); });
    options.path("--out", "DIR", "writes evaluation.json, .csv and .txt there, and plots/*.png, .svg,\n.pdf, .csv and .json",
                 a.out);
    options.flag("--json", "prints one JSON object", a.json);
}

base::Status fill(EvaluateArguments& a, const OpenGround& ground)
{
    auto& request = a.request;
    request.evaluator = ground.evaluator;
    request.environment.conditions = ground.conditions;
    request.strategies = separated(a.strategies);
    request.fixed = session::bestSingleDecision(*ground.evaluator, ground.conditions, ground.rates);
    request.scenarios.clear();
    if (a.scenarios.empty())
        request.scenarios = sim::environmentKinds();
    for (const auto& name : separated(a.scenarios)) {
        const auto kind = sim::parseEnvironmentKind(name);
        if (!kind)
            return kind.error();
        request.scenarios.push_back(*kind);
    }
    const char separator = a.sources.find(';') == std::string::npos ? ',' : ';';
    for (const auto& name : a.sources.empty() ? session::usualEvaluationSources() : separated(a.sources, separator)) {
        auto source = session::evaluationSource(name, ground.rates, request.seed, request.episodes);
        if (!source)
            return source.error();
        request.sources.push_back(*std::move(source));
    }
    return {};
}

base::Status write(const session::Evaluation& evaluation, const fs::path& folder, ProgressLine& progress)
{
    std::error_code failure;
    fs::create_directories(folder, failure);
    for (const auto& [suffix, content] : {std::pair("json", session::toJson(evaluation)),
                                          {"csv", session::toCsv(evaluation)},
                                          {"txt", session::toText(evaluation)}})
        if (auto written = base::writeFileAtomically(folder / (std::string("evaluation.") + suffix), base::asBytes(content));
            !written)
            return written;
    progress.showStep("drawing", -1, 0);
    const auto drawn = writeFigures(session::evaluationFigures(evaluation), folder / "plots", "");
    progress.finish();
    // Without the dashboard's program the numbers are there all the same.
    if (!drawn && drawn.error().code == base::ErrorCode::NotFound)
        fail(drawn.error());
    else if (!drawn)
        return drawn.error();
    return {};
}

int evaluateAndTell(EvaluateArguments& a, const OpenGround& ground, const std::stop_token& stop)
{
    ProgressLine progress(kRedrawMs, kLineMs);
    const auto evaluation = session::evaluate(a.request, stop, [&](const session::EvaluationProgress& step) {
        progress.showStep(step.what, step.share, step.secondsLeft);
    });
    progress.finish();
    if (!evaluation)
        return fail(evaluation.error());
    if (!a.out.empty())
        if (const auto written = write(*evaluation, a.out, progress); !written)
            return fail(written.error());
    if (a.json) {
        std::puts(session::toJson(*evaluation).c_str());
        return kDone;
    }
    std::fputs(session::toText(*evaluation).c_str(), stdout);
    std::printf("\ndecisions change between %s and %s; `fixed` is the best single one: %s\n",
                base::formatBytesPerSecond(ground.rates.low).c_str(), base::formatBytesPerSecond(ground.rates.high).c_str(),
                decision::toString(a.request.fixed).c_str());
    for (const auto& source : a.request.sources)
        std::printf("  %-10s %zu trace%s: %s\n", source.name.c_str(), source.traces.size(), source.traces.size() == 1 ? "" : "s",
                    source.text.c_str());
    return kDone;
}

}  // namespace

int evaluateVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    EvaluateArguments a;
    Options options(
        "evaluate [options]",
        "Holds strategies against each other in the simulator, on one cost table, on the same traces and seeds, beside\n"
        "the exact optimum of every step and a bound that no strategy can exceed. Traces are not those that policies\n"
        "are trained on. Means with 95 % intervals over episodes.");
    addOptions(options, a);
    if (const auto answered = parseOrAnswer(options, "evaluate", arguments))
        return *answered;
    const auto ground = openGround(a.ground);
    if (!ground)
        return fail(ground.error());
    if (const auto filled = fill(a, *ground); !filled)
        return wrongUsage("evaluate", filled.error());
    return evaluateAndTell(a, *ground, stop);
}

}  // namespace splitscope::app
