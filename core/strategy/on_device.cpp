// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/strategy/strategies_p.h"

namespace splitscope::strategy {

namespace {

class OnDevice : public Strategy {
public:
    OnDevice(const model::NetworkSpec& spec, int exit) : m_decision(decision::onDevice(spec, exit)) {}
    [[nodiscard]] std::string name() const override { return "on-device"; }
    [[nodiscard]] decision::Decision decide(const decision::State& /*state*/) override { return m_decision; }

private:
    decision::Decision m_decision;
};

}  // namespace

std::unique_ptr<Strategy> makeOnDevice(const model::NetworkSpec& spec, int exit)
{
    return std::make_unique<OnDevice>(spec, exit);
}

}  // namespace splitscope::strategy
