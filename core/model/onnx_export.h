// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/model/weights.h"

#include <optional>

namespace splitscope::model {

/// Layers first+1 .. last of an exit's path: what one side of a split runs.
struct OnnxSlice {
    int exit = 1;
    int first = 0;
    std::optional<int> last;  ///< empty: to the end
    std::optional<int> batch;  ///< empty: any, decided when it is run
};

/// The slice as an ONNX model (opset 13) for other runtimes: one input and one output, named after their cuts. Dropout is left
/// out; a slice without any work is an Identity. An Error where there is no such slice, the weights do not fit the spec, or ONNX
/// has no operator that computes the same.
base::Result<base::Bytes> toOnnx(const NetworkSpec& spec, const Weights& weights, const OnnxSlice& slice);

}  // namespace splitscope::model
