// SPDX-License-Identifier: GPL-3.0-or-later
// What states a link is in: Edgent's configuration map has a plan for each of them.
#pragma once

#include "core/sim/trace.h"

#include <filesystem>
#include <string>
#include <vector>

namespace splitscope::sim {

struct BandwidthStates {
    std::vector<double> bytesPerSecond;  ///< ascending, all above 0
    std::string command;  ///< that made them
    std::string source;  ///< whose traces they are of

    /// Of the state nearest by logarithm.
    [[nodiscard]] std::size_t nearest(double rate) const;
};

/// Each trace is split where its rate, in means over seconds, changes (ChangePointDetector); a stretch's geometric mean is a
/// state. Of all of them, weighted by how long they last, the quantiles at (i + ½)/count. An Error where no trace has a rate
/// above 0.
base::Result<BandwidthStates> bandwidthStates(const std::vector<Trace>& traces, int count);

base::Status save(const BandwidthStates& states, const std::filesystem::path& path);
/// An Error names the file and what is wrong in it.
base::Result<BandwidthStates> loadBandwidthStates(const std::filesystem::path& path);
/// Those that ship, of the Oboe traces: made with `trace states`.
base::Result<BandwidthStates> shippedBandwidthStates();

}  // namespace splitscope::sim
