// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/strategies_p.h"

namespace splitscope::strategy {

namespace {

class OnEdge : public Strategy {
public:
    OnEdge(std::string name, int exit, const codec::Coding& coding) : m_name(std::move(name)), m_decision{exit, 0, coding} {}
    [[nodiscard]] std::string name() const override { return m_name; }
    [[nodiscard]] decision::Decision decide(const decision::State& /*state*/) override { return m_decision; }

private:
    std::string m_name;
    decision::Decision m_decision;
};

}  // namespace

std::unique_ptr<Strategy> makeOnEdge(const std::string& name, int exit, const codec::Coding& coding)
{
    return std::make_unique<OnEdge>(name, exit, coding);
}

}  // namespace splitscope::strategy
