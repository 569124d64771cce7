// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decision/decision.h"

#include "core/base/units.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace splitscope::decision {

using codec::Coding;
using codec::CodingKind;

namespace {

/// The codings that a space offers at cut p of a path of n layers.
std::vector<Coding> codingsAt(int p, int n, const SpaceOptions& options)
{
    std::vector<Coding> codings;
    if (p == n)
        return {{CodingKind::LabelOnly, 0}};
    if (p == 0) {
        if (options.raw)
            codings.push_back({CodingKind::Raw, 0});
        if (options.lossless)
            codings.push_back({CodingKind::Lossless, 0});
        for (int quality : options.jpegQualities)
            codings.push_back({CodingKind::Jpeg, quality});
    } else {
        for (int bits : options.bits)
            codings.push_back({CodingKind::Quantized, bits});
    }
    if (options.float32)
        codings.push_back({CodingKind::Float32, 0});
    return codings;
}

base::Error wrong(const std::string& text, const std::string& field)
{
    return {base::ErrorCode::InvalidInput, text, "decision: " + field};
}

base::Status checkCoding(const Coding& coding, int p, int n)
{
    const bool label = coding.kind == CodingKind::LabelOnly;
    if (label != (p == n))
        return wrong(label ? "only the last cut (" + std::to_string(n) + ") sends just a label"
                           : "everything is on the device at cut " + std::to_string(n) + "; its coding is 'label'",
                     "coding");
    const bool frame = coding.kind == CodingKind::Raw || coding.kind == CodingKind::Lossless || coding.kind == CodingKind::Jpeg;
    if (frame && p != 0)
        return wrong("'" + toString(coding) + "' codes frames, and only cut 0 sends frames", "coding");
    if (coding.kind == CodingKind::Quantized && p == 0)
        return wrong("cut 0 sends the frame: choose raw, lossless or jpeg:Q instead of a bit width", "coding");
    if (coding.kind == CodingKind::Quantized && (coding.parameter < codec::kMinBits || coding.parameter > codec::kMaxBits))
        return wrong("bit width " + std::to_string(coding.parameter) + " is outside 2..16", "coding");
    if (coding.kind == CodingKind::Jpeg && (coding.parameter < 1 || coding.parameter > 100))
        return wrong("JPEG quality " + std::to_string(coding.parameter) + " is outside 1..100", "coding");
    return {};
}

/// Exits and partition have been checked.
base::Status checkGate(const model::NetworkSpec& spec, const Decision& decision)
{
    const auto& gate = *decision.gate;
    if (gate.exit < 1 || gate.exit >= decision.exit)
        return wrong("a gate at exit " + std::to_string(gate.exit) + " is not before exit " + std::to_string(decision.exit),
                     "gate");
    if (!(gate.threshold > 0 && gate.threshold <= kMaxGateThreshold))
        return wrong("a gate's threshold of " + std::to_string(gate.threshold) + " nats is outside (0, 100]", "gate");
    const auto& exit = spec.exits[static_cast<std::size_t>(decision.exit - 1)];
    if (decision.partition > exit.after && decision.partition < exit.layerCount())
        return wrong("with a gate the trunk is cut (up to " + std::to_string(exit.after) + "), or nothing is; cut "
                         + std::to_string(decision.partition) + " lies within the head of exit " + std::to_string(decision.exit),
                     "gate");
    return {};
}

base::Result<double> parseThreshold(std::string_view text)
{
    double value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end || !(value > 0 && value <= kMaxGateThreshold))
        return base::Error{base::ErrorCode::InvalidInput,
                           "'" + std::string(text) + "' is no threshold: an entropy in nats, above 0 and up to 100", "gate"};
    return value;
}

/// The shortest text that is read as this number again.
std::string shortest(double value)
{
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}

/// Calls item(part) for each part between commas; the first Error ends it.
template <typename Item>
base::Status eachPart(std::string_view list, Item item)
{
    for (std::size_t at = 0; at <= list.size();) {
        const auto comma = std::min(list.find(',', at), list.size());
        if (base::Status status = item(list.substr(at, comma - at)); !status)
            return status;
        at = comma + 1;
    }
    return {};
}

}  // namespace

std::string toString(const Gate& gate) { return std::to_string(gate.exit) + ":" + shortest(gate.threshold); }

