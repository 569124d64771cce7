// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sample_store.h"

#include <algorithm>

namespace splitscope::ui {

namespace {

constexpr float kJpegLevel = 18;
constexpr float kLosslessLevel = 20;
constexpr float kRawLevel = 22;
constexpr float kFloatLevel = 24;

float orMissing(double value) { return value > 0 ? static_cast<float>(value) : std::nanf(""); }

}  // namespace

float codingLevel(const codec::Coding& coding)
{
    switch (coding.kind) {
    case codec::CodingKind::LabelOnly: return 0;
    case codec::CodingKind::Quantized: return static_cast<float>(coding.parameter);
    case codec::CodingKind::Jpeg: return kJpegLevel;
    case codec::CodingKind::Lossless: return kLosslessLevel;
    case codec::CodingKind::Raw: return kRawLevel;
    case codec::CodingKind::Float32: return kFloatLevel;
    }
    return 0;
}

QString codingLevelName(float level)
{
    if (level <= 0)
        return QStringLiteral("label");
    if (level < kJpegLevel)
        return QStringLiteral("%1 bit").arg(std::lround(level));
    if (level < kLosslessLevel)
        return QStringLiteral("JPEG");
    if (level < kRawLevel)
        return QStringLiteral("lossless");
    return level < kFloatLevel ? QStringLiteral("raw") : QStringLiteral("float32");
}

void SampleStore::append(const session::Sample& sample)
{
    const auto& record = sample.record;
    double seconds = (record.capturedAtMs + record.stages.total) * 1e-3 + m_offset;
    // Requests may overtake each other by a little; a device that was restarted begins again at zero.
    if (const double behind = latest() - seconds; behind > 0) {
        if (behind > 1.0)
            m_offset += behind;
        seconds = latest();
    }
    if (m_times.size() >= m_capacity) {
        const std::size_t dropped = m_capacity / 4;
        m_times.erase(m_times.begin(), m_times.begin() + static_cast<std::ptrdiff_t>(dropped));
        for (auto& column : m_columns)
            column.dropFirst(dropped);
    }
    m_times.push_back(seconds);
    const auto put
        = [this](Column which, double value) { m_columns[static_cast<std::size_t>(which)].append(static_cast<float>(value)); };
    const auto& stages = record.stages;
    put(Column::Capture, stages.capture);
    put(Column::DeviceSegment, stages.deviceSegment);
    put(Column::Encode, stages.encode);
    put(Column::SendQueue, stages.sendQueue);
    put(Column::Transfer, stages.transfer);
    put(Column::EdgeQueue, stages.edgeQueue);
    put(Column::Decode, stages.decode);
    put(Column::EdgeSegment, stages.edgeSegment);
    put(Column::Reply, stages.reply);
    put(Column::Fallback, stages.fallback);
    put(Column::Total, stages.total);
    put(Column::SetRate, orMissing(record.setBytesPerSecond));
    put(Column::AchievedRate, orMissing(record.achievedBytesPerSecond));
    put(Column::EstimatedRate, orMissing(sample.estimatedBytesPerSecond));
    put(Column::EstimateLow, orMissing(sample.estimateLow));
    put(Column::EstimateHigh, orMissing(sample.estimateHigh));
    put(Column::Accuracy, sample.runningAccuracy);
    put(Column::Energy, sample.energyJoules);
    put(Column::Exit, record.decision.exit);
    put(Column::Partition, record.decision.partition);
    put(Column::Coding, codingLevel(record.decision.coding));
    put(Column::PayloadBytes, static_cast<double>(record.payloadBytes) / std::max(1, record.count));
    put(Column::Frame, static_cast<double>(record.firstFrame));
    put(Column::Rtt, sample.rttMs);
    putPrices(sample);
}

void SampleStore::putPrices(const session::Sample& sample)
{
    constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
    if (sample.priced) {
        m_expectedSum += sample.expectedAccuracy * sample.record.count;
        m_expectedFrames += sample.record.count;
    }
    const auto put = [&](Column which, double value) {
        m_columns[static_cast<std::size_t>(which)].append(static_cast<float>(sample.priced ? value : kUnknown));
    };
    put(Column::Reward, sample.reward);
    put(Column::Regret, sample.regret);
    put(Column::ExpectedAccuracy, sample.expectedAccuracy);
    put(Column::ExpectedSoFar, m_expectedSum / std::max(1.0, m_expectedFrames));
}

void SampleStore::clear()
{
    m_expectedSum = m_expectedFrames = 0;
    m_times.clear();
    for (auto& column : m_columns)
        column.clear();
    m_offset = 0;
}

std::size_t SampleStore::nearest(double seconds) const
{
    const auto after = std::lower_bound(m_times.begin(), m_times.end(), seconds);
    if (after == m_times.begin())
        return 0;
    if (after == m_times.end())
        return m_times.size() - 1;
    const auto i = static_cast<std::size_t>(after - m_times.begin());
    return seconds - m_times[i - 1] < m_times[i] - seconds ? i - 1 : i;
}

std::vector<Bucket> SampleStore::buckets(TimeRange range, int columns) const
{
    std::vector<Bucket> result;
    if (m_times.empty() || columns < 1 || range.span() <= 0)
        return result;
    const auto index = [this](double seconds) {
        return static_cast<std::size_t>(std::lower_bound(m_times.begin(), m_times.end(), seconds) - m_times.begin());
    };
    std::size_t first = index(range.from);
    std::size_t last = index(range.to);
    first -= first > 0;
    last = std::min(last + 1, m_times.size());
    if (last - first <= static_cast<std::size_t>(columns)) {
        for (std::size_t i = first; i < last; ++i)
            result.push_back({m_times[i], i, i + 1});
        return result;
    }
    const double width = std::exp2(std::ceil(std::log2(range.span() / columns)));
    for (std::size_t i = first; i < last;) {
        const double cell = std::floor(m_times[i] / width);
        const std::size_t end = std::clamp(index((cell + 1) * width), i + 1, last);
        result.push_back({(cell + 0.5) * width, i, end});
        i = end;
    }
    return result;
}

QList<QPointF> SampleStore::line(Column which, const std::vector<Bucket>& buckets) const
{
    QList<QPointF> points;
    points.reserve(static_cast<qsizetype>(buckets.size() * 2));
    const auto& values = column(which);
    for (const auto& bucket : buckets) {
        const Envelope envelope = values.envelope(bucket.first, bucket.last);
        if (envelope.count == 0)
            continue;
        points.append({bucket.time, envelope.low});
        if (envelope.high > envelope.low)
            points.append({bucket.time, envelope.high});
    }
    return points;
}

}  // namespace splitscope::ui
