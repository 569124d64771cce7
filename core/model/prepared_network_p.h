// SPDX-License-Identifier: GPL-3.0-or-later
// A network packed for one way of computing it: what Executor chooses among.
#pragma once

#include "core/base/tensor.h"
#include "core/model/weights.h"

#include <memory>

namespace splitscope::model {

/// One list of packed operations of which every segment is a slice. Thread-safe once made.
class PreparedNetwork {
public:
    virtual ~PreparedNetwork() = default;

    /// Layers first+1 .. last (first < last) of exit's path on an input that fits. Throws what its library throws.
    [[nodiscard]] virtual base::Tensor run(int exit, int first, int last, const base::Tensor& input) const = 0;

    /// Whether layer i (1-based) of exit's path is computed in one pass with layer i + 1 where a slice holds both.
    [[nodiscard]] virtual bool fusesWithNext(int exit, int layer) const = 0;
};

/// The network by LibTorch's ordinary operations: on every processor, and what others are compared with.
/// The spec is valid and the weights fit it, here and below.
std::unique_ptr<PreparedNetwork> preparePlain(const NetworkSpec& spec, const Weights& weights);

/// By oneDNN called directly.
std::unique_ptr<PreparedNetwork> prepareOneDnn(const NetworkSpec& spec, const Weights& weights);

/// By the XNNPACK inside LibTorch, which is made for small processors.
std::unique_ptr<PreparedNetwork> prepareXnnPack(const NetworkSpec& spec, const Weights& weights);
/// Whether this LibTorch has it.
bool hasXnnPack();

}  // namespace splitscope::model
