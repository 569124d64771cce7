// SPDX-License-Identifier: GPL-3.0-or-later
// Laskaridis, Venieris, Almeida, Leontiadis, Lane: SPINN: Synergistic Progressive Inference of Neural Networks over Device and
// Cloud (MobiCom 2020): a network with early exits is split between device and server, and the exits' confidence threshold and
// the split point are chosen together, again whenever conditions change, from profiled times and from accuracies on a calibration
// set. Samples that are sure enough at an exit before the split never leave the device; if the server is lost, the device's exit
// is the answer (here: failover). Taken here: of the last exit all gates and cuts, those without a gate too, tensors at 8 bits
// with the table's entropy coder (it sends 8 bits, compressed without loss), frames without loss; the least expected T within an
// accuracy loss. Different: its confidence is the softmax's greatest value, the gates' is its entropy; its samples may leave at
// every exit up to the split and beyond it on the server, here at one: on the device, or beyond the split on the edge where the
// action set has such gates. It ranks designs by a list of goals that an
// application gives (latency, throughput, cost of server and device, accuracy), some of them hard: of those only accuracy as a
// limit and latency as the goal are taken. Its profiler's smoothing and how often it decides anew are not known here: every
// request is.
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

namespace splitscope::strategy {

namespace {

constexpr int kBits = 8;

/// Whether SPINN could send it so.
bool sendsSo(const codec::Coding& coding)
{
    switch (coding.kind) {
    case codec::CodingKind::Quantized: return coding.parameter == kBits;
    case codec::CodingKind::Jpeg:
    case codec::CodingKind::Float32: return false;
    case codec::CodingKind::LabelOnly:
    case codec::CodingKind::Raw:
    case codec::CodingKind::Lossless: break;
    }
    return true;
}

std::vector<std::size_t> designs(const sim::Evaluator& evaluator, double loss)
{
    const int last = evaluator.table().spec().exitCount();
    const double least = lastExitAccuracy(evaluator) - loss;
    std::vector<std::size_t> actions;
    for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
        const auto& row = evaluator.table().rows()[action];
        if (row.decision.exit == last && sendsSo(row.decision.coding) && row.accuracy.accuracy >= least)
            actions.push_back(action);
    }
    return actions;
}

}  // namespace

base::Result<std::unique_ptr<Strategy>> makeSpinn(const StrategyOptions& options)
{
    const auto& evaluator = *options.evaluator;
    for (std::size_t action = 0; action < evaluator.actionCount(); ++action)
        if (evaluator.decisionOf(action).gate)
            return std::unique_ptr<Strategy>(std::make_unique<FastestOf>(
                "spinn", options, designs(evaluator, options.accuracyLoss), nothingWithin(options.accuracyLoss)));
    return lacksGates("spinn", NeededGates::Any);
}

}  // namespace splitscope::strategy
