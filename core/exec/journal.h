// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/wire/messages.h"

#include <map>
#include <mutex>

namespace splitscope::exec {

/// The device's books of one run: exactly one record per frame id, kept until the edge has acknowledged it. Thread-safe.
class Journal {
public:
    explicit Journal(std::uint64_t run) : m_run(run) {}

    /// False, and nothing changes, where a frame of the record already has an outcome.
    bool add(wire::FrameRecord record);
    void acknowledge(const std::vector<std::uint64_t>& firstFrames);
    void countDiscarded();

    /// Records that are due: never sent, or sent longer than `resendAfterMs` ago; oldest first, at most `limit`. Marks them sent.
    [[nodiscard]] std::vector<wire::FrameRecord> due(std::int64_t nowNs, double resendAfterMs, std::size_t limit);

    /// Makes every unacknowledged record due at once: the edge is back after a silence, or was restarted.
    void resendAll();

    [[nodiscard]] std::uint64_t run() const { return m_run; }
    [[nodiscard]] std::size_t unacknowledged() const;
    /// Fills the counts of a RunState (frames by outcome, discarded, unacknowledged).
    void count(wire::RunState& state) const;

private:
    struct Entry {
        wire::FrameRecord record;
        std::int64_t sentNs = 0;
        bool due = true;  ///< never sent, or wanted again
        bool everSent = false;
    };

    const std::uint64_t m_run;
    mutable std::mutex m_mutex;
    std::map<std::uint64_t, Entry> m_open;  ///< unacknowledged, by first frame
    std::map<std::uint64_t, std::uint64_t> m_covered;  ///< frame ids with an outcome, as merged ranges [first, end)
    std::uint64_t m_done = 0, m_fallback = 0, m_lost = 0, m_discarded = 0;
};

}  // namespace splitscope::exec
