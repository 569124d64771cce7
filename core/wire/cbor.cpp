// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wire/cbor_p.h"

#include <QUtf8StringView>

#include <cmath>
#include <cstring>
#include <span>

namespace splitscope::wire {

using base::ErrorCode;

namespace {

constexpr std::size_t kMaxKeyBytes = 32;
constexpr int kMaxSkippedDepth = 8;

/// At most `most` bytes, cut between characters, so that an over-long text still arrives.
std::string_view clipped(const std::string& text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    auto length = most;
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
        --length;
    return std::string_view(text).substr(0, length);
}

bool isUtf8(std::string_view text) { return QUtf8StringView(text.data(), static_cast<qsizetype>(text.size())).isValidUtf8(); }

std::string rangeText(double low, double high) { return "outside " + std::to_string(low) + " to " + std::to_string(high); }

}  // namespace

CborInput::CborInput(base::ByteView bytes)
    : m_reader(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())), m_size(bytes.size())
{
}

void CborInput::fail(ErrorCode code, const std::string& text)
{
    if (m_error)
        return;
    std::string where(m_scope);
    if (!m_field.empty())
        where += (where.empty() ? "" : ".") + std::string(m_field);
    m_error = base::Error{code, text, where};
}

bool CborInput::enter(bool isRight, const char* wanted)
{
    if (!ok())
        return false;
    if (!isRight || !m_reader.enterContainer()) {
        fail(ErrorCode::InvalidInput, std::string("is not ") + wanted);
        return false;
    }
    return true;
}

bool CborInput::more()
{
    if (ok() && m_reader.lastError() != QCborError::NoError)
        fail(ErrorCode::InvalidInput, "malformed or truncated CBOR");
    return ok() && m_reader.hasNext();
}

void CborInput::leave()
{
    if (ok() && !m_reader.leaveContainer())
        fail(ErrorCode::InvalidInput, "malformed or truncated CBOR");
}

void CborInput::next()
{
    if (ok() && !m_reader.next(kMaxSkippedDepth))
        fail(ErrorCode::InvalidInput, "malformed, truncated or too deeply nested CBOR");
}

void CborInput::skip()
{
    next();  // of a string reads it whole into memory; the header's own limit bounds that
}

std::string CborInput::string(std::size_t most)
{
    std::string value;
    while (ok()) {
        const auto size = m_reader.currentStringChunkSize();
        if (size > 0 && value.size() + static_cast<std::size_t>(size) > most) {
            fail(ErrorCode::TooLarge, "longer than " + std::to_string(most) + " bytes");
            break;
        }
        const auto at = value.size();
        value.resize(at + static_cast<std::size_t>(std::max<qsizetype>(size, 0)));
        char none = 0;
        const auto chunk = m_reader.readStringChunk(value.empty() ? &none : value.data() + at, std::max<qsizetype>(size, 0));
        if (chunk.status == QCborStreamReader::EndOfString) {
            value.resize(at);
            break;
        }
        if (chunk.status == QCborStreamReader::Error)
            fail(ErrorCode::InvalidInput, "malformed or truncated CBOR");
    }
    return value;
}

std::string CborInput::key()
{
    m_field = {};
    if (!m_reader.isString()) {
        fail(ErrorCode::InvalidInput, "a key that is not a text");
        return {};
    }
    return string(kMaxKeyBytes);
}

std::string CborInput::text(std::size_t most)
{
    if (!ok())
        return {};
    if (!m_reader.isString()) {
        fail(ErrorCode::InvalidInput, "is not a text");
        return {};
    }
    auto value = string(most);
    if (ok() && !isUtf8(value))
        fail(ErrorCode::InvalidInput, "is not UTF-8");
    return value;
}

