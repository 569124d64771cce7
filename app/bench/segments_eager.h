// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/tensor.h"
#include "core/model/weights.h"

#include <memory>

namespace splitscope::app {

/// A network as PyTorch runs it eagerly: one ordinary operation after another on contiguous NCHW tensors. The baseline, in time
/// and in values, of what the executor makes of the same layers.
class EagerNetwork {
public:
    /// The weights fit the spec.
    EagerNetwork(const model::NetworkSpec& spec, const model::Weights& weights);
    ~EagerNetwork();
    EagerNetwork(EagerNetwork&&) noexcept;
    EagerNetwork& operator=(EagerNetwork&&) noexcept;

    /// The exit's logits for a batch of inputs.
    [[nodiscard]] base::Tensor run(int exit, const base::Tensor& input) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace splitscope::app
