// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/edge_hub_p.h"

namespace splitscope::link {

EdgeHub::EdgeHub() : d(std::make_unique<Private>()) {}

EdgeHub::~EdgeHub() = default;

}  // namespace splitscope::link
