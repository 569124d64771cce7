// SPDX-License-Identifier: GPL-3.0-or-later
// JALAD (ICPADS 2018): the cut i and the bits c of the whole network that take the least time,
//     min Σ x_ic (T_device(i) + S_i(c)/B + T_edge(i)),    x_ic ∈ {0, 1},  Σ x_ic = 1,  Σ x_ic A_i(c) ≤ Δα,
// where A_i(c) is what coding the tensor costs in accuracy. Its integer program has one variable that is 1, so that enumeration
// solves it exactly. It has no early exits; a frame that is sent whole is compressed without loss, as its PNG was. Sizes and
// losses are the cost table's, measured with the table's coder (JALAD's own is Huffman's). Which Δα its authors would take here
// is not known: it is an option.
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

namespace splitscope::strategy {

std::unique_ptr<Strategy> makeJalad(const StrategyOptions& options)
{
    const double loss = options.accuracyLoss;
    return std::make_unique<FastestOf>("jalad", options, lastExitWithin(*options.evaluator, loss), nothingWithin(loss));
}

}  // namespace splitscope::strategy
