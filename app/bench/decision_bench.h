// SPDX-License-Identifier: GPL-3.0-or-later
// `bench decision`: what the cost table predicts, held against what happens.
#pragma once

#include "app/bench/bench_report.h"
#include "core/link/host_pair.h"
#include "core/profile/cost_table.h"

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace splitscope::app {

struct DecisionBenchOptions {
    std::vector<std::string> models{"alexnet3", "alexnet3-128"};
    bool full = false;  ///< all decisions; otherwise a sample of them, within 45 s
    double seconds = 12;  ///< for the measured latencies, without full
    double slowdown = 6;  ///< of the device: no table is built with it
    /// A coded size is that of its frame, and a table predicts the mean: with bit packing, errors are the prediction's alone.
    codec::EntropyCoder coder = codec::EntropyCoder::None;
    std::filesystem::path cells;  ///< every predicted and measured latency as CSV; empty: not written
};

/// A network's cost table of this machine as both device and edge, measured in a run of all decisions, unshaped and not slowed,
/// between the two hosts (null: on loopback). Accuracies where a table of them ships; sizes of a few frames otherwise.
base::Result<profile::CostTable> measureTable(const std::string& model, codec::EntropyCoder coder, link::HostPair* hosts,
                                              bool full, const std::stop_token& stop);

/// Predicted against measured latencies between two hosts, by rate (decision_prediction.cpp).
base::Status measurePredictions(const DecisionBenchOptions& options, const std::vector<profile::CostTable>& tables,
                                link::HostPair& hosts, const std::stop_token& stop, BenchReport& report);

/// How many decisions are ever the fastest within a point of the best accuracy, and how long a prediction takes.
void reportOptimal(const std::vector<profile::CostTable>& tables, BenchReport& report);
void reportPredictTime(const profile::CostTable& table, BenchReport& report);

base::Status runDecisionBench(const DecisionBenchOptions& options, const std::stop_token& stop, BenchReport& report);

}  // namespace splitscope::app
