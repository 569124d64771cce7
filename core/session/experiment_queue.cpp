// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/experiment_queue.h"

#include "core/base/clock.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace splitscope::session {

namespace {

constexpr std::uint64_t kLargestSeed = 1ULL << 53;

base::Error wrong(const std::string& field, const std::string& text) { return {base::ErrorCode::InvalidInput, text, field}; }

/// What a frame cannot be faster than.
double leastSecondsPerFrame(const Scenario& scenario) { return scenario.minIntervalMs / 1e3 / std::max(1, scenario.batch); }

double seconds(std::int64_t ns) { return base::toMs(ns) / 1e3; }

}  // namespace

std::string toString(QueuedState state)
{
    switch (state) {
    case QueuedState::Waiting: return "waiting";
    case QueuedState::Running: return "running";
    case QueuedState::Finished: return "finished";
    case QueuedState::Failed: return "failed";
    case QueuedState::Cancelled: break;
    }
    return "cancelled";
}

std::size_t QueuedExperiment::count(QueuedState state) const
{
    return static_cast<std::size_t>(
        std::count_if(runs.begin(), runs.end(), [&](const QueuedRun& run) { return run.state == state; }));
}

// --- the list ---

base::Status ExperimentQueue::checkRepeats(std::uint64_t seed, int repeats)
{
    if (repeats < 1 || repeats > kMostRepeats)
        return wrong("repeat", std::to_string(repeats) + " is outside 1.." + std::to_string(kMostRepeats));
    if (seed + static_cast<std::uint64_t>(repeats - 1) > kLargestSeed)
        return wrong("repeat", "the last seed would be beyond 2^53; begin with a smaller one");
    return {};
}

base::Result<std::uint64_t> ExperimentQueue::add(const Scenario& scenario, const std::string& name, const std::string& file,
                                                 int repeats)
{
    if (const auto status = checkRepeats(scenario.seed, repeats); !status)
        return status.error();
    QueuedExperiment experiment{m_nextId++, name, file, scenario, {}};
    for (int i = 0; i < repeats; ++i)
        experiment.runs.push_back({.seed = scenario.seed + static_cast<std::uint64_t>(i)});
    m_experiments.push_back(std::move(experiment));
    return m_experiments.back().id;
}

void ExperimentQueue::restore(std::vector<QueuedExperiment> experiments)
{
    for (auto& experiment : experiments) {
        experiment.id = m_nextId++;
        for (auto& run : experiment.runs) {
            if (run.state == QueuedState::Running)
                run = {.seed = run.seed, .record = run.record};
            if (run.state != QueuedState::Finished)
                continue;
            m_finishedSeconds += run.seconds;
            m_finishedFrames += static_cast<double>(run.frames);
        }
    }
    m_experiments.insert(m_experiments.begin(), std::make_move_iterator(experiments.begin()),
                         std::make_move_iterator(experiments.end()));
}

const QueuedExperiment* ExperimentQueue::find(std::uint64_t id) const
{
    const auto found = std::find_if(m_experiments.begin(), m_experiments.end(), [&](const auto& one) { return one.id == id; });
    return found == m_experiments.end() ? nullptr : &*found;
}

QueuedExperiment* ExperimentQueue::findMutable(std::uint64_t id) { return const_cast<QueuedExperiment*>(find(id)); }

base::Status ExperimentQueue::remove(std::uint64_t id)
{
    if (m_running && m_running->id == id)
        return base::Error{base::ErrorCode::Busy, "it runs; cancel it first", find(id)->name};
    std::erase_if(m_experiments, [&](const auto& one) { return one.id == id; });
    return {};
}

void ExperimentQueue::move(std::uint64_t id, std::size_t place)
{
    const auto* found = find(id);
    if (!found)
        return;
    const auto from = m_experiments.begin() + (found - m_experiments.data());
    const auto to = m_experiments.begin() + static_cast<std::ptrdiff_t>(std::min(place, m_experiments.size() - 1));
    if (from < to)
        std::rotate(from, from + 1, to + 1);
    else
        std::rotate(to, from, from + 1);
}

