// SPDX-License-Identifier: GPL-3.0-or-later
// Times of several ways to do the same, taken in turns, so that whatever slows the machine slows all of them.
#pragma once

#include "core/base/result.h"

#include <functional>
#include <stop_token>
#include <vector>

namespace splitscope::app {

/// Does its work `warmUp` + `runs` times without a break; the microseconds of each of the last `runs`.
using Contender = std::function<base::Result<std::vector<double>>(int warmUp, int runs)>;

/// What a run takes: until it is done, or of its thread's processor time. The latter knows nothing of other programs, and is the
/// one to compare work of one thread with other work of the same thread.
enum class Clock { Wall, Thread };

/// A contender that is a function of this process.
Contender timed(std::function<base::Status()> work, Clock clock = Clock::Wall);

class Race {
public:
    /// Turn after turn until `seconds` are over, at least kLeastRounds rounds; a turn takes about `turnMs`, and a quarter more
    /// to warm up.
    static base::Result<Race> run(const std::vector<Contender>& contenders, double seconds, double turnMs,
                                  const std::stop_token& stop);

    /// Median of all runs, in microseconds.
    [[nodiscard]] double us(std::size_t contender) const;
    /// Median over the rounds of one contender's median turn over another's, `overhead` µs taken off each run of the latter.
    [[nodiscard]] double ratio(std::size_t contender, std::size_t baseline, double overheadUs = 0) const;
    [[nodiscard]] std::size_t rounds() const { return m_turns.front().size(); }

    static constexpr std::size_t kLeastRounds = 5;

private:
    std::vector<std::vector<double>> m_turns;  ///< contender → round → median of its turn
    std::vector<std::vector<double>> m_all;  ///< contender → all runs
};

}  // namespace splitscope::app
