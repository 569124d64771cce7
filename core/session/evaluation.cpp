// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/evaluation.h"

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/rl/policy.h"
#include "core/session/evaluation_episode_p.h"

#include <algorithm>
#include <cmath>

namespace splitscope::session {

namespace {

constexpr int kUsualJpegQuality = 80;

/// The quality in the table nearest to what is usual; where it has none, the usual one.
int jpegQualityOf(const profile::CostTable& table)
{
    int best = kUsualJpegQuality;
    bool found = false;
    for (const auto& row : table.rows()) {
        const auto& coding = row.decision.coding;
        if (coding.kind != codec::CodingKind::Jpeg)
            continue;
        if (!found || std::abs(coding.parameter - kUsualJpegQuality) < std::abs(best - kUsualJpegQuality))
            best = coding.parameter;
        found = true;
    }
    return best;
}

/// "sacd" of "sacd" and of "queue:sacd".
std::string policysStrategy(const std::string& key) { return key.substr(key.find(':') + 1); }

/// What all strategies of one scenario and source meet.
struct Arena {
    sim::EnvironmentKind kind = sim::EnvironmentKind::Paper;
    const EvaluationSource* source = nullptr;
    std::vector<sim::Environment> environments;  ///< one per trace
    std::vector<std::uint64_t> seeds;  ///< one per episode
    std::vector<double> optimum, bound;  ///< mean rewards by episode

    sim::Environment& environmentOf(std::size_t episode) { return environments[episode % environments.size()]; }
};

class Runner {
public:
    Runner(const EvaluationRequest& request, std::stop_token stop, const EvaluationObserver& observer)
        : m_request(request), m_stop(std::move(stop)), m_observer(observer), m_evaluator(*request.evaluator),
          m_bootstrap(static_cast<std::size_t>(request.episodes), 1000, request.seed)
    {
    }

    base::Result<Evaluation> run();

private:
    [[nodiscard]] strategy::StrategyOptions optionsOf(const std::string& name, const sim::EnvironmentOptions& environment) const;
    [[nodiscard]] base::Result<std::unique_ptr<strategy::Strategy>> make(const std::string& name,
                                                                         const sim::EnvironmentOptions& environment) const
    {
        return strategy::makeStrategy(name, m_evaluator.table().spec(), optionsOf(name, environment));
    }
    [[nodiscard]] bool hasPolicy(const std::string& name) const
    {
        return std::any_of(m_request.policyFiles.begin(), m_request.policyFiles.end(),
                           [&](const auto& policy) { return policysStrategy(policy.first) == name; });
    }
    base::Status chooseStrategies();
    [[nodiscard]] base::Status tryToMake(const std::string& name, sim::EnvironmentKind kind) const;
    base::Result<Arena> prepare(sim::EnvironmentKind kind, const EvaluationSource& source);
    base::Status addStrategy(const std::string& name, Arena& arena);
    void leaveOut(const std::string& name, const base::Error& why);
    void tell(const Arena& arena, const std::string& name);
    [[nodiscard]] base::Error stopped() const { return {base::ErrorCode::Cancelled, "stopped on request", "evaluate"}; }

