// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/trace.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <limits>

namespace splitscope::sim {

namespace {

constexpr double kForever = std::numeric_limits<double>::infinity();
/// A constant rate needs some duration; nothing depends on which.
constexpr double kConstantDurationMs = 1000;
/// Sums of times are off by a few units in the last place: this share of a time still counts as the same time.
constexpr double kSameTime = 0x1p-50;

base::Error wrong(const std::string& text, const std::string& where) { return {base::ErrorCode::InvalidInput, text, where}; }

std::string number(double value)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.10g", value);
    return text.data();
}

base::Status checkPoint(const std::vector<RatePoint>& points, std::size_t i)
{
    const auto where = [&] { return "point " + std::to_string(i + 1); };  // not made for the millions that are right
    const auto& point = points[i];
    if (!(point.bytesPerSecond >= 0))  // true for NaN
        return wrong("a rate of " + number(point.bytesPerSecond) + " bytes/s; it is 0 (outage) or more", where());
    if (i == 0 && point.atMs != 0)
        return wrong("is at " + number(point.atMs) + " ms; the first is at 0", where());
    if (!std::isfinite(point.atMs) || (i > 0 && point.atMs <= points[i - 1].atMs))
        return wrong("is at " + number(point.atMs) + " ms; times ascend", where());
    return {};
}

/// Adds a point; one that rounding has brought to the same time gives way.
void addPoint(std::vector<RatePoint>& points, double atMs, double bytesPerSecond)
{
    if (!points.empty() && points.back().atMs >= atMs)
        points.back().bytesPerSecond = bytesPerSecond;
    else
        points.push_back({atMs, bytesPerSecond});
}

}  // namespace

base::Result<Trace> Trace::create(std::string name, std::vector<RatePoint> points, double durationMs, bool repeats)
{
    if (points.empty())
        return wrong("has no points; it needs one at 0 ms", "trace");
    if (points.size() > kMaxTracePoints)
        return base::Error{base::ErrorCode::TooLarge,
                           "has " + std::to_string(points.size()) + " points; the limit is " + std::to_string(kMaxTracePoints)
                               + ": take larger bins, or a part of it",
                           "trace"};
    for (std::size_t i = 0; i < points.size(); ++i)
        if (const auto status = checkPoint(points, i); !status)
            return status.error();
    if (!std::isfinite(durationMs) || durationMs <= points.back().atMs)
        return wrong("lasts " + number(durationMs) + " ms, which does not reach beyond its last point at "
                         + number(points.back().atMs) + " ms",
                     "trace");
    Trace trace;
    trace.m_name = std::move(name);
    trace.m_points = std::move(points);
    trace.m_durationMs = durationMs;
    trace.m_repeats = repeats;
    return trace;
}

Trace Trace::constant(double bytesPerSecond)
{
    assert(bytesPerSecond >= 0);
    Trace trace;
    trace.m_points = {{0, bytesPerSecond}};
    trace.m_durationMs = kConstantDurationMs;
    return trace;
}

Trace::Place Trace::placeOf(double atMs) const
{
    Place place;
    double local = std::max(atMs, 0.0);
    const double slack = local * kSameTime;
    if (m_repeats) {
        const double cycle = std::floor((local + slack) / m_durationMs);
        place.cycleStartMs = cycle * m_durationMs;
        local = std::max(local - place.cycleStartMs, 0.0);
    }
    const auto after = std::upper_bound(m_points.begin(), m_points.end(), local + slack,
                                        [](double time, const RatePoint& point) { return time < point.atMs; });
    place.index = static_cast<std::size_t>(after - m_points.begin()) - 1;
    return place;
}

double Trace::rateAt(double atMs) const { return m_points[isConstant() ? 0 : placeOf(atMs).index].bytesPerSecond; }

double Trace::nextChangeMs(double atMs) const
{
    if (isConstant())
        return kForever;
    const auto place = placeOf(atMs);
    const double rate = m_points[place.index].bytesPerSecond;
    for (std::size_t i = place.index + 1; i < m_points.size(); ++i)
        if (m_points[i].bytesPerSecond != rate)
            return place.cycleStartMs + m_points[i].atMs;
    if (!m_repeats)
        return kForever;
    for (std::size_t i = 0; i < place.index; ++i)
        if (m_points[i].bytesPerSecond != rate)
            return place.cycleStartMs + m_durationMs + m_points[i].atMs;
    return kForever;
}

double Trace::endOf(std::size_t index) const { return index + 1 < m_points.size() ? m_points[index + 1].atMs : m_durationMs; }

