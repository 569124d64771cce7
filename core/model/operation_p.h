// SPDX-License-Identifier: GPL-3.0-or-later
// One layer, packed for inference. Include core/base/torch_p.h first.
#pragma once

#include "core/base/torch_p.h"

#include "core/model/weights.h"

#include <memory>

namespace splitscope::model {

/// Computes a layer on a batch. Feature maps travel channels-last between operations, whatever their input's layout
/// was: so a slice computes the same values wherever it starts.
class Operation {
public:
    virtual ~Operation() = default;
    [[nodiscard]] virtual at::Tensor run(const at::Tensor& input) const = 0;
};

/// Makes the operation of a layer whose parameters the weights hold, with the right shapes.
using MakeOperation = std::unique_ptr<Operation> (*)(const LayerSpec& layer, const Weights& weights);

std::unique_ptr<Operation> makeOperation(const LayerSpec& layer, const Weights& weights);

/// A residual block whose layers `make` makes.
std::unique_ptr<Operation> makeResidual(const LayerSpec& block, const Weights& weights, MakeOperation make);

/// The same, where convolutions and fully connected layers are XNNPACK's.
std::unique_ptr<Operation> makeXnnPackOperation(const LayerSpec& layer, const Weights& weights);

/// A layer's parameter ("conv1.weight") as a tensor of its own.
at::Tensor parameterTensor(const Weights& weights, const std::string& name);

}  // namespace splitscope::model
