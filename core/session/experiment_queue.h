// SPDX-License-Identifier: GPL-3.0-or-later
// Which experiments are to run one after the other, what became of them, and how long that still takes. It runs nothing itself:
// whoever does asks for the next one and tells how it goes. One thread at a time.
#pragma once

#include "core/session/experiment.h"
#include "core/session/run_library.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace splitscope::session {

enum class QueuedState { Waiting, Running, Finished, Failed, Cancelled };
std::string toString(QueuedState state);  ///< "waiting", "running", …
inline constexpr std::array kQueuedStates{QueuedState::Waiting, QueuedState::Running, QueuedState::Finished, QueuedState::Failed,
                                          QueuedState::Cancelled};

/// One run of a queued experiment.
struct QueuedRun {
    std::uint64_t seed = 0;
    QueuedState state = QueuedState::Waiting;
    std::string why = {};  ///< of one that failed
    std::uint64_t frames = 0;  ///< with an outcome
    double seconds = 0;  ///< it took, pauses left out
    RunKey record = {};  ///< in the records, once it has begun; of one that waits: it was interrupted, and goes on. Run 0: none
};

/// A scenario and its runs, with the seeds seed, seed + 1, ….
struct QueuedExperiment {
    std::uint64_t id = 0;  ///< never used again
    std::string name;  ///< in the records: the file's name without suffix
    std::string file;  ///< where it came from; empty: from no file
    Scenario scenario;
    std::vector<QueuedRun> runs;

    [[nodiscard]] std::size_t count(QueuedState state) const;
    [[nodiscard]] bool waits() const { return count(QueuedState::Waiting) > 0; }
    [[nodiscard]] bool runsNow() const { return count(QueuedState::Running) > 0; }
};

/// What is to be started now.
struct QueueJob {
    std::uint64_t id = 0;
    std::size_t run = 0;  ///< index among the experiment's
    Scenario scenario;  ///< with the run's seed
    std::string name;
    RunKey record = {};  ///< of one that has begun: it goes on
};

/// How far something has come.
struct QueueProgress {
    double done = 0;  ///< share of the frames, 0 to 1
    std::optional<double> secondsLeft;  ///< unknown before the first frames
};

class ExperimentQueue {
public:
    static constexpr int kMostRepeats = 1000;

    /// From 1 to kMostRepeats, and the last seed is exact as a number of JSON.
    static base::Status checkRepeats(std::uint64_t seed, int repeats);
    /// Behind the others. An Error where checkRepeats() has one; the scenario is not checked.
    base::Result<std::uint64_t> add(const Scenario& scenario, const std::string& name, const std::string& file, int repeats);
    /// In front of the others, as they were kept: with new ids, and what ran then waits again.
    void restore(std::vector<QueuedExperiment> experiments);
    /// Busy while it runs.
    base::Status remove(std::uint64_t id);
    /// To this place among all; beyond the end is the end.
    void move(std::uint64_t id, std::size_t place);
    /// Runs that have begun stay: an Error where there are more of them.
    base::Status setRepeats(std::uint64_t id, int repeats);
    /// Runs that failed or were cancelled wait again; where none did, all that finished.
    void again(std::uint64_t id);

    [[nodiscard]] const std::vector<QueuedExperiment>& experiments() const { return m_experiments; }
    [[nodiscard]] const QueuedExperiment* find(std::uint64_t id) const;

    /// Held: the next one is not begun.
    void hold(bool held) { m_held = held; }
    [[nodiscard]] bool held() const { return m_held; }
    /// The first run that waits, which runs from now on; none while one runs, or the queue is held.
    std::optional<QueueJob> next(std::int64_t nowNs);
    [[nodiscard]] bool running() const { return m_running.has_value(); }
    [[nodiscard]] std::optional<QueueJob> current() const;

    // Of the run that runs.
    /// It is kept there from now on.
    void recorded(const RunKey& record);
    void progressed(std::uint64_t frames, std::int64_t nowNs);
    void paused(bool paused, std::int64_t nowNs);
    /// As the experiment ended; `why` is told of one that failed.
    void ended(Phase phase, const std::string& why, std::int64_t nowNs);

    /// Runs of it that wait are cancelled; one that runs is the caller's to stop.
    void skip(std::uint64_t id);
    void cancelWaiting();

    [[nodiscard]] QueueProgress currentProgress(std::int64_t nowNs) const;
    /// Of all runs that have ended, run or wait; those that ended early count as whole.
    [[nodiscard]] QueueProgress progress(std::int64_t nowNs) const;
    /// Of this experiment's runs.
    [[nodiscard]] QueueProgress progress(std::uint64_t id, std::int64_t nowNs) const;

private:
    struct Running {
        std::uint64_t id = 0;
        std::size_t run = 0;
        std::int64_t startedNs = 0, firstFramesNs = 0, pausedSinceNs = 0, pausedNs = 0, pausedBeforeNs = 0;
        std::uint64_t firstFrames = 0;  ///< when they were first told of
    };
    [[nodiscard]] QueuedExperiment* findMutable(std::uint64_t id);
    [[nodiscard]] const QueuedRun& runningRun() const;
    [[nodiscard]] double activeSeconds(std::int64_t sinceNs, std::int64_t pausedBeforeNs, std::int64_t nowNs) const;
    [[nodiscard]] std::optional<double> currentSecondsPerFrame(std::int64_t nowNs) const;
    [[nodiscard]] std::optional<double> secondsOf(const QueuedExperiment& experiment, std::int64_t nowNs) const;
    [[nodiscard]] QueueProgress progressOf(const std::vector<const QueuedExperiment*>& some, std::int64_t nowNs) const;

    std::vector<QueuedExperiment> m_experiments;
    std::optional<Running> m_running;
    double m_finishedSeconds = 0, m_finishedFrames = 0;  ///< of all that ever finished here
    std::uint64_t m_nextId = 1;
    bool m_held = false;
};

/// "3 s", "4 min 10 s", "2 h 5 min": for people.
std::string formatTimeLeft(double seconds);

}  // namespace splitscope::session
