// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace splitscope::base {

/// This machine's; empty where the system does not tell.
std::string hostName();

}  // namespace splitscope::base
