// SPDX-License-Identifier: GPL-3.0-or-later
// What `run` shows in a terminal while it runs, and at the end.
#pragma once

#include "core/session/experiment.h"

#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace splitscope::app {

/// Gathers what the experiment tells, and writes it to standard error: a table that refreshes itself where that is a
/// terminal, else a line every two seconds.
class RunDisplay : public session::ExperimentObserver {
public:
    explicit RunDisplay(const session::Scenario& scenario);

    // session::ExperimentObserver; any thread.
    void onSample(const session::Sample& sample) override;
    void onStatus(const session::ExperimentStatus& status) override;
    void onTrouble(const base::Error& error) override;

    /// Something to say between refreshes; any thread.
    void note(const std::string& text);
    /// How far it is, for people; main thread.
    void setProgress(std::string text) { m_progress = std::move(text); }
    /// Main thread, several times a second.
    void refresh(const session::Summary& summary);
    /// The last state, and nothing after it.
    void finish(const session::Summary& summary);

private:
    [[nodiscard]] std::vector<std::string> table(const session::Summary& summary) const;
    [[nodiscard]] std::string line(const session::Summary& summary) const;
    void write(const session::Summary& summary, bool final);

    const session::Scenario m_scenario;
    const bool m_terminal;
    std::mutex m_mutex;
    std::deque<session::Sample> m_recent;
    session::ExperimentStatus m_status;
    std::vector<std::string> m_notes;
    std::string m_lastNote;
    std::string m_progress;  ///< main thread
    std::size_t m_tableLines = 0;  ///< main thread
    std::int64_t m_lastWriteNs = 0;  ///< main thread
};

/// The summary as a table for people.
std::string summaryTable(const session::Summary& summary, const session::ExperimentStatus& status,
                         const session::Scenario& scenario);

}  // namespace splitscope::app
