// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace splitscope::base {

/// −Σ y ln y of the softmax of these logits, in nats, rounded to half precision: as accuracy tables keep it, so that a gate
/// answers exactly those frames that a table says. At least one logit.
[[nodiscard]] float softmaxEntropy(std::span<const float> logits);

}  // namespace splitscope::base
