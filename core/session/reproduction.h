// SPDX-License-Identifier: GPL-3.0-or-later
// The papers' experiments done again on this machine: tables measured and requests really sent, figures made of them, and one
// page that holds their statements against what was measured.
#pragma once

#include "core/session/figure_set.h"

#include <functional>
#include <stop_token>

namespace splitscope::session {

struct ReproductionOptions {
    std::filesystem::path folder;  ///< everything is kept there; what is there already is not done again
    std::vector<std::string> models{"alexnet3", "alexnet3-128", "alexnet3-128b"};
    std::string data;  ///< empty: usualData() of each network where its images are at hand, else patterns
    bool quick = false;  ///< minutes: the first network, batch 1, few requests
    std::uint64_t seed = 1;  ///< of runs and policies
    std::filesystem::path daemonProgram;  ///< empty: splitscoped beside this program
};

struct ReproductionProgress {
    std::size_t step = 0, steps = 0;  ///< from 0
    std::string title;  ///< of the step
    FigureProgress within;
};
using ReproductionObserver = std::function<void(const ReproductionProgress&)>;

/// A figure, and the network and images that it is of.
struct ReproducedFigure {
    std::string network, data;
    Figure figure;  ///< its key is that of its files: "alexnet3-5a"
};

struct Reproduction {
    ReproductionOptions options;
    std::string date;  ///< ISO 8601, UTC
    std::vector<ReproducedFigure> figures;
    std::vector<std::string> problems;  ///< steps that could not be done, each with its reason
};

/// Does what is not done yet, on the calling thread. Each step's figures are written as it ends (figures/KEY.json), so that one
/// that was stopped goes on there. An Error: the folder holds another reproduction's work, cannot be written, or Cancelled.
base::Result<Reproduction> reproduce(const ReproductionOptions& options, const std::stop_token& stop,
                                     const ReproductionObserver& observer = {});

/// One HTML page: every statement with its verdict, then each figure with its drawing, statements, notes and data.
/// `svgOf(key)`: a figure's drawing; empty where there is none, then its values are linked alone.
std::string reproductionHtml(const Reproduction& reproduction, const std::function<std::string(const std::string& key)>& svgOf);

}  // namespace splitscope::session
