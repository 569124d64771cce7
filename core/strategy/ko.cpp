// SPDX-License-Identifier: GPL-3.0-or-later
// Ko, Na, Amir, Mukhopadhyay: Edge-Host Partitioning of Deep Neural Networks with Feature Space Encoding (AVSS 2018). The network
// is cut once and for all where its convolutions end, and the features there are coded: without loss beyond 8 bits, or with loss.
// Here the cut is the smallest tensor between the last convolution and the first fully connected layer; lossless means 8 bits and
// the table's entropy coder; lossy means the fewest bits that lose no more accuracy than the options allow. Their lossy coder is
// a JPEG of the features, whose quality they choose by hand: the choice of bits stands for it.
#include "core/strategy/strategies_p.h"
#include "core/strategy/table_strategy_p.h"

#include <algorithm>

namespace splitscope::strategy {

namespace {

constexpr int kLosslessBits = 8;

/// Actions of the last exit at this cut that send quantized features, fewest bits first.
std::vector<std::size_t> quantizedAt(const sim::Evaluator& evaluator, int exit, int cut)
{
    std::vector<std::size_t> actions;
    for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
        const auto& decision = evaluator.decisionOf(action);
        if (decision.exit == exit && decision.partition == cut && !decision.gate
            && decision.coding.kind == codec::CodingKind::Quantized)
            actions.push_back(action);
    }
    std::sort(actions.begin(), actions.end(), [&](std::size_t a, std::size_t b) {
        return evaluator.decisionOf(a).coding.parameter < evaluator.decisionOf(b).coding.parameter;
    });
    return actions;
}

class Ko : public TableStrategy {
public:
    Ko(const std::string& name, std::size_t action, const StrategyOptions& options)
        : TableStrategy(name, options), m_action(action)
    {
    }

protected:
    std::size_t choose(const decision::State& /*state*/, const profile::Conditions& believed, std::string& reason) override
    {
        if (evaluator().valid(m_action, believed))
            return m_action;
        reason = "its cut cannot be taken now; the table's best decision is";
        return evaluator().best(believed);
    }

private:
    std::size_t m_action;
};

/// Between convolutions and fully connected layers: the cut of fewest values; nothing where the network has no such place.
std::optional<int> endOfConvolutions(const model::Path& path)
{
    std::optional<int> best;
    double fewest = 0;
    for (const int cut : path.distinctCuts()) {
        bool behind = cut > 0;
        for (int layer = 1; layer <= path.length(); ++layer) {
            const auto type = path.layer(layer).spec.type;
            behind = behind && !(layer > cut && model::convolves(type)) && !(layer <= cut && type == model::LayerType::Fc);
        }
        const auto values = static_cast<double>(base::elementCount(path.cutShape(cut)));
        if (behind && (!best || values < fewest)) {
            best = cut;
            fewest = values;
        }
    }
    return best;
}

}  // namespace

base::Result<std::unique_ptr<Strategy>> makeKo(KoCoding coding, const StrategyOptions& options)
{
    const auto& evaluator = *options.evaluator;
    const auto& spec = evaluator.table().spec();
    const int exit = spec.exitCount();
    const auto refuse = [](const std::string& text) {
        return base::Error{base::ErrorCode::InvalidInput, text, "strategy: cost table"};
    };
    const auto cut = endOfConvolutions(model::Path(spec, exit));
    if (!cut)
        return refuse(spec.name + " has no tensor between convolutions and fully connected layers");
    const auto actions = quantizedAt(evaluator, exit, *cut);
    const auto within = lastExitWithin(evaluator, options.accuracyLoss);
    for (const auto action : actions) {
        const bool taken = coding == KoCoding::Lossless ? evaluator.decisionOf(action).coding.parameter == kLosslessBits
                                                        : std::find(within.begin(), within.end(), action) != within.end();
        if (taken)
            return std::unique_ptr<Strategy>(
                std::make_unique<Ko>(coding == KoCoding::Lossless ? "ko-lossless" : "ko-lossy", action, options));
    }
    return refuse(coding == KoCoding::Lossless
                      ? "the cost table does not hold 8 bits at cut " + std::to_string(*cut) + ": choose another action set"
                      : "no number of bits at cut " + std::to_string(*cut) + " keeps the accuracy: allow more loss");
}

}  // namespace splitscope::strategy
