// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli soak
#include "core/session/soak.h"
#include "app/progress_line.h"
#include "app/text_format.h"
#include "app/verbs/verbs.h"
#include "core/base/clock.h"
#include "core/base/log.h"

#include <cstdio>
#include <cstdlib>

namespace splitscope::app {

namespace {

/// A folder that goes with its owner.
struct TemporaryFolder {
    std::filesystem::path path;

    base::Status make()
    {
        std::error_code failed;
        auto pattern = (std::filesystem::temp_directory_path(failed) / "splitscope-soak-XXXXXX").string();
        if (failed || ::mkdtemp(pattern.data()) == nullptr)
            return base::Error{base::ErrorCode::Io, "cannot be made; name a folder by --out", pattern};
        path = pattern;
        return {};
    }
    ~TemporaryFolder()
    {
        std::error_code ignored;
        if (!path.empty())
            std::filesystem::remove_all(path, ignored);
    }
};

/// What the watching process starts.
int soakEdge(const session::SoakOptions& soak, const std::stop_token& stop)
{
    base::setLogLevel(base::LogLevel::Error);
    const auto run = session::runSoak(soak, stop);
    if (!run)
        return fail(run.error());
    std::puts(session::toJson(*run).c_str());
    return kDone;
}

std::string usageLine(const char* who, const session::UsageTrend& trend)
{
    return format("%-8s memory %7.1f MB -> %7.1f MB   descriptors %4d -> %4d\n", who, trend.earlyMb, trend.lateMb,
                  trend.earlyDescriptors, trend.lateDescriptors);
}

std::string table(const session::SoakReport& report)
{
    const auto count = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    const auto& books = report.books;
    std::string text = format("%llu frames: %llu done, %llu fallback, %llu lost; %llu missing, %llu doubled; %llu late results\n",
                              count(books.frames), count(books.done), count(books.fallback), count(books.lost),
                              count(books.missing), count(books.doubled), count(report.run.discarded));
    text += format("T from %.3f to %.1f ms\nfaults:", report.shortestMs, report.longestMs);
    for (const auto& [name, number] : report.run.faults)
        text += format("  %s %d", name.c_str(), number);
    text += "\nthird quarter -> last quarter, medians:\n" + usageLine("edge", report.edge) + usageLine("device", report.device);
    for (const auto& problem : report.problems)
        text += "WRONG: " + problem + "\n";
    return text + (report.problems.empty() ? "all of it holds\n" : "");
}

}  // namespace

int soakVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    session::SoakOptions soak;
    bool json = false;
    std::filesystem::path edgeFolder;
    Options options(
        "soak [options]",
        "Lets one thing after the other go wrong on a loopback device: all of `run --fault`, and the edge stopped\n"
        "(SIGSTOP) with an answer that it has not sent. Then checks that each frame has exactly one outcome, that no\n"
        "time is absurd, and that memory and descriptors of both processes stayed flat. Exit status 1 where not.");
    options.real("--minutes", "N", "how long (1)", soak.minutes, 0.05, 10'000);
    options.integer("--seed", "S", "of the faults", soak.seed, 0, 1LL << 53);
    options.path("--out", "DIR", "keeps records.sqlite there, with every fault as an event", soak.folder);
    options.path("--edge", "DIR", "is the process that is watched, and stopped; a soak starts it by itself", edgeFolder);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "soak", arguments))
        return *answered;
    if (!edgeFolder.empty()) {
        soak.folder = edgeFolder;
        return soakEdge(soak, stop);
    }
    TemporaryFolder temporary;
    if (soak.folder.empty()) {
        if (const auto made = temporary.make(); !made)
            return fail(made.error());
        soak.folder = temporary.path;
    }
    ProgressLine progress(200, 30'000);
    const auto beganNs = base::nowNs();
    const auto report = session::watchSoak(
        soak,
        {"/proc/self/exe", "soak", "--edge", soak.folder.string(), "--minutes", std::to_string(soak.minutes), "--seed",
         std::to_string(soak.seed)},
        [&](const std::string& usage) {
            if (progress.due())
                progress.show(format("%.1f of %.1f min; ", base::toMs(base::nowNs() - beganNs) / 60'000, soak.minutes) + usage);
        },
        stop);
    progress.finish();
    if (!report)
        return fail(report.error());
    std::fputs(json ? (session::toJson(*report) + "\n").c_str() : table(*report).c_str(), stdout);
    return report->problems.empty() ? kDone : kFailed;
}

}  // namespace splitscope::app
