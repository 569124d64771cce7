// SPDX-License-Identifier: GPL-3.0-or-later
// The exact optimum of the next request: every decision of the table, at the conditions that are believed. What learned policies
// are held against.
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

namespace splitscope::strategy {

namespace {

class Optimum : public TableStrategy {
public:
    using TableStrategy::TableStrategy;

protected:
    std::size_t choose(const decision::State& /*state*/, const profile::Conditions& believed, std::string& /*reason*/) override
    {
        return evaluator().best(believed);
    }
};

}  // namespace

std::unique_ptr<Strategy> makeOptimum(const std::string& name, const StrategyOptions& options)
{
    return std::make_unique<Optimum>(name, options);
}

}  // namespace splitscope::strategy
