// SPDX-License-Identifier: GPL-3.0-or-later
// How fast the uplink is, told from what arrives: no clock is shared, nothing extra is sent while frames tell enough.
#pragma once

#include "core/sim/change_point.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace splitscope::link {

/// So many wire bytes of one request (or probe) had arrived at this time of the edge's clock. One of these for each chunk.
struct Arrival {
    std::int64_t atNs = 0;
    std::uint64_t wireBytes = 0;  ///< in total so far
};

/// What is believed about the uplink now.
struct BandwidthEstimate {
    double bytesPerSecond = 0;  ///< median; 0: nothing is known yet
    double low = 0, high = 0;  ///< 95 % interval of the rate
    double ageMs = 0;  ///< since the last transfer that told anything
    bool changed = false;  ///< the state changed with the last transfer (Adams & MacKay): look the plan up again
    int runLength = 0;  ///< transfers since the last change

    [[nodiscard]] bool known() const { return bytesPerSecond > 0; }
};

/// What one transfer's curve tells.
struct MeasuredRate {
    double bytesPerSecond = 0;
    double variance = 0;  ///< of its natural logarithm
};

/// Rate from the spacing of a request's chunks, whatever the round trip and the overheads are: a line is laid through (bytes,
/// time) so that chunks which came late (stalls) or at once (a token bucket's burst) do not bend it. Nothing where the curve is
/// too short, too quick for its time stamps, or not a curve. The work is bounded. Where the link's delay varies by more than
/// about a tenth of the transfer's duration either way, the line is bent by more than `variance` knows: send more bytes there.
std::optional<MeasuredRate> rateOf(const std::vector<Arrival>& curve, double timeStampNoiseMs);

/// Requests of too few chunks say nothing and only age the estimate. Logarithms of rates go through change-point detection, the
/// posterior of the current run is the estimate; its interval widens with age. One thread; time is passed in (base::nowNs()).
class BandwidthEstimator {
public:
    struct Options {
        double timeStampNoiseMs = 0.06;  ///< of an arrival: scheduling, socket
        double widenPerSecond = 0.06;  ///< standard deviation of ln rate that a second without news adds (as a random walk)
        double confidentRatio = 1.5;  ///< high / low below which no probe is needed
        double staleMs = 2000;  ///< older than this is not confident
        double probeEveryMs = 1000;  ///< not more often than this
        double probeShare = 0.03;  ///< of the link's time that probes take at most: requests wait behind them
        double doubtShare = 0.3;  ///< the same while the rate is in doubt
        double systematic = 0.015;  ///< standard deviation of ln rate that no repetition takes away (estimated framing)
        double common = 0.5;  ///< part of a transfer's own deviation that the next ones share (jitter bends all curves alike)
        sim::ChangePointDetector::Options change = defaultChange();
    };
    /// New states lie anywhere from 10 KB/s to 1 GB/s.
    static sim::ChangePointDetector::Options defaultChange();

    BandwidthEstimator() : BandwidthEstimator(Options()) {}
    explicit BandwidthEstimator(const Options& options);

    /// A request arrived whole. True if it told something about the rate.
    bool arrived(const std::vector<Arrival>& curve);
    /// The same of a probe.
    bool probeArrived(const std::vector<Arrival>& curve);
    /// The device's own account of a request, whatever its size: bytes, and the milliseconds of both ways. It says too little
    /// about the rate to be an observation, but two in a row that took much less or much more than the usual time for each
    /// byte make the estimate doubtful: a few probes are wanted at once. What waited behind a probe says nothing.
    void transferred(double wireBytes, double transferMs, std::int64_t nowNs);
    /// A heartbeat's round trip: the smallest of the last 10 s stands for the link's RTT.
    void roundTrip(double rttMs, std::int64_t nowNs);

    [[nodiscard]] BandwidthEstimate estimate(std::int64_t nowNs) const;
    [[nodiscard]] double rttMs() const;  ///< 0: none yet
    [[nodiscard]] bool confident(std::int64_t nowNs) const;
    /// Bytes of the probe that is worth sending now: about 30 ms of the estimated rate, 5 to 256 KB; 0 when none is needed.
    /// The caller sends it only while no request is in flight; asking counts as sent.
    [[nodiscard]] std::uint64_t wantedProbeBytes(std::int64_t nowNs);
    /// Forgets everything (another device, another link).
    void clear();

private:
    struct RoundTrips {
        std::int64_t sinceNs = 0;
        double smallestMs = 0;
    };
    Options m_options;
    sim::ChangePointDetector m_change;
    std::int64_t m_lastNs = 0;  ///< end of the last transfer that told anything
    std::optional<std::int64_t> m_probedNs;
    double m_probeMs = 0;  ///< what the last one took, or is to take
    std::int64_t m_disturbedUntilNs = 0;  ///< till then requests may have waited behind a probe
    bool m_probeTold = true;  ///< something was learnt since
    double m_probeScale = 1;  ///< grows while probes tell nothing
    bool m_changed = false;
    /// What the device's accounts were between since the rate last changed: a token bucket that rests lets small transfers
    /// through at once, one that does not takes its time, and neither is news. 0: none yet.
    double m_fastestMsPerByte = 0, m_slowestMsPerByte = 0;
    double m_lastMsPerByte = 0;
    int m_unusual = 0;  ///< accounts in a row
    int m_doubts = 0;  ///< probes that are wanted at once
    double m_usualVariance = 0;  ///< of the last transfers' ln rates, as each was told
    mutable std::optional<BandwidthEstimate> m_told;  ///< until something arrives, or the age exceeds m_toldUntilAgeMs
    mutable double m_toldUntilAgeMs = 0;
    std::deque<RoundTrips> m_roundTrips;  ///< of a quarter of a second each
};

}  // namespace splitscope::link
