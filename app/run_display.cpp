// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run_display.h"

#include "app/text_format.h"
#include "core/base/clock.h"
#include "core/base/units.h"
#include "core/session/pricing.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <unistd.h>

namespace splitscope::app {

namespace {

constexpr std::size_t kRecent = 200;  ///< requests that the live percentiles are over
constexpr double kTableMs = 250;
constexpr double kLineMs = 2000;

struct Stage {
    const char* name;
    double (*ms)(const wire::StageTimes&);
};

/// The stages as people think of them; each is measured where it happens.
constexpr std::array<Stage, 6> kStages{{
    {"device", [](const wire::StageTimes& s) { return s.capture + s.deviceSegment + s.encode; }},
    {"send queue", [](const wire::StageTimes& s) { return s.sendQueue; }},
    {"transfer", [](const wire::StageTimes& s) { return s.transfer; }},
    {"edge", [](const wire::StageTimes& s) { return s.edgeQueue + s.decode + s.edgeSegment + s.reply; }},
    {"fallback", [](const wire::StageTimes& s) { return s.fallback; }},
    {"total T", [](const wire::StageTimes& s) { return s.total; }},
}};

double quantile(std::vector<double> values, double q)
{
    if (values.empty())
        return 0;
    const auto nth = values.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1) + 0.5);
    std::nth_element(values.begin(), nth, values.end());
    return *nth;
}

template <typename Pick>
std::vector<double> pick(const std::deque<session::Sample>& samples, Pick value)
{
    std::vector<double> values;
    for (const auto& sample : samples)
        if (sample.record.outcome != wire::Outcome::Lost)
            values.push_back(value(sample));
    return values;
}

double achievedRate(const std::deque<session::Sample>& samples)
{
    auto rates = pick(samples, [](const session::Sample& s) { return s.record.achievedBytesPerSecond; });
    std::erase(rates, 0.0);
    return quantile(std::move(rates), 0.5);
}

const char* name(link::LinkState state)
{
    switch (state) {
    case link::LinkState::Connecting: return "connecting";
    case link::LinkState::Connected: return "connected";
    case link::LinkState::Silent: break;
    }
    return "silent";
}

std::string rate(double bytesPerSecond) { return bytesPerSecond > 0 ? base::formatBytesPerSecond(bytesPerSecond) : "–"; }

}  // namespace

RunDisplay::RunDisplay(const session::Scenario& scenario) : m_scenario(scenario), m_terminal(::isatty(STDERR_FILENO) == 1) {}

void RunDisplay::onSample(const session::Sample& sample)
{
    const std::lock_guard lock(m_mutex);
    m_recent.push_back(sample);
    if (m_recent.size() > kRecent)
        m_recent.pop_front();
}

void RunDisplay::onStatus(const session::ExperimentStatus& status)
{
    const std::lock_guard lock(m_mutex);
    m_status = status;
}

void RunDisplay::onTrouble(const base::Error& error) { note("! " + error.message()); }

void RunDisplay::note(const std::string& text)
{
    const std::lock_guard lock(m_mutex);
    if (text != m_lastNote)  // the same trouble again and again is one trouble
        m_notes.push_back(text);
    m_lastNote = text;
}

void RunDisplay::refresh(const session::Summary& summary)
{
    const auto now = base::nowNs();
    if (base::toMs(now - m_lastWriteNs) < (m_terminal ? kTableMs : kLineMs))
        return;
    m_lastWriteNs = now;
    write(summary, false);
}

void RunDisplay::finish(const session::Summary& summary) { write(summary, true); }

void RunDisplay::write(const session::Summary& summary, bool final)
{
    std::vector<std::string> notes, lines;
    {
        const std::lock_guard lock(m_mutex);
        notes.swap(m_notes);
        lines = m_terminal ? table(summary) : std::vector{line(summary)};
    }
    std::string out;
    if (m_tableLines > 0)
        out += format("\033[%zuA\033[J", m_tableLines);  // back over the last table
    for (const auto& note : notes)
        out += note + "\n";
    for (const auto& text : lines)
        out += text + "\n";
    std::fputs(out.c_str(), stderr);
    std::fflush(stderr);
    m_tableLines = m_terminal && !final ? lines.size() : 0;
}

