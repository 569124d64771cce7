// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/trace_import.h"

#include "core/base/files.h"
#include "core/sim/trace_lines_p.h"

#include <algorithm>
#include <array>

namespace splitscope::sim {

namespace {

namespace fs = std::filesystem;

struct NamedFormat {
    TraceFormat format;
    std::string_view name;
};

constexpr std::array<NamedFormat, 6> kFormats{{{TraceFormat::Csv, "csv"},
                                               {TraceFormat::GhentLog, "ghent-log"},
                                               {TraceFormat::GhentJson, "ghent-json"},
                                               {TraceFormat::Mahimahi, "mahimahi"},
                                               {TraceFormat::Oboe, "oboe"},
                                               {TraceFormat::NyuMets, "nyu-mets"}}};
constexpr std::string_view kSuffix = ".csv";

std::string formatNames()
{
    std::string names;
    for (const auto& one : kFormats)
        names += (names.empty() ? "" : ", ") + std::string(one.name);
    return names;
}

bool isText(std::string_view content)
{
    return std::none_of(content.begin(), content.end(),
                        [](unsigned char c) { return c < ' ' && c != '\n' && c != '\r' && c != '\t'; });
}

/// Tells the format by the first row.
base::Result<TraceFormat> detect(Lines lines)
{
    if (!lines.next())
        return lines.wrongFile("is empty; expected a bandwidth trace (" + formatNames() + ")");
    const auto line = lines.line();
    if (line.front() == '[' || line.front() == '{')
        return TraceFormat::GhentJson;
    const auto cells = splitFields(line, ',');
    if (cells.size() == 2 && cells[1].ends_with("bits/sec"))
        return TraceFormat::NyuMets;
    if (cells.size() > 1)
        return TraceFormat::Csv;  // whose header is checked there
    switch (const auto fields = splitFields(line, ' '); readNumber(fields[0]) ? fields.size() : 0) {
    case 1: return TraceFormat::Mahimahi;
    case 2: return TraceFormat::Oboe;
    case 6: return TraceFormat::GhentLog;
    default: break;
    }
    return lines.wrong("begins no known format (" + formatNames() + ")");
}

base::Result<Trace> readAs(TraceFormat format, std::string_view content, const std::string& where, double binMs)
{
    Lines lines(content, where);
    switch (format) {
    case TraceFormat::Csv: return readCsv(lines);
    case TraceFormat::GhentLog: return readGhentLog(lines);
    case TraceFormat::GhentJson: return readGhentJson(content, lines, where);
    case TraceFormat::Mahimahi: return readMahimahi(lines, binMs > 0 ? binMs : kMahimahiBinMs);
    case TraceFormat::Oboe: return readOboe(lines);
    case TraceFormat::NyuMets: return readNyuMets(lines);
    }
    return lines.wrongFile("has an unknown format");
}

}  // namespace

std::string_view name(TraceFormat format)
{
    return std::find_if(kFormats.begin(), kFormats.end(), [&](const auto& one) { return one.format == format; })->name;
}

base::Result<TraceFormat> parseTraceFormat(std::string_view text)
{
    for (const auto& one : kFormats)
        if (one.name == text)
            return one.format;
    return base::Error{base::ErrorCode::InvalidInput, "is no trace format; there are " + formatNames(), std::string(text)};
}

base::Result<Trace> parseTrace(std::string_view content, const std::string& where, const ImportOptions& options)
{
    const Lines lines(content, where);
    if (!(options.binMs >= 0))
        return base::Error{base::ErrorCode::InvalidInput, "is negative or no number", "bin"};
    if (content.size() > kMaxTraceFileBytes)
        return base::Error{base::ErrorCode::TooLarge, "is over " + std::to_string(kMaxTraceFileBytes) + " bytes", where};
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (content.starts_with(kByteOrderMark))
        content.remove_prefix(kByteOrderMark.size());
    if (!isText(content))
        return lines.wrongFile("is no text; expected a bandwidth trace (" + formatNames() + ")");
    const auto format = options.format ? base::Result<TraceFormat>(*options.format) : detect(Lines(content, where));
    if (!format)
        return format.error();
    auto trace = readAs(*format, content, where, options.binMs);
    if (trace && options.binMs > 0 && *format != TraceFormat::Mahimahi)
        trace = trace->binned(options.binMs);
    return trace ? trace->named(where) : trace;
}

base::Result<Trace> importTrace(const fs::path& path, const ImportOptions& options)
{
    const auto bytes = base::readFile(path, kMaxTraceFileBytes);
    if (!bytes)
        return bytes.error();
    return parseTrace(base::asText(*bytes), path.string(), options);
}

base::Status saveTrace(const Trace& trace, const fs::path& path, const std::vector<std::string>& comments)
{
    return base::writeFileAtomically(path, base::asBytes(toCsv(trace, comments)));
}

std::vector<std::string> shippedTraces()
{
    std::vector<std::string> names;
    std::error_code failure;
    if (const auto folder = base::resourcePath("traces"))
        for (const auto& entry : fs::directory_iterator(*folder, failure))
            if (entry.path().extension() == kSuffix)
                names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

base::Result<fs::path> findTrace(const std::string& nameOrFile)
{
    const bool bare = !nameOrFile.empty() && nameOrFile.find_first_of("/.") == std::string::npos;
    const auto shipped = shippedTraces();
    if (bare && std::find(shipped.begin(), shipped.end(), nameOrFile) != shipped.end())
        return base::resourcePath("traces/" + nameOrFile + std::string(kSuffix));
    std::error_code failure;
    if (fs::exists(nameOrFile, failure))
        return fs::path(nameOrFile);
    std::string names;
    for (const auto& one : shipped)
        names += (names.empty() ? "" : ", ") + one;
    return base::Error{base::ErrorCode::NotFound, "there is no such file, and no trace of that name ships (" + names + ")",
                       nameOrFile};
}

}  // namespace splitscope::sim
