// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/decision_map.h"

#include "core/base/clock.h"
#include "ui/models/sample_store.h"
#include "ui/models/texts.h"

#include <cmath>

namespace splitscope::ui {

namespace {

constexpr float kHighestCoding = 24;
constexpr double kOptimumWidth = 5, kPolicyWidth = 1.6;

/// JPEG's qualities lie between its level and the next one, the best highest.
double levelOf(const codec::Coding& coding)
{
    const double level = codingLevel(coding);
    if (coding.kind != codec::CodingKind::Jpeg)
        return level;
    return level + (codingLevel({codec::CodingKind::Lossless, 0}) - level) * coding.parameter / 101;
}

decision::State stateOf(const profile::Conditions& conditions)
{
    decision::State state;
    state.bytesPerSecond = state.bandwidthLow = state.bandwidthHigh = conditions.bytesPerSecond;
    state.rttMs = conditions.rttMs;
    state.deviceSlowdown = conditions.deviceSlowdown;
    return state;
}

}  // namespace

base::Result<PolicyReader> PolicyReader::make(const sim::Evaluator& evaluator, const std::shared_ptr<const rl::Policy>& policy)
{
    auto decider = rl::Decider::make(policy, evaluator);
    if (!decider)
        return decider.error();
    return PolicyReader(*std::move(decider));
}

bool PolicyReader::withinTraining(const sim::Evaluator& evaluator, const profile::Conditions& conditions) const
{
    return rl::withinTraining(policy(), stateOf(conditions), evaluator.objective());
}

std::size_t PolicyReader::choose(const sim::Evaluator& evaluator, const profile::Conditions& conditions)
{
    return withinTraining(evaluator, conditions) ? m_decider.decide(evaluator, stateOf(conditions), conditions)
                                                 : evaluator.best(conditions);
}

std::vector<std::pair<std::size_t, float>> PolicyReader::outputs(const sim::Evaluator& evaluator,
                                                                 const profile::Conditions& conditions)
{
    rl::forward(policy(), stateOf(conditions), evaluator.objective(), evaluator.scale(), m_scratch);
    std::vector<std::pair<std::size_t, float>> result;
    for (std::size_t i = 0; i < m_decider.rows().size(); ++i)
        result.emplace_back(m_decider.rows()[i], m_scratch.hidden[i]);
    return result;
}

MapBuilder::MapBuilder(MapRequest request) : m_request(std::move(request))
{
    if (m_request.policy)
        if (auto reader = PolicyReader::make(*m_request.evaluator, m_request.policy))
            m_reader.emplace(*std::move(reader));
}

bool MapBuilder::advance(double budgetMs)
{
    const auto end = base::nowNs() + base::fromMs(budgetMs);
    const auto wanted = static_cast<std::size_t>(m_request.points);
    const auto& evaluator = *m_request.evaluator;
    while (m_points.size() < wanted && base::nowNs() < end) {
        MapPoint point;
        auto conditions = m_request.conditions;
        conditions.bytesPerSecond = point.bytesPerSecond = m_request.rates.low
            * std::pow(m_request.rates.high / m_request.rates.low, static_cast<double>(m_points.size()) / (m_request.points - 1));
        point.optimum = evaluator.best(conditions);
        point.optimumReward = evaluator.score(point.optimum, conditions).reward;
        if (m_reader) {
            point.chosen = m_reader->choose(evaluator, conditions);
            point.chosenReward = evaluator.score(*point.chosen, conditions).reward;
        }
        m_points.push_back(point);
    }
    return m_points.size() >= wanted;
}

std::optional<double> mapGap(const std::vector<MapPoint>& points)
{
    double best = 0, reached = 0;
    for (const auto& point : points) {
        if (!point.chosen)
            return {};
        best += point.optimumReward;
        reached += point.chosenReward;
    }
    return best > 0 ? std::optional(1 - reached / best) : std::nullopt;
}

Plot mapPlot(const std::vector<MapPoint>& points, const MapRequest& request)
{
    const auto& evaluator = *request.evaluator;
    const auto& spec = evaluator.table().spec();
    int longest = 1;
    for (const auto& exit : spec.exits)
        longest = std::max(longest, exit.layerCount());
    Plot plot;
    plot.key = QStringLiteral("decision-map");
    plot.title = tr("Decisions over bandwidth");
    plot.x = {tr("uplink rate (MB/s)"), QStringLiteral("uplink_MB_per_s"), QStringLiteral("MB/s"), true,
              request.rates.low / 1e6,  request.rates.high / 1e6};
    plot.y.title = tr("exit · cut (layers on the device) · coding");
    const auto number = [](double value) { return Tick{value, QString::number(value)}; };
    PlotLane exits{tr("exit"), 1, std::max(2.0, double(spec.exitCount())), {}};
    for (int exit = 1; exit <= spec.exitCount(); ++exit)
        exits.ticks.push_back(number(exit));
    PlotLane cuts{tr("cut"), 0, double(longest), {number(0), number(longest)}};
    const double jpeg = levelOf({codec::CodingKind::Jpeg, 50});
    PlotLane codings{tr("bits"),
                     0,
                     kHighestCoding,
                     {{0, tr("label")}, {22, tr("raw")}, {8, "8"}, {jpeg, tr("JPEG")}, {16, "16"}, {4, "4"}, {12, "12"}}};
    plot.lanes = {exits, cuts, codings};
    const char* lanes[] = {"exit", "cut", "coding"};
    const auto valueOf = [&](std::size_t lane, const decision::Decision& d) {
        return lane == 0 ? d.exit : lane == 1 ? d.partition : levelOf(d.coding);
    };
    const bool policy = !points.empty() && points.front().chosen;
    for (std::size_t lane = 0; lane < plot.lanes.size(); ++lane) {
        PlotLine best{tr("optimum"),
                      QStringLiteral("optimum_%1").arg(QLatin1String(lanes[lane])),
                      {},
                      Quantity::Regret,
                      Qt::SolidLine,
                      kOptimumWidth,
                      true,
                      lane};
        PlotLine chosen{policy ? QString::fromStdString(request.policy->algorithm) : tr("policy"),
                        QStringLiteral("policy_%1").arg(QLatin1String(lanes[lane])),
                        {},
                        Quantity::Decision,
                        Qt::SolidLine,
                        kPolicyWidth,
                        true,
                        lane};
        for (const auto& point : points) {
            const double megabytes = point.bytesPerSecond / 1e6;
            best.points.emplace_back(megabytes, valueOf(lane, evaluator.decisionOf(point.optimum)));
            if (point.chosen)
                chosen.points.emplace_back(megabytes, valueOf(lane, evaluator.decisionOf(*point.chosen)));
        }
        plot.lines.push_back(std::move(best));
        if (policy)
            plot.lines.push_back(std::move(chosen));
    }
    return plot;
}

}  // namespace splitscope::ui