std::vector<std::string> RunDisplay::table(const session::Summary& summary) const
{
    const auto last = m_recent.empty() ? decision::Decision() : m_recent.back().record.decision;
    std::vector<std::string> lines;
    lines.push_back(format("Splitscope  %s on %s  %s  %s", m_scenario.model.c_str(), m_scenario.data.c_str(),
                           m_scenario.strategy.c_str(), m_scenario.device.c_str()));
    lines.push_back(format("  state     %s: %s", session::toString(m_status.phase).c_str(), m_status.text.c_str()));
    lines.push_back(format("  device    %s (%s)  link %s  RTT %s", m_status.deviceName.c_str(), m_status.machine.c_str(),
                           name(m_status.link), base::formatMs(m_status.rttMs).c_str()));
    lines.push_back(format("  frames    %llu of %llu  %.1f fps   done %llu  fallback %llu  lost %llu  discarded %llu",
                           static_cast<unsigned long long>(summary.frames()), static_cast<unsigned long long>(m_scenario.frames),
                           summary.framesPerSecond(), static_cast<unsigned long long>(summary.done()),
                           static_cast<unsigned long long>(summary.fallback()), static_cast<unsigned long long>(summary.lost()),
                           static_cast<unsigned long long>(summary.discarded())));
    if (!m_progress.empty())
        lines.push_back("  progress  " + m_progress);
    lines.push_back(format("  decision  %s", m_recent.empty() ? "–" : decision::toString(last).c_str()));
    if (!m_recent.empty() && !m_recent.back().reason.empty())
        lines.push_back(format("  reason    %s", m_recent.back().reason.c_str()));
    if (!m_status.strategy.empty())
        lines.push_back(format("  strategy  %s", m_status.strategy.c_str()));
    if (summary.reward() && summary.regret())
        lines.push_back(format("  reward    %.4f   regret %.4f (by the cost table)", *summary.reward(), *summary.regret()));
    const auto set
        = m_recent.empty() ? m_scenario.bandwidth : base::formatBytesPerSecond(m_recent.back().record.setBytesPerSecond);
    lines.push_back(format("  rate      set %s  achieved %s  estimated %s", set.c_str(), rate(achievedRate(m_recent)).c_str(),
                           rate(m_status.uplink.bytesPerSecond).c_str()));
    lines.push_back(format("  accuracy  %.1f %%   energy %.3g mJ a frame (modelled)", 100 * summary.accuracy(),
                           1e3 * summary.energyPerFrame()));
    lines.push_back(format("  %-10s %10s %10s   last %zu requests", "latency", "p50", "p95", m_recent.size()));
    for (const auto& stage : kStages) {
        const auto ms = pick(m_recent, [&](const session::Sample& s) { return stage.ms(s.record.stages); });
        lines.push_back(format("    %-10s %8.2f ms %8.2f ms", stage.name, quantile(ms, 0.5), quantile(ms, 0.95)));
    }
    return lines;
}

std::string RunDisplay::line(const session::Summary& summary) const
{
    const auto totals = pick(m_recent, [](const session::Sample& s) { return s.record.stages.total; });
    if (m_recent.empty())
        return session::toString(m_status.phase) + ": " + m_status.text;
    const std::string progress = m_progress.empty() ? "" : "  " + m_progress;
    return format("%s  %llu/%llu frames  %.1f fps  T p50 %s p95 %s  accuracy %.1f %%  rate %s  %s  fallback %llu  lost %llu",
                  session::toString(m_status.phase).c_str(), static_cast<unsigned long long>(summary.frames()),
                  static_cast<unsigned long long>(m_scenario.frames), summary.framesPerSecond(),
                  base::formatMs(quantile(totals, 0.5)).c_str(), base::formatMs(quantile(totals, 0.95)).c_str(),
                  100 * summary.accuracy(), rate(achievedRate(m_recent)).c_str(),
                  decision::toString(m_recent.back().record.decision).c_str(),
                  static_cast<unsigned long long>(summary.fallback()), static_cast<unsigned long long>(summary.lost()))
        + progress;
}

std::string summaryTable(const session::Summary& summary, const session::ExperimentStatus& status,
                         const session::Scenario& scenario)
{
    std::string text = format("%s: %s on %s, %s, %s\n", session::toString(status.phase).c_str(), scenario.model.c_str(),
                              scenario.data.c_str(), scenario.strategy.c_str(), scenario.device.c_str());
    const auto row = [&](const char* label, const std::string& value) { text += format("  %-22s %s\n", label, value.c_str()); };
    row("frames", std::to_string(summary.frames()));
    row("  done", std::to_string(summary.done()));
    row("  fallback", std::to_string(summary.fallback()));
    row("  lost", std::to_string(summary.lost()));
    row("discarded results", std::to_string(summary.discarded()));
    row("accuracy", format("%.2f %%", 100 * summary.accuracy()));
    row("latency p50", base::formatMs(summary.latencyMs(0.50)));
    row("latency p95", base::formatMs(summary.latencyMs(0.95)));
    row("latency p99", base::formatMs(summary.latencyMs(0.99)));
    row("sent a frame", base::formatBytes(summary.bytesPerFrame()));
    row("energy a frame", format("%.3g mJ (modelled)", 1e3 * summary.energyPerFrame()));
    if (const double deadlineMs = session::objectiveOf(scenario).deadlineMs; deadlineMs < decision::kNoLimit)
        row("deadline met", format("%.1f %% within %s", 100 * summary.deadlineMet(), base::formatMs(deadlineMs).c_str()));
    if (summary.reward() && summary.regret())
        row("reward", format("%.4f, regret %.4f (by the cost table)", *summary.reward(), *summary.regret()));
    if (!status.strategy.empty())
        row("strategy", status.strategy);
    row("throughput", format("%.1f frames/s", summary.framesPerSecond()));
    return text;
}

}  // namespace splitscope::app