double Trace::meanRate(double fromMs, double toMs) const
{
    fromMs = std::max(fromMs, 0.0);
    if (isConstant() || !(toMs > fromMs))
        return rateAt(fromMs);
    const double wholeCycles = m_repeats ? std::floor((toMs - fromMs) / m_durationMs) : 0;
    double area = 0;  // bytes/s × ms
    if (wholeCycles > 0)
        for (std::size_t i = 0; i < m_points.size(); ++i)
            area += m_points[i].bytesPerSecond * (endOf(i) - m_points[i].atMs);
    area *= std::max(wholeCycles, 1.0);
    // What is left is shorter than a cycle, and starts where the interval does.
    auto place = placeOf(fromMs);
    double at = fromMs;
    const double end = toMs - wholeCycles * m_durationMs;
    while (at < end) {
        const bool last = place.index + 1 == m_points.size();
        const double until = last && !m_repeats ? end : std::min(end, place.cycleStartMs + endOf(place.index));
        if (until > at)
            area += m_points[place.index].bytesPerSecond * (until - at);
        at = std::max(at, until);
        place.index = last ? 0 : place.index + 1;
        place.cycleStartMs += last ? m_durationMs : 0;
    }
    return area / (toMs - fromMs);
}

Trace Trace::named(std::string name) const
{
    Trace copy = *this;
    copy.m_name = std::move(name);
    return copy;
}

Trace Trace::repeating(bool repeats) const
{
    Trace copy = *this;
    copy.m_repeats = repeats;
    return copy;
}

base::Result<Trace> Trace::scaled(double factor) const
{
    if (!(factor > 0) || !std::isfinite(factor))
        return wrong("is " + number(factor) + "; it must be more than 0", "scale");
    Trace copy = *this;
    for (auto& point : copy.m_points)
        point.bytesPerSecond *= factor;
    return copy;
}

base::Result<Trace> Trace::clipped(double lowest, double highest) const
{
    if (!(lowest >= 0 && lowest <= highest))
        return wrong("from " + number(lowest) + " to " + number(highest) + " bytes/s is no range", "clip");
    Trace copy = *this;
    for (auto& point : copy.m_points)
        point.bytesPerSecond = std::clamp(point.bytesPerSecond, lowest, highest);
    return copy;
}

base::Result<Trace> Trace::cut(double fromMs, double toMs) const
{
    if (!(fromMs >= 0 && fromMs < toMs) || !std::isfinite(toMs))
        return wrong("from " + number(fromMs) + " to " + number(toMs) + " ms is no part of a trace", "cut");
    if (isConstant()) {
        Trace copy = *this;
        copy.m_durationMs = toMs - fromMs;
        return copy;
    }
    if (toMs > m_durationMs)
        return wrong("ends at " + number(toMs) + " ms, but the trace lasts " + number(m_durationMs) + " ms", "cut");
    Trace copy = *this;
    copy.m_points.clear();
    for (std::size_t i = 0; i < m_points.size(); ++i)
        if (endOf(i) > fromMs && m_points[i].atMs < toMs)
            addPoint(copy.m_points, std::max(m_points[i].atMs - fromMs, 0.0), m_points[i].bytesPerSecond);
    copy.m_durationMs = toMs - fromMs;
    return create(copy.m_name, std::move(copy.m_points), copy.m_durationMs, m_repeats);
}

base::Result<Trace> Trace::shifted(double offsetMs) const
{
    if (!(offsetMs >= 0) || !std::isfinite(offsetMs))
        return wrong("is " + number(offsetMs) + " ms; it must be 0 or more", "offset");
    if (isConstant())
        return *this;
    if (!m_repeats) {
        if (offsetMs >= m_durationMs)
            return wrong("is " + number(offsetMs) + " ms, but the trace lasts " + number(m_durationMs) + " ms", "offset");
        return cut(offsetMs, m_durationMs);
    }
    offsetMs = std::fmod(offsetMs, m_durationMs);
    if (offsetMs == 0)
        return *this;
    std::vector<RatePoint> points;
    points.reserve(m_points.size() + 1);
    for (std::size_t i = 0; i < m_points.size(); ++i)
        if (endOf(i) > offsetMs)
            addPoint(points, std::max(m_points[i].atMs - offsetMs, 0.0), m_points[i].bytesPerSecond);
    for (const auto& point : m_points)
        if (point.atMs < offsetMs && m_durationMs - offsetMs + point.atMs < m_durationMs)
            addPoint(points, m_durationMs - offsetMs + point.atMs, point.bytesPerSecond);
    return create(m_name, std::move(points), m_durationMs, true);
}

base::Result<Trace> Trace::binned(double binMs) const
{
    if (!(binMs > 0) || !std::isfinite(binMs))
        return wrong("is " + number(binMs) + " ms; it must be more than 0", "bin");
    if (isConstant())
        return *this;
    if (m_durationMs / binMs > static_cast<double>(kMaxTracePoints))
        return wrong("of " + number(binMs) + " ms makes more than " + std::to_string(kMaxTracePoints) + " points of "
                         + number(m_durationMs) + " ms",
                     "bin");
    std::vector<RatePoint> points;
    for (std::size_t i = 0; static_cast<double>(i) * binMs < m_durationMs; ++i) {
        const double from = static_cast<double>(i) * binMs;
        const double to = std::min(static_cast<double>(i + 1) * binMs, m_durationMs);
        points.push_back({from, meanRate(from, to)});
    }
    return create(m_name, std::move(points), m_durationMs, m_repeats);
}

}  // namespace splitscope::sim
