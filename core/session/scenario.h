// SPDX-License-Identifier: GPL-3.0-or-later
// One experiment as a document: what runs where, over which link, under which strategy.
#pragma once

#include "core/base/result.h"
#include "core/codec/coding.h"
#include "core/decision/reward.h"
#include "core/profile/energy_model.h"
#include "core/session/fault.h"
#include "core/sim/trace.h"
#include "core/wire/messages.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace splitscope::session {

struct Scenario {
    std::string device = "loopback";  ///< or tcp://HOST:PORT (control port; data is the next one)
    std::string deviceKey;  ///< public key of a tcp device; empty: looked up among the known devices
    std::string model = "alexnet3";
    std::string data = "patterns";
    std::string split = "evaluation";
    std::string strategy = "cycle";
    decision::Decision decision{2, 6, {codec::CodingKind::Quantized, 8}};  ///< what fixed strategies use
    int jpegQuality = 80;
    std::string actionSet = "standard";  ///< what strategies choose from: decision::parseSpaceOptions()
    int dwell = 20;  ///< `cycle`: requests per decision
    double accuracyLoss = 0.01;  ///< `jalad`, `ko-lossy`: the most that coding may cost, a share of all frames
    std::optional<codec::EntropyCoder> coder;  ///< unset: the cost table's, or usualCoder() without one (freeze() writes it down)
    std::string bandwidth = "unlimited";  ///< of the uplink, over time: sim::parseBandwidth()
    wire::Shaping shaping;  ///< burst, delay, jitter, and who shapes; its rate is bandwidth's
    bool probe = true;  ///< measure the uplink with filler where frames do not tell its rate
    double slowdown = 1;
    wire::SlowdownBy slowdownBy = wire::SlowdownBy::Waiting;
    int batch = 1;
    int depth = 1;
    std::uint64_t frames = 1000;
    std::uint64_t seed = 1;
    double minIntervalMs = 0;
    double minFailoverMs = 200;  ///< the device waits at least this long for a silent edge
    int deviceThreads = 1;
    int edgeThreads = 1;
    double deadlineMs = 0;  ///< for deadline_met, and the reward's where that names none of its own; 0: none
    bool recordLogits = false;
    profile::EnergyProfile energy;  ///< what the device's modelled energy is computed from
    std::string weights;  ///< a weights file; empty: those shipped for the model and the data
    std::string codebook;  ///< a codebook file, for coders that need one; empty: the one shipped for the model and the data
    decision::Objective objective;  ///< the sliders
    std::optional<decision::RewardScale> scale;  ///< frozen; without it, it is computed from the cost table and written down
    std::string costTable;  ///< a file; empty: the one shipped for the model and the data; "none": do without
    bool correctTable = false;  ///< strategies see the table's times as requests of late took them; its file stays as it is
    std::string policy;  ///< a policy file for learned strategies; empty: the shipped one
    std::vector<ScheduledFault> faults;  ///< what it is made to suffer, and when
    std::string shadow;  ///< a policy file whose decisions are compared silently with the strategy's; empty: none

    bool operator==(const Scenario&) const = default;

    /// What the first run on one machine shows: a Pi-like slow device behind a 4G uplink, all decisions in turn.
    static Scenario demonstration();
};

/// Fields are checked against the model: an Error names the field, the value and the range.
base::Status check(const Scenario& scenario);

/// "waiting" or "work"; "user" or "kernel".
base::Result<wire::SlowdownBy> parseSlowdownBy(const std::string& text);
base::Result<wire::ShapedBy> parseShapedBy(const std::string& text);
/// "paper" or "edgent".
base::Result<decision::RewardKind> parseRewardKind(const std::string& text);
std::string toString(decision::RewardKind kind);

/// HOST and PORT of "tcp://HOST:PORT" (an IPv6 host stands in brackets).
struct TcpAddress {
    std::string host;
    int port = 0;
};
base::Result<TcpAddress> parseTcpAddress(const std::string& text);
std::string toString(const TcpAddress& address);

/// JSON with one key per field, units in the names (the keys are listed in scenario_json.cpp); unknown keys are Errors. Missing
/// keys keep their defaults.
base::Result<Scenario> parseScenario(std::string_view json, const std::string& where);
base::Result<Scenario> loadScenario(const std::filesystem::path& path);
std::string toJson(const Scenario& scenario);

/// The uplink as the device is told: a constant rate in the shaping, any other as a trace that takes its place.
struct Uplink {
    wire::Shaping shaping;
    std::optional<sim::Trace> rate;
};
base::Result<Uplink> makeUplink(const std::string& bandwidth, const wire::Shaping& shaping);

}  // namespace splitscope::session
