// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/run_part_p.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

namespace splitscope::session {

namespace {

constexpr std::uint32_t kMagic = 0x31525053;  // "SPR1"
constexpr std::uint32_t kMostRows = 1U << 20;

class Encoder {
public:
    template <typename T>
    void put(const T& value)
    {
        bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void putText(const std::string& text)
    {
        put(static_cast<std::uint32_t>(text.size()));
        bytes += text;
    }
    /// As few bytes a value as their range needs: 0 where all are the same.
    void putWholes(const std::vector<std::int64_t>& values)
    {
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        const std::int64_t base = values.empty() ? 0 : *low;
        const std::uint64_t span = values.empty() ? 0 : static_cast<std::uint64_t>(*high) - static_cast<std::uint64_t>(base);
        const std::uint8_t width = span == 0 ? 0 : span <= 0xff ? 1 : span <= 0xffff ? 2 : span <= 0xffffffff ? 4 : 8;
        put(width);
        put(base);
        switch (width) {
        case 1: return putOffsets<std::uint8_t>(values, base);
        case 2: return putOffsets<std::uint16_t>(values, base);
        case 4: return putOffsets<std::uint32_t>(values, base);
        case 8: return putOffsets<std::uint64_t>(values, base);
        default: return;
        }
    }
    void putReals(const std::vector<double>& values)
    {
        const bool same = std::all_of(values.begin(), values.end(),
                                      [&](double value) { return std::memcmp(&value, values.data(), sizeof value) == 0; });
        put(static_cast<std::uint8_t>(same ? 0 : 8));
        const double first = values.empty() ? 0 : values.front();
        put(first);
        if (!same)
            bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double));
    }
    std::string bytes;

private:
    template <typename T>
    void putOffsets(const std::vector<std::int64_t>& values, std::int64_t base)
    {
        for (const auto value : values)
            put(static_cast<T>(static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(base)));
    }
};

class Decoder {
public:
    Decoder(const void* data, std::size_t bytes) : m_at(static_cast<const char*>(data)), m_left(bytes) {}

    template <typename T>
    bool take(T& value)
    {
        return takeBytes(&value, sizeof value);
    }
    bool takeText(std::string& text)
    {
        std::uint32_t size = 0;
        if (!take(size) || size > m_left)
            return false;
        text.assign(m_at, size);
        skip(size);
        return true;
    }
    bool takeWholes(std::vector<std::int64_t>& values, std::size_t count)
    {
        std::uint8_t width = 0;
        std::int64_t base = 0;
        if (!take(width) || !take(base) || width > 8 || m_left / std::max<std::size_t>(width, 1) < (width ? count : 0))
            return false;
        switch (width) {
        case 0: values.assign(count, base); return true;
        case 1: return takeOffsets<std::uint8_t>(values, count, base);
        case 2: return takeOffsets<std::uint16_t>(values, count, base);
        case 4: return takeOffsets<std::uint32_t>(values, count, base);
        case 8: return takeOffsets<std::uint64_t>(values, count, base);
        default: return false;
        }
    }
    bool takeReals(std::vector<double>& values, std::size_t count)
    {
        std::uint8_t width = 0;
        double first = 0;
        if (!take(width) || !take(first) || (width != 0 && (width != sizeof(double) || m_left / sizeof(double) < count)))
            return false;
        values.assign(count, first);
        return width == 0 || takeBytes(values.data(), count * sizeof(double));
    }
    [[nodiscard]] bool atEnd() const { return m_left == 0; }

private:
    void skip(std::size_t bytes)
    {
        m_at += bytes;
        m_left -= bytes;
    }
    bool takeBytes(void* into, std::size_t bytes)
    {
        if (bytes > m_left)
            return false;
        if (bytes > 0)
            std::memcpy(into, m_at, bytes);
        skip(bytes);
        return true;
    }
    template <typename T>
    bool takeOffsets(std::vector<std::int64_t>& values, std::size_t count, std::int64_t base)
    {
        values.resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            T offset = 0;
            std::memcpy(&offset, m_at + i * sizeof(T), sizeof(T));
            values[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(base) + offset);
        }
        skip(count * sizeof(T));
        return true;
    }

