// SPDX-License-Identifier: GPL-3.0-or-later
// Answers whose entropies differ from image to image, for tests of gates.
#pragma once

#include "core/base/half.h"
#include "core/base/random.h"
#include "cost_samples.h"

#include <algorithm>
#include <cmath>

namespace splitscope::profile {

/// Each image has a difficulty that all columns share, and each exit its own view of it: the more entropy, the more often wrong;
/// later exits are surer and more often right. Coding costs nothing of it.
inline void makeEntropiesDiffer(AccuracyTable& table)
{
    for (auto& column : table.columns)
        for (std::size_t i = 0; i < column.correct.size(); ++i) {
            base::Random image(i);
            const double difficulty = image.unit();
            base::Random view(1000 * i + static_cast<std::size_t>(column.exit));
            const double unsure = difficulty * (0.7 + 0.6 * view.unit()) / column.exit;
            column.entropy[i] = base::fromHalf(base::toHalf(static_cast<float>(2 * unsure)));
            column.correct[i] = view.unit() > 0.5 * unsure;
        }
}

inline constexpr double kDeviceMs = 4, kEdgeMs = 1, kCodingMs = 0.4;  ///< of the sample profiles: a layer, a coding of a frame

inline CostTable tableOf(const model::NetworkSpec& spec, const decision::SpaceOptions& actions, const AccuracyTable& accuracy)
{
    return *CostTable::make(spec, actions, sampleProfile(spec, {}, kDeviceMs, kCodingMs),
                            sampleProfile(spec, {}, kEdgeMs, kCodingMs / 4), kSampleLink, accuracy);
}

inline bool near(double actual, double expected)
{
    return std::abs(actual - expected) <= 1e-9 * std::max(1.0, std::abs(expected));
}

inline decision::SpaceOptions gatedActions(decision::SpaceOptions actions = {})
{
    actions.gateThresholds = {0.2, 0.5, 1.0};
    return actions;
}

inline decision::SpaceOptions gatedOnBoth(decision::SpaceOptions actions = {})
{
    actions = gatedActions(std::move(actions));
    actions.edgeGateThresholds = actions.gateThresholds;
    return actions;
}

}  // namespace splitscope::profile