base::Result<Gate> parseGate(const std::string& text)
{
    constexpr int kMostExits = 1000;
    const auto colon = text.find(':');
    if (colon == std::string::npos)
        return base::Error{base::ErrorCode::InvalidInput, "'" + text + "' is not EXIT:THRESHOLD, e.g. 1:0.5", "gate"};
    const auto exit = base::parseInteger(std::string_view(text).substr(0, colon), 1, kMostExits, "gate");
    if (!exit)
        return exit.error();
    const auto threshold = parseThreshold(std::string_view(text).substr(colon + 1));
    if (!threshold)
        return threshold.error();
    return Gate{static_cast<int>(*exit), *threshold};
}

std::string toString(const Decision& decision)
{
    auto coding = codec::toString(decision.coding);
    if (decision.coding.kind == CodingKind::Quantized)
        coding += " bits";
    auto text = "exit " + std::to_string(decision.exit) + ", cut " + std::to_string(decision.partition) + ", " + coding;
    if (decision.gate)
        text += ", gate " + std::to_string(decision.gate->exit) + " below " + shortest(decision.gate->threshold);
    return text;
}

base::Status check(const model::NetworkSpec& spec, const Decision& decision)
{
    if (decision.exit < 1 || decision.exit > spec.exitCount())
        return wrong("exit " + std::to_string(decision.exit) + " is outside 1.." + std::to_string(spec.exitCount()) + " of "
                         + spec.name,
                     "exit");
    const int n = spec.exits[static_cast<std::size_t>(decision.exit - 1)].layerCount();
    if (decision.partition < 0 || decision.partition > n)
        return wrong("partition point " + std::to_string(decision.partition) + " is outside 0.." + std::to_string(n) + " of exit "
                         + std::to_string(decision.exit),
                     "partition");
    if (auto status = checkCoding(decision.coding, decision.partition, n); !status)
        return status;
    return decision.gate ? checkGate(spec, decision) : base::Status();
}

bool gatedOnEdge(const model::NetworkSpec& spec, const Decision& decision)
{
    if (!decision.gate)
        return false;
    const model::Path path(spec, decision.exit);
    const int branch = spec.exits[static_cast<std::size_t>(decision.gate->exit - 1)].after;
    return path.canonicalCut(decision.partition) < path.canonicalCut(branch);
}

bool gatedOnDevice(const model::NetworkSpec& spec, const Decision& decision)
{
    return decision.gate && !gatedOnEdge(spec, decision);
}

Decision onDevice(const model::NetworkSpec& spec, int exit)
{
    return {exit, spec.exits[static_cast<std::size_t>(exit - 1)].layerCount(), {CodingKind::LabelOnly, 0}};
}

Decision onDevice(const model::NetworkSpec& spec, const Decision& decision)
{
    auto local = onDevice(spec, decision.exit);
    local.gate = decision.gate;
    return local;
}

const std::vector<double>& SpaceOptions::usualGateThresholds()
{
    static const std::vector<double> kThresholds{0.1, 0.3, 0.6, 1.0};
    return kThresholds;
}

SpaceOptions SpaceOptions::paper()
{
    return {.bits = {4, 8, 12}, .raw = true, .lossless = false, .jpegQualities = {}, .float32 = false};
}

SpaceOptions SpaceOptions::verification()
{
    return {.bits = {}, .raw = false, .lossless = false, .jpegQualities = {}, .float32 = true};
}

