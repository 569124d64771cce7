// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/units.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <span>

namespace splitscope::base {

namespace {

struct Unit {
    std::string_view suffix;
    double factor;
};

Result<double> parseWithUnit(std::string_view text, std::span<const Unit> units, const std::string& example)
{
    double number = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (ec == std::errc() && std::isfinite(number) && number >= 0)
        for (const auto& unit : units)
            if (suffix == unit.suffix)
                return number * unit.factor;
    return Error{ErrorCode::InvalidInput, "expected a number with a unit, like " + example, std::string(text)};
}

std::string significant(double value, const char* unit)
{
    const int decimals = value >= 100 || value == 0 ? 0 : value >= 10 ? 1 : 2;
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.*f %s", decimals, value, unit);
    return text.data();
}

}  // namespace

Result<double> parseBytesPerSecond(std::string_view text)
{
    if (text == "unlimited")
        return 0.0;
    static constexpr std::array<Unit, 8> kUnits{{{"B/s", 1},
                                                 {"KB/s", 1e3},
                                                 {"MB/s", 1e6},
                                                 {"GB/s", 1e9},
                                                 {"bit/s", 1. / 8},
                                                 {"Kbit/s", 1e3 / 8},
                                                 {"Mbit/s", 1e6 / 8},
                                                 {"Gbit/s", 1e9 / 8}}};
    return parseWithUnit(text, kUnits, "2MB/s, 300KB/s or 5.85Mbit/s (or 'unlimited')");
}

Result<double> parseMilliseconds(std::string_view text)
{
    static constexpr std::array<Unit, 3> kUnits{{{"ms", 1}, {"s", 1e3}, {"us", 1e-3}}};
    return parseWithUnit(text, kUnits, "10ms, 0.5s or 250us");
}

Result<long long> parseInteger(std::string_view text, long long low, long long high, const std::string& what)
{
    long long number = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (ec != std::errc() || end != text.data() + text.size() || number < low || number > high)
        return Error{ErrorCode::InvalidInput,
                     "'" + std::string(text) + "' is not a whole number from " + std::to_string(low) + " to "
                         + std::to_string(high),
                     what};
    return number;
}

std::string formatBytesPerSecond(double bytesPerSecond)
{
    if (bytesPerSecond <= 0)
        return "unlimited";
    if (bytesPerSecond >= 1e9)
        return significant(bytesPerSecond / 1e9, "GB/s");
    if (bytesPerSecond >= 1e6)
        return significant(bytesPerSecond / 1e6, "MB/s");
    if (bytesPerSecond >= 1e3)
        return significant(bytesPerSecond / 1e3, "KB/s");
    return significant(bytesPerSecond, "B/s");
}

std::string formatBytes(double bytes)
{
    if (bytes >= 1e6)
        return significant(bytes / 1e6, "MB");
    if (bytes >= 1e3)
        return significant(bytes / 1e3, "KB");
    return std::to_string(std::llround(bytes)) + " B";
}

std::string formatMs(double ms) { return significant(ms, "ms"); }

}  // namespace splitscope::base
