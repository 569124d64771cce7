// SPDX-License-Identifier: GPL-3.0-or-later
// A trained network decides. Where a state or the sliders lie beyond what it was trained on, the table's greedy does; decisions
// that the link, pinned layers, the accuracy floor, the energy limit or the deadline rule out are passed over.
#include "core/rl/decider.h"
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

namespace splitscope::strategy {

namespace {

class Learned : public TableStrategy {
public:
    Learned(const std::string& name, rl::Decider decider, const StrategyOptions& options)
        : TableStrategy(name, options), m_decider(std::move(decider)), m_base(options.conditions)
    {
    }

protected:
    std::size_t choose(const decision::State& state, const profile::Conditions& believed, std::string& reason) override
    {
        if (rl::withinTraining(m_decider.policy(), state, evaluator().objective()))
            return m_decider.decide(evaluator(), state, m_base);
        reason = "beyond what the policy was trained on: the table's best decision is taken";
        return evaluator().best(believed);
    }

private:
    rl::Decider m_decider;
    profile::Conditions m_base;
};

base::Error unfit(const std::string& text, const std::string& name)
{
    return {base::ErrorCode::Mismatch, text + "; train one with `splitscope-cli policy train`", "strategy: " + name};
}

}  // namespace

base::Result<std::unique_ptr<Strategy>> makeLearned(const std::string& name, rl::Policy policy, const StrategyOptions& options)
{
    const auto& evaluator = *options.evaluator;
    if (policy.algorithm != name)
        return unfit("the policy was trained by " + policy.algorithm + ", and is that strategy's", name);
    if (policy.network == evaluator.table().spec().name && policy.modelHash != evaluator.table().modelHash())
        return unfit("the policy is of other weights of " + policy.network + " than the cost table", name);
    auto decider = rl::Decider::make(std::make_shared<const rl::Policy>(std::move(policy)), evaluator);
    if (!decider)
        return unfit(decider.error().message(), name);
    return std::unique_ptr<Strategy>(std::make_unique<Learned>(name, *std::move(decider), options));
}

}  // namespace splitscope::strategy
