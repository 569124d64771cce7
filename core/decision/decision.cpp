// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decision/decision.h"

#include "core/base/units.h"

#include <algorithm>

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

}  // namespace

std::string toString(const Decision& decision)
{
    auto coding = codec::toString(decision.coding);
    if (decision.coding.kind == CodingKind::Quantized)
        coding += " bits";
    return "exit " + std::to_string(decision.exit) + ", cut " + std::to_string(decision.partition) + ", " + coding;
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
    return checkCoding(decision.coding, decision.partition, n);
}

Decision onDevice(const model::NetworkSpec& spec, int exit)
{
    return {exit, spec.exits[static_cast<std::size_t>(exit - 1)].layerCount(), {CodingKind::LabelOnly, 0}};
}

SpaceOptions SpaceOptions::paper()
{
    return {.bits = {4, 8, 12}, .raw = true, .lossless = false, .jpegQualities = {}, .float32 = false};
}

SpaceOptions SpaceOptions::verification()
{
    return {.bits = {}, .raw = false, .lossless = false, .jpegQualities = {}, .float32 = true};
}

base::Result<SpaceOptions> parseSpaceOptions(const std::string& text)
{
    if (text == "standard")
        return SpaceOptions();
    if (text == "paper")
        return SpaceOptions::paper();
    if (text == "verification")
        return SpaceOptions::verification();
    const base::Error unknown{
        base::ErrorCode::InvalidInput,
        "'" + text + "' is no action set; there are standard, paper, verification, or bit widths like bits:4,8", "action set"};
    const std::string prefix = "bits:";
    if (!text.starts_with(prefix))
        return unknown;
    SpaceOptions options{.bits = {}, .raw = false, .lossless = false, .jpegQualities = {}, .float32 = false};
    for (std::size_t at = prefix.size(); at <= text.size();) {
        const auto comma = std::min(text.find(',', at), text.size());
        const auto bits
            = base::parseInteger(std::string_view(text).substr(at, comma - at), codec::kMinBits, codec::kMaxBits, "action set");
        if (!bits)
            return bits.error();
        options.bits.push_back(static_cast<int>(*bits));
        at = comma + 1;
    }
    return options;
}

DecisionSpace::DecisionSpace(const model::NetworkSpec& spec, const SpaceOptions& options)
{
    for (int exit = 1; exit <= spec.exitCount(); ++exit) {
        const auto& path = m_paths.emplace_back(spec, exit);
        for (int p = 0; p <= path.length(); ++p) {
            const auto codings = codingsAt(p, path.length(), options);
            m_validCount += codings.size();
            if (path.canonicalCut(p) != p)
                continue;
            for (const auto& coding : codings)
                m_decisions.push_back({exit, p, coding});
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
