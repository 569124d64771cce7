// SPDX-License-Identifier: GPL-3.0-or-later
// The formats of public collections.
#include "core/sim/trace_lines_p.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>
#include <cmath>

namespace splitscope::sim {

namespace {

constexpr double kMsPerSecond = 1000;
constexpr double kBytesPerKilobit = 1000. / 8;
constexpr double kPacketBytes = 1500;
constexpr double kInterpolationStepMs = 1000;

/// The line on which the i-th object of a JSON list begins; JSON documents forget it.
std::size_t lineOfObject(std::string_view json, std::size_t index)
{
    std::size_t line = 1, objects = 0;
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        line += c == '\n';
        if (inString) {
            i += c == '\\';
            inString = c != '"';
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            if (++depth == 2 && objects++ == index)
                return line;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return line;
}

/// A download from fromMs to toMs at a mean rate.
struct Chunk {
    double fromMs = 0, toMs = 0, bytesPerSecond = 0;
};

base::Result<Chunk> readChunk(Lines& lines, double earliestMs)
{
    static const std::string kExpected = "; expected two lines for each chunk, `start_ms kbit/s` and `end_ms kbit/s`";
    Chunk chunk;
    for (double* time : {&chunk.fromMs, &chunk.toMs}) {
        const bool first = time == &chunk.fromMs;
        if (!first && !lines.next())
            return lines.wrongFile("ends in the middle of a chunk" + kExpected);
        const auto fields = splitFields(lines.line(), ' ');
        const auto at = readNumber(fields[0]);
        const auto rate = fields.size() == 2 ? readNumber(fields[1]) : std::nullopt;
        if (!at || !rate)
            return lines.wrong("is not two numbers, 0 or more" + kExpected);
        if (first ? *at < earliestMs : *at <= chunk.fromMs)
            return lines.wrong("goes back in time" + kExpected);
        if (!first && *rate * kBytesPerKilobit != chunk.bytesPerSecond)
            return lines.wrong("has another rate than the line before, which began the chunk" + kExpected);
        *time = *at;
        chunk.bytesPerSecond = *rate * kBytesPerKilobit;
    }
    return chunk;
}

/// The rate goes from one chunk's to the next one's, in steps of a second at most.
bool addGap(Spans& spans, const Chunk& before, const Chunk& after)
{
    const double gapMs = after.fromMs - before.toMs;
    if (gapMs <= 0)
        return true;
    const double steps = std::ceil(gapMs / kInterpolationStepMs);
    if (steps > static_cast<double>(kMaxTracePoints))
        return false;
    for (int i = 0; i < static_cast<int>(steps); ++i) {
        const double middle = (i + 0.5) / steps;
        const double rate = before.bytesPerSecond + (after.bytesPerSecond - before.bytesPerSecond) * middle;
        if (!spans.add(gapMs / steps, rate))
            return false;
    }
    return true;
}

}  // namespace

base::Result<Trace> readGhentLog(Lines& lines)
{
    static const std::string kExpected
        = "; expected six columns: ms since epoch, ms since start, latitude, longitude, bytes, ms since the last row";
    Spans spans;
    double last = -1;
    while (lines.next()) {
        const auto fields = splitFields(lines.line(), ' ');
        if (fields.size() != 6)
            return lines.wrong("has " + std::to_string(fields.size()) + " columns" + kExpected);
        const auto since = readNumber(fields[1]), bytes = readNumber(fields[4]), took = readNumber(fields[5]);
        if (!since || !bytes || !took)
            return lines.wrong("holds a time or a count that is no number, 0 or more" + kExpected);
        if (*since <= last)
            return lines.wrong("goes back in time" + kExpected);
        if (*took <= 0)
            return lines.wrong("took 0 ms" + kExpected);
        last = *since;
        if (!spans.add(*took, *bytes * kMsPerSecond / *took))
            return tooManyPoints(lines);
    }
    return std::move(spans).trace(lines);
}

base::Result<Trace> readGhentJson(std::string_view content, const Lines& lines, const std::string& where)
{
    static const std::string kExpected = R"(expected a list of {"duration_ms": N, "bandwidth_kbps": N, …})";
    const auto at = [&](std::size_t line, const std::string& what) {
        return base::Error{base::ErrorCode::InvalidInput, what + "; " + kExpected, where + ":" + std::to_string(line)};
    };
    QJsonParseError failure{};
    const auto bytes = QByteArray::fromRawData(content.data(), static_cast<qsizetype>(content.size()));
    const auto document = QJsonDocument::fromJson(bytes, &failure);
    if (!document.isArray()) {
        const auto read = content.substr(0, static_cast<std::size_t>(std::max(failure.offset, 0)));
        const auto line = static_cast<std::size_t>(std::count(read.begin(), read.end(), '\n')) + 1;
        return at(line, failure.error ? "is no JSON (" + failure.errorString().toStdString() + ")" : "is no list");
    }
    Spans spans;
    const auto list = document.array();
    for (qsizetype i = 0; i < list.size(); ++i) {
        const auto entry = list[i].toObject();
        const double duration = entry[QLatin1String("duration_ms")].toDouble(-1);
        const double rate = entry[QLatin1String("bandwidth_kbps")].toDouble(-1);
        if (!(duration > 0 && rate >= 0) || !std::isfinite(duration) || !std::isfinite(rate))
            return at(lineOfObject(content, static_cast<std::size_t>(i)),
                      "entry " + std::to_string(i + 1) + " lacks a duration over 0 or a rate of 0 or more");
        if (!spans.add(duration, rate * kBytesPerKilobit))
            return at(lineOfObject(content, static_cast<std::size_t>(i)),
                      "is over the limit of " + std::to_string(kMaxTracePoints) + " rates");
    }
    return std::move(spans).trace(lines);
}

base::Result<Trace> readMahimahi(Lines& lines, double binMs)
{
    static const std::string kExpected = "; expected one whole number a line, the millisecond at which a packet may leave";
    std::vector<double> packets;  // of each bin
    double last = 0;
    while (lines.next()) {
        const auto at = readNumber(lines.line());
        if (!at || *at != std::floor(*at))
            return lines.wrong("is no whole number, 0 or more" + kExpected);
        if (*at < last)
            return lines.wrong("goes back in time" + kExpected);
        last = *at;
        if (last / binMs >= static_cast<double>(kMaxTracePoints))
            return tooManyPoints(lines);
        packets.resize(static_cast<std::size_t>(last / binMs) + 1);
        ++packets.back();
    }
    if (last <= 0)
        return lines.wrongFile("no packet leaves after 0 ms: the trace would last no time" + kExpected);
    // It begins again at the last packet's time. What reaches into less than half a bin belongs to the bin before.
    const auto bins = std::max<std::size_t>(static_cast<std::size_t>(std::llround(last / binMs)), 1);
    while (packets.size() > bins) {
        const double rest = packets.back();
        packets.pop_back();
        packets.back() += rest;
    }
    Spans spans;
    for (std::size_t i = 0; i < bins; ++i) {
        const double duration = i + 1 < bins ? binMs : last - static_cast<double>(bins - 1) * binMs;
        const double count = i < packets.size() ? packets[i] : 0;
        spans.add(duration, count * kPacketBytes * kMsPerSecond / duration);
    }
    return std::move(spans).trace(lines);
}

base::Result<Trace> readOboe(Lines& lines)
{
    Spans spans;
    Chunk before;
    while (lines.next()) {
        const auto chunk = readChunk(lines, before.toMs);
        if (!chunk)
            return chunk.error();
        if (!spans.empty() && !addGap(spans, before, *chunk))
            return tooManyPoints(lines);
        if (!spans.add(chunk->toMs - chunk->fromMs, chunk->bytesPerSecond))
            return tooManyPoints(lines);
        before = *chunk;
    }
    return std::move(spans).trace(lines);
}

base::Result<Trace> readNyuMets(Lines& lines)
{
    struct Unit {
        std::string_view name;
        double bitsPerSecond;
    };
    static constexpr std::array<Unit, 4> kUnits{{{"bits/sec", 1}, {"Kbits/sec", 1e3}, {"Mbits/sec", 1e6}, {"Gbits/sec", 1e9}}};
    Spans spans;
    while (lines.next()) {
        const auto fields = splitFields(lines.line(), ',');
        const auto value = readNumber(fields[0]);
        const auto* unit = std::find_if(kUnits.begin(), kUnits.end(),
                                        [&](const Unit& one) { return fields.size() == 2 && fields[1] == one.name; });
        if (!value || unit == kUnits.end())
            return lines.wrong("is not `value,unit` with a number, 0 or more, and bits/sec, Kbits/sec, Mbits/sec or Gbits/sec");
        if (!spans.add(kMsPerSecond, *value * unit->bitsPerSecond / 8))
            return tooManyPoints(lines);
    }
    return std::move(spans).trace(lines);
}

}  // namespace splitscope::sim
