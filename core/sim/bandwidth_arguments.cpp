// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/bandwidth_arguments_p.h"

#include "core/base/units.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace splitscope::sim {

namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();
constexpr const char* kRange = "..";

base::Error wrong(const std::string& text, const std::string& where) { return {base::ErrorCode::InvalidInput, text, where}; }

std::vector<std::string> split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    std::size_t from = 0;
    while (from <= text.size()) {
        const auto end = std::min(text.find(separator, from), text.size());
        parts.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return parts;
}

base::Result<double> parseNumber(const std::string& text)
{
    double number = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (ec != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
        return wrong("is no number", text);
    return number;
}

template <typename Parse>
base::Result<std::pair<double, double>> parseRange(const std::string& text, const char* example, Parse parse)
{
    const auto dots = text.find(kRange);
    if (dots == std::string::npos)
        return wrong(std::string("expected a range like ") + example, text);
    const auto low = parse(text.substr(0, dots));
    if (!low)
        return low.error();
    const auto high = parse(text.substr(dots + 2));
    if (!high)
        return high.error();
    return std::pair(*low, *high);
}

base::Result<double> parseLimitedRate(const std::string& text)
{
    auto rate = parseRate(text);
    if (rate && std::isinf(*rate))
        return wrong("is no rate that a range can end at; expected one like 2MB/s", text);
    return rate;
}

}  // namespace

base::Result<double> parseRate(const std::string& text)
{
    if (text == "unlimited")
        return kNoLimit;
    return base::parseBytesPerSecond(text);
}

base::Result<std::pair<double, double>> rateRange(const std::string& text)
{
    return parseRange(text, "10KB/s..5MB/s", parseLimitedRate);
}

Arguments::Arguments(const std::string& text)
{
    if (text.empty())
        return;
    for (auto& part : split(text, ',')) {
        const auto equals = part.find('=');
        if (equals == std::string::npos)
            m_values.push_back(std::move(part));
        else
            m_pairs.emplace_back(part.substr(0, equals), part.substr(equals + 1));
    }
}

std::string Arguments::takeValue()
{
    if (m_values.empty())
        return {};
    auto value = std::move(m_values.front());
    m_values.erase(m_values.begin());
    return value;
}

void Arguments::fail(const std::string& key, const base::Error& error)
{
    if (!m_error)
        m_error = base::Error{error.code, "'" + error.where + "' " + error.text, key};
}

std::optional<std::string> Arguments::text(const std::string& key)
{
    m_known += (m_known.empty() ? "" : ", ") + key;
    const auto isKey = [&](const auto& pair) { return pair.first == key; };
    const auto found = std::find_if(m_pairs.begin(), m_pairs.end(), isKey);
    if (found == m_pairs.end())
        return std::nullopt;
    auto value = std::move(found->second);
    m_pairs.erase(found);
    if (std::any_of(m_pairs.begin(), m_pairs.end(), isKey))
        fail(key, wrong("and another value are both given", value));
    return value;
}

template <typename T, typename Parse>
std::optional<T> Arguments::parsed(const std::string& key, Parse parse)
{
    const auto value = text(key);
    if (!value)
        return std::nullopt;
    const auto result = parse(*value);
    if (result)
        return *result;
    fail(key, result.error());
    return std::nullopt;
}

std::optional<double> Arguments::number(const std::string& key) { return parsed<double>(key, parseNumber); }

std::optional<std::uint64_t> Arguments::seed(const std::string& key)
{
    return parsed<std::uint64_t>(key, [&](const std::string& value) -> base::Result<std::uint64_t> {
        constexpr long long kLargestExact = 1LL << 53;
        const auto whole = base::parseInteger(value, 0, kLargestExact, key);
        if (!whole)
            return wrong("is not a whole number from 0 to 2^53", value);
        return static_cast<std::uint64_t>(*whole);
    });
}

std::optional<double> Arguments::time(const std::string& key) { return parsed<double>(key, base::parseMilliseconds); }

std::optional<double> Arguments::rate(const std::string& key) { return parsed<double>(key, parseLimitedRate); }

std::optional<std::pair<double, double>> Arguments::times(const std::string& key)
{
    return parsed<std::pair<double, double>>(
        key, [](const std::string& value) { return parseRange(value, "10s..70s", base::parseMilliseconds); });
}

std::optional<std::pair<double, double>> Arguments::rates(const std::string& key)
{
    return parsed<std::pair<double, double>>(key, rateRange);
}

std::vector<double> Arguments::rateList(const std::string& key)
{
    std::vector<double> rates;
    const auto value = text(key);
    if (!value)
        return rates;
    for (const auto& part : split(*value, ':')) {
        const auto one = parseLimitedRate(part);
        if (!one)
            fail(key, one.error());
        rates.push_back(one ? *one : 0);
    }
    return rates;
}

std::vector<std::vector<double>> Arguments::matrix(const std::string& key)
{
    std::vector<std::vector<double>> rows;
    const auto value = text(key);
    if (!value)
        return rows;
    for (const auto& row : split(*value, '/')) {
        rows.emplace_back();
        for (const auto& part : split(row, ':')) {
            const auto one = parseNumber(part);
            if (!one)
                fail(key, one.error());
            rows.back().push_back(one ? *one : 0);
        }
    }
    return rows;
}

bool Arguments::flag(const std::string& key)
{
    m_known += (m_known.empty() ? "" : ", ") + key;
    const auto found = std::find(m_values.begin(), m_values.end(), key);
    if (found == m_values.end())
        return false;
    m_values.erase(found);
    return true;
}

base::Status Arguments::valid() const
{
    if (m_error)
        return *m_error;
    return {};
}

base::Status Arguments::done() const
{
    if (m_error)
        return *m_error;
    if (m_pairs.empty() && m_values.empty())
        return {};
    return wrong("is unknown here; there are " + m_known, m_pairs.empty() ? m_values.front() : m_pairs.front().first);
}

}  // namespace splitscope::sim
