// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/compared_run.h"

#include "core/session/figure.h"
#include "core/session/pricing.h"
#include "core/session/run_statistics.h"

#include <array>
#include <cmath>
#include <ctime>
#include <map>
#include <numeric>
#include <set>

namespace splitscope::session {

namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
constexpr float kMegabyte = 1e6F;
constexpr float kMegahertz = 1e6F;

double sumOf(const std::vector<float>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

std::string startedText(std::int64_t startedMs)
{
    const std::time_t seconds = startedMs / 1000;
    std::tm local{};
    localtime_r(&seconds, &local);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%m-%d %H:%M:%S", &local);
    return text.data();
}

std::string shortNumber(double value)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3g", value);
    return text.data();
}

float uplinkOf(const RunColumns& columns, std::size_t i)
{
    for (const float rate : {columns.setBytesPerSecond[i], columns.estimatedBytesPerSecond[i], columns.achievedBytesPerSecond[i]})
        if (rate > 0)
            return rate / kMegabyte;
    return kNone;
}

bool wasAnswered(const RunColumns& columns, std::size_t i) { return columns.outcome[i] != wire::Outcome::Lost; }

/// The smallest round trip that was seen: a later one may have waited behind frames.
std::optional<double> roundTrip(const RunColumns& columns)
{
    std::optional<double> smallest;
    for (const float rtt : columns.rttMs)
        if (rtt > 0)
            smallest = std::min(smallest.value_or(static_cast<double>(rtt)), static_cast<double>(rtt));
    return smallest;
}

}  // namespace

std::vector<float> ComparedRun::values(RunQuantity quantity) const
{
    switch (quantity) {
    case RunQuantity::Latency: return latencyMs;
    case RunQuantity::Bandwidth: return megabytesPerSecond;
    case RunQuantity::Energy: return energyMj;
    case RunQuantity::Reward: return reward;
    case RunQuantity::Regret: return regret;
    case RunQuantity::Temperature: return temperatureC;
    case RunQuantity::Busy: return busyPercent;
    case RunQuantity::Clock: return clockMhz;
    case RunQuantity::Power: return powerWatts;
    case RunQuantity::Accuracy: break;
    }
    std::vector<float> running;
    running.reserve(size());
    double right = 0, all = 0;
    for (std::size_t i = 0; i < size(); ++i) {
        right += static_cast<double>(correct[i]);
        all += static_cast<double>(frames[i]);
        running.push_back(static_cast<float>(all > 0 ? 100 * right / all : kNoValue));
    }
    return running;
}

double ComparedRun::summary(RunQuantity quantity) const
{
    switch (quantity) {
    case RunQuantity::Latency: return medianOfFinite(latencyMs);
    case RunQuantity::Bandwidth: return medianOfFinite(megabytesPerSecond);
    case RunQuantity::Energy: return meanOfFinite(energyMj);
    case RunQuantity::Reward: return meanOfFinite(reward);
    case RunQuantity::Regret: return meanOfFinite(regret);
    case RunQuantity::Temperature: return meanOfFinite(temperatureC);
    case RunQuantity::Busy: return meanOfFinite(busyPercent);
    case RunQuantity::Clock: return meanOfFinite(clockMhz);
    case RunQuantity::Power: return meanOfFinite(powerWatts);
    case RunQuantity::Accuracy: break;
    }
    return frameCount() > 0 ? 100 * correctCount() / frameCount() : kNoValue;
}

double ComparedRun::frameCount() const { return sumOf(frames); }
double ComparedRun::correctCount() const { return sumOf(correct); }

std::string settingOf(const Scenario& scenario)
{
    Scenario setting = scenario;
    setting.strategy.clear();
    setting.policy.clear();
    setting.shadow.clear();
    setting.decision = {};
    setting.jpegQuality = setting.dwell = 0;
    setting.accuracyLoss = 0;
    setting.frames = setting.seed = 0;
    setting.scale.reset();
    setting.recordLogits = false;
    return toJson(setting);
}