base::Status ExperimentQueue::setRepeats(std::uint64_t id, int repeats)
{
    auto* experiment = findMutable(id);
    if (!experiment)
        return {};
    if (auto status = checkRepeats(experiment->scenario.seed, repeats); !status)
        return status;
    const auto wanted = static_cast<std::size_t>(repeats);
    auto& runs = experiment->runs;
    const auto begun = std::find_if(runs.rbegin(), runs.rend(), [](const QueuedRun& run) {
        return run.state != QueuedState::Waiting && run.state != QueuedState::Cancelled;
    });
    const auto kept = static_cast<std::size_t>(runs.rend() - begun);
    if (wanted < kept)
        return wrong("repeat", std::to_string(kept) + " runs have begun already");
    while (runs.size() > wanted)
        runs.pop_back();
    while (runs.size() < wanted)
        runs.push_back({.seed = experiment->scenario.seed + runs.size()});
    return {};
}

void ExperimentQueue::again(std::uint64_t id)
{
    auto* experiment = findMutable(id);
    if (!experiment)
        return;
    const bool broken = experiment->count(QueuedState::Failed) + experiment->count(QueuedState::Cancelled) > 0;
    for (auto& run : experiment->runs) {
        const bool ended = run.state == QueuedState::Failed || run.state == QueuedState::Cancelled;
        if (ended || (!broken && run.state == QueuedState::Finished))
            run = {.seed = run.seed};
    }
}

// --- running ---

std::optional<QueueJob> ExperimentQueue::next(std::int64_t nowNs)
{
    if (m_running || m_held)
        return std::nullopt;
    for (auto& experiment : m_experiments)
        for (std::size_t i = 0; i < experiment.runs.size(); ++i)
            if (experiment.runs[i].state == QueuedState::Waiting) {
                experiment.runs[i].state = QueuedState::Running;
                m_running = Running{.id = experiment.id, .run = i, .startedNs = nowNs};
                return current();
            }
    return std::nullopt;
}

std::optional<QueueJob> ExperimentQueue::current() const
{
    if (!m_running)
        return std::nullopt;
    const auto* experiment = find(m_running->id);
    const auto& run = experiment->runs[m_running->run];
    QueueJob job{experiment->id, m_running->run, experiment->scenario, experiment->name, run.record};
    job.scenario.seed = run.seed;
    return job;
}

const QueuedRun& ExperimentQueue::runningRun() const { return find(m_running->id)->runs[m_running->run]; }

void ExperimentQueue::recorded(const RunKey& record)
{
    if (m_running)
        findMutable(m_running->id)->runs[m_running->run].record = record;
}

void ExperimentQueue::progressed(std::uint64_t frames, std::int64_t nowNs)
{
    if (!m_running || frames == 0)
        return;
    if (m_running->firstFramesNs == 0) {
        m_running->firstFramesNs = nowNs;
        m_running->firstFrames = frames;
        m_running->pausedBeforeNs = m_running->pausedNs;
    }
    findMutable(m_running->id)->runs[m_running->run].frames = frames;
}

void ExperimentQueue::paused(bool paused, std::int64_t nowNs)
{
    if (!m_running || paused == (m_running->pausedSinceNs != 0))
        return;
    if (!paused)
        m_running->pausedNs += nowNs - m_running->pausedSinceNs;
    m_running->pausedSinceNs = paused ? nowNs : 0;
}

void ExperimentQueue::ended(Phase phase, const std::string& why, std::int64_t nowNs)
{
    if (!m_running)
        return;
    auto& run = findMutable(m_running->id)->runs[m_running->run];
    run.seconds = activeSeconds(m_running->startedNs, 0, nowNs);
    run.state = phase == Phase::Finished ? QueuedState::Finished
        : phase == Phase::Failed         ? QueuedState::Failed
                                         : QueuedState::Cancelled;
    run.record = {};
    if (run.state == QueuedState::Failed)
        run.why = why;
    if (run.state == QueuedState::Finished) {
        m_finishedSeconds += run.seconds;
        m_finishedFrames += static_cast<double>(run.frames);
    }
    m_running.reset();
}

void ExperimentQueue::skip(std::uint64_t id)
{
    auto* experiment = findMutable(id);
    if (!experiment)
        return;
    for (auto& run : experiment->runs)
        if (run.state == QueuedState::Waiting)
            run.state = QueuedState::Cancelled;
}

void ExperimentQueue::cancelWaiting()
{
    for (const auto& experiment : m_experiments)
        skip(experiment.id);
}

// --- how far, and how long yet ---

