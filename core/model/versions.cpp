// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/model/versions.h"

#include <torch/csrc/api/include/torch/version.h>

namespace splitscope::model {

std::string torchVersion() { return TORCH_VERSION; }

}  // namespace splitscope::model
