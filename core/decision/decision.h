// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/codec/coding.h"
#include "core/model/path.h"

#include <optional>
#include <string>
#include <vector>

namespace splitscope::decision {

/// An early exit that may answer by itself, frame by frame (BranchyNet): where the softmax entropy of that exit's answer is below
/// the threshold it is the frame's. The other frames go on, to the end of the decision's exit's path. Where the exit branches off
/// before the cut, or at it, the gate is the device's: of frames that it answers nothing is sent. Where it branches off behind
/// the cut the gate is the edge's: all frames are sent as without one.
struct Gate {
    int exit = 1;  ///< g, before the decision's exit
    double threshold = 0;  ///< nats, in (0, kMaxGateThreshold]; no entropy exceeds ln(classes)

    [[nodiscard]] bool answers(float entropy) const { return static_cast<double>(entropy) < threshold; }
    bool operator==(const Gate&) const = default;
};
inline constexpr double kMaxGateThreshold = 100;

/// Where to stop, where to cut, how coarsely to send (the paper's a_t, eq. 6); and which frames may stop earlier.
struct Decision {
    int exit = 1;  ///< 1-based
    int partition = 0;  ///< p: the device runs layers 1..p of the exit's path, the edge the rest
    codec::Coding coding;
    std::optional<Gate> gate{};  ///< all frames go on where there is none

    bool operator==(const Decision&) const = default;
};

/// "exit 2, cut 6, 8 bits" for people; with a gate ", gate 1 below 0.5" behind it.
std::string toString(const Decision& decision);

/// "1:0.5": exit and threshold, as they are typed and stored.
std::string toString(const Gate& gate);
/// The threshold is read to the last bit; an Error says what is accepted.
base::Result<Gate> parseGate(const std::string& text);

/// The coding fits the cut (0 < p < N_e: bits or float32; p = 0: raw, lossless, jpeg, float32; p = N_e: label) and exit
/// and partition exist. A gate lies before the exit, and with it the cut in the trunk or at N_e. An Error names the field and the
/// range.
base::Status check(const model::NetworkSpec& spec, const Decision& decision);

/// Which half evaluates the gate of a decision that has been checked; neither where it has none.
bool gatedOnDevice(const model::NetworkSpec& spec, const Decision& decision);
bool gatedOnEdge(const model::NetworkSpec& spec, const Decision& decision);

/// Everything on the device.
Decision onDevice(const model::NetworkSpec& spec, int exit);
/// The decision's exit, and gate, without an edge.
Decision onDevice(const model::NetworkSpec& spec, const Decision& decision);

/// Which codings a space offers.
struct SpaceOptions {
    std::vector<int> bits{4, 8, 12, 16};
    bool raw = true;
    bool lossless = true;
    std::vector<int> jpegQualities{30, 60, 90};
    bool float32 = false;  ///< exact values, for verification
    std::vector<double> gateThresholds{};  ///< nats; each, at every earlier exit that the device gets to; none: no such gates
    std::vector<double> edgeGateThresholds{};  ///< the same, at every earlier exit behind the cut

    /// Whether some decisions have gates.
    [[nodiscard]] bool anyGates() const { return !gateThresholds.empty() || !edgeGateThresholds.empty(); }
    /// What "+gates" and "+edge-gates" stand for.
    static const std::vector<double>& usualGateThresholds();
    /// The paper's own: 4, 8, 12 bits, raw frames at p = 0.
    static SpaceOptions paper();
    /// Only float32 and labels: every cut, exactly.
    static SpaceOptions verification();
};

/// "standard", "paper", "verification", or bit widths alone, "bits:4,8"; behind it "+gates" (the device's), "+edge-gates" or
/// both, with usual thresholds, or with those that are named: "standard+gates:0.1,0.5+edge-gates". An Error lists what is
/// accepted.
base::Result<SpaceOptions> parseSpaceOptions(const std::string& text);
/// An action set's text without its gates: what is measured of the set, for gates are priced from the rest.
std::string withoutGates(const std::string& actionSet);

/// All valid decisions of a network, and the distinct ones: cuts that are the same tensor are one cut.
class DecisionSpace {
public:
    DecisionSpace(const model::NetworkSpec& spec, const SpaceOptions& options);

    /// Distinct decisions, by exit, then cut, then coding, then gate: first without one.
    [[nodiscard]] const std::vector<Decision>& decisions() const { return m_decisions; }
    /// Valid decisions before equal cuts were merged.
    [[nodiscard]] std::size_t validCount() const { return m_validCount; }
    /// The distinct decision that does the same (same tensor at the cut).
    [[nodiscard]] Decision canonical(const Decision& decision) const;
    /// Name of the tensor that crosses.
    [[nodiscard]] const std::string& cutName(const Decision& decision) const;
    /// exit is 1-based.
    [[nodiscard]] const model::Path& path(int exit) const { return m_paths[static_cast<std::size_t>(exit - 1)]; }

private:
    void addGated(const model::NetworkSpec& spec, const Decision& decision, const SpaceOptions& options);

    std::vector<model::Path> m_paths;
    std::vector<Decision> m_decisions;
    std::size_t m_validCount = 0;
};

}  // namespace splitscope::decision
