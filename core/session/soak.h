// SPDX-License-Identifier: GPL-3.0-or-later
// A soak: a run on the real loopback daemon that suffers one random fault after the other, and what must hold all the same. Two
// processes: the edge, which is also stopped (SIGSTOP) while it holds an answer, and the one that watches it.
#pragma once

#include "core/base/result.h"
#include "core/session/books.h"

#include <filesystem>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace splitscope::session {

struct SoakOptions {
    double minutes = 1;
    std::uint64_t seed = 1;  ///< of the faults, their order and how long they last
    std::filesystem::path folder;  ///< for records.sqlite
};

/// What the edge says of its run.
struct SoakRun {
    std::uint64_t run = 0;
    std::uint64_t discarded = 0;  ///< late results
    std::map<std::string, int> faults;  ///< how many of each kind; "stop" is the edge's SIGSTOP
};
std::string toJson(const SoakRun& run);
base::Result<SoakRun> parseSoakRun(const std::string& json);

/// The edge's process. Faults of all kinds come until the time is over, each when the run has recovered from the one before;
/// restarts in the first half alone. An Error where it does not recover within two minutes. Blocks.
base::Result<SoakRun> runSoak(const SoakOptions& options, const std::stop_token& stop);

/// A process at two times: medians of the third and of the last quarter; 0 where the soak was too short.
struct UsageTrend {
    double earlyMb = 0, lateMb = 0;
    int earlyDescriptors = 0, lateDescriptors = 0;
};

struct SoakReport {
    SoakOptions options;
    SoakRun run;
    BooksReport books;
    double shortestMs = 0, longestMs = 0;  ///< T
    int continued = 0;  ///< how often the stopped edge was continued
    UsageTrend edge, device;
    std::vector<std::string> problems;  ///< what did not hold, for people; empty: all did
};
std::string toJson(const SoakReport& report);

/// Starts the edge by `command`, which must end in runSoak() and print its toJson(); continues it when it has stopped itself,
/// and checks everything in the end. `tell` gets how far it is. An Error where the edge failed. Blocks.
base::Result<SoakReport> watchSoak(const SoakOptions& options, const std::vector<std::string>& command,
                                   const std::function<void(const std::string&)>& tell, const std::stop_token& stop);

}  // namespace splitscope::session
