// SPDX-License-Identifier: GPL-3.0-or-later
// The cost table's part of `splitscope-cli table`.
#pragma once

#include "app/options.h"
#include "core/profile/cost_table.h"

#include <stop_token>
#include <string>
#include <vector>

namespace splitscope::app {

/// table build
int tableBuildVerb(const std::vector<std::string>& arguments, std::stop_token stop);

/// Under what decisions are shown.
struct CostView {
    std::vector<int> batches{1};
    std::vector<double> slowdowns{1};
    double bytesPerSecond = 1e6;
    double rttMs = -1;  ///< negative: the table's own
    double accuracyLoss = 0.01;
};

/// --batch, --slowdown, --bandwidth, --rtt.
void addCostView(Options& options, CostView& view);

/// Tables: what it is made of, each decision with its predicted time, and which are ever the fastest.
std::string costTableText(const profile::CostTable& table, const CostView& view);
/// {"network", …, "decisions": [{…}], "ever_optimal": [{"batch", "slowdown", "decisions", "ranges"}]} on one line.
std::string costTableSummary(const profile::CostTable& table, const CostView& view);

}  // namespace splitscope::app
