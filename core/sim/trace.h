// SPDX-License-Identifier: GPL-3.0-or-later
// A link's rate over time: what shapes an uplink, and what the simulator walks along.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace splitscope::sim {

/// From atMs on (since the trace's start) the link passes so many bytes each second; 0 is an outage, infinity is no limit.
struct RatePoint {
    double atMs = 0;
    double bytesPerSecond = 0;

    bool operator==(const RatePoint&) const = default;
};

inline constexpr std::size_t kMaxTracePoints = 1'000'000;

/// A step function of time. Points ascend in time and the first is at 0. After durationMs it begins again, or (repeats off) stays
/// at its last rate. A value type; every source of bandwidth is one: a constant rate has one point.
class Trace {
public:
    /// An Error says which point is wrong: none at 0, not ascending, negative or NaN rate, over kMaxTracePoints, or a duration
    /// that does not reach beyond the last point.
    static base::Result<Trace> create(std::string name, std::vector<RatePoint> points, double durationMs, bool repeats);
    /// bytesPerSecond: infinity for no limit.
    static Trace constant(double bytesPerSecond);

    [[nodiscard]] const std::string& name() const { return m_name; }  ///< what people called it: "2MB/s", "trace:tram.csv"
    [[nodiscard]] const std::vector<RatePoint>& points() const { return m_points; }
    [[nodiscard]] double durationMs() const { return m_durationMs; }
    [[nodiscard]] bool repeats() const { return m_repeats; }
    [[nodiscard]] bool isConstant() const { return m_points.size() == 1; }

    /// The rate at a time since the trace's start (≥ 0). O(log n).
    [[nodiscard]] double rateAt(double atMs) const;
    /// When the rate next changes after atMs; infinity when it never does.
    [[nodiscard]] double nextChangeMs(double atMs) const;
    /// Time-weighted mean rate between two times; infinity if the rate is without limit anywhere between.
    [[nodiscard]] double meanRate(double fromMs, double toMs) const;

    [[nodiscard]] Trace named(std::string name) const;
    // Changed copies. Errors name the argument.
    [[nodiscard]] base::Result<Trace> scaled(double factor) const;
    [[nodiscard]] base::Result<Trace> clipped(double lowest, double highest) const;  ///< each rate into [lowest, highest] bytes/s
    [[nodiscard]] base::Result<Trace> cut(double fromMs, double toMs) const;  ///< a part of it, its start at 0
    [[nodiscard]] base::Result<Trace>
    shifted(double offsetMs) const;  ///< starts offsetMs later in the trace; a repeating one wraps
    [[nodiscard]] Trace repeating(bool repeats) const;
    /// Mean rates of bins of binMs: fewer points, the same bytes.
    [[nodiscard]] base::Result<Trace> binned(double binMs) const;

    bool operator==(const Trace&) const = default;

private:
    Trace() = default;

    /// Where a time falls: the repetition's start, and the point that holds.
    struct Place {
        double cycleStartMs = 0;
        std::size_t index = 0;
    };
    [[nodiscard]] Place placeOf(double atMs) const;
    [[nodiscard]] double endOf(std::size_t index) const;

    std::string m_name;
    std::vector<RatePoint> m_points;
    double m_durationMs = 0;
    bool m_repeats = true;
};

}  // namespace splitscope::sim
