// SPDX-License-Identifier: GPL-3.0-or-later
// An experiment's uplink: the rate that the device is to hold it at, and what its transfers tell about the rate it has.
#include "core/base/clock.h"
#include "core/session/experiment_p.h"

#include <algorithm>
#include <cmath>

namespace splitscope::session {

namespace {

constexpr double kAnswerMs = 5'000;
constexpr std::uint64_t kFirstProbe = 1ULL << 62;  ///< away from the ids of questions

wire::Schedule pieceOf(const sim::Trace& rate, std::uint64_t run, std::size_t offset, double startMs)
{
    const auto& points = rate.points();
    wire::Schedule piece;
    piece.run = run;
    piece.totalPoints = points.size();
    piece.offset = offset;
    piece.durationMs = rate.durationMs();
    piece.repeats = rate.repeats();
    piece.startMs = startMs;
    const auto end = std::min(points.size(), offset + wire::kMaxSchedulePiece);
    for (auto i = offset; i < end; ++i) {
        piece.atMicros.push_back(std::llround(points[i].atMs * 1e3));
        piece.bytesPerSecond.push_back(static_cast<float>(std::min(points[i].bytesPerSecond, wire::kMaxRate)));
    }
    return piece;
}

}  // namespace

void Experiment::Private::setUplink(const std::string& text, const Uplink& uplink)
{
    if (text != bandwidth) {
        bandwidth = text;
        rate = uplink.rate;
        rateStartedNs = runStarted ? base::nowNs() : 0;
    }
    wire::UpdateRun change;
    change.shaping = uplink.shaping;
    update(change);
}

/// From this point on, piece after piece; `then` follows the last one.
void Experiment::Private::sendSchedule(std::size_t offset, std::function<void()> then)
{
    const double startMs = rateStartedNs == 0 ? 0 : base::toMs(base::nowNs() - rateStartedNs);
    auto piece = pieceOf(*rate, run, offset, startMs);
    const auto next = offset + piece.atMicros.size();
    const bool isLast = next >= rate->points().size();
    ask("schedule", std::move(piece), kAnswerMs,
        [this, next, isLast, starting = std::move(then)](const base::Result<wire::Message>& answer) {
            if (!answer && starting)
                return handshakeFailed(answer.error());
            if (!answer)
                return tellTrouble(answer.error());
            if (!isLast && rate)
                sendSchedule(next, starting);
            else if (starting)
                starting();
        });
}

/// Filler tells the rate where frames do not: they are too small, or stay on the device.
void Experiment::Private::probeUplink()
{
    if (!scenario.probe || !runStarted || runEnded || stopDeadlineNs != 0 || settings.paused.value_or(false))
        return;
    std::uint64_t bytes = 0;
    {
        const std::lock_guard lock(estimatorMutex);
        bytes = estimator.wantedProbeBytes(base::nowNs());
    }
    if (bytes == 0)
        return;
    const std::lock_guard lock(linkMutex);
    if (link)  // refused: requests are on their way, and tell the rate as well
        static_cast<void>(link->sendControl({kFirstProbe + probes++, wire::Probe{std::min(bytes, wire::kMaxProbeBytes)}}));
}

link::BandwidthEstimate Experiment::Private::uplinkEstimate()
{
    const std::lock_guard lock(estimatorMutex);
    return estimator.estimate(base::nowNs());
}

// --- the link's thread ---

void Experiment::Private::LinkListener::onRoundTrip(double ms)
{
    m_experiment.rttMs = ms;
    const std::lock_guard lock(m_experiment.estimatorMutex);
    m_experiment.estimator.roundTrip(ms, base::nowNs());
}

void Experiment::Private::LinkListener::onProbe(const std::vector<link::Arrival>& curve)
{
    const std::lock_guard lock(m_experiment.estimatorMutex);
    m_experiment.estimator.probeArrived(curve);
}

}  // namespace splitscope::session
