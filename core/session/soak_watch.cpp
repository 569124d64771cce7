// SPDX-License-Identifier: GPL-3.0-or-later
// Who watches a soak: continues the edge where it has stopped itself, looks at both processes, and checks what is left of the
// run.
#include "core/base/clock.h"
#include "core/base/process.h"
#include "core/base/random.h"
#include "core/base/threads.h"
#include "core/session/process_usage.h"
#include "core/session/run_library.h"
#include "core/session/soak.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <limits>
#include <thread>
#include <utility>

namespace splitscope::session {

namespace {

constexpr auto kLook = std::chrono::milliseconds(50);
constexpr double kSampleMs = 250;
constexpr double kSettledMs = 3'000;  ///< a daemon is older, when what it takes is counted
constexpr double kAroundMs = 300'000;  ///< to start, to settle, and to recover from the last fault
// More than this between the third quarter and the last is growth, and no noise of the allocator or of a connection that is
// renewed.
constexpr double kSteadyMb = 8, kSteadyShare = 1.05;
constexpr int kSteadyDescriptors = 8;

std::string text(const char* pattern, double a, double b)
{
    std::array<char, 128> buffer{};
    std::snprintf(buffer.data(), buffer.size(), pattern, a, b);
    return buffer.data();
}

template <typename Value>
double median(std::vector<ProcessUsage> usages, Value value)
{
    if (usages.empty())
        return 0;
    const auto middle = usages.begin() + static_cast<std::ptrdiff_t>(usages.size() / 2);
    std::nth_element(usages.begin(), middle, usages.end(),
                     [&](const ProcessUsage& a, const ProcessUsage& b) { return value(a) < value(b); });
    return value(*middle);
}

UsageTrend trendOf(const std::vector<ProcessUsage>& usages)
{
    const auto count = static_cast<std::ptrdiff_t>(usages.size());
    const std::vector<ProcessUsage> early(usages.begin() + count / 2, usages.begin() + count * 3 / 4);
    const std::vector<ProcessUsage> late(usages.begin() + count * 3 / 4, usages.end());
    const auto megabytes = [](const ProcessUsage& usage) { return static_cast<double>(usage.residentBytes) / 1e6; };
    const auto descriptors = [](const ProcessUsage& usage) { return static_cast<double>(usage.descriptors); };
    return {median(early, megabytes), median(late, megabytes), static_cast<int>(median(early, descriptors)),
            static_cast<int>(median(late, descriptors))};
}

/// Both processes while the soak runs, on a thread of its own.
class Watcher {
public:
    Watcher(std::uint64_t seed, const std::function<void(const std::string&)>& tell) : m_random(~seed), m_tell(tell) {}

    void watch(const std::stop_token& stop)
    {
        base::nameThisThread("soak-watch");
        for (; !stop.stop_requested(); std::this_thread::sleep_for(kLook)) {
            const pid_t edge = m_edge;
            if (edge == 0)
                continue;
            continueIfStopped(edge);
            if (base::nowNs() >= m_nextSampleNs)
                sample(edge);
        }
    }
    void began(pid_t edge) { m_edge = edge; }

    // Once watch() has returned:
    [[nodiscard]] int continued() const { return m_continued; }
    [[nodiscard]] UsageTrend edge() const { return trendOf(m_edgeUsage); }
    [[nodiscard]] UsageTrend device() const { return trendOf(m_deviceUsage); }

private:
    /// After a while in which the device may or may not have given it up.
    void continueIfStopped(pid_t edge)
    {
        const auto now = base::nowNs();
        if (!isStopped(edge)) {
            m_continueAtNs = 0;
        } else if (m_continueAtNs == 0) {
            m_continueAtNs = now + base::fromMs(m_random.between(300, 2500));
        } else if (now >= m_continueAtNs) {
            ::kill(edge, SIGCONT);
            m_continueAtNs = 0;
            ++m_continued;
        }
    }

    void sample(pid_t edge)
    {
        m_nextSampleNs = base::nowNs() + base::fromMs(kSampleMs);
        const pid_t daemon = childOf(edge);
        if (std::exchange(m_daemon, daemon) != daemon)
            m_settledNs = base::nowNs() + base::fromMs(kSettledMs);
        const auto edgeUsage = usageOf(edge);
        const auto deviceUsage = usageOf(daemon);
        if (!edgeUsage || !deviceUsage)
            return;  // between two daemons
        if (base::nowNs() >= m_settledNs) {
            m_edgeUsage.push_back(*edgeUsage);
            m_deviceUsage.push_back(*deviceUsage);
        }
        const auto said = [](const ProcessUsage& usage) {
            return text("%.0f MB, %.0f descriptors", static_cast<double>(usage.residentBytes) / 1e6, usage.descriptors);
        };
        if (m_tell)
            m_tell("edge " + said(*edgeUsage) + "; device " + said(*deviceUsage));
    }

