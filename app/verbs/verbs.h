// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs of splitscope-cli, one file each. A verb gets what follows its name and gives the exit status.
#pragma once

#include "app/options.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace splitscope::app {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongUsage = 2;

int runVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int modelVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int dataVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int profileVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int codebookVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int tableVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int traceVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int deviceVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int keysVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int figuresVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int evaluateVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int policyVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int soakVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int runsVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int sweepVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int reproduceVerb(const std::vector<std::string>& arguments, std::stop_token stop);
int benchVerb(const std::vector<std::string>& arguments, std::stop_token stop);

/// Says what went wrong on standard error; the exit status for it.
int fail(const base::Error& error);
int wrongUsage(const std::string& verb, const base::Error& error);

/// Parses, and answers --help and wrong usage: an exit status then, empty to go on.
std::optional<int> parseOrAnswer(Options& options, const std::string& verb, const std::vector<std::string>& arguments);

/// A verb of a verb: "model train".
struct SubVerb {
    const char* name;
    const char* about;
    int (*run)(const std::vector<std::string>& arguments, std::stop_token stop);
};
/// Runs the one that is named first, or answers --help and wrong usage.
int chooseSubVerb(const std::string& verb, const char* about, const std::vector<SubVerb>& subVerbs,
                  const std::vector<std::string>& arguments, std::stop_token stop);

}  // namespace splitscope::app