/// Since then, without the pauses: all of them but those of before.
double ExperimentQueue::activeSeconds(std::int64_t sinceNs, std::int64_t pausedBeforeNs, std::int64_t nowNs) const
{
    const auto until = m_running->pausedSinceNs != 0 ? m_running->pausedSinceNs : nowNs;
    return std::max(0.0, seconds(until - sinceNs - (m_running->pausedNs - pausedBeforeNs)));
}

std::optional<double> ExperimentQueue::currentSecondsPerFrame(std::int64_t nowNs) const
{
    if (!m_running || runningRun().frames <= m_running->firstFrames)
        return std::nullopt;
    return activeSeconds(m_running->firstFramesNs, m_running->pausedBeforeNs, nowNs)
        / static_cast<double>(runningRun().frames - m_running->firstFrames);
}

/// What a whole run of this experiment takes: as its own runs did, else by the frames of any.
std::optional<double> ExperimentQueue::secondsOf(const QueuedExperiment& experiment, std::int64_t nowNs) const
{
    const auto frames = static_cast<double>(experiment.scenario.frames);
    double ownSeconds = 0, ownRuns = 0;
    for (const auto& run : experiment.runs)
        if (run.state == QueuedState::Finished) {
            ownSeconds += run.seconds;
            ++ownRuns;
        }
    if (ownRuns > 0)
        return ownSeconds / ownRuns;
    const double least = frames * leastSecondsPerFrame(experiment.scenario);
    const auto now = currentSecondsPerFrame(nowNs);
    if (now && m_running->id == experiment.id)
        return std::max(least, frames * *now);
    if (m_finishedFrames > 0)
        return std::max(least, frames * m_finishedSeconds / m_finishedFrames);
    if (now)
        return std::max(least, frames * *now);
    return std::nullopt;
}

QueueProgress ExperimentQueue::currentProgress(std::int64_t nowNs) const
{
    if (!m_running)
        return {};
    const auto& experiment = *find(m_running->id);
    const auto wanted = static_cast<double>(experiment.scenario.frames);
    const auto done = static_cast<double>(runningRun().frames);
    QueueProgress progress{.done = wanted > 0 ? std::min(1.0, done / wanted) : 0, .secondsLeft = {}};
    if (const auto each = currentSecondsPerFrame(nowNs))
        progress.secondsLeft = std::max(0.0, wanted - done) * *each;
    else if (const auto whole = secondsOf(experiment, nowNs))
        progress.secondsLeft = *whole * (1 - progress.done);
    return progress;
}

QueueProgress ExperimentQueue::progressOf(const std::vector<const QueuedExperiment*>& some, std::int64_t nowNs) const
{
    double wanted = 0, done = 0, left = 0;
    bool known = true;
    for (const auto* experiment : some) {
        const auto frames = static_cast<double>(experiment->scenario.frames);
        const auto whole = secondsOf(*experiment, nowNs);
        for (const auto& run : experiment->runs) {
            wanted += frames;
            if (run.state == QueuedState::Running) {
                const auto now = currentProgress(nowNs);
                done += now.done * frames;
                known = known && now.secondsLeft;
                left += now.secondsLeft.value_or(0);
            } else if (run.state == QueuedState::Waiting) {
                known = known && whole;
                left += whole.value_or(0);
            } else {
                done += frames;
            }
        }
    }
    return {.done = wanted > 0 ? done / wanted : 0, .secondsLeft = known ? std::optional(left) : std::nullopt};
}

QueueProgress ExperimentQueue::progress(std::int64_t nowNs) const
{
    std::vector<const QueuedExperiment*> all;
    for (const auto& experiment : m_experiments)
        all.push_back(&experiment);
    return progressOf(all, nowNs);
}

QueueProgress ExperimentQueue::progress(std::uint64_t id, std::int64_t nowNs) const
{
    const auto* experiment = find(id);
    return experiment ? progressOf({experiment}, nowNs) : QueueProgress{};
}

std::string formatTimeLeft(double seconds)
{
    const auto whole = static_cast<long long>(std::ceil(std::max(0.0, seconds)));
    const auto text = [](long long value, const char* unit) { return std::to_string(value) + " " + unit; };
    if (whole < 60)
        return text(whole, "s");
    if (whole < 3600)
        return text(whole / 60, "min") + (whole % 60 ? " " + text(whole % 60, "s") : "");
    return text(whole / 3600, "h") + (whole % 3600 / 60 ? " " + text(whole % 3600 / 60, "min") : "");
}

}  // namespace splitscope::session
