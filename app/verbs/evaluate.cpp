// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli evaluate
#include "app/text_format.h"
#include "app/verbs/ground.h"
#include "app/verbs/verbs.h"
#include "core/base/files.h"
#include "core/base/units.h"
#include "core/session/evaluation.h"

#include <cstdio>
#include <unistd.h>

namespace splitscope::app {

namespace {

namespace fs = std::filesystem;

struct EvaluateArguments {
    Ground ground;
    session::EvaluationRequest request;
    std::string strategies, scenarios = "paper,queue,switch", sources;
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
    options.text("--scenarios", "A,B,…", "of paper, queue and switch (all)", a.scenarios);
    options.text("--sources", "A;B;…",
                 "bandwidth: walk, markov, outage, sweep, step, presets, real, or as --bandwidth of run; separated "
                 "by commas, or by semicolons where a bandwidth holds commas (all)",
                 a.sources);
    options.integer("--episodes", "N", "per scenario and source; intervals are over them (10)", a.request.episodes, 1, 100'000);
    options.integer("--steps", "N", "requests of an episode (500)", a.request.environment.steps, 2, 1'000'000);
    options.integer("--seed", "S", "of traces and episodes (1)", a.request.seed, 0, 1LL << 53);
    options.real("--noise", "SIGMA", "of the logarithm of the bandwidth that strategies see, over what it is (0)",
                 a.request.environment.bandwidthNoise, 0, 3);
    options.custom("--policy", "[SCENARIO:]NAME=FILE", "a learned strategy's policy (default: the shipped one)",
                   [&a](const std::string& text) { return readPolicy(text, a.request.policyFiles); });
    options.path("--out", "DIR", "writes evaluation.json, .csv and .txt there", a.out);
    options.flag("--json", "prints one JSON object", a.json);
}

/// Progress on one line of a terminal; elsewhere a line every few seconds.
class Progress {
public:
    void show(const session::EvaluationProgress& progress)
    {
        const int tenths = static_cast<int>(progress.share * 10);
        if (::isatty(STDERR_FILENO) != 0) {
            std::fprintf(stderr, "\r\033[K%3.0f %%  %s, %.0f s left", progress.share * 100, progress.what.c_str(),
                         progress.secondsLeft);
            m_open = true;
        } else if (tenths != m_tenths) {
            std::fprintf(stderr, "%3.0f %%  %s, %.0f s left\n", progress.share * 100, progress.what.c_str(),
                         progress.secondsLeft);
        }
        m_tenths = tenths;
    }
    void end() const
    {
        if (m_open)
            std::fputc('\n', stderr);
    }

private:
    int m_tenths = -1;
    bool m_open = false;
};

base::Status fill(EvaluateArguments& a, const OpenGround& ground)
{
    auto& request = a.request;
    request.evaluator = ground.evaluator;
    request.environment.conditions = ground.conditions;
    request.strategies = separated(a.strategies);
    request.fixed = session::bestSingleDecision(*ground.evaluator, ground.conditions, ground.rates);
    request.scenarios.clear();
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

base::Status write(const session::Evaluation& evaluation, const fs::path& folder)
{
    std::error_code failure;
    fs::create_directories(folder, failure);
    for (const auto& [suffix, content] : {std::pair("json", session::toJson(evaluation)),
                                          {"csv", session::toCsv(evaluation)},
                                          {"txt", session::toText(evaluation)}})
        if (auto written = base::writeFileAtomically(folder / (std::string("evaluation.") + suffix), base::asBytes(content));
            !written)
            return written;
    return {};
}

int evaluateAndTell(EvaluateArguments& a, const OpenGround& ground, const std::stop_token& stop)
{
    Progress progress;
    const auto evaluation
        = session::evaluate(a.request, stop, [&](const session::EvaluationProgress& step) { progress.show(step); });
    progress.end();
    if (!evaluation)
        return fail(evaluation.error());
    if (!a.out.empty())
        if (const auto written = write(*evaluation, a.out); !written)
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