ComparedRun comparedRun(const RunRow& row, const RunColumns& columns)
{
    ComparedRun run;
    run.key = row.key;
    run.name = run.strategy = row.strategy;
    run.seed = row.seed;
    const auto scenario = parseScenario(row.scenarioJson, "run");
    run.setting = scenario ? settingOf(*scenario) : row.scenarioJson;
    run.traits = {row.model,
                  row.data,
                  row.bandwidth,
                  row.strategy == "fixed" ? row.decision : std::string(),
                  "×" + shortNumber(row.slowdown),
                  "batch " + std::to_string(row.batch),
                  "seed " + std::to_string(row.seed),
                  startedText(row.startedMs)};
    for (auto* column :
         {&run.seconds, &run.frame, &run.latencyMs, &run.megabytesPerSecond, &run.energyMj, &run.reward, &run.regret,
          &run.temperatureC, &run.busyPercent, &run.clockMhz, &run.powerWatts, &run.uplink, &run.frames, &run.correct})
        column->reserve(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!wasAnswered(columns, i))
            continue;
        run.seconds.push_back(static_cast<float>(columns.capturedAtMs[i] / 1000));
        run.frame.push_back(static_cast<float>(columns.firstFrame[i]));
        run.latencyMs.push_back(columns.total[i]);
        const float achieved = columns.achievedBytesPerSecond[i];
        run.megabytesPerSecond.push_back(achieved > 0 ? achieved / kMegabyte : kNone);
        run.energyMj.push_back(columns.energyJoules[i] * 1000);
        run.reward.push_back(columns.reward[i]);
        run.regret.push_back(columns.regret[i]);
        run.temperatureC.push_back(columns.temperatureC(i));
        run.busyPercent.push_back(columns.busy(i) * 100);
        run.clockMhz.push_back(columns.clockHz(i) / kMegahertz);
        run.powerWatts.push_back(columns.powerWatts(i));
        run.uplink.push_back(uplinkOf(columns, i));
        run.frames.push_back(static_cast<float>(columns.count[i]));
        int right = 0;
        for (std::size_t label = columns.firstLabel[i], end = label + columns.count[i]; label < end; ++label)
            right += columns.labels[label] >= 0 && columns.labels[label] == columns.truths[label] ? 1 : 0;
        run.correct.push_back(static_cast<float>(right));
    }
    return run;
}

std::vector<float> predictions(const Scenario& scenario, const RunColumns& columns)
{
    const auto evaluator = makeEvaluator(scenario);
    if (!evaluator)
        return {};
    const auto& table = (*evaluator)->table();
    auto conditions = conditionsOf(scenario, table.link());
    if (const auto rtt = roundTrip(columns))
        conditions.rttMs = *rtt;
    std::map<std::array<int, 3>, std::optional<std::size_t>> rows;
    std::vector<float> predicted;
    bool any = false;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!wasAnswered(columns, i))
            continue;
        const auto [found, isNew] = rows.try_emplace({columns.exit[i], columns.partition[i], columns.coding[i]});
        if (isNew)
            if (const auto row = table.rowOf({columns.exit[i], columns.partition[i], columns.codings[columns.coding[i]]}))
                found->second = *row;
        const float rate = uplinkOf(columns, i);
        conditions.bytesPerSecond
            = std::isfinite(rate) ? static_cast<double>(rate) * 1e6 : std::numeric_limits<double>::infinity();
        const int batch = columns.count[i];
        const bool known = found->second && batch >= 1 && batch <= profile::CostTable::kMaxBatch
            && columns.outcome[i] == wire::Outcome::Done;  // a fallback was not predicted
        predicted.push_back(known ? static_cast<float>(table.predict(*found->second, batch, conditions).totalMs) : kNone);
        any = any || known;
    }
    return any ? predicted : std::vector<float>();
}

base::Result<ComparedRun> readComparedRun(const RunRow& row, std::stop_token stop)
{
    const auto columns = readRun(row.key, stop);
    if (!columns)
        return columns.error();
    auto run = comparedRun(row, *columns);
    if (const auto scenario = parseScenario(row.scenarioJson, "run"))
        run.predictedMs = predictions(*scenario, *columns);
    return run;
}

void nameRuns(std::vector<ComparedRun>& runs)
{
    const auto areDistinct = [&] {
        std::set<std::string> names;
        for (const auto& run : runs)
            names.insert(run.name);
        return names.size() == runs.size();
    };
    for (auto& run : runs)
        run.name = run.strategy;
    for (std::size_t trait = 0; !areDistinct(); ++trait) {
        std::set<std::string> seen;
        bool all = true;
        for (const auto& run : runs) {
            all = all && trait < run.traits.size();
            if (trait < run.traits.size())
                seen.insert(run.traits[trait]);
        }
        if (!all)
            return;
        for (auto& run : runs)
            if (seen.size() > 1 && !run.traits[trait].empty())
                run.name += ", " + run.traits[trait];
    }
}

}  // namespace splitscope::session
