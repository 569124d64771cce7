// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/weights.h"

namespace splitscope::model {

/// The tensors of torch.save(model.state_dict()), the zip format of PyTorch 1.6 and later. Modules that are nested in
/// PyTorch name layers of heads: "exit1.conv1.weight" becomes "exit1/conv1.weight". Half, bfloat16 and double become
/// float32. Nothing of the file is executed.
base::Result<Weights> loadStateDict(const std::filesystem::path& path);

}  // namespace splitscope::model
