// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/scenario.h"

#include "core/base/units.h"
#include "core/sim/bandwidth.h"

namespace splitscope::session {

namespace {

base::Error wrong(const std::string& field, const std::string& text)
{
    return {base::ErrorCode::InvalidInput, text, "scenario: " + field};
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

std::string toString(const TcpAddress& address)
{
    const bool bare = address.host.find(':') != std::string::npos && !address.host.starts_with('[');
    return "tcp://" + (bare ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
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