    const char* m_at;
    std::size_t m_left;
};

bool isReal(std::size_t column) { return kRequestColumns[column].kind == ColumnKind::Real; }

}  // namespace

RunPart::RunPart() : m_reals(kFieldCount), m_wholes(kFieldCount) { clear(); }

void RunPart::clear()
{
    m_size = 0;
    for (auto& column : m_reals)
        column.clear();
    for (auto& column : m_wholes)
        column.clear();
    m_texts.assign(1, std::string());
    m_textIndex.clear();
    m_textIndex.emplace(std::string(), 0);
    m_labels.clear();
    m_truths.clear();
}

std::int64_t RunPart::intern(std::string text)
{
    const auto [found, isNew] = m_textIndex.try_emplace(std::move(text), static_cast<std::int64_t>(m_texts.size()));
    if (isNew)
        m_texts.push_back(found->first);
    return found->second;
}

void RunPart::addText(Field field, const char* text, std::size_t bytes)
{
    m_wholes[at(field)].push_back(bytes == 0 ? 0 : intern(std::string(text, bytes)));
}

void RunPart::addFrame(std::int64_t label, std::int64_t truth)
{
    m_labels.push_back(label);
    m_truths.push_back(truth);
}

void RunPart::append(const Sample& sample)
{
    const auto& record = sample.record;
    const auto& stages = record.stages;
    const auto text = [this](Field field, const std::string& value) { addText(field, value.data(), value.size()); };
    addWhole(Field::FirstFrame, static_cast<std::int64_t>(record.firstFrame));
    addWhole(Field::Count, record.count);
    text(Field::Outcome, toString(record.outcome));
    text(Field::Reason, record.reason);
    addWhole(Field::Exit, record.decision.exit);
    addWhole(Field::Partition, record.decision.partition);
    text(Field::Coding, codec::toString(record.decision.coding));
    addWhole(Field::DecisionAge, record.decisionAge);
    auto field = static_cast<std::size_t>(Field::Capture);
    for (double ms : {stages.capture, stages.deviceSegment, stages.encode, stages.sendQueue, stages.transfer, stages.edgeQueue,
                      stages.decode, stages.edgeSegment, stages.reply, stages.fallback, stages.total, record.capturedAtMs})
        m_reals[field++].push_back(ms);
    addWhole(Field::PayloadBytes, static_cast<std::int64_t>(record.payloadBytes));
    addWhole(Field::WireBytes, static_cast<std::int64_t>(record.wireBytes));
    field = static_cast<std::size_t>(Field::SetRate);
    for (double value : {record.setBytesPerSecond, record.achievedBytesPerSecond, sample.energyJoules, sample.rttMs,
                         sample.estimatedBytesPerSecond, sample.estimateLow, sample.estimateHigh})
        m_reals[field++].push_back(value);
    for (double value : {sample.reward, sample.regret, sample.expectedAccuracy})
        m_reals[field++].push_back(sample.priced ? value : std::numeric_limits<double>::quiet_NaN());
    addWhole(Field::OptimumExit, sample.priced ? sample.optimum.exit : 0);
    addWhole(Field::OptimumPartition, sample.priced ? sample.optimum.partition : 0);
    text(Field::OptimumCoding, sample.priced ? codec::toString(sample.optimum.coding) : std::string());
    addWhole(Field::UplinkChanged, sample.uplinkChanged ? 1 : 0);
    text(Field::StrategyReason, sample.strategyReason);
    text(Field::Gate, gateText(record.decision));
    addWhole(Field::AnsweredEarly, static_cast<std::int64_t>(record.answeredEarly.value_or(0)));
    text(Field::OptimumGate, sample.priced ? gateText(sample.optimum) : std::string());
    field = static_cast<std::size_t>(Field::DeviceTemperature);
    for (const double value : healthOf(sample))
        m_reals[field++].push_back(value);
    for (int i = 0; i < record.count; ++i) {
        const auto place = static_cast<std::size_t>(i);
        addFrame(place < record.labels.size() ? record.labels[place] : -1,
                 place < record.truths.size() ? record.truths[place] : -1);
    }
    endRow();
}

std::uint64_t RunPart::firstFrame() const { return static_cast<std::uint64_t>(wholes(Field::FirstFrame).front()); }

