// SPDX-License-Identifier: GPL-3.0-or-later
// Reading and writing maps of named fields. A message lists its fields once (fields_p.h); MapWriter and MapReader walk that
// list, so that what is written and what is accepted cannot drift apart. Nothing is built in between: a header takes a few µs.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/decision/decision.h"

#include <QCborStreamReader>
#include <QCborStreamWriter>

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace splitscope::wire {

inline constexpr std::uint64_t kAnyUnsigned = std::numeric_limits<std::uint64_t>::max();

/// One step through untrusted CBOR. The first failure sticks; reading on after it does nothing.
class CborInput {
public:
    CborInput(base::ByteView bytes);

    /// Calls entry(key) for each entry of a map; it must read or skip the value.
    template <typename Entry>
    void map(const Entry& entry)
    {
        if (!enter(m_reader.isMap(), "a map"))
            return;
        while (more()) {
            const auto entryKey = key();
            if (ok())
                entry(std::string_view(entryKey));
        }
        leave();
    }

    /// Calls item() for each item of an array of at most `most` items.
    template <typename Item>
    void array(std::size_t most, const Item& item)
    {
        if (!enter(m_reader.isArray(), "an array"))
            return;
        const auto field = m_field;
        for (std::size_t n = 0; more(); ++n) {
            if (n == most) {
                m_field = field;  // items name their own
                fail(base::ErrorCode::TooLarge, "more than " + std::to_string(most) + " items");
                return;
            }
            item();
        }
        leave();
    }

    std::uint64_t unsignedInteger(std::uint64_t low, std::uint64_t high);
    std::int64_t integer(std::int64_t low, std::int64_t high);
    double number(double low, double high);
    bool flag();
    std::string text(std::size_t most);
    std::vector<float> floats(std::size_t most);
    void skip();

    [[nodiscard]] bool ok() const { return !m_error; }
    [[nodiscard]] const std::optional<base::Error>& error() const { return m_error; }
    /// The whole input was one item.
    [[nodiscard]] bool atEnd() const { return m_reader.currentOffset() == static_cast<qint64>(m_size); }
    void fail(base::ErrorCode code, const std::string& text);

    /// What is being read, for errors: "request.labels". The field is only named when something fails.
    void setScope(std::string_view scope) { m_scope = scope; }
    void setField(std::string_view field) { m_field = field; }

private:
    bool enter(bool isRight, const char* wanted);
    bool more();
    void leave();
    std::string key();
    std::string string(std::size_t most);
    void next();

    QCborStreamReader m_reader;
    std::size_t m_size;
    std::optional<base::Error> m_error;
    std::string_view m_scope;
    std::string_view m_field;
};

/// Bounds of a number; outside them (NaN too) a message is refused.
struct Range {
    double low = 0;
    double high = 0;
};

/// Whether a field may be missing. Optional fields are written only where they say something.
enum class Presence { Required, Optional };

class MapWriter {
public:
    explicit MapWriter(QCborStreamWriter& out) : m_out(out) {}

    template <typename Integer>
    void integer(std::string_view key, const Integer& value, std::int64_t, std::int64_t)
    {
        name(key);
        m_out.append(static_cast<qint64>(value));
    }
    void integer(std::string_view key, const std::uint64_t& value, std::uint64_t, std::uint64_t)
    {
        name(key);
        m_out.append(static_cast<quint64>(value));
    }
    void number(std::string_view key, const double& value, Range range);
    void flag(std::string_view key, const bool& value);
    void text(std::string_view key, const std::string& value, std::size_t most, Presence presence = Presence::Required);
    void decision(std::string_view key, const decision::Decision& value);
    void numbers(std::string_view key, std::span<double* const> values, Range range);
    void floats(std::string_view key, const std::vector<float>& values, std::size_t most);

    template <typename Integer>
    void integers(std::string_view key, const std::vector<Integer>& values, std::int64_t, std::int64_t, std::size_t,
                  Presence presence)
    {
        if (presence == Presence::Optional && values.empty())
            return;
        name(key);
        m_out.startArray(values.size());
        for (const auto value : values)
            m_out.append(static_cast<qint64>(value));
        m_out.endArray();
    }
    template <typename Struct>
    void nested(std::string_view key, const Struct& value)
    {
        name(key);
        map(value);
    }
    template <typename Struct>
    void list(std::string_view key, const std::vector<Struct>& values, std::size_t)
    {
        name(key);
        m_out.startArray(values.size());
        for (const auto& value : values)
            map(value);
        m_out.endArray();
    }
    /// write() writes `value`'s field.
    template <typename Value, typename Write>
    void optional(std::string_view, std::optional<Value>& value, const Write& write)
    {
        if (value)
            write(*value);
    }
    template <typename Struct>
    void map(const Struct& value)
    {
        m_out.startMap();
        MapWriter inner(m_out);
        // One list of fields serves both directions, and reading needs a mutable struct; writing changes nothing.
        fields(inner, const_cast<Struct&>(value));
        m_out.endMap();
    }

private:
    void name(std::string_view key) { m_out.appendTextString(key.data(), static_cast<qsizetype>(key.size())); }
    QCborStreamWriter& m_out;
};

/// Reads one entry of a map into the field of its name, or checks at the end that no required field is missing.
class MapReader {
public:
    explicit MapReader(CborInput& in) : m_in(in) {}

    template <typename Integer>
    void integer(std::string_view key, Integer& value, std::int64_t low, std::int64_t high)
    {
        if (wants(key, Presence::Required))
            value = static_cast<Integer>(m_in.integer(low, high));
    }
    void integer(std::string_view key, std::uint64_t& value, std::uint64_t low, std::uint64_t high)
    {
        if (wants(key, Presence::Required))
            value = m_in.unsignedInteger(low, high);
    }
    void number(std::string_view key, double& value, Range range);
    void flag(std::string_view key, bool& value);
    void text(std::string_view key, std::string& value, std::size_t most, Presence presence = Presence::Required);
    void decision(std::string_view key, decision::Decision& value);
    void numbers(std::string_view key, std::span<double* const> values, Range range);
    void floats(std::string_view key, std::vector<float>& values, std::size_t most);

    template <typename Integer>
    void integers(std::string_view key, std::vector<Integer>& values, std::int64_t low, std::int64_t high, std::size_t most,
                  Presence presence)
    {
        if (wants(key, presence))
            m_in.array(most, [&] { values.push_back(static_cast<Integer>(m_in.integer(low, high))); });
    }
    template <typename Struct>
    void nested(std::string_view key, Struct& value)
    {
        if (wants(key, Presence::Required))
            read(m_in, value);
    }
    template <typename Struct>
    void list(std::string_view key, std::vector<Struct>& values, std::size_t most)
    {
        if (wants(key, Presence::Required))
            m_in.array(most, [&] { read(m_in, values.emplace_back()); });
    }
    template <typename Value, typename Read>
    void optional(std::string_view key, std::optional<Value>& value, const Read& readField)
    {
        if (!m_checking && m_key == key && !m_matched) {
            readField(value.emplace());
            return;
        }
        ++m_index;
    }

    /// A whole map into value; unknown fields are skipped.
    template <typename Struct>
    static void read(CborInput& in, Struct& value)
    {
        MapReader reader(in);
        in.map([&](std::string_view key) { reader.entry(key, value); });
        reader.finish(value);
    }
    /// One entry, whose key was just read.
    template <typename Struct>
    void entry(std::string_view key, Struct& value)
    {
        m_key = key;
        m_index = 0;
        m_matched = false;
        fields(*this, value);
        if (!m_matched)
            m_in.skip();
    }
    /// After the last entry.
    template <typename Struct>
    void finish(Struct& value)
    {
        if (!m_in.ok())
            return;
        m_checking = true;
        m_index = 0;
        fields(*this, value);
    }

private:
    bool wants(std::string_view key, Presence presence);

    CborInput& m_in;
    std::string_view m_key;
    std::uint64_t m_seen = 0;  ///< a bit per field, in the order of the list
    unsigned m_index = 0;
    bool m_matched = false;
    bool m_checking = false;
};

}  // namespace splitscope::wire
