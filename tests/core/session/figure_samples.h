// SPDX-License-Identifier: GPL-3.0-or-later
// What tests of figures and evaluations ask of an invented cost table.
#pragma once

#include "core/session/figure.h"
#include "core/sim/evaluator.h"
#include "tests/core/profile/cost_samples.h"

namespace splitscope::session {

inline constexpr sim::RateRange kSampleRates{20e3, 2e6};

/// alexnet3 at batch 1.
inline std::shared_ptr<const sim::Evaluator> sampleEvaluator()
{
    static const auto made = [] {
        auto table = profile::sampleTable(*model::loadNetworkSpec("alexnet3"));
        const auto scale = sim::standardScale(table, 1, {}, kSampleRates.low, kSampleRates.high);
        return std::make_shared<const sim::Evaluator>(*sim::Evaluator::make(std::move(table), 1, {}, scale));
    }();
    return made;
}

/// The first statement whose claim has these words.
inline const Statement& statementWith(const Figure& figure, const std::string& words)
{
    static const Statement missing{"no such statement", Verdict::Unknown, {}};
    for (const auto& statement : figure.statements)
        if (statement.claim.find(words) != std::string::npos)
            return statement;
    return missing;
}

}  // namespace splitscope::session
