// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli trace
#include "app/verbs/trace_verbs.h"
#include "app/verbs/verbs.h"
#include "core/base/process.h"
#include "core/base/units.h"
#include "core/sim/bandwidth.h"
#include "core/sim/trace_import.h"
#include "core/sim/trace_statistics.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace splitscope::app {

namespace {

namespace fs = std::filesystem;

constexpr int kPlotWidth = 72, kPlotHeight = 8;

/// A rate for people; 0 is an outage here.
std::string rateText(double bytesPerSecond)
{
    if (bytesPerSecond == 0)
        return "0 B/s";
    return std::isinf(bytesPerSecond) ? "unlimited" : base::formatBytesPerSecond(bytesPerSecond);
}

QJsonValue rateJson(double bytesPerSecond) { return std::isinf(bytesPerSecond) ? QJsonValue() : QJsonValue(bytesPerSecond); }

QJsonObject toJson(const sim::Trace& trace, const sim::TraceStatistics& s)
{
    const QJsonObject rates{{"mean", rateJson(s.mean)},     {"min", rateJson(s.min)}, {"p5", rateJson(s.p5)},
                            {"median", rateJson(s.median)}, {"p95", rateJson(s.p95)}, {"max", rateJson(s.max)}};
    return {{"name", QString::fromStdString(trace.name())},
            {"duration_ms", s.durationMs},
            {"points", static_cast<qint64>(s.points)},
            {"changes", static_cast<qint64>(s.changes)},
            {"repeats", trace.repeats()},
            {"bytes_per_second", rates},
            {"outage_share", s.outageShare}};
}

/// Columns of eighths of a character, from 0 up to the highest rate of any column.
void plotInTerminal(const sim::Trace& trace)
{
    static constexpr std::array<const char*, 9> kEighths{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const auto rates = sim::profileOf(trace, kPlotWidth);
    double highest = 0;
    for (const double rate : rates)
        highest = std::isfinite(rate) ? std::max(highest, rate) : highest;
    const double top = highest > 0 ? highest : 1;
    for (int row = kPlotHeight - 1; row >= 0; --row) {
        std::string line;
        for (const double rate : rates) {
            const double level = std::isfinite(rate) ? rate / top : 1;
            const auto eighths = std::lround(level * kPlotHeight * 8) - row * 8L;
            line += kEighths[static_cast<std::size_t>(std::clamp(eighths, 0L, 8L))];
        }
        const std::string label = row == kPlotHeight - 1 ? rateText(highest) : row == 0 ? "0" : "";
        std::printf("%12s │%s\n", label.c_str(), line.c_str());
    }
    std::string axis;
    for (int i = 0; i < kPlotWidth; ++i)
        axis += "─";
    std::printf("%12s └%s\n%14s%-*s%g s\n", "", axis.c_str(), "", kPlotWidth - 6, "0", trace.durationMs() / 1000);
}

void print(const sim::Trace& trace, const sim::TraceStatistics& s)
{
    std::printf("%s: %g s, %zu points, %zu changes, %s\n", trace.name().c_str(), s.durationMs / 1000, s.points, s.changes,
                trace.repeats() ? "repeats" : "once");
    for (const auto& [label, rate] : {std::pair("mean", s.mean), std::pair("min", s.min), std::pair("p5", s.p5),
                                      std::pair("median", s.median), std::pair("p95", s.p95), std::pair("max", s.max)})
        std::printf("  %-8s %s\n", label, rateText(rate).c_str());
    std::printf("  %-8s %.1f %% of the time\n", "outage", s.outageShare * 100);
    plotInTerminal(trace);
}

/// The dashboard program draws: charts live there.
base::Status plot(const std::string& fileOrBandwidth, const fs::path& file)
{
    std::error_code failure;
    const auto program = fs::read_symlink("/proc/self/exe", failure).parent_path() / "splitscope";
    if (!fs::exists(program, failure))
        return base::Error{base::ErrorCode::NotFound, "plots are drawn by the dashboard program, which is not installed",
                           program.string()};
    ::setenv("QT_QPA_PLATFORM", "offscreen", 0);  // no screen is needed
    constexpr double kDrawMs = 60'000;
    const auto drawn
        = base::runProcessOrFail({program.string(), "--plot-trace", fileOrBandwidth, "--out", file.string()}, kDrawMs);
    if (!drawn)
        return drawn.error();
    return {};
}

int show(const std::vector<std::string>& arguments, std::stop_token)
{
    std::vector<std::string> names;
    fs::path plotFile;
    bool json = false;
    Options options("trace show FILE|BANDWIDTH [options]",
                    "Statistics of a bandwidth trace: a file in any format that `trace import` reads, or anything that\n"
                    "--bandwidth takes, like trace:walk,scale=2 or sweep:10KB/s..10MB/s. Quantiles and shares are of time.");
    options.positional("FILE|BANDWIDTH", "what to show", names, 1);
    options.flag("--json", "prints one JSON object; null is a rate without limit", json);
    options.path("--plot", "FILE", "draws it too: .png, .svg, .pdf or .csv", plotFile);
    if (const auto answered = parseOrAnswer(options, "trace show", arguments))
        return *answered;
    if (names.empty())
        return wrongUsage("trace show", {base::ErrorCode::InvalidInput, "which trace? Give a file or a bandwidth", "FILE"});
    const auto trace = sim::openTrace(names[0]);
    if (!trace)
        return fail(trace.error());
    const auto statistics = sim::statisticsOf(*trace);
    if (json)
        std::puts(QJsonDocument(toJson(*trace, statistics)).toJson(QJsonDocument::Compact).constData());
    else
        print(*trace, statistics);
    if (plotFile.empty())
        return kDone;
    if (const auto drawn = plot(names[0], plotFile); !drawn)
        return fail(drawn.error());
    std::fprintf(stderr, "plotted in %s\n", plotFile.c_str());
    return kDone;
}

/// The line that a made file carries, so that it can be made again.
std::string commandLine(const std::string& verb, const std::vector<std::string>& arguments)
{
    std::string line = "splitscope-cli trace " + verb;
    for (const auto& argument : arguments)
        line += " " + argument;
    return line;
}

int save(const sim::Trace& trace, const fs::path& out, const std::string& command)
{
    if (const auto saved = sim::saveTrace(trace, out, {command}); !saved)
        return fail(saved.error());
    std::fprintf(stderr, "%s: %g s, %zu points, mean %s\n", out.c_str(), trace.durationMs() / 1000, trace.points().size(),
                 rateText(sim::statisticsOf(trace).mean).c_str());
    return kDone;
}

base::Error outIsMissing() { return {base::ErrorCode::InvalidInput, "say where the trace goes: --out FILE.csv", "--out"}; }

int import(const std::vector<std::string>& arguments, std::stop_token)
{
    std::vector<std::string> names;
    fs::path out;
    sim::ImportOptions import;
    std::string changes;
    Options options("trace import FILE --out CSV [options]",
                    "Turns a recorded trace into this program's own CSV. A part is cut first, then its rates are scaled, then\n"
                    "clipped, then the start is moved.");
    options.positional("FILE", "Ghent 4G log or JSON, mahimahi, Oboe, NYU-METS, or CSV with a header", names, 1);
    options.path("--out", "CSV", "the file that is written", out);
    options.custom("--format", "FORMAT", "ghent-log, ghent-json, mahimahi, oboe, nyu-mets or csv (default: told by the content)",
                   [&](const std::string& text) -> base::Status {
                       const auto format = sim::parseTraceFormat(text);
                       if (!format)
                           return format.error();
                       import.format = *format;
                       return {};
                   });
    options.real("--bin", "MS", "mean rates of so many ms (default: as recorded; mahimahi's packets: 100)", import.binMs, 1, 1e9);
    for (const auto& [name, argument, help] :
         {std::array{"scale", "FACTOR", "times this"}, std::array{"clip", "LOW..HIGH", "rates into a range: 10KB/s..5MB/s"},
          std::array{"cut", "FROM..TO", "a part: 10s..70s"},
          std::array{"offset", "TIME", "starts there; what was before follows"}})
        options.custom(std::string("--") + name, argument, help, [&changes, name = name](const std::string& value) {
            changes += std::string(changes.empty() ? "" : ",") + name + "=" + value;
            return base::Status();
        });
    if (const auto answered = parseOrAnswer(options, "trace import", arguments))
        return *answered;
    if (names.empty())
        return wrongUsage("trace import", {base::ErrorCode::InvalidInput, "which file?", "FILE"});
    if (out.empty())
        return wrongUsage("trace import", outIsMissing());
    const auto recorded = sim::importTrace(names[0], import);
    if (!recorded)
        return fail(recorded.error());
    const auto trace = sim::withChanges(*recorded, changes);
    if (!trace)
        return wrongUsage("trace import", trace.error());
    return save(*trace, out, commandLine("import", arguments));
}

int generate(const std::vector<std::string>& arguments, std::stop_token)
{
    constexpr std::size_t kMostKeys = 1000;
    std::vector<std::string> words;
    fs::path out;
    Options options("trace generate KIND [key=value…] --out CSV",
                    "Makes a trace; the same on every machine. Kinds and their keys (defaults):\n"
                    "  markov  seed=1 mean=1MB/s duration=300s every=1s stay=0.9\n"
                    "          states=100KB/s:1MB/s (instead of mean) transitions=0.9:0.1/0.2:0.8 (instead of stay)\n"
                    "  walk    seed=1 mean=1MB/s duration=300s every=1s sigma=0.2 range=40\n"
                    "  outage  seed=1 mean=1MB/s (or rate=) duration=300s on=20s off=2s\n"
                    "  step    1MB/s 100KB/s … every=10s\n"
                    "  sweep   10KB/s..10MB/s steps=20 dwell=5s");
    options.positional("KIND …", "the kind, then its keys", words, kMostKeys);
    options.path("--out", "CSV", "the file that is written", out);
    if (const auto answered = parseOrAnswer(options, "trace generate", arguments))
        return *answered;
    constexpr std::array kKinds{"markov", "walk", "outage", "step", "sweep"};
    if (words.empty() || std::find(kKinds.begin(), kKinds.end(), words[0]) == kKinds.end())
        return wrongUsage("trace generate",
                          {base::ErrorCode::InvalidInput, "the kind is markov, walk, outage, step or sweep",
                           words.empty() ? "KIND" : words[0]});
    if (out.empty())
        return wrongUsage("trace generate", outIsMissing());
    std::string bandwidth = words[0];
    for (std::size_t i = 1; i < words.size(); ++i)
        bandwidth += (i == 1 ? ":" : ",") + words[i];
    const auto trace = sim::parseBandwidth(bandwidth);
    if (!trace)
        return wrongUsage("trace generate", trace.error());
    return save(*trace, out, commandLine("generate", arguments));
}

}  // namespace

int traceVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return chooseSubVerb("trace", "Bandwidth over time: recorded or made.",
                         {{"show", "statistics and a plot", show},
                          {"import", "a recorded trace as this program's CSV", import},
                          {"generate", "make one", generate},
                          {"states", "what states the links of recorded traces are in", traceStates}},
                         arguments, stop);
}

}  // namespace splitscope::app
