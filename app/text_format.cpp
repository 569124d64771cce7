// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/text_format.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <sstream>

namespace splitscope::app {

std::string format(const char* pattern, ...)
{
    std::array<char, 512> text{};
    va_list arguments;
    va_start(arguments, pattern);
    std::vsnprintf(text.data(), text.size(), pattern, arguments);
    va_end(arguments);
    return text.data();
}

std::vector<std::string> separated(const std::string& text, char by)
{
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, by);)
        parts.push_back(part);
    return parts;
}

}  // namespace splitscope::app
