// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/shadow.h"

#include "core/rl/policy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace splitscope::strategy {

namespace {

constexpr std::size_t kMostOpen = 64;  ///< requests in flight, and decisions that no request was run under

struct Means {
    double incumbent = 0, candidate = 0;
    double standardError = 0;  ///< of their difference
};

template <typename Regrets>
Means meansOf(const std::deque<Regrets>& regrets)
{
    Means means;
    const auto count = static_cast<double>(regrets.size());
    if (regrets.empty())
        return means;
    for (const auto& one : regrets) {
        means.incumbent += one.incumbent / count;
        means.candidate += one.candidate / count;
    }
    double squares = 0;
    for (const auto& one : regrets) {
        const double off = (one.incumbent - one.candidate) - (means.incumbent - means.candidate);
        squares += off * off;
    }
    means.standardError = count > 1 ? std::sqrt(squares / (count - 1) / count) : 0;
    return means;
}

std::string format(const char* pattern, const std::string& candidate, double mine, const std::string& incumbent, double theirs)
{
    std::array<char, 256> text{};
    std::snprintf(text.data(), text.size(), pattern, candidate.c_str(), mine, incumbent.c_str(), theirs);
    return text.data();
}

}  // namespace

Shadow::Shadow(std::unique_ptr<Strategy> incumbent, std::unique_ptr<Strategy> candidate,
               std::shared_ptr<const sim::Evaluator> evaluator, const profile::Conditions& conditions,
               const ShadowOptions& options)
    : m_incumbent(std::move(incumbent)), m_candidate(std::move(candidate)), m_evaluator(*evaluator), m_conditions(conditions),
      m_options(options)
{
}

const Strategy& Shadow::inCharge() const { return m_phase == ShadowPhase::Promoted ? *m_candidate : *m_incumbent; }

decision::Decision Shadow::decide(const decision::State& state)
{
    m_open.push_back({m_incumbent->decide(state), m_candidate->decide(state), sim::conditionsOf(state, m_conditions)});
    if (m_open.size() > kMostOpen)
        m_open.pop_front();
    const auto& pair = m_open.back();
    return m_phase == ShadowPhase::Promoted ? pair.candidate : pair.incumbent;
}

/// Decisions come back in order; those that no request was run under are skipped.
std::optional<Shadow::Pair> Shadow::takePair(const decision::Decision& taken)
{
    const auto found = std::find_if(m_open.begin(), m_open.end(), [&](const Pair& pair) {
        return (m_phase == ShadowPhase::Promoted ? pair.candidate : pair.incumbent) == taken;
    });
    if (found == m_open.end())
        return std::nullopt;
    const auto pair = *found;
    // The last one stays: a device runs under it until the next one arrives.
    m_open.erase(m_open.begin(), found + 1 == m_open.end() ? found : found + 1);
    return pair;
}

double Shadow::regretOf(const decision::Decision& decision, const profile::Conditions& conditions) const
{
    if (const auto row = m_evaluator.table().rowOf(decision))
        return m_evaluator.regret(*row, conditions);
    // Outside the table nothing is known of it: as if it brought nothing.
    return m_evaluator.score(m_evaluator.best(conditions), conditions).reward;
}

void Shadow::observe(const Observation& observation)
{
    m_incumbent->observe(observation);
    const bool isHeldOut = m_observed++ % 2 == 0;
    if (!isHeldOut || m_phase != ShadowPhase::Watching)
        m_candidate->observe(observation);
    auto pair = takePair(observation.decision);
    if (!pair || m_phase == ShadowPhase::RolledBack || (!isHeldOut && m_phase == ShadowPhase::Watching))
        return;
    if (observation.fallback)
        pair->conditions.bytesPerSecond = 0;  // the link did not carry it
    else if (observation.bytesPerSecond > 0)
        pair->conditions.bytesPerSecond = observation.bytesPerSecond;
    m_regrets.push_back({regretOf(pair->incumbent, pair->conditions), regretOf(pair->candidate, pair->conditions)});
    const auto most = static_cast<std::size_t>(m_phase == ShadowPhase::Promoted ? m_options.rollbackWindow : m_options.window);
    while (m_regrets.size() > most)
        m_regrets.pop_front();
    if (m_regrets.size() == most)
        judge();
}

/// The window is full.
void Shadow::judge()
{
    const auto means = meansOf(m_regrets);
    if (m_phase == ShadowPhase::Watching) {
        const double gain = means.incumbent - means.candidate;
        if (gain > 0 && gain >= m_options.margin * means.incumbent && gain > 2 * means.standardError) {
            m_phase = ShadowPhase::Promoted;
            m_record = means.incumbent;
            m_regrets.clear();
            m_open.clear();
        }
        return;
    }
    const double worse = means.candidate - means.incumbent;
    const bool aboveRecord = m_record && means.candidate > *m_record;
    if (aboveRecord || (worse > 0 && worse > 2 * means.standardError)) {
        m_phase = ShadowPhase::RolledBack;
        m_open.clear();
    }
}

void Shadow::setObjective(const decision::Objective& objective)
{
    m_incumbent->setObjective(objective);
    m_candidate->setObjective(objective);
    if (auto changed = m_evaluator.withObjective(objective); changed.ok())
        m_evaluator = *std::move(changed);
    if (m_phase == ShadowPhase::RolledBack)
        return;
    m_regrets.clear();
    m_record.reset();  // of another objective; what the incumbent would have done is still compared
}

ShadowStatus Shadow::shadowStatus() const
{
    const auto means = meansOf(m_regrets);
    ShadowStatus status{m_phase, static_cast<int>(m_regrets.size()), means.candidate, means.incumbent, {}};
    const auto candidate = m_candidate->name();
    const auto incumbent = m_incumbent->name();
    switch (m_phase) {
    case ShadowPhase::Watching:
        status.text = "shadow " + candidate + " watches: " + std::to_string(status.heldOut) + " of "
            + std::to_string(m_options.window) + " requests compared";
        if (status.heldOut > 0)
            status.text += format("; regret of %s %.4f, of %s %.4f", candidate, means.candidate, incumbent, means.incumbent);
        break;
    case ShadowPhase::Promoted:
        status.text = "shadow " + candidate + " was promoted";
        if (status.heldOut > 0)
            status.text += format("; regret of %s %.4f, of %s %.4f", candidate, means.candidate, incumbent, means.incumbent);
        break;
    case ShadowPhase::RolledBack:
        status.text = format("%s was rolled back: its regret was %.4f, that of %s %.4f", candidate, means.candidate, incumbent,
                             means.incumbent);
        break;
    }
    return status;
}

base::Result<std::unique_ptr<Strategy>> makeShadowed(const std::string& name, const std::string& candidateFile,
                                                     const model::NetworkSpec& spec, const StrategyOptions& options,
                                                     const ShadowOptions& shadow)
{
    auto incumbent = makeStrategy(name, spec, options);
    if (!incumbent)
        return incumbent;
    const auto policy = rl::loadPolicy(candidateFile);
    if (!policy)
        return policy.error();
    auto candidateOptions = options;
    candidateOptions.policyFile = candidateFile;
    auto candidate = makeStrategy(policy->algorithm, spec, candidateOptions);
    if (!candidate)
        return base::Error{candidate.error().code, candidate.error().text, "shadow: " + candidate.error().where};
    return std::unique_ptr<Strategy>(
        std::make_unique<Shadow>(*std::move(incumbent), *std::move(candidate), options.evaluator, options.conditions, shadow));
}

}  // namespace splitscope::strategy