std::vector<float> CborInput::floats(std::size_t most)
{
    if (!ok())
        return {};
    if (!m_reader.isByteArray()) {
        fail(ErrorCode::InvalidInput, "is not a byte string");
        return {};
    }
    const auto bytes = string(most * sizeof(float));
    if (ok() && bytes.size() % sizeof(float) != 0)
        fail(ErrorCode::InvalidInput, "is not a whole number of float32 values");
    if (!ok())
        return {};
    std::vector<float> values(bytes.size() / sizeof(float));
    if (!values.empty())
        std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

std::uint64_t CborInput::unsignedInteger(std::uint64_t low, std::uint64_t high)
{
    if (!ok())
        return 0;
    if (!m_reader.isUnsignedInteger()) {
        fail(ErrorCode::InvalidInput, "is not an integer of 0 or more");
        return 0;
    }
    const std::uint64_t value = m_reader.toUnsignedInteger();
    if (value < low || value > high)
        fail(ErrorCode::InvalidInput,
             std::to_string(value) + " is outside " + std::to_string(low) + " to " + std::to_string(high));
    next();
    return value;
}

std::int64_t CborInput::integer(std::int64_t low, std::int64_t high)
{
    if (!ok())
        return 0;
    if (!m_reader.isInteger()) {
        fail(ErrorCode::InvalidInput, "is not an integer");
        return 0;
    }
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const bool negative = m_reader.isNegativeInteger();
    const auto magnitude
        = negative ? static_cast<std::uint64_t>(m_reader.toNegativeInteger()) : std::uint64_t{m_reader.toUnsignedInteger()};
    // A magnitude of 0 stands for −2^64.
    const bool fits = magnitude <= kMost && !(negative && magnitude == 0);
    const auto value = !fits ? 0 : negative ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude);
    if (!fits || value < low || value > high)
        fail(ErrorCode::InvalidInput,
             (fits ? std::to_string(value) + " is" : std::string("is")) + " outside " + std::to_string(low) + " to "
                 + std::to_string(high));
    next();
    return value;
}

double CborInput::number(double low, double high)
{
    if (!ok())
        return 0;
    double value = 0;
    if (m_reader.isDouble())
        value = m_reader.toDouble();
    else if (m_reader.isFloat())
        value = static_cast<double>(m_reader.toFloat());
    else if (m_reader.isFloat16())
        value = static_cast<double>(m_reader.toFloat16());
    else if (m_reader.isUnsignedInteger())
        value = static_cast<double>(m_reader.toUnsignedInteger());
    else if (m_reader.isNegativeInteger())
        value = -static_cast<double>(static_cast<std::uint64_t>(m_reader.toNegativeInteger()));
    else
        fail(ErrorCode::InvalidInput, "is not a number");
    if (ok() && !(value >= low && value <= high))
        fail(ErrorCode::InvalidInput, std::isnan(value) ? "is not a number (NaN)" : rangeText(low, high));
    next();
    return value;
}

bool CborInput::flag()
{
    if (!ok())
        return false;
    if (!m_reader.isBool()) {
        fail(ErrorCode::InvalidInput, "is neither true nor false");
        return false;
    }
    const bool value = m_reader.toBool();
    next();
    return value;
}

void MapWriter::number(std::string_view key, const double& value, Range)
{
    name(key);
    m_out.append(value);
}

void MapWriter::flag(std::string_view key, const bool& value)
{
    name(key);
    m_out.append(value);
}

void MapWriter::text(std::string_view key, const std::string& value, std::size_t most, Presence presence)
{
    if (presence == Presence::Optional && value.empty())
        return;
    name(key);
    if (isUtf8(value)) {
        const auto shown = clipped(value, most);
        m_out.appendTextString(shown.data(), static_cast<qsizetype>(shown.size()));
    } else {  // a file name of another encoding, say: shown with replacement characters
        const auto repaired = QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size())).toStdString();
        const auto shown = clipped(repaired, most);
        m_out.appendTextString(shown.data(), static_cast<qsizetype>(shown.size()));
    }
}

void MapWriter::decision(std::string_view key, const decision::Decision& value)
{
    name(key);
    m_out.startArray(value.gate ? 6 : 4);
    m_out.append(value.exit);
    m_out.append(value.partition);
    m_out.append(static_cast<int>(value.coding.kind));
    m_out.append(value.coding.parameter);
    if (value.gate) {
        m_out.append(value.gate->exit);
        m_out.append(value.gate->threshold);
    }
    m_out.endArray();
}