namespace {

/// What may stand behind the codings, and what it fills.
struct GatesOf {
    std::string_view name;
    std::vector<double> SpaceOptions::*thresholds;
};
constexpr std::array kGates{GatesOf{"+gates", &SpaceOptions::gateThresholds},
                            GatesOf{"+edge-gates", &SpaceOptions::edgeGateThresholds}};

/// Where the next of them begins, from here on.
std::size_t findGates(std::string_view text, std::size_t from)
{
    auto first = std::string_view::npos;
    for (const auto& gates : kGates)
        first = std::min(first, text.find(gates.name, from));
    return first;
}

/// What stands before them.
base::Result<SpaceOptions> parseCodings(const std::string& text)
{
    if (text == "standard")
        return SpaceOptions();
    if (text == "paper")
        return SpaceOptions::paper();
    if (text == "verification")
        return SpaceOptions::verification();
    const std::string_view prefix = "bits:";
    if (!text.starts_with(prefix))
        return base::Error{base::ErrorCode::InvalidInput,
                           "'" + text
                               + "' is no action set; there are standard, paper, verification, or bit widths like bits:4,8, each "
                                 "with +gates or +gates:0.1,0.5 behind it, +edge-gates likewise, or without",
                           "action set"};
    SpaceOptions options{.bits = {}, .raw = false, .lossless = false, .jpegQualities = {}, .float32 = false};
    const auto status = eachPart(std::string_view(text).substr(prefix.size()), [&](std::string_view part) -> base::Status {
        const auto bits = base::parseInteger(part, codec::kMinBits, codec::kMaxBits, "action set");
        if (!bits)
            return bits.error();
        options.bits.push_back(static_cast<int>(*bits));
        return {};
    });
    if (!status)
        return status.error();
    return options;
}

/// What stands behind "+gates" or "+edge-gates".
base::Result<std::vector<double>> parseThresholds(std::string_view text)
{
    if (text.empty())
        return SpaceOptions::usualGateThresholds();
    if (text.front() != ':')
        return base::Error{base::ErrorCode::InvalidInput,
                           "behind '+gates' and '+edge-gates' come thresholds, like +gates:0.1,0.5, or nothing", "action set"};
    std::vector<double> thresholds;
    const auto status = eachPart(text.substr(1), [&](std::string_view part) -> base::Status {
        const auto threshold = parseThreshold(part);
        if (!threshold)
            return base::Error{threshold.error().code, threshold.error().text, "action set"};
        thresholds.push_back(*threshold);
        return {};
    });
    if (!status)
        return status.error();
    std::sort(thresholds.begin(), thresholds.end());
    thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
    return thresholds;
}

}  // namespace

base::Result<SpaceOptions> parseSpaceOptions(const std::string& text)
{
    auto options = parseCodings(withoutGates(text));
    std::string_view rest(text);
    for (auto at = findGates(rest, 0); options && at != std::string_view::npos; at = findGates(rest, 0)) {
        rest.remove_prefix(at);
        const auto gates = *std::ranges::find_if(kGates, [&](const auto& each) { return rest.starts_with(each.name); });
        const auto end = std::min(rest.size(), findGates(rest, gates.name.size()));
        auto thresholds = parseThresholds(rest.substr(gates.name.size(), end - gates.name.size()));
        if (!thresholds)
            return thresholds.error();
        auto& wanted = (*options).*gates.thresholds;
        if (!wanted.empty())
            return base::Error{base::ErrorCode::InvalidInput, "it names " + std::string(gates.name) + " twice", "action set"};
        wanted = *std::move(thresholds);
        rest.remove_prefix(end);
    }
    return options;
}

std::string withoutGates(const std::string& actionSet) { return actionSet.substr(0, findGates(actionSet, 0)); }

DecisionSpace::DecisionSpace(const model::NetworkSpec& spec, const SpaceOptions& options)
{
    for (int exit = 1; exit <= spec.exitCount(); ++exit) {
        const auto& path = m_paths.emplace_back(spec, exit);
        for (int p = 0; p <= path.length(); ++p)
            for (const auto& coding : codingsAt(p, path.length(), options)) {
                const Decision decision{exit, p, coding};
                ++m_validCount;
                if (path.canonicalCut(p) == p)
                    m_decisions.push_back(decision);
                addGated(spec, decision, options);
            }
    }
}

void DecisionSpace::addGated(const model::NetworkSpec& spec, const Decision& decision, const SpaceOptions& options)
{
    const bool isDistinct = path(decision.exit).canonicalCut(decision.partition) == decision.partition;
    auto gated = decision;
    for (int exit = 1; exit < decision.exit; ++exit) {
        gated.gate = Gate{exit};
        for (const double threshold : gatedOnEdge(spec, gated) ? options.edgeGateThresholds : options.gateThresholds) {
            gated.gate->threshold = threshold;
            if (!check(spec, gated))
                continue;
            ++m_validCount;
            if (isDistinct)
                m_decisions.push_back(gated);
        }
    }
}

Decision DecisionSpace::canonical(const Decision& decision) const
{
    auto same = decision;
    same.partition = path(decision.exit).canonicalCut(decision.partition);
    return same;
}

const std::string& DecisionSpace::cutName(const Decision& decision) const
{
    return path(decision.exit).cutName(decision.partition);
}

}  // namespace splitscope::decision
