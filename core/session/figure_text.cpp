// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/figure_text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <string_view>

namespace splitscope::session {

std::string decimal(double value, int decimals)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
    const bool nothing = std::string_view(text.data()).find_first_of("123456789") == std::string_view::npos;
    return text.data() + (nothing && text[0] == '-' ? 1 : 0);
}

std::string percent(double share, int decimals) { return decimal(share * 100, decimals) + " %"; }

std::string outOf(std::size_t part, std::size_t whole) { return std::to_string(part) + " of " + std::to_string(whole); }

double meanOf(std::span<const double> values)
{
    return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double medianOf(std::vector<double> values)
{
    if (values.empty())
        return 0;
    const auto middle = values.size() / 2;
    std::sort(values.begin(), values.end());
    return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::string listed(const std::vector<std::string>& items)
{
    std::string text;
    for (std::size_t i = 0; i < items.size(); ++i)
        text += (i == 0 ? "" : i + 1 == items.size() ? " and " : ", ") + items[i];
    return text;
}

std::string describe(const profile::ComputeProfile& profile)
{
    std::string text = profile.machine.name.empty() ? profile.machine.processor : profile.machine.name;
    if (text.empty())
        text = "an unnamed machine";
    text += ", " + profile.backend + ", " + std::to_string(profile.threads) + (profile.threads == 1 ? " thread, " : " threads, ");
    if (!profile.date.empty())
        text += profile.date.substr(0, 10) + ", ";
    const auto end = profile.source.find_last_not_of(". ");
    return text + profile.source.substr(0, end == std::string::npos ? 0 : end + 1);
}

}  // namespace splitscope::session