void MapWriter::numbers(std::string_view key, std::span<double* const> values, Range)
{
    name(key);
    m_out.startArray(values.size());
    for (const double* value : values)
        m_out.append(*value);
    m_out.endArray();
}

void MapWriter::floats(std::string_view key, const std::vector<float>& values, std::size_t)
{
    if (values.empty())
        return;
    name(key);
    const auto bytes = std::as_bytes(std::span(values));
    m_out.appendByteString(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size()));
}

bool MapReader::wants(std::string_view key, Presence presence)
{
    const auto bit = std::uint64_t{1} << m_index++;
    if (m_checking) {
        if (presence == Presence::Required && (m_seen & bit) == 0) {
            m_in.setField(key);
            m_in.fail(ErrorCode::InvalidInput, "is missing");
        }
        return false;
    }
    if (m_matched || m_key != key)
        return false;
    m_matched = true;
    m_in.setField(key);
    if ((m_seen & bit) != 0)
        m_in.fail(ErrorCode::InvalidInput, "is given twice");
    m_seen |= bit;
    return m_in.ok();
}

void MapReader::number(std::string_view key, double& value, Range range)
{
    if (wants(key, Presence::Required))
        value = m_in.number(range.low, range.high);
}

void MapReader::flag(std::string_view key, bool& value)
{
    if (wants(key, Presence::Required))
        value = m_in.flag();
}

void MapReader::text(std::string_view key, std::string& value, std::size_t most, Presence presence)
{
    if (wants(key, presence))
        value = m_in.text(most);
}

void MapReader::decision(std::string_view key, decision::Decision& value)
{
    if (!wants(key, Presence::Required))
        return;
    constexpr std::int64_t kMaxExit = 64;
    constexpr std::int64_t kMaxCut = 4096;
    constexpr std::int64_t kMaxParameter = 100;
    int item = 0;
    m_in.array(6, [&] {
        switch (item++) {
        case 0: value.exit = static_cast<int>(m_in.integer(1, kMaxExit)); break;
        case 1: value.partition = static_cast<int>(m_in.integer(0, kMaxCut)); break;
        case 2:
            value.coding.kind = static_cast<codec::CodingKind>(m_in.integer(0, static_cast<int>(codec::CodingKind::Jpeg)));
            break;
        case 3: value.coding.parameter = static_cast<int>(m_in.integer(0, kMaxParameter)); break;
        case 4: value.gate.emplace().exit = static_cast<int>(m_in.integer(1, kMaxExit)); break;
        default: value.gate->threshold = m_in.number(0, decision::kMaxGateThreshold); break;
        }
    });
    const auto& coding = value.coding;
    if (item != 4 && item != 6)
        m_in.fail(ErrorCode::InvalidInput,
                  "is not [exit, partition, coding, parameter], nor that with a gate's exit and threshold behind it");
    else if (coding.kind == codec::CodingKind::Quantized
             && (coding.parameter < codec::kMinBits || coding.parameter > codec::kMaxBits))
        m_in.fail(ErrorCode::InvalidInput, "bit width " + std::to_string(coding.parameter) + " is outside 2 to 16");
    else if (coding.kind == codec::CodingKind::Jpeg && coding.parameter < 1)
        m_in.fail(ErrorCode::InvalidInput, "JPEG quality 0 is outside 1 to 100");
}

void MapReader::numbers(std::string_view key, std::span<double* const> values, Range range)
{
    if (!wants(key, Presence::Required))
        return;
    std::size_t item = 0;
    m_in.array(values.size(), [&] { *values[item++] = m_in.number(range.low, range.high); });
    if (item != values.size())
        m_in.fail(ErrorCode::InvalidInput,
                  "has " + std::to_string(item) + " numbers instead of " + std::to_string(values.size()));
}

void MapReader::floats(std::string_view key, std::vector<float>& values, std::size_t most)
{
    if (wants(key, Presence::Optional))
        values = m_in.floats(most);
}

}  // namespace splitscope::wire
