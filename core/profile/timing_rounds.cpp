// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/timing_rounds_p.h"

#include "core/base/clock.h"
#include "core/base/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace splitscope::profile {

namespace {

using base::Error;
using base::ErrorCode;

constexpr double kLeastSampleMs = 0.02;  // several calls make a sample until reading the clock is under 0.5 % of it
constexpr int kMostCalls = 1000;
constexpr double kPrimedBelowMs = 2;  // what takes longer fills the caches itself
constexpr double kStateEveryMs = 250;  // how often the machine is asked whether it is slowed
constexpr std::uint64_t kOrderSeed = 1;

/// What is known of one thing so far.
struct Progress {
    std::vector<double> times;
    int excluded = 0;
    std::size_t calls = 0;
    int callsPerSample = 1;
    double turnMs = 0;  ///< what its last turn took, timed or not
    bool done = false;
};

class Rounds {
public:
    Rounds(std::span<const TimedThing> things, const ProfilerOptions& options, const std::stop_token& stop,
           const ProfilerObserver& observer)
        : m_things(things), m_options(options), m_stop(stop), m_observer(observer), m_progress(things.size()),
          m_beganNs(base::nowNs())
    {
    }

    base::Result<std::vector<Measurement>> run()
    {
        if (const auto status = warmUp(); !status)
            return status.error();
        m_slowed = isSlowed();
        base::Random random(kOrderSeed);
        for (bool first = true; first || (!allDone() && secondsLeft() > 0); first = false)
            if (const auto status = round(random, first); !status)
                return status.error();
        return summaries();
    }

private:
    /// The first calls are slow: code and data come from disk, libraries choose their kernels, the clock speeds up. The
    /// second call tells how many make a sample.
    base::Status warmUp()
    {
        for (std::size_t i = 0; i < m_things.size(); ++i) {
            double ms = 0;
            for (int repeat = 0; repeat < 2; ++repeat) {
                const auto beganNs = base::nowNs();
                if (const auto status = call(i); !status)
                    return status;
                ms = base::toMs(base::nowNs() - beganNs);
            }
            m_progress[i].turnMs = 2 * ms;
            const double calls = std::ceil(kLeastSampleMs / std::max(ms, 1e-6));
            m_progress[i].callsPerSample = static_cast<int>(std::clamp(calls, 1.0, static_cast<double>(kMostCalls)));
            tell(i);
        }
        return {};
    }

    base::Status round(base::Random& random, bool first)
    {
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < m_things.size(); ++i)
            if (!m_progress[i].done)
                open.push_back(i);
        for (auto i = open.size(); i > 1; --i)
            std::swap(open[i - 1], open[static_cast<std::size_t>(random.below(static_cast<int>(i)))]);
        for (auto i : open) {
            if (!first && secondsLeft() <= 0)
                break;
            if (const auto status = turn(i); !status)
                return status;
        }
        closeSpan();
        for (auto i : open)
            m_progress[i].done = isDone(m_progress[i]);
        if (!open.empty())
            tell(open.back());
        return {};
    }

    base::Status turn(std::size_t i)
    {
        auto& progress = m_progress[i];
        const auto beganNs = base::nowNs();
        if (progress.turnMs < kPrimedBelowMs)
            if (const auto status = call(i); !status)
                return status;
        const auto timedNs = base::nowNs();
        for (int repeat = 0; repeat < progress.callsPerSample; ++repeat)
            if (const auto status = call(i); !status)
                return status;
        const auto endNs = base::nowNs();
        progress.turnMs = base::toMs(endNs - beganNs);
        m_span.emplace_back(i, base::toMs(endNs - timedNs) / progress.callsPerSample);
        if (base::toMs(endNs - m_stateNs) > kStateEveryMs) {
            closeSpan();
            tell(i);
        }
        return {};
    }

    base::Status call(std::size_t i)
    {
        if (m_stop.stop_requested())
            return Error{ErrorCode::Cancelled, "the measurement was stopped", m_things[i].what};
        auto status = m_things[i].run(m_progress[i].calls++);
        if (!status)
            return Error{status.error().code, status.error().message(), m_things[i].what};
        return {};
    }

    /// The samples since the machine was last asked count if it was not slowed then and is not now.
    void closeSpan()
    {
        const bool slowed = isSlowed();
        for (const auto& [i, ms] : m_span)
            if (m_slowed || slowed)
                ++m_progress[i].excluded;
            else
                m_progress[i].times.push_back(ms);
        m_span.clear();
        m_slowed = slowed;
    }

    bool isSlowed()
    {
        const auto state = m_options.readState ? m_options.readState() : readMachineState();
        m_stateNs = base::nowNs();
        return state.throttled.value_or(false);
    }

    [[nodiscard]] bool isDone(const Progress& progress) const
    {
        return static_cast<int>(progress.times.size()) >= m_options.leastSamples
            && relativeInterval(summarise(progress.times)) <= m_options.relativeInterval;
    }

    [[nodiscard]] bool allDone() const
    {
        return std::all_of(m_progress.begin(), m_progress.end(), [](const Progress& progress) { return progress.done; });
    }

    [[nodiscard]] double secondsLeft() const { return m_options.budgetSeconds - base::toMs(base::nowNs() - m_beganNs) / 1000; }

    /// Seconds until the open things have as many samples as their scatter so far asks for, or the budget ends.
    [[nodiscard]] double expectedSecondsLeft() const
    {
        double ms = 0;
        for (const auto& progress : m_progress) {
            if (progress.done)
                continue;
            const auto samples = static_cast<double>(progress.times.size());
            double needed = m_options.leastSamples;
            if (samples >= m_options.leastSamples && m_options.relativeInterval > 0)
                needed = samples * std::pow(relativeInterval(summarise(progress.times)) / m_options.relativeInterval, 2);
            ms += std::max(needed - samples, 1.0) * progress.turnMs;
        }
        return std::clamp(secondsLeft(), 0.0, ms / 1000);
    }

    void tell(std::size_t i) const
    {
        if (!m_observer)
            return;
        const auto done = std::count_if(m_progress.begin(), m_progress.end(), [](const Progress& one) { return one.done; });
        m_observer({static_cast<std::size_t>(done), m_things.size(), m_things[i].what, expectedSecondsLeft()});
    }

    [[nodiscard]] base::Result<std::vector<Measurement>> summaries() const
    {
        std::vector<Measurement> result;
        for (std::size_t i = 0; i < m_things.size(); ++i) {
            const auto& progress = m_progress[i];
            if (progress.times.empty())
                return Error{ErrorCode::Refused,
                             "every sample was taken while the machine was slowed (for heat, or a weak supply), and left out; "
                             "cool it, or give it a stronger supply or more time",
                             m_things[i].what};
            result.push_back(summarise(progress.times, progress.excluded));
        }
        return result;
    }

    std::span<const TimedThing> m_things;
    const ProfilerOptions& m_options;
    const std::stop_token& m_stop;
    const ProfilerObserver& m_observer;
    std::vector<Progress> m_progress;
    std::vector<std::pair<std::size_t, double>> m_span;  ///< things and samples since the machine was last asked
    std::int64_t m_beganNs = 0;
    std::int64_t m_stateNs = 0;
    bool m_slowed = false;
};

}  // namespace

base::Result<std::vector<Measurement>> timeInTurns(std::span<const TimedThing> things, const ProfilerOptions& options,
                                                   const std::stop_token& stop, const ProfilerObserver& observer)
{
    return Rounds(things, options, stop, observer).run();
}

}  // namespace splitscope::profile