    std::atomic<pid_t> m_edge{0};
    base::Random m_random;
    const std::function<void(const std::string&)>& m_tell;
    pid_t m_daemon = 0;
    std::int64_t m_continueAtNs = 0, m_nextSampleNs = 0, m_settledNs = 0;
    int m_continued = 0;
    std::vector<ProcessUsage> m_edgeUsage, m_deviceUsage;
};

/// Of a soak too short to be looked at there is no trend, and none to complain of.
void checkUsage(const std::string& who, const UsageTrend& trend, std::vector<std::string>& problems)
{
    if (trend.lateMb > trend.earlyMb * kSteadyShare + kSteadyMb)
        problems.push_back(who + text("'s memory grew from %.1f to %.1f MB", trend.earlyMb, trend.lateMb));
    if (trend.lateDescriptors > trend.earlyDescriptors + kSteadyDescriptors)
        problems.push_back(who + text("'s descriptors grew from %.0f to %.0f", trend.earlyDescriptors, trend.lateDescriptors));
}

/// T is what passed on the device, and no stage is longer than it.
void checkTimes(const RunColumns& run, SoakReport& report)
{
    constexpr double kRoundingMs = 1;
    std::size_t absurd = 0, firstAbsurd = 0;
    report.shortestMs = run.empty() ? 0 : std::numeric_limits<double>::max();
    const double runMs = run.empty() ? 0 : run.finishedAtMs(run.size() - 1);
    for (std::size_t i = 0; i < run.size(); ++i) {
        if (run.outcome[i] == wire::Outcome::Lost)
            continue;
        const double total = run.total[i];
        bool sane = total >= 0 && total <= runMs;
        for (const auto* stage : {&run.capture, &run.deviceSegment, &run.encode, &run.sendQueue, &run.transfer, &run.edgeQueue,
                                  &run.decode, &run.edgeSegment, &run.reply, &run.fallback})
            sane = sane && (*stage)[i] >= 0 && (*stage)[i] <= total + kRoundingMs;
        if (!sane && absurd++ == 0)
            firstAbsurd = i;
        report.shortestMs = std::min(report.shortestMs, total);
        report.longestMs = std::max(report.longestMs, total);
    }
    if (absurd > 0)
        report.problems.push_back(std::to_string(absurd) + " requests have times that cannot be, the first of them frame "
                                  + std::to_string(run.firstFrame[firstAbsurd])
                                  + text(" with T = %.3f ms of %.0f", run.total[firstAbsurd], runMs));
}

base::Status checkRecords(SoakReport& report)
{
    const auto records = report.options.folder / "records.sqlite";
    const auto books = checkBooks(records, report.run.run);
    if (!books)
        return books.error();
    const auto run = readRun({records, report.run.run});
    if (!run)
        return run.error();
    report.books = *books;
    if (books->missing > 0)
        report.problems.push_back(std::to_string(books->missing) + " frames have no outcome");
    if (books->doubled > 0)
        report.problems.push_back(std::to_string(books->doubled) + " frames have more than one outcome");
    if (books->frames == 0)
        report.problems.emplace_back("no frame has an outcome");
    checkTimes(*run, report);
    return {};
}

QJsonObject toObject(const UsageTrend& trend)
{
    return {{"memory_mb", QJsonArray{trend.earlyMb, trend.lateMb}},
            {"descriptors", QJsonArray{trend.earlyDescriptors, trend.lateDescriptors}}};
}

}  // namespace

base::Result<SoakReport> watchSoak(const SoakOptions& options, const std::vector<std::string>& command,
                                   const std::function<void(const std::string&)>& tell, const std::stop_token& stop)
{
    SoakReport report;
    report.options = options;
    Watcher watcher(options.seed, tell);
    base::ProcessOptions process;
    process.timeoutMs = options.minutes * 60'000 + kAroundMs;
    process.stop = stop;
    process.started = [&](pid_t edge) { watcher.began(edge); };
    std::jthread watching([&](const std::stop_token& enough) { watcher.watch(enough); });
    const auto ended = base::runProcess(command, process);
    watching = {};
    if (!ended)
        return ended.error();
    if (!ended->ok())
        return base::Error{base::ErrorCode::Internal,
                           "the edge ended with status " + std::to_string(ended->exitStatus) + ": " + ended->errors, "soak"};
    auto run = parseSoakRun(ended->output);
    if (!run)
        return run.error();
    report.run = *std::move(run);
    report.continued = watcher.continued();
    report.edge = watcher.edge();
    report.device = watcher.device();
    if (const auto checked = checkRecords(report); !checked)
        return checked.error();
    checkUsage("the edge", report.edge, report.problems);
    checkUsage("the device", report.device, report.problems);
    return report;
}

std::string toJson(const SoakReport& report)
{
    auto object = QJsonDocument::fromJson(QByteArray::fromStdString(toJson(report.run))).object();
    const auto& books = report.books;
    object["minutes"] = report.options.minutes;
    object["seed"] = static_cast<qint64>(report.options.seed);
    for (const auto& [key, value] : {std::pair{"frames", books.frames},
                                     {"done", books.done},
                                     {"fallback", books.fallback},
                                     {"lost", books.lost},
                                     {"missing", books.missing},
                                     {"doubled", books.doubled}})
        object[key] = static_cast<qint64>(value);
    object["latency_ms"] = QJsonObject{{"min", report.shortestMs}, {"max", report.longestMs}};
    object["continued"] = report.continued;
    object["edge"] = toObject(report.edge);
    object["device"] = toObject(report.device);
    QJsonArray problems;
    for (const auto& problem : report.problems)
        problems.append(QString::fromStdString(problem));
    object["problems"] = problems;
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

}  // namespace splitscope::session
