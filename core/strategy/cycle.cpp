// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/strategies_p.h"

namespace splitscope::strategy {

namespace {

class Cycle : public Strategy {
public:
    Cycle(const model::NetworkSpec& spec, const decision::SpaceOptions& actions, int dwell)
        : m_decisions(decision::DecisionSpace(spec, actions).decisions()), m_dwell(static_cast<std::size_t>(dwell))
    {
    }
    [[nodiscard]] std::string name() const override { return "cycle"; }
    [[nodiscard]] decision::Decision decide(const decision::State& /*state*/) override
    {
        return m_decisions[m_decided++ / m_dwell % m_decisions.size()];
    }

private:
    std::vector<decision::Decision> m_decisions;
    std::size_t m_dwell;
    std::size_t m_decided = 0;
};

}  // namespace

std::unique_ptr<Strategy> makeCycle(const model::NetworkSpec& spec, const decision::SpaceOptions& actions, int dwell)
{
    return std::make_unique<Cycle>(spec, actions, dwell);
}

}  // namespace splitscope::strategy
