// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of experiments as a file, so that it outlives a session.
#pragma once

#include "core/session/experiment_queue.h"

#include <filesystem>

namespace splitscope::session {

/// JSON: format "splitscope-queue", version 1. The frames of a run under way are left out: its records tell them, and it goes on
/// from there, or runs again where it has none.
std::string toJson(const std::vector<QueuedExperiment>& experiments);
/// An Error where anything is wrong: half a queue is no queue. Scenarios are read, not checked.
base::Result<std::vector<QueuedExperiment>> parseQueue(std::string_view json, const std::string& where);

/// What was kept there; nothing where there is no file. A file that is no queue is renamed, so that what is saved afterwards does
/// not take its place: InvalidInput, which names the copy. With any other Error the file is still there: leave it alone.
base::Result<std::vector<QueuedExperiment>> loadQueue(const std::filesystem::path& file);
/// What became of runs that had begun, as their records tell: one that finished has; one that was interrupted keeps its record;
/// any other runs again, from the start. Reads databases.
void settle(std::vector<QueuedExperiment>& experiments);
/// Atomically; the folder is made.
base::Status saveQueue(const std::vector<QueuedExperiment>& experiments, const std::filesystem::path& file);

}  // namespace splitscope::session
