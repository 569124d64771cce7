// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/scenario.h"

#include "core/base/units.h"
#include "core/data/data_set.h"
#include "core/link/keys.h"
#include "core/session/pricing.h"
#include "core/sim/bandwidth.h"
#include "core/strategy/shadow.h"

#include <array>
#include <cstdio>
#include <type_traits>

namespace splitscope::session {

namespace {

base::Error wrong(const std::string& field, const std::string& text)
{
    return {base::ErrorCode::InvalidInput, text, "scenario: " + field};
}

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
base::Status inRange(const char* field, T value, T low, T high)
{
    if (value >= low && value <= high)  // false for NaN
        return {};
    return wrong(field, asText(value) + " is outside " + asText(low) + ".." + asText(high));
}

base::Status checkNumbers(const Scenario& s)
{
    constexpr std::uint64_t kLargestExact = 1ULL << 53;  // JSON's numbers are doubles
    constexpr double kHourMs = 3.6e6;
    const std::array checks{
        inRange("jpeg_quality", s.jpegQuality, 1, 100),
        inRange("dwell_requests", s.dwell, 1, 1'000'000),
        inRange("shaping.burst_bytes", s.shaping.burstBytes, 64.0, 1e9),
        inRange("shaping.delay_ms", s.shaping.delayMs, 0.0, 60'000.0),
        inRange("shaping.jitter_ms", s.shaping.jitterMs, 0.0, 60'000.0),
        inRange("slowdown", s.slowdown, 1.0, 1000.0),
        inRange("batch", s.batch, 1, wire::kMaxBatch),
        inRange("depth", s.depth, 1, wire::kMaxDepth),
        inRange<std::uint64_t>("frames", s.frames, 1, wire::kMaxFrames),
        inRange<std::uint64_t>("seed", s.seed, 0, kLargestExact),
        inRange("min_interval_ms", s.minIntervalMs, 0.0, kHourMs),
        inRange("min_failover_ms", s.minFailoverMs, 1.0, 600'000.0),
        inRange("device_threads", s.deviceThreads, 1, 64),
        inRange("edge_threads", s.edgeThreads, 1, 64),
        inRange("deadline_ms", s.deadlineMs, 0.0, kHourMs),
    };
    for (const auto& check : checks)
        if (!check)
            return check;
    return {};
}

base::Status checkDevice(const Scenario& s)
{
    if (s.device != "loopback")
        if (const auto address = parseTcpAddress(s.device); !address)
            return address.error();
    if (!s.deviceKey.empty() && !link::isKey(s.deviceKey))
        return wrong("device_key",
                     "'" + s.deviceKey + "' is not a public key: 40 Z85 characters, as `splitscoped --show-key` prints them");
    return {};
}

base::Status checkReward(const Scenario& s)
{
    if (const auto status = decision::check(s.objective); !status)
        return wrong("reward", status.error().message());
    if (!s.scale)
        return {};
    if (const auto status = decision::check(*s.scale); !status)
        return wrong("scale", status.error().message());
    return {};
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

Scenario Scenario::demonstration()
{
    Scenario s;
    s.bandwidth = "preset:4g";
    s.shaping.delayMs = 5;
    s.slowdown = 8;
    s.minIntervalMs = 40;
    s.dwell = 8;  // large tensors crawl over 4G: each gets a short turn
    return s;
}

base::Status check(const Scenario& scenario)
{
    if (const auto status = checkDevice(scenario); !status)
        return status;
    if (const auto status = checkNumbers(scenario); !status)
        return status;
    if (const auto status = checkReward(scenario); !status)
        return status;
    if (auto status = profile::check(scenario.energy, "scenario: energy"); !status)
        return status;
    if (scenario.data.empty())
        return wrong("data", "is empty; it is patterns, cifar10, imagenette, or a folder or zip of images on the device");
    if (const auto split = data::parseSplit(scenario.split); !split)
        return wrong("split", "'" + scenario.split + "' " + split.error().text);
    const auto spec = model::loadNetworkSpec(scenario.model);
    if (!spec)
        return wrong("model", spec.error().message());
    if (const auto uplink = makeUplink(scenario.bandwidth, scenario.shaping); !uplink)
        return uplink.error();
    return checkStrategy(scenario, *spec);
}

base::Result<TcpAddress> parseTcpAddress(const std::string& text)
{
    const base::Error error
        = wrong("device",
                "'" + text + "' is neither 'loopback' nor tcp://HOST:PORT with a port from 1 to 65534 (data uses the next one)");
    constexpr std::string_view kScheme = "tcp://";
    const auto colon = text.rfind(':');
    if (!text.starts_with(kScheme) || colon == std::string::npos || colon <= kScheme.size())
        return error;
    TcpAddress address;
    address.host = text.substr(kScheme.size(), colon - kScheme.size());
    const bool bracketed = address.host.front() == '[' && address.host.back() == ']';
    const auto port = base::parseInteger(text.substr(colon + 1), 1, 65534, "port");
    const bool plain = address.host.find_first_of(":/ *[]") == std::string::npos;
    if (!port || !(bracketed || plain))
        return error;
    address.port = static_cast<int>(*port);
    return address;
}

base::Result<Uplink> makeUplink(const std::string& bandwidth, const wire::Shaping& shaping)
{
    constexpr double kSlowest = 100;
    auto rate = sim::parseBandwidth(bandwidth);
    if (!rate)
        return base::Error{rate.error().code, rate.error().message(), "scenario: bandwidth"};
    if (rate->points().size() > wire::kMaxSchedulePoints)
        return wrong("bandwidth",
                     "has " + std::to_string(rate->points().size()) + " points; " + std::to_string(wire::kMaxSchedulePoints)
                         + " can be played: cut the trace, or import it with wider bins");
    Uplink uplink{shaping, std::nullopt};
    uplink.shaping.bytesPerSecond = 0;
    if (!rate->isConstant()) {
        uplink.rate = std::move(*rate);
        return uplink;
    }
    const double constant = rate->points().front().bytesPerSecond;
    if (constant < kSlowest)
        return wrong("bandwidth", "'" + bandwidth + "' is less than 100 B/s; 'unlimited' means unshaped");
    if (constant < wire::kMaxRate)
        uplink.shaping.bytesPerSecond = constant;
    return uplink;
}

}  // namespace splitscope::session
