// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/wire/frame_record.h"

#include <optional>
#include <string>
#include <vector>

namespace splitscope::session {

std::string toString(wire::Outcome outcome);  ///< "done", "fallback", "lost"

/// As records hold it: "1:0.5", or nothing where there is no gate.
std::string gateText(const decision::Decision& decision);
/// The gate that a text of records names; none where it is empty or says nothing.
std::optional<decision::Gate> gateOf(const std::string& text);

/// A finished request as the dashboard and the files show it.
struct Sample {
    wire::FrameRecord record;
    double energyJoules = 0;  ///< modelled, per frame
    double runningAccuracy = 0;  ///< of all frames so far
    double rttMs = 0;  ///< last heartbeat's
    double estimatedBytesPerSecond = 0;  ///< of the uplink, when the record came; 0: not known yet
    double estimateLow = 0, estimateHigh = 0;  ///< its 95 % interval
    std::optional<wire::Health> health{};  ///< the device's newest report of itself when capture began
    bool uplinkChanged = false;  ///< the last transfer told that the uplink's state is another one
    /// Where a cost table knows the decision; all by the objective of the moment when the record came.
    bool priced = false;
    double reward = 0;  ///< with the table's accuracy and the measured T
    double regret = 0;  ///< by the table alone, at the rate that the uplink had: what the optimum would have brought more
    double expectedAccuracy = 0;  ///< the table's
    decision::Decision optimum;  ///< of that rate
    std::string reason;  ///< what T went into, in words: reasonOf()
    std::string strategyReason;  ///< why the strategy's latest decision was taken, where it says so
};

/// Running totals of an experiment; the keys of `--json`.
class Summary {
public:
    void add(const Sample& sample, double deadlineMs);
    void countDiscarded() { ++m_discarded; }

    [[nodiscard]] std::uint64_t frames() const { return m_done + m_fallback + m_lost; }
    [[nodiscard]] std::uint64_t done() const { return m_done; }
    [[nodiscard]] std::uint64_t fallback() const { return m_fallback; }
    [[nodiscard]] std::uint64_t lost() const { return m_lost; }
    [[nodiscard]] std::uint64_t discarded() const { return m_discarded; }
    [[nodiscard]] double accuracy() const;
    /// Of whole requests; q in [0, 1]; 0 without samples.
    [[nodiscard]] double latencyMs(double q) const;
    [[nodiscard]] double bytesPerFrame() const;
    [[nodiscard]] double energyPerFrame() const;
    [[nodiscard]] double framesPerSecond() const;
    [[nodiscard]] std::uint64_t answeredEarly() const { return m_early; }  ///< frames, by gates
    [[nodiscard]] double deadlineMet() const;  ///< share of requests; 1 without a deadline
    /// Means over the requests that a cost table priced; nothing where none did.
    [[nodiscard]] std::optional<double> reward() const;
    [[nodiscard]] std::optional<double> regret() const;

    /// frames done fallback lost discarded accuracy latency_ms{p50,p95,p99} bytes_per_frame energy_j_per_frame reward regret
    /// (null without a cost table) deadline_met fps, and the last decision{exit,partition,coding}; where decisions had gates
    /// answered_early (frames) and the decision's gate.
    [[nodiscard]] std::string toJson() const;

private:
    std::uint64_t m_done = 0, m_fallback = 0, m_lost = 0, m_discarded = 0, m_correct = 0, m_requests = 0, m_inTime = 0,
                  m_priced = 0, m_early = 0;
    double m_bytes = 0, m_energy = 0, m_reward = 0, m_regret = 0, m_firstMs = -1, m_lastMs = 0;
    bool m_anyGate = false;
    std::vector<float> m_latencies;
    decision::Decision m_last;
};

}  // namespace splitscope::session
