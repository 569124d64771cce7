// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/energy_pacer.h"

#include <algorithm>
#include <cmath>

namespace splitscope::sim {

namespace {

constexpr double kLowest = 1e2, kHighest = 1e9;  ///< bytes/s: what lies beyond is as these

}  // namespace

std::size_t EnergyPacer::placeOf(double bytesPerSecond)
{
    if (!(bytesPerSecond > 0))
        return 0;
    const double at = std::log(std::clamp(bytesPerSecond, kLowest, kHighest) / kLowest) / std::log(kHighest / kLowest);
    return 1 + static_cast<std::size_t>(std::lround(at * (kRates - 2)));
}

EnergyPacer::EnergyPacer(const Evaluator& evaluator, const profile::Conditions& conditions) : m_seen(kRates, 0)
{
    setObjective(evaluator, conditions);
}

void EnergyPacer::setObjective(const Evaluator& evaluator, const profile::Conditions& conditions)
{
    std::vector<std::vector<Way>> all(kRates);
    for (std::size_t place = 0; place < all.size(); ++place) {
        auto here = conditions;
        here.bytesPerSecond
            = place == 0 ? 0 : kLowest * std::pow(kHighest / kLowest, static_cast<double>(place - 1) / (kRates - 2));
        std::vector<Way> ways{{0, 0}};  // not to serve it at all
        for (std::size_t action = 0; action < evaluator.actionCount(); ++action)
            if (const auto scored = evaluator.score(action, here); scored.feasible)
                ways.push_back({scored.prediction.energyJoules * evaluator.batch(), scored.reward});
        std::sort(ways.begin(), ways.end(),
                  [](const Way& a, const Way& b) { return a.joules != b.joules ? a.joules < b.joules : a.reward > b.reward; });
        double best = -1;
        for (const auto& way : ways)
            if (way.reward > best) {
                all[place].push_back(way);
                best = way.reward;
            }
    }
    m_ways = std::make_shared<const std::vector<std::vector<Way>>>(std::move(all));
}

void EnergyPacer::see(double bytesPerSecond) { m_seen[placeOf(bytesPerSecond)] += 1; }

double EnergyPacer::joulesAt(double price) const
{
    double joules = 0, seen = 0;
    for (std::size_t place = 0; place < m_seen.size(); ++place) {
        if (!(m_seen[place] > 0))
            continue;
        const auto& ways = (*m_ways)[place];
        const auto best = std::max_element(ways.begin(), ways.end(), [price](const Way& a, const Way& b) {
            return a.reward - price * a.joules < b.reward - price * b.joules;
        });
        joules += m_seen[place] * best->joules;
        seen += m_seen[place];
    }
    return seen > 0 ? joules / seen : 0;
}

double EnergyPacer::price(double joulesLeft, int requestsLeft) const
{
    if (!m_ways || requestsLeft < 1)
        return 0;
    const double each = joulesLeft / requestsLeft;
    if (joulesAt(0) <= each)
        return 0;
    constexpr int kHalvings = 40;
    double low = 0, high = 1;
    while (joulesAt(high) > each && high < 1e12)
        high *= 10;
    for (int i = 0; i < kHalvings; ++i) {
        const double middle = (low + high) / 2;
        (joulesAt(middle) > each ? low : high) = middle;
    }
    return high;
}

}  // namespace splitscope::sim
