// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of recorded runs beside each other. What they say is in their notes; values are thinned to what can be seen.
#pragma once

#include "core/session/figure.h"
#include "core/session/run_statistics.h"

namespace splitscope::session {

enum class OverlayAxis { Time, Frame, Distribution };

/// A quantity of each run over time or frames (the median of each stretch, and the band in which nine tenths lie), or its
/// cumulative distribution.
Figure overlayFigure(const std::vector<ComparedRun>& runs, RunQuantity quantity, OverlayAxis axis);

/// Each strategy's median over its runs with its 95 % interval, the runs themselves, and the differences from a baseline, paired
/// by seed. An empty baseline: usualBaseline().
Figure strategiesFigure(const std::vector<ComparedRun>& runs, RunQuantity quantity, const std::string& baseline = {});

/// The paper's Fig. 6(a) from recorded runs: latency, and below it the reward, over the bandwidth of the moment, by strategy.
Figure recordedLatencyFigure(const std::vector<ComparedRun>& runs);
/// Fig. 6(b): accuracy over bandwidth.
Figure recordedAccuracyFigure(const std::vector<ComparedRun>& runs);

enum class ParetoAxes { AccuracyLatency, AccuracyEnergy, EnergyLatency };
/// One point a run, and the front of those that no other run beats in both. Median latency, mean energy.
Figure paretoFigure(const std::vector<ComparedRun>& runs, ParetoAxes axes);
/// Which of the points no other one beats or equals in both, by index, with rising x: small x is good; small y too unless
/// `highIsGood`.
std::vector<std::size_t> paretoFront(const std::vector<double>& xs, const std::vector<double>& ys, bool highIsGood);

/// Measured latency of each request over what the run's cost table predicts for it, with the diagonal.
Figure predictionFigure(const std::vector<ComparedRun>& runs);

/// The rates that requests are gathered at: those set, where they are few, else stretches of equal ratio. MB/s, ascending.
struct RateBins {
    std::vector<double> centres;
    std::vector<double> edges;  ///< one more than centres
    [[nodiscard]] std::optional<std::size_t> binOf(double megabytesPerSecond) const;
};
RateBins rateBins(const std::vector<ComparedRun>& runs);

}  // namespace splitscope::session
