// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sample_store.h"

#include <algorithm>

namespace splitscope::ui {

namespace {

constexpr float kJpegLevel = 18;
constexpr float kLosslessLevel = 20;
constexpr float kRawLevel = 22;
constexpr float kFloatLevel = 24;
constexpr std::size_t kDroppedAtOnce = 4096;
/// From so many samples a bucket on, buckets begin at blocks: nobody sees the difference, and no single value need be looked at.
constexpr std::size_t kManySamples = 256, kVeryManySamples = 1024;
constexpr std::size_t kLongBlock = EnvelopeColumn::kFirstBlock * EnvelopeColumn::kFan;

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
        // Whole chunks, and few of them at a time: what is freed in one frame is not felt.
        const std::size_t dropped = std::clamp<std::size_t>(m_capacity / 4, 1, kDroppedAtOnce);
        m_times.dropFirst(dropped);
        for (auto& column : m_columns)
            column.dropFirst(dropped);
    }
    m_times.append(seconds);
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
    put(Column::Early, 1 - static_cast<double>(record.goingOn()) / std::max(1, record.count));
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
    ++m_generation;
    for (auto& column : m_columns)
        column.clear();
    m_offset = 0;
}

std::size_t SampleStore::bytes() const
{
    std::size_t total = m_times.bytes();
    for (const auto& column : m_columns)
        total += column.bytes();
    return total;
}

std::size_t SampleStore::firstNotBefore(double seconds, std::size_t from) const
{
    std::size_t low = from, step = 1;
    std::size_t high = from;
    while (high < m_times.size() && m_times[high] < seconds) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    high = std::min(high, m_times.size());
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (m_times[middle] < seconds)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

std::size_t SampleStore::nearest(double seconds) const
{
    const std::size_t after = firstNotBefore(seconds);
    if (after == 0)
        return 0;
    if (after == m_times.size())
        return m_times.size() - 1;
    return seconds - m_times[after - 1] < m_times[after] - seconds ? after - 1 : after;
}

std::vector<Bucket> SampleStore::buckets(TimeRange range, int columns) const
{
    std::vector<Bucket> result;
    if (m_times.empty() || columns < 1 || range.span() <= 0)
        return result;
    std::size_t first = firstNotBefore(range.from);
    std::size_t last = firstNotBefore(range.to, first);
    first -= first > 0;
    last = std::min(last + 1, m_times.size());
    if (last - first <= static_cast<std::size_t>(columns)) {
        for (std::size_t i = first; i < last; ++i)
            result.push_back({m_times[i], i, i + 1});
        return result;
    }
    const std::size_t dropped = this->dropped();
    const double width = std::exp2(std::ceil(std::log2(range.span() / columns)));
    std::size_t length = 0;  // of the bucket before: the next one is probably as long
    for (std::size_t i = first; i < last;) {
        const double cell = std::floor(m_times[i] / width);
        const double until = (cell + 1) * width;
        const std::size_t guess = i + length - length / 8;
        std::size_t end = firstNotBefore(until, guess < last && m_times[guess] < until ? guess : i);
        if (end - i >= kManySamples)
            end -= (end + dropped) % (end - i >= kVeryManySamples ? kLongBlock : EnvelopeColumn::kFirstBlock);
        end = std::clamp(end, i + 1, last);
        length = end - i;
        result.push_back({(cell + 0.5) * width, i, end});
        i = end;
    }
    return result;
}

QList<QPointF> SampleStore::line(Column which, const std::vector<Bucket>& buckets) const
{
    std::vector<Envelope> envelopes;
    for (const auto& bucket : buckets)
        envelopes.push_back(column(which).envelope(bucket.first, bucket.last));
    return line(buckets, envelopes);
}

QList<QPointF> SampleStore::line(const std::vector<Bucket>& buckets, const std::vector<Envelope>& envelopes)
{
    QList<QPointF> points;
    points.reserve(static_cast<qsizetype>(buckets.size() * 2));
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        const Envelope& envelope = envelopes[i];
        if (envelope.count == 0)
            continue;
        points.append({buckets[i].time, envelope.low});
        if (envelope.high > envelope.low)
            points.append({buckets[i].time, envelope.high});
    }
    return points;
}

}  // namespace splitscope::ui
