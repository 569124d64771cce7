// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/segments_race.h"

#include "app/bench/bench_report.h"
#include "core/base/clock.h"

#include <algorithm>
#include <cmath>
#include <ctime>

namespace splitscope::app {

namespace {

constexpr double kMostRunsInTurn = 500;

std::int64_t readNs(Clock clock)
{
    if (clock == Clock::Wall)
        return base::nowNs();
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

/// How many runs make a turn of that length.
base::Result<int> runsInTurn(const Contender& contender, double turnMs)
{
    constexpr int kFirstRuns = 3;
    const auto first = contender(1, kFirstRuns);
    if (!first)
        return first.error();
    const double oneUs = std::max(quantile(*first, 0.5), 0.1);
    return static_cast<int>(std::lround(std::clamp(turnMs * 1e3 / oneUs, 1.0, kMostRunsInTurn)));
}

}  // namespace

Contender timed(std::function<base::Status()> work, Clock clock)
{
    return [work = std::move(work), clock](int warmUp, int runs) -> base::Result<std::vector<double>> {
        std::vector<double> us;
        us.reserve(static_cast<std::size_t>(runs));
        for (int i = -warmUp; i < runs; ++i) {
            const auto beganNs = readNs(clock);
            if (auto status = work(); !status)
                return status.error();
            if (i >= 0)
                us.push_back(static_cast<double>(readNs(clock) - beganNs) * 1e-3);
        }
        return us;
    };
}

base::Result<Race> Race::run(const std::vector<Contender>& contenders, double seconds, double turnMs, const std::stop_token& stop)
{
    std::vector<int> runs;
    for (const auto& contender : contenders) {
        const auto count = runsInTurn(contender, turnMs);
        if (!count)
            return count.error();
        runs.push_back(*count);
    }
    Race race;
    race.m_turns.resize(contenders.size());
    race.m_all.resize(contenders.size());
    const auto endNs = base::nowNs() + base::fromMs(seconds * 1e3);
    while (race.rounds() < kLeastRounds || base::nowNs() < endNs) {
        if (stop.stop_requested())
            return base::Error{base::ErrorCode::Cancelled, "stopped", "benchmark"};
        for (std::size_t i = 0; i < contenders.size(); ++i) {
            const auto us = contenders[i]((runs[i] + 3) / 4, runs[i]);
            if (!us)
                return us.error();
            race.m_turns[i].push_back(quantile(*us, 0.5));
            race.m_all[i].insert(race.m_all[i].end(), us->begin(), us->end());
        }
    }
    return race;
}

double Race::us(std::size_t contender) const { return quantile(m_all[contender], 0.5); }

double Race::ratio(std::size_t contender, std::size_t baseline, double overheadUs) const
{
    std::vector<double> ratios;
    for (std::size_t round = 0; round < rounds(); ++round)
        ratios.push_back(m_turns[contender][round] / (m_turns[baseline][round] - overheadUs));
    return quantile(std::move(ratios), 0.5);
}

}  // namespace splitscope::app
