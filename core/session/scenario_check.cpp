// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/scenario_check.h"

#include "core/data/data_set.h"
#include "core/link/keys.h"
#include "core/session/pricing.h"
#include "core/strategy/shadow.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <type_traits>

namespace splitscope::session {

namespace {

using Problems = std::vector<FieldProblem>;

template <typename T>
std::string asText(T value)
{
    if constexpr (std::is_integral_v<T>) {
        return std::to_string(value);
    } else {
        std::array<char, 32> text{};
        std::snprintf(text.data(), text.size(), "%g", value);
        return text.data();
    }
}

/// One number of the scenario and the range that it must be in.
template <typename T>
void inRange(Problems& problems, const char* field, T value, T low, T high)
{
    if (!(value >= low && value <= high))  // so for NaN
        problems.push_back({field, asText(value) + " is outside " + asText(low) + ".." + asText(high)});
}

void addStatus(Problems& problems, const char* field, const base::Status& status)
{
    if (!status)
        problems.push_back({field, status.error().text});
}

void checkNumbers(Problems& problems, const Scenario& s)
{
    constexpr std::uint64_t kLargestExact = 1ULL << 53;  // JSON's numbers are doubles
    constexpr double kHourMs = 3.6e6;
    inRange(problems, "jpeg_quality", s.jpegQuality, 1, 100);
    inRange(problems, "dwell_requests", s.dwell, 1, 1'000'000);
    inRange(problems, "accuracy_loss", s.accuracyLoss, 0.0, 1.0);
    inRange(problems, "shaping.burst_bytes", s.shaping.burstBytes, 64.0, 1e9);
    inRange(problems, "shaping.delay_ms", s.shaping.delayMs, 0.0, 60'000.0);
    inRange(problems, "shaping.jitter_ms", s.shaping.jitterMs, 0.0, 60'000.0);
    inRange(problems, "slowdown", s.slowdown, 1.0, 1000.0);
    inRange(problems, "batch", s.batch, 1, wire::kMaxBatch);
    inRange(problems, "depth", s.depth, 1, wire::kMaxDepth);
    inRange<std::uint64_t>(problems, "frames", s.frames, 1, wire::kMaxFrames);
    inRange<std::uint64_t>(problems, "seed", s.seed, 0, kLargestExact);
    inRange(problems, "min_interval_ms", s.minIntervalMs, 0.0, kHourMs);
    inRange(problems, "min_failover_ms", s.minFailoverMs, 1.0, 600'000.0);
    inRange(problems, "device_threads", s.deviceThreads, 1, 64);
    inRange(problems, "edge_threads", s.edgeThreads, 1, 64);
    inRange(problems, "deadline_ms", s.deadlineMs, 0.0, kHourMs);
}

void checkDevice(Problems& problems, const Scenario& s)
{
    if (s.device != "loopback")
        if (const auto address = parseTcpAddress(s.device); !address)
            problems.push_back({"device", address.error().text});
    if (!s.deviceKey.empty() && !link::isKey(s.deviceKey))
        problems.push_back(
            {"device_key",
             "'" + s.deviceKey + "' is not a public key: 40 Z85 characters, as `splitscoped --show-key` prints them"});
}

/// Checks one member at a time by putting it among good ones, so that ranges stand in one place, and each problem at its field.
template <typename T, typename Member, typename Check>
void checkAlone(Problems& problems, const char* field, const T& all, Member member, Check checkOne)
{
    T alone;
    alone.*member = all.*member;
    addStatus(problems, field, checkOne(alone));
}

void checkReward(Problems& problems, const Scenario& s)
{
    using decision::Objective;
    const auto check = [](const Objective& objective) { return decision::check(objective); };
    const auto& o = s.objective;
    checkAlone(problems, "reward.s_mb_per_s", o, &Objective::sensitivity, check);
    checkAlone(problems, "reward.n", o, &Objective::scale, check);
    checkAlone(problems, "reward.energy_limit_j_per_frame", o, &Objective::energyLimitJoules, check);
    checkAlone(problems, "reward.deadline_ms", o, &Objective::deadlineMs, check);
    checkAlone(problems, "reward.accuracy_floor", o, &Objective::accuracyFloor, check);
    checkAlone(problems, "reward.first_cut", o, &Objective::firstCut, check);
    checkAlone(problems, "reward.last_cut", o, &Objective::lastCut, check);
}

/// Its numbers are checked against each other: the first one that is wrong is told.
void checkScale(Problems& problems, const decision::RewardScale& scale)
{
    const auto status = decision::check(scale);
    if (status)
        return;
    constexpr std::array<std::pair<const char*, const char*>, 5> kFields{{{"least accuracy", "scale.accuracy_min"},
                                                                          {"greatest accuracy", "scale.accuracy_max"},
                                                                          {"T_min", "scale.latency_min_ms"},
                                                                          {"T_max", "scale.latency_max_ms"},
                                                                          {"B_max", "scale.max_bytes_per_second"}}};
    const auto& error = status.error();
    const auto found = std::find_if(kFields.begin(), kFields.end(),
                                    [&](const auto& field) { return error.where.find(field.first) != std::string::npos; });
    problems.push_back({found == kFields.end() ? "scale" : found->second, error.text});
}

void checkEnergy(Problems& problems, const profile::EnergyProfile& energy)
{
    using profile::EnergyProfile;
    using profile::RadioChannel;
    const auto check = [](const EnergyProfile& one) { return profile::check(one, {}); };
    checkAlone(problems, "energy.source", energy, &EnergyProfile::source, check);
    checkAlone(problems, "energy.k0_j_s2_per_cycle", energy, &EnergyProfile::k0, check);
    checkAlone(problems, "energy.frequency_hz", energy, &EnergyProfile::frequencyHz, check);
    checkAlone(problems, "energy.flops_per_cycle", energy, &EnergyProfile::flopsPerCycle, check);
    checkAlone(problems, "energy.transmit_watts", energy, &EnergyProfile::transmitWatts, check);
    if (!energy.channel)
        return;
    const auto checkChannel = [](const RadioChannel& channel) {
        EnergyProfile profile;
        profile.channel = channel;
        return profile::check(profile, {});
    };
    checkAlone(problems, "energy.channel.bandwidth_hz", *energy.channel, &RadioChannel::bandwidthHz, checkChannel);
    checkAlone(problems, "energy.channel.sinr_per_watt", *energy.channel, &RadioChannel::sinrPerWatt, checkChannel);
}

void checkFile(Problems& problems, const char* field, const std::string& file, const char* emptyMeans)
{
    std::error_code ignored;
    if (!file.empty() && !std::filesystem::is_regular_file(file, ignored))
        problems.push_back({field, "'" + file + "' is not there, or is no file; empty: " + emptyMeans});
}

void checkFiles(Problems& problems, const Scenario& s)
{
    constexpr const char* kShipped = "the one shipped for the model and the data";
    checkFile(problems, "weights", s.weights, kShipped);
    checkFile(problems, "codebook", s.codebook, kShipped);
    if (s.costTable != "none")
        checkFile(problems, "cost_table", s.costTable, "the one shipped for the model and the data; 'none': do without");
    checkFile(problems, "policy", s.policy, kShipped);
    checkFile(problems, "shadow", s.shadow, "no shadow");
}

void checkFaults(Problems& problems, const Scenario& s)
{
    for (const auto& scheduled : s.faults) {
        if (const auto status = check(scheduled.fault); !status)
            return addStatus(problems, "faults", status);
        if (scheduled.frame >= s.frames)
            return problems.push_back(
                {"faults",
                 "'" + toString(scheduled) + "' never comes: the run has " + std::to_string(s.frames) + " frames, from 0 on"});
    }
}

/// What strategies with a decision of their own take from the scenario.
void checkDecision(Problems& problems, const Scenario& s, const model::NetworkSpec& spec)
{
    if (s.strategy != "fixed" && s.strategy != "on-device" && s.strategy != "on-edge")
        return;
    const decision::Decision exitAlone{s.decision.exit, 0, {codec::CodingKind::Raw, 0}};
    const auto status = decision::check(spec, s.strategy == "fixed" ? s.decision : exitAlone);
    if (status)
        return;
    std::string field = status.error().where;  // "decision: exit"
    if (const auto colon = field.find(": "); colon != std::string::npos)
        field.replace(colon, 2, ".");
    problems.push_back({field, status.error().text});
}

void checkStrategyName(Problems& problems, const Scenario& s)
{
    const auto names = strategy::strategyNames();
    if (std::find(names.begin(), names.end(), s.strategy) != names.end())
        return;
    std::string list;
    for (const auto& name : names)
        list += (list.empty() ? "" : ", ") + name;
    problems.push_back({"strategy", "there is no strategy '" + s.strategy + "'; there are " + list});
}

/// The strategy can be made, with the tables and policies that it needs.
base::Status checkStrategy(const Scenario& s, const model::NetworkSpec& spec)
{
    const auto options = strategyOptions(s);
    if (!options)
        return options.error();
    const auto made = s.shadow.empty() ? strategy::makeStrategy(s.strategy, spec, *options)
                                       : strategy::makeShadowed(s.strategy, s.shadow, spec, *options, {});
    if (!made)
        return base::Error{made.error().code, made.error().text, "scenario: " + made.error().where};
    return {};
}

}  // namespace

std::vector<FieldProblem> fieldProblems(const Scenario& s)
{
    Problems problems;
    checkDevice(problems, s);
    checkNumbers(problems, s);
    checkReward(problems, s);
    if (s.scale)
        checkScale(problems, *s.scale);
    checkEnergy(problems, s.energy);
    if (s.data.empty())
        problems.push_back({"data", "is empty; it is patterns, cifar10, imagenette, or a folder or zip of images on the device"});
    if (const auto split = data::parseSplit(s.split); !split)
        problems.push_back({"split", "'" + s.split + "' " + split.error().text});
    if (const auto uplink = makeUplink(s.bandwidth, s.shaping); !uplink)
        problems.push_back({"bandwidth", uplink.error().text});
    if (const auto actions = decision::parseSpaceOptions(s.actionSet); !actions)
        problems.push_back({"action_set", actions.error().text});
    checkFiles(problems, s);
    checkFaults(problems, s);
    checkStrategyName(problems, s);
    if (const auto spec = model::loadNetworkSpec(s.model); spec)
        checkDecision(problems, s, *spec);
    else
        problems.push_back({"model", spec.error().message()});
    return problems;
}

std::vector<FieldProblem> strategyProblems(const Scenario& s)
{
    const auto spec = model::loadNetworkSpec(s.model);
    if (!spec)
        return {{"model", spec.error().message()}};
    const auto status = checkStrategy(s, *spec);
    if (status)
        return {};
    const auto& error = status.error();
    const auto says = [&](const char* what) { return error.where.find(what) != std::string::npos; };
    if (says("cost_table") || says("cost table") || (!s.costTable.empty() && says(s.costTable.c_str())))
        return {{"cost_table", error.text}};
    if (says("shadow"))
        return {{"shadow", error.text}};
    if (!s.policy.empty())
        return {{"policy", error.message()}};
    return {{"strategy", error.message()}};
}

base::Status check(const Scenario& scenario)
{
    if (const auto problems = fieldProblems(scenario); !problems.empty())
        return base::Error{base::ErrorCode::InvalidInput, problems.front().text, "scenario: " + problems.front().field};
    const auto spec = model::loadNetworkSpec(scenario.model);
    return spec ? checkStrategy(scenario, *spec) : spec.error();
}

}  // namespace splitscope::session
