// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/host_name.h"

#include <array>
#include <unistd.h>

namespace splitscope::base {

std::string hostName()
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

}  // namespace splitscope::base
