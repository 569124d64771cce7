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

/// As a field of CSV (RFC 4180): in quotes where it must be.
inline std::string csvField(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

}  // namespace splitscope::base