    const EvaluationRequest& m_request;
    std::stop_token m_stop;
    const EvaluationObserver& m_observer;
    const sim::Evaluator& m_evaluator;
    Bootstrap m_bootstrap;
    std::vector<std::string> m_strategies;
    Evaluation m_result;
    std::int64_t m_startNs = base::nowNs();
    std::size_t m_done = 0;  ///< episodes, the optimum's too
};

strategy::StrategyOptions Runner::optionsOf(const std::string& name, const sim::EnvironmentOptions& environment) const
{
    const auto& spec = m_evaluator.table().spec();
    strategy::StrategyOptions options;
    options.evaluator = m_request.evaluator;
    options.conditions = environment.conditions;
    if (environment.kind == sim::EnvironmentKind::Switch) {
        options.switchMs = environment.switchMs;
        options.switchCost = environment.switchCost;
    }
    options.jpegQuality = jpegQualityOf(m_evaluator.table());
    options.accuracyLoss = m_request.accuracyLoss;
    options.fixed = name == "fixed" ? m_request.fixed : decision::onDevice(spec, spec.exitCount());
    auto policy = m_request.policyFiles.find(sim::toString(environment.kind) + ":" + name);
    if (policy == m_request.policyFiles.end())
        policy = m_request.policyFiles.find(name);
    if (policy != m_request.policyFiles.end())
        options.policyFile = policy->second;
    else if (const auto shipped
             = rl::shippedPolicy(spec.name, m_evaluator.table().data(), sim::toString(environment.kind) + "." + name))
        options.policyFile = shipped->string();  // trained for this scenario
    return options;
}

/// Those that can be made in a scenario at least; named ones, and those with a policy, in all for which they have one.
base::Status Runner::chooseStrategies()
{
    const bool named = !m_request.strategies.empty();
    for (const auto& name : named ? m_request.strategies : comparableStrategies()) {
        std::size_t made = 0;
        std::optional<base::Error> why;
        for (const auto kind : m_request.scenarios) {
            const auto status = tryToMake(name, kind);
            made += status.ok() ? 1 : 0;
            if (!status && !why)
                why = status.error();
        }
        if (made > 0 && (made == m_request.scenarios.size() || !named))
            m_strategies.push_back(name);
        else if (named || hasPolicy(name))
            return *why;
        else
            m_result.leftOut.push_back({why->code, why->text, name + ": " + why->where});
    }
    for (const auto& [key, file] : m_request.policyFiles)
        if (const auto name = policysStrategy(key);
            std::find(m_strategies.begin(), m_strategies.end(), name) == m_strategies.end())
            return base::Error{base::ErrorCode::InvalidInput, "has a policy, but is not among the strategies", name};
    return {};
}

base::Status Runner::tryToMake(const std::string& name, sim::EnvironmentKind kind) const
{
    auto environment = m_request.environment;
    environment.kind = kind;
    const auto made = make(name, environment);
    return made ? base::Status() : base::Status(made.error());
}

void Runner::leaveOut(const std::string& name, const base::Error& why)
{
    m_result.leftOut.push_back({why.code, why.text, name + ": " + why.where});
    std::erase(m_strategies, name);
    std::erase_if(m_result.rows, [&](const EvaluationRow& row) { return row.strategy == name; });
}

void Runner::tell(const Arena& arena, const std::string& name)
{
    if (!m_observer)
        return;
    const auto all = static_cast<double>(m_request.scenarios.size() * m_request.sources.size() * (m_strategies.size() + 1)
                                         * static_cast<std::size_t>(m_request.episodes));
    const double share = std::min(1.0, static_cast<double>(m_done) / all);
    const double seconds = base::toMs(base::nowNs() - m_startNs) / 1000;
    m_observer({sim::toString(arena.kind) + " on " + arena.source->name + ": " + name, share,
                share > 0 ? seconds * (1 - share) / share : 0});
}

base::Result<Arena> Runner::prepare(sim::EnvironmentKind kind, const EvaluationSource& source)
{
    Arena arena{kind, &source, {}, {}, {}, {}};
    auto options = m_request.environment;
    options.kind = kind;
    for (const auto& trace : source.traces) {
        auto environment = sim::Environment::make(m_request.evaluator, trace, options);
        if (!environment)
            return environment.error();
        arena.environments.push_back(*std::move(environment));
    }
    std::string boundKind;
    for (int i = 0; i < m_request.episodes; ++i) {
        if (m_stop.stop_requested())
            return stopped();
        tell(arena, "optimum and bound");
        arena.seeds.push_back(episodeSeed(m_request.seed, kind, source.name, i));
        auto& environment = arena.environmentOf(static_cast<std::size_t>(i));
        const auto bound = sim::upperBound(environment, arena.seeds.back());
        if (!bound)
            return bound.error();
        boundKind = bound->kind;
        arena.bound.push_back(bound->meanReward);
        const auto optimum = runOptimum(environment, arena.seeds.back());
        if (!optimum)
            return optimum.error();
        arena.optimum.push_back(optimum->reward / optimum->asked());
        ++m_done;
    }
    m_result.references.push_back(
        {sim::toString(kind), source.name, m_bootstrap.mean(arena.optimum), m_bootstrap.mean(arena.bound), boundKind});
    return arena;
}

base::Status Runner::addStrategy(const std::string& name, Arena& arena)
{
    std::vector<Episode> episodes;
    for (std::size_t i = 0; i < arena.seeds.size(); ++i) {
        if (m_stop.stop_requested())
            return stopped();
        tell(arena, name);
        auto strategy = make(name, arena.environmentOf(i).options());
        if (!strategy)
            return strategy.error();
        auto episode = runStrategy(arena.environmentOf(i), arena.seeds[i], **strategy);
        if (!episode)
            return episode.error();
        episodes.push_back(*std::move(episode));
        ++m_done;
    }
    EvaluationRow row;
    row.strategy = name;
    row.scenario = sim::toString(arena.kind);
    row.source = arena.source->name;
    fillRow(row, std::move(episodes), {arena.optimum, arena.bound}, m_bootstrap, m_evaluator.batch());
    m_result.rows.push_back(std::move(row));
    return {};
}

base::Result<Evaluation> Runner::run()
{
    m_result.network = m_evaluator.table().spec().name;
    m_result.data = m_evaluator.table().data();
    m_result.batch = m_evaluator.batch();
    m_result.seed = m_request.seed;
    if (const auto chosen = chooseStrategies(); !chosen)
        return chosen.error();
    for (const auto kind : m_request.scenarios)
        for (const auto& source : m_request.sources) {
            auto arena = prepare(kind, source);
            if (!arena)
                return arena.error();
            const auto strategies = m_strategies;
            for (const auto& name : strategies) {
                if (m_request.strategies.empty() && !tryToMake(name, kind))
                    continue;  // its policy is for another scenario
                const auto added = addStrategy(name, *arena);
                if (added)
                    continue;
                if (added.error().code == base::ErrorCode::Cancelled || !m_request.strategies.empty())
                    return added.error();
                leaveOut(name, added.error());
            }
        }
    return std::move(m_result);
}

base::Status check(const EvaluationRequest& request)
{
    const auto wrong = [](const std::string& text) { return base::Error{base::ErrorCode::InvalidInput, text, "evaluate"}; };
    if (!request.evaluator)
        return wrong("needs a cost table");
    if (request.scenarios.empty() || request.sources.empty())
        return wrong("needs a scenario and a source of bandwidth at least");
    if (request.episodes < 1)
        return wrong("needs an episode at least");
    for (const auto& source : request.sources)
        if (source.traces.empty())
            return wrong("the source " + source.name + " holds no trace");
    const auto names = strategy::strategyNames();
    for (const auto& name : request.strategies)
        if (std::count(request.strategies.begin(), request.strategies.end(), name) > 1)
            return wrong("the strategy " + name + " is named twice");
    for (const auto& [key, file] : request.policyFiles)
        if (const auto name = policysStrategy(key); std::find(names.begin(), names.end(), name) == names.end())
            return wrong("there is no strategy '" + name + "' that " + file + " could be of");
    return {};
}

}  // namespace

const EvaluationRow* Evaluation::find(const std::string& strategy, const std::string& scenario, const std::string& source) const
{
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const EvaluationRow& row) {
        return row.strategy == strategy && row.scenario == scenario && row.source == source;
    });
    return found == rows.end() ? nullptr : &*found;
}

