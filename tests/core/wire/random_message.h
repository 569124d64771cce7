// SPDX-License-Identifier: GPL-3.0-or-later
// Messages of random values that a sender may send.
#pragma once

#include "core/wire/fields_p.h"

#include <random>

namespace splitscope::wire {

/// Fills a message with random values within its limits, walking the same list of fields as the encoder does.
class RandomFiller {
public:
    explicit RandomFiller(std::mt19937_64& random) : m_random(random) {}

    template <typename Integer>
    void integer(std::string_view, Integer& value, std::int64_t low, std::int64_t high)
    {
        value = static_cast<Integer>(std::uniform_int_distribution<std::int64_t>(low, high)(m_random));
    }
    void integer(std::string_view, std::uint64_t& value, std::uint64_t low, std::uint64_t high)
    {
        value = std::uniform_int_distribution<std::uint64_t>(low, high)(m_random);
    }
    void number(std::string_view, double& value, Range range)
    {
        value = std::uniform_real_distribution<double>(range.low, range.high)(m_random);
    }
    void flag(std::string_view, bool& value) { value = m_random() % 2 == 0; }
    void text(std::string_view, std::string& value, std::size_t most, Presence = Presence::Required)
    {
        static const std::array<std::string, 5> kLetters{"a", "Z", "ü", "→", "😀"};
        value.clear();
        for (auto n = m_random() % 40; n > 0 && value.size() + 4 <= most; --n)
            value += kLetters[m_random() % kLetters.size()];
    }
    void decision(std::string_view, decision::Decision& value)
    {
        const auto kind = static_cast<codec::CodingKind>(m_random() % 6);
        const int parameter = kind == codec::CodingKind::Quantized ? 2 + static_cast<int>(m_random() % 15)
            : kind == codec::CodingKind::Jpeg                      ? 1 + static_cast<int>(m_random() % 100)
                                                                   : 0;
        value = {1 + static_cast<int>(m_random() % 5), static_cast<int>(m_random() % 23), {kind, parameter}};
        if (m_random() % 2 == 0)
            value.gate = decision::Gate{1 + static_cast<int>(m_random() % 5), static_cast<double>(m_random() % 1000) / 7};
        if (value.gate)
            value.gate->threshold = std::min(value.gate->threshold, decision::kMaxGateThreshold);
    }
    void numbers(std::string_view, std::span<double* const> values, Range range)
    {
        for (double* value : values)
            number({}, *value, range);
    }
    void floats(std::string_view, std::vector<float>& values, std::size_t)
    {
        values.resize(m_random() % 3 * 40);
        for (auto& value : values)
            value = static_cast<float>(m_random() % 1000) / 7.0F;
    }
    template <typename Integer>
    void integers(std::string_view, std::vector<Integer>& values, std::int64_t low, std::int64_t high, std::size_t most, Presence)
    {
        values.resize(1 + m_random() % most);
        for (auto& value : values)
            integer({}, value, low, high);
    }
    template <typename Struct>
    void nested(std::string_view, Struct& value)
    {
        fields(*this, value);
    }
    template <typename Struct>
    void list(std::string_view, std::vector<Struct>& values, std::size_t)
    {
        values.resize(m_random() % 4);
        for (auto& value : values)
            fields(*this, value);
    }
    template <typename Value, typename Fill>
    void optional(std::string_view, std::optional<Value>& value, const Fill& fill)
    {
        if (m_random() % 2 == 0)
            fill(value.emplace());
    }

private:
    std::mt19937_64& m_random;
};

// Random fields contradict each other; these bring them in line.
inline void reconcile(auto&) {}
inline void reconcile(ModelPush& m)
{
    m.totalBytes = std::max(m.totalBytes, m.specBytes);
    m.offset %= m.totalBytes;
}
inline void reconcile(Schedule& m)
{
    const auto most = std::min({m.totalPoints, m.atMicros.size(), kMaxSchedulePiece});
    m.atMicros.resize(most);
    m.bytesPerSecond.assign(most, 0.5F);
    m.offset %= m.totalPoints - most + 1;
}
inline void reconcile(Filler& m) { m.offset %= m.totalBytes; }
inline void reconcile(ProfileProgress& m) { m.total = std::max(m.total, m.done); }
inline void reconcile(ProfileResult& m)
{
    m.piece += "}";
    m.totalBytes = std::max<std::uint64_t>(m.totalBytes, m.piece.size());
    m.offset %= m.totalBytes - m.piece.size() + 1;
}
inline void reconcile(StartRun& m) { m.firstFrame %= m.frames; }
inline void reconcile(Request& m)
{
    const auto count = static_cast<std::size_t>(m.count);
    const bool label = m.decision.coding.kind == codec::CodingKind::LabelOnly || (m.decision.gate && m.payloadBytes % 2 == 0);
    if (label || !m.decision.gate || count == 1)
        m.rows.clear();
    else
        m.rows = {0, m.count - 1};
    if (m.rows.size() == 2 && count == 2)
        m.rows.pop_back();
    m.labels.resize(label ? count : 0);
    m.sizes.resize(label ? 0 : m.rowCount());
    m.payloadBytes = 0;
    for (auto& size : m.sizes)
        m.payloadBytes += size = size % 1'000'000;
}
inline void reconcile(Reply& m)
{
    m.logits.resize(m.labels.size() * 3);
    if (m.answeredEarly && m.labels.size() < kMaxBatch)
        *m.answeredEarly &= (std::uint64_t{1} << m.labels.size()) - 1;
}
inline void reconcile(Journal& m)
{
    for (auto& record : m.records) {
        record.labels.resize(static_cast<std::size_t>(record.count));
        record.truths.resize(static_cast<std::size_t>(record.count));
        record.logits.resize(static_cast<std::size_t>(record.count) * 10);
        if (record.answeredEarly && record.count < kMaxBatch)
            *record.answeredEarly &= (std::uint64_t{1} << static_cast<unsigned>(record.count)) - 1;
    }
}

inline Message randomOf(const Message& example, std::mt19937_64& random)
{
    Message message = example;
    message.id = random();
    RandomFiller filler(random);
    std::visit(
        [&](auto& body) {
            body = {};
            fields(filler, body);
            reconcile(body);
        },
        message.body);
    return message;
}

}  // namespace splitscope::wire
