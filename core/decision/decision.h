// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/codec/coding.h"
#include "core/model/path.h"

#include <string>
#include <vector>

namespace splitscope::decision {

/// Where to stop, where to cut, how coarsely to send (the paper's a_t, eq. 6).
struct Decision {
    int exit = 1;  ///< 1-based
    int partition = 0;  ///< p: the device runs layers 1..p of the exit's path, the edge the rest
    codec::Coding coding;

    bool operator==(const Decision&) const = default;
};

/// "exit 2, cut 6, 8 bits" for people.
std::string toString(const Decision& decision);

/// The coding fits the cut (0 < p < N_e: bits or float32; p = 0: raw, lossless, jpeg, float32; p = N_e: label) and exit
/// and partition exist. An Error names the field and the range.
base::Status check(const model::NetworkSpec& spec, const Decision& decision);

/// Everything on the device.
Decision onDevice(const model::NetworkSpec& spec, int exit);

/// Which codings a space offers.
struct SpaceOptions {
    std::vector<int> bits{4, 8, 12, 16};
    bool raw = true;
    bool lossless = true;
    std::vector<int> jpegQualities{30, 60, 90};
    bool float32 = false;  ///< exact values, for verification

    /// The paper's own: 4, 8, 12 bits, raw frames at p = 0.
    static SpaceOptions paper();
    /// Only float32 and labels: every cut, exactly.
    static SpaceOptions verification();
};

/// "standard", "paper", "verification", or bit widths alone, "bits:4,8"; an Error lists what is accepted.
base::Result<SpaceOptions> parseSpaceOptions(const std::string& text);

/// All valid decisions of a network, and the distinct ones: cuts that are the same tensor are one cut.
class DecisionSpace {
public:
    DecisionSpace(const model::NetworkSpec& spec, const SpaceOptions& options);

    /// Distinct decisions, by exit, then cut, then coding.
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
    std::vector<model::Path> m_paths;
    std::vector<Decision> m_decisions;
    std::size_t m_validCount = 0;
};

}  // namespace splitscope::decision