std::uint64_t RunPart::lastFrame() const { return static_cast<std::uint64_t>(wholes(Field::FirstFrame).back()); }

RunPart RunPart::rowsOf(const std::vector<std::size_t>& order) const
{
    std::vector<std::size_t> firstLabel(m_size);
    std::size_t labels = 0;
    for (std::size_t i = 0; i < m_size; ++i) {
        firstLabel[i] = labels;
        labels += static_cast<std::size_t>(wholes(Field::Count)[i]);
    }
    RunPart part;
    for (std::size_t column = 0; column < kFieldCount; ++column) {
        const auto field = static_cast<Field>(column);
        for (const auto row : order) {
            if (isReal(column))
                part.addReal(field, m_reals[column][row]);
            else if (kRequestColumns[column].kind == ColumnKind::Text)
                part.addText(field, text(field, row).data(), text(field, row).size());
            else
                part.addWhole(field, m_wholes[column][row]);
        }
    }
    for (const auto row : order)
        for (std::size_t i = 0; i < static_cast<std::size_t>(wholes(Field::Count)[row]); ++i)
            part.addFrame(m_labels[firstLabel[row] + i], m_truths[firstLabel[row] + i]);
    part.m_size = order.size();
    return part;
}

void RunPart::sort()
{
    const auto& first = wholes(Field::FirstFrame);
    if (std::is_sorted(first.begin(), first.end()))
        return;
    std::vector<std::size_t> order(m_size);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&first](std::size_t a, std::size_t b) { return first[a] < first[b]; });
    *this = rowsOf(order);
}

RunPart RunPart::takeFirst(std::size_t rows)
{
    std::vector<std::size_t> order(m_size);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(std::min(rows, m_size));
    RunPart taken = rowsOf({order.begin(), middle});
    *this = rowsOf({middle, order.end()});
    return taken;
}

std::string RunPart::encode() const
{
    Encoder out;
    out.put(kMagic);
    out.put(static_cast<std::uint32_t>(m_size));
    out.put(static_cast<std::uint32_t>(m_labels.size()));
    out.put(static_cast<std::uint32_t>(kFieldCount));
    out.put(static_cast<std::uint32_t>(m_texts.size()));
    for (const auto& text : m_texts)
        out.putText(text);
    for (std::size_t column = 0; column < kFieldCount; ++column)
        isReal(column) ? out.putReals(m_reals[column]) : out.putWholes(m_wholes[column]);
    out.putWholes(m_labels);
    out.putWholes(m_truths);
    return std::move(out.bytes);
}

bool RunPart::decode(const void* data, std::size_t bytes)
{
    clear();
    Decoder in(data, bytes);
    std::uint32_t magic = 0, rows = 0, frames = 0, columns = 0, texts = 0;
    if (!in.take(magic) || magic != kMagic || !in.take(rows) || !in.take(frames) || !in.take(columns) || !in.take(texts))
        return false;
    // Each text takes four bytes at least; a request has 64 frames at most, but a part of a later version might have more.
    if (rows == 0 || rows > kMostRows || frames / kMostRows > 64 || columns != kFieldCount || texts == 0 || texts > bytes / 4)
        return false;
    m_texts.resize(texts);
    for (auto& text : m_texts)
        if (!in.takeText(text))
            return false;
    for (std::size_t column = 0; column < kFieldCount; ++column)
        if (!(isReal(column) ? in.takeReals(m_reals[column], rows) : in.takeWholes(m_wholes[column], rows)))
            return false;
    if (!in.takeWholes(m_labels, frames) || !in.takeWholes(m_truths, frames) || !in.atEnd())
        return false;
    for (std::size_t column = 0; column < kFieldCount; ++column)
        if (kRequestColumns[column].kind == ColumnKind::Text)
            for (const auto index : m_wholes[column])
                if (index < 0 || index >= static_cast<std::int64_t>(texts))
                    return false;
    std::int64_t counted = 0;
    for (const auto count : wholes(Field::Count))
        counted += std::clamp<std::int64_t>(count, 0, kMostRows);
    m_size = rows;
    return counted == static_cast<std::int64_t>(frames);
}

}  // namespace splitscope::session
