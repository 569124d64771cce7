// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/strategies_p.h"

namespace splitscope::strategy {

namespace {

class Fixed : public Strategy {
public:
    explicit Fixed(const decision::Decision& decision) : m_decision(decision) {}
    [[nodiscard]] std::string name() const override { return "fixed"; }
    [[nodiscard]] decision::Decision decide(const decision::State& /*state*/) override { return m_decision; }

private:
    decision::Decision m_decision;
};

}  // namespace

std::unique_ptr<Strategy> makeFixed(const decision::Decision& decision) { return std::make_unique<Fixed>(decision); }

}  // namespace splitscope::strategy
