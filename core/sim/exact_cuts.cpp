// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/exact_cuts.h"

#include <map>

namespace splitscope::sim {

namespace {

/// Greater is more exact; pixels as they are count as exact, since the network was trained on them.
int exactness(const codec::Coding& coding)
{
    constexpr int kExact = 1000;
    switch (coding.kind) {
    case codec::CodingKind::LabelOnly: return kExact;
    case codec::CodingKind::Raw: return kExact + 1;
    case codec::CodingKind::Float32: return kExact;
    case codec::CodingKind::Lossless: return kExact - 1;
    case codec::CodingKind::Quantized: return coding.parameter;
    case codec::CodingKind::Jpeg: break;
    }
    return coding.parameter - kExact;
}

}  // namespace

std::vector<std::size_t> exactCuts(const Evaluator& evaluator, int exit)
{
    std::map<int, std::size_t> byCut;
    for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
        const auto& decision = evaluator.decisionOf(action);
        if (decision.exit != exit || decision.gate)
            continue;
        const auto [known, isNew] = byCut.try_emplace(decision.partition, action);
        if (!isNew && exactness(decision.coding) > exactness(evaluator.decisionOf(known->second).coding))
            known->second = action;
    }
    std::vector<std::size_t> actions;
    actions.reserve(byCut.size());
    for (const auto& [cut, action] : byCut)
        actions.push_back(action);
    return actions;
}

}  // namespace splitscope::sim
