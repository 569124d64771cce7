// SPDX-License-Identifier: GPL-3.0-or-later
// An interrupted run, read from its records so far that another process can go on with it (RECORDS.md, "Resuming"). Reading a
// long run takes its time: call from a background thread.
#pragma once

#include "core/session/books.h"
#include "core/session/recorder.h"
#include "core/session/run_library.h"
#include "core/session/run_settings.h"

#include <memory>

namespace splitscope::session {

/// Never changes. Times are ms since the run started, on the clock of RunColumns::capturedAtMs.
struct ResumedRun {
    RunRow row;
    Scenario scenario;  ///< as it began
    RunSettings settings;  ///< as they last were
    FrameBooks books;
    Summary summary;  ///< of what is recorded
    std::uint64_t begun = 0;  ///< frames that the device had begun, as far as the records tell
    std::optional<wire::FrameRecord> lastReport;  ///< the last request, with the device's state of then; none where it told none
    std::vector<ScheduledFault> faultsToCome;  ///< the scenario's that were not injected yet
    std::int64_t wallStartMs = 0;  ///< the wall clock when the run's stood at 0; 0: it had not started
    double deviceStartedAtMs = 0;  ///< when the device began, or last took up, its count of time
    double lastMs = 0;  ///< the latest moment that the records tell of

    [[nodiscard]] bool started() const { return wallStartMs != 0; }
    /// What the run's clock shows: the time of day goes on while nobody records, as the device's own clock does; it is never
    /// behind what is recorded.
    [[nodiscard]] double clockMs(std::int64_t wallMs) const;
};

/// An Error: NotFound, the run has ended (InvalidInput), or a live process records it (Busy).
base::Result<std::shared_ptr<const ResumedRun>> readInterrupted(const RunKey& key);

/// The interrupted run of a database or folder that a text names: its number, or "latest".
base::Result<RunRow> chooseInterrupted(const std::filesystem::path& place, const std::string& text);

/// Makes this process the one that records the run, unless another one was faster (Busy).
base::Status claim(const ResumedRun& resumed);

/// What this program would run with, held against what the run was recorded with: a Mismatch names what is another one.
base::Status checkSame(const RunRow& recorded, const RunInfo& now);

}  // namespace splitscope::session
