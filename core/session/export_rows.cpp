// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/export_rows_p.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <unistd.h>

namespace splitscope::session {

namespace {

constexpr std::array<double, 13> kPowers{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
constexpr double kExact = 9e15;  ///< whole numbers below it are exact

int decimalsOf(const RecordColumn& column)
{
    if (std::strcmp(column.unit, "ms") == 0)
        return 6;
    if (std::strcmp(column.unit, "B/s") == 0)
        return 3;
    if (std::strcmp(column.unit, "B") == 0 || std::strcmp(column.unit, "Hz") == 0)
        return 0;
    return std::strcmp(column.unit, "J") == 0 ? 12 : 9;
}

/// A tenth of what std::to_chars() takes, which looks for the shortest digits of the double.
char* putFixed(char* at, double value, int decimals)
{
    const double power = kPowers[static_cast<std::size_t>(decimals)];
    const auto scaled = static_cast<std::uint64_t>(std::abs(value) * power + 0.5);
    if (value < 0 && scaled != 0)
        *at++ = '-';
    const auto divisor = static_cast<std::uint64_t>(power);
    constexpr std::size_t kRoom = 24;
    at = std::to_chars(at, at + kRoom, scaled / divisor).ptr;
    auto fraction = scaled % divisor;
    if (fraction == 0)
        return at;
    int digits = decimals;
    for (; fraction % 10 == 0; --digits)
        fraction /= 10;
    *at = '.';
    for (char* digit = at + digits; digit > at; --digit, fraction /= 10)
        *digit = static_cast<char>('0' + fraction % 10);
    return at + digits + 1;
}

}  // namespace

void RowWriter::separate()
{
    if (!m_first)
        out += ',';
    m_first = false;
}

void RowWriter::beginRow()
{
    m_first = true;
    if (m_style == RowStyle::Json)
        out += '[';
}

void RowWriter::endRow() { out += m_style == RowStyle::Json ? "],\n" : "\n"; }

void RowWriter::whole(std::int64_t value)
{
    separate();
    std::array<char, 24> text{};
    out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}

void RowWriter::real(double value, const RecordColumn& column)
{
    separate();
    if (!std::isfinite(value)) {
        if (m_style == RowStyle::Json)
            out += "null";
        else if (!std::isnan(value))
            out += value > 0 ? "inf" : "-inf";
        return;
    }
    std::array<char, 48> text{};
    const int decimals = decimalsOf(column);
    const bool isExact = std::abs(value) < kExact / kPowers[static_cast<std::size_t>(decimals)];
    out.append(text.data(),
               isExact ? putFixed(text.data(), value, decimals)
                       : std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}

void RowWriter::quoted(const std::string& value)
{
    separate();
    out += value;
}

std::string RowWriter::quote(const std::string& value) const
{
    if (m_style == RowStyle::Json) {
        const auto array = QJsonDocument(QJsonArray{QString::fromStdString(value)}).toJson(QJsonDocument::Compact);
        return array.mid(1, array.size() - 2).toStdString();
    }
    if (value.find_first_of(",\"\r\n") == std::string::npos)
        return value;
    std::string text = "\"";
    for (char c : value) {
        if (c == '"')
            text += '"';
        text += c == '\r' || c == '\n' ? ' ' : c;  // a row stays a line
    }
    return text + '"';
}

std::string requestRows(const RunPart& part, RowStyle style)
{
    constexpr std::size_t kUsualRow = 300;
    RowWriter rows(style);
    rows.out.reserve(part.size() * kUsualRow);
    std::vector<std::string> texts;
    for (const auto& text : part.texts())
        texts.push_back(rows.quote(text));
    const std::string quote = style == RowStyle::Json ? "\"" : "";
    std::size_t frame = 0;
    std::string labels, truths;
    for (std::size_t row = 0; row < part.size(); ++row) {
        rows.beginRow();
        for (std::size_t i = 0; i < kFieldCount; ++i) {
            const auto field = static_cast<Field>(i);
            switch (kRequestColumns[i].kind) {
            case ColumnKind::Whole: rows.whole(part.wholes(field)[row]); break;
            case ColumnKind::Real: rows.real(part.reals(field)[row], kRequestColumns[i]); break;
            case ColumnKind::Text: rows.quoted(texts[part.textIndex(field, row)]); break;
            }
        }
        labels = truths = quote;
        std::int64_t correct = 0;
        const auto count = static_cast<std::size_t>(part.wholes(Field::Count)[row]);
        for (std::size_t k = 0; k < count; ++k, ++frame) {
            const char* separator = k == 0 ? "" : " ";
            labels += separator + std::to_string(part.labels()[frame]);
            truths += separator + std::to_string(part.truths()[frame]);
            correct += part.labels()[frame] >= 0 && part.labels()[frame] == part.truths()[frame] ? 1 : 0;
        }
        rows.quoted(labels + quote);
        rows.quoted(truths + quote);
        rows.whole(correct);
        rows.endRow();
    }
    return std::move(rows.out);
}

std::string frameRows(const RunPart& part, RowStyle style)
{
    RowWriter rows(style);
    std::size_t frame = 0;
    for (std::size_t row = 0; row < part.size(); ++row) {
        const auto first = part.wholes(Field::FirstFrame)[row];
        for (std::int64_t k = 0; k < part.wholes(Field::Count)[row]; ++k, ++frame) {
            rows.beginRow();
            rows.whole(first + k);
            rows.whole(first);
            rows.whole(part.labels()[frame]);
            rows.whole(part.truths()[frame]);
            rows.endRow();
        }
    }
    return std::move(rows.out);
}

WholeFile::WholeFile(std::filesystem::path path)
    : m_path(std::move(path)), m_partial(m_path.string() + "." + std::to_string(getpid()) + ".partial")
{
    std::error_code ec;
    if (m_path.has_parent_path())
        std::filesystem::create_directories(m_path.parent_path(), ec);
    m_file.open(m_partial, std::ios::binary | std::ios::trunc);
}

WholeFile::~WholeFile()
{
    if (m_done)
        return;
    m_file.close();
    std::error_code ec;
    std::filesystem::remove(m_partial, ec);
}

base::Status WholeFile::commit()
{
    m_file.close();
    if (!m_file)
        return base::Error{base::ErrorCode::Io, "cannot be written; is the folder there and writable, and the disk not full?",
                           m_path.string()};
    std::error_code ec;
    std::filesystem::rename(m_partial, m_path, ec);
    if (ec)
        return base::Error{base::ErrorCode::Io, "cannot be written: " + ec.message(), m_path.string()};
    m_done = true;
    return {};
}

}  // namespace splitscope::session