const EvaluationReference* Evaluation::reference(const std::string& scenario, const std::string& source) const
{
    const auto found = std::find_if(references.begin(), references.end(), [&](const EvaluationReference& reference) {
        return reference.scenario == scenario && reference.source == source;
    });
    return found == references.end() ? nullptr : &*found;
}

std::uint64_t episodeSeed(std::uint64_t seed, sim::EnvironmentKind kind, const std::string& source, int episode)
{
    auto mixed = base::mixBits(seed ^ base::mixBits(static_cast<std::uint64_t>(kind) + 1));
    for (const char letter : source)
        mixed = base::mixBits(mixed ^ static_cast<unsigned char>(letter));
    return base::mixBits(mixed ^ static_cast<std::uint64_t>(episode));
}

std::vector<std::string> comparableStrategies()
{
    auto names = strategy::strategyNames();
    std::erase(names, "cycle");
    return names;
}

decision::Decision bestSingleDecision(const sim::Evaluator& evaluator, const profile::Conditions& conditions,
                                      const sim::RateRange& rates)
{
    constexpr int kRates = 41;
    std::size_t best = 0;
    double bestReward = -1;
    for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
        double sum = 0;
        for (int i = 0; i < kRates; ++i) {
            auto at = conditions;
            at.bytesPerSecond = rates.low * std::pow(rates.high / rates.low, static_cast<double>(i) / (kRates - 1));
            const auto scored = evaluator.score(action, at);
            sum += scored.valid ? scored.reward : 0;
        }
        if (sum > bestReward) {
            best = action;
            bestReward = sum;
        }
    }
    return evaluator.decisionOf(best);
}

base::Result<Evaluation> evaluate(const EvaluationRequest& request, std::stop_token stop, const EvaluationObserver& observer)
{
    if (const auto status = check(request); !status)
        return status.error();
    return Runner(request, std::move(stop), observer).run();
}

}  // namespace splitscope::session
