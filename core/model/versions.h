// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace splitscope::model {

/// Of the LibTorch that this program runs with: "1.13.1".
std::string torchVersion();

}  // namespace splitscope::model
