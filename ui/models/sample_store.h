// SPDX-License-Identifier: GPL-3.0-or-later
// What the charts draw: finished requests as columns over one time axis.
#pragma once

#include "core/session/summary.h"
#include "ui/models/envelope_column.h"

#include <QList>
#include <QPointF>
#include <QString>

#include <array>
#include <vector>

namespace splitscope::ui {

enum class Column {
    Capture,
    DeviceSegment,
    Encode,
    SendQueue,
    Transfer,
    EdgeQueue,
    Decode,
    EdgeSegment,
    Reply,
    Fallback,
    Total,  // ms
    SetRate,
    AchievedRate,
    EstimatedRate,
    EstimateLow,
    EstimateHigh,  // bytes/s; NaN: unshaped, nothing crossed, not known yet
    Accuracy,  // 0 … 1
    Energy,  // J a frame
    Exit,
    Partition,
    Coding,  // Coding: codingLevel()
    Early,  // share of the frames that a gate's exit answered
    PayloadBytes,  // a frame's share
    Frame,  // number of the request's first frame
    Rtt,  // ms
    Reward,
    Regret,  // by the cost table; NaN, as the next two: no table knows the decision
    ExpectedAccuracy,  // 0 … 1, by the table: of this decision
    ExpectedSoFar,  // the mean of it over all frames so far: what the running accuracy is to be
    Count
};

/// A coding as a height in the step strip: 0 for labels only, the bits, and above 16 the ways to send a whole image.
float codingLevel(const codec::Coding& coding);
/// "label", "8 bit", "raw", "lossless", "JPEG", "float32".
QString codingLevelName(float level);

/// A stretch of time, in seconds since the run began.
struct TimeRange {
    double from = 0;
    double to = 0;
    [[nodiscard]] double span() const { return to - from; }
};

/// Consecutive samples drawn as one pixel column.
struct Bucket {
    double time = 0;
    std::size_t first = 0;
    std::size_t last = 0;
};

/// Requests in order of completion. Holds the newest kCapacity of them; older ones stay in the records file. A copy shares nearly
/// all memory and can be read on another thread while this one goes on.
class SampleStore {
public:
    static constexpr std::size_t kCapacity = std::size_t{1} << 20;

    explicit SampleStore(std::size_t capacity = kCapacity) : m_capacity(capacity) {}

    void append(const session::Sample& sample);
    void clear();

    [[nodiscard]] std::size_t size() const { return m_times.size(); }
    [[nodiscard]] bool empty() const { return m_times.empty(); }
    [[nodiscard]] double time(std::size_t i) const { return m_times[i]; }
    [[nodiscard]] double latest() const { return m_times.empty() ? 0 : m_times.back(); }
    [[nodiscard]] const EnvelopeColumn& column(Column which) const { return m_columns[static_cast<std::size_t>(which)]; }
    [[nodiscard]] float value(Column which, std::size_t i) const { return column(which).at(i); }
    [[nodiscard]] std::size_t bytes() const;
    /// How many of the oldest were forgotten; another generation: all were, by clear().
    [[nodiscard]] std::size_t dropped() const { return m_columns.front().dropped(); }
    [[nodiscard]] std::uint64_t generation() const { return m_generation; }
    /// The first sample that is not before a time; size() if all are. Quick where it is not far behind `from`.
    [[nodiscard]] std::size_t firstNotBefore(double seconds, std::size_t from = 0) const;
    /// The sample nearest to a time; the store must not be empty.
    [[nodiscard]] std::size_t nearest(double seconds) const;

    /// Samples of a range in at most `columns` buckets (single samples where they are few), and one more at either side
    /// so that lines run to the edges. Buckets lie on an absolute grid: scrolling does not make them shimmer.
    [[nodiscard]] std::vector<Bucket> buckets(TimeRange range, int columns) const;
    /// Points of one line: each bucket's lowest and highest value; nothing where nothing was measured.
    [[nodiscard]] QList<QPointF> line(Column which, const std::vector<Bucket>& buckets) const;
    [[nodiscard]] static QList<QPointF> line(const std::vector<Bucket>& buckets, const std::vector<Envelope>& envelopes);

private:
    void putPrices(const session::Sample& sample);

    std::size_t m_capacity;
    ChunkedList<double, 4096> m_times;
    std::array<EnvelopeColumn, static_cast<std::size_t>(Column::Count)> m_columns;
    std::uint64_t m_generation = 1;
    double m_offset = 0;
    double m_expectedSum = 0, m_expectedFrames = 0;
};

}  // namespace splitscope::ui
