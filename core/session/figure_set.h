// SPDX-License-Identifier: GPL-3.0-or-later
// From what a user names (a network, data, perhaps files) to finished figures: what `figures` and the Profile page share.
#pragma once

#include "core/decision/reward.h"
#include "core/profile/profiler.h"
#include "core/session/figures.h"

namespace splitscope::session {

struct FigureRequest {
    std::vector<std::string> figures{"3", "5a", "5b", "size", "regions"};  ///< which ones, by key
    std::vector<std::string> models{"alexnet3"};  ///< regions shows all of them; the others the first
    std::string data;  ///< empty: usualData() of each network
    std::string weights;  ///< of the first model; empty: those shipped
    std::filesystem::path table;  ///< a cost table: needs nothing else
    std::filesystem::path profile;  ///< a profile of the first model, instead of measuring
    std::optional<profile::ComputeProfile> opened;  ///< the same, read already
    std::filesystem::path accuracy;  ///< an accuracy table of the first model, instead of the shipped one
    std::string device = "pi3";  ///< emulated from the measured profile; "same": the measured machine itself
    bool measure = true;  ///< where a profile is needed and none is named
    double budgetSeconds = 60;  ///< per measured profile
    int threads = 1;
    int exit = 0;  ///< of 5a, 5b and size; 0: the last, of size the best
    RegionOptions regions;
    // of 6a, 6b, 6c and edgent, which are drawn from cost tables: the named one, or those shipped
    std::vector<int> batches{};  ///< of the first model (the others: 1); empty: 1, 8 and 64, as far as its table goes
    double slowdown = 0;  ///< of the device, beyond the table's; 0: 8 where the table has one machine as both, else 1
    decision::Objective objective{};
    std::uint64_t seed = 1;  ///< of the policies
    int policyUpdates = 3000;  ///< of their training
};

/// What came of a request. A figure that cannot be made is missing, and its reason is among the problems.
struct FigureSet {
    std::string data;  ///< of the first model
    std::vector<Figure> figures;
    std::vector<base::Error> problems;
    std::optional<profile::ComputeProfile> measured;  ///< of the first model: opened, or measured just now

    [[nodiscard]] const Figure* find(const std::string& key) const;
};

struct FigureProgress {
    std::string what;  ///< "measuring alexnet3: segment 12 of 80"
    double share = 0;  ///< 0 to 1; negative: unknown
    double secondsLeft = 0;
};
using FigureObserver = std::function<void(const FigureProgress&)>;

/// Whether one of figures 6(a) to 6(c) is asked for: they take seconds of training for each network and batch.
bool trainsPolicies(const FigureRequest& request);

/// Figures 6(a) to 6(c) of those that a request asks for, into `set`; a model without a table is among the problems. An Error:
/// none has one, or Cancelled.
base::Status addPolicyFigures(const FigureRequest& request, const std::stop_token& stop, const FigureObserver& observer,
                              FigureSet& set);

/// Edgent's figure, of the first model's cost table, into `set`. An Error: it has none, or Cancelled.
base::Status addEdgentFigure(const FigureRequest& request, const std::stop_token& stop, const FigureObserver& observer,
                             FigureSet& set);

/// All figures that a request may ask for.
const std::vector<std::string>& figureKeys();

/// Measures, reads and computes, on the calling thread; takes up to the budget and some seconds per model. An Error where a
/// named file cannot be used or everything failed; Cancelled as soon as the token says so.
base::Result<FigureSet> makeFigures(const FigureRequest& request, std::stop_token stop, const FigureObserver& observer = {});

/// The first of "cifar10" and "imagenette" for which an accuracy table of the network ships, else "patterns".
std::string usualData(const model::NetworkSpec& spec);

}  // namespace splitscope::session
