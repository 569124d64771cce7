// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace splitscope::base {

/// "a, b, c"
inline std::string joined(const std::vector<std::string>& texts, std::string_view separator)
{
    std::string all;
    for (const auto& text : texts) {
        if (&text != texts.data())
            all += separator;
        all += text;
    }
    return all;
}

}  // namespace splitscope::base
