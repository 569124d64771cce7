// SPDX-License-Identifier: GPL-3.0-or-later
// R. P. Adams, D. J. C. MacKay: Bayesian Online Changepoint Detection (2007), as Edgent's Algorithm 3 needs it: each observation
// answers whether the state has changed and what it is now.
#pragma once

#include <cstdint>
#include <vector>

namespace splitscope::sim {

/// Observations of one state are normal with unknown mean and variance (normal-inverse-gamma prior, Student's t predictive);
/// a constant hazard of change; each observation may be an outlier with a small probability, so that one stray value is no
/// change. Run lengths of negligible probability are dropped: memory and time stay bounded. Deterministic. One thread.
class ChangePointDetector {
public:
    struct Options {
        double hazard = 1.0 / 1000;  ///< probability of a change at each observation
        double outlier = 0.05;  ///< probability that an observation says nothing about the state
        double priorMean = 0;  ///< of a new state
        double priorDeviation = 3;  ///< how far states lie apart
        double noise = 0.05;  ///< the observations' standard deviation, as first believed
        double noiseStrength = 4;  ///< in observations: how firmly
        double memory = 200;  ///< observations that a state remembers, so that it follows slow drift; 0: all of them
        double alarm = 0.97;  ///< probability of a change in the last few observations at which `changed` is told
        int alarmWindow = 12;  ///< "the last few"
        double smallestShift = 0.12;  ///< of the mean: smaller ones are followed but not told
        double negligible = 1e-6;  ///< run lengths below this probability are dropped
        int mostRuns = 64;  ///< run lengths kept; beyond it the least probable go
    };
    ChangePointDetector() : ChangePointDetector(Options()) {}
    explicit ChangePointDetector(const Options& options);

    struct Verdict {
        bool changed = false;  ///< told once for each change
        double probability = 0;  ///< that the state changed within the last alarmWindow observations
        int runLength = 0;  ///< the most probable number of observations of the current state
    };
    /// `variance` is this observation's own known variance, added to the state's (0: as good as any). What is not finite or
    /// absurdly far from the prior is ignored.
    Verdict add(double value, double variance = 0);

    /// Of the current state's mean, mixed over run lengths. Before the first observation: the prior's.
    [[nodiscard]] double mean() const;
    [[nodiscard]] double deviation() const;  ///< posterior standard deviation of that mean
    /// Below which the current state's mean lies with this probability, if each run length's posterior were wider by
    /// `extraVariance`. The median (0.5) stands firm where a less probable state would pull at the mean.
    [[nodiscard]] double quantile(double probability, double extraVariance = 0) const;
    [[nodiscard]] int runLength() const;
    /// Of the current state having exactly this many observations.
    [[nodiscard]] double runLengthProbability(int observations) const;
    [[nodiscard]] bool empty() const { return m_runs.empty(); }
    void clear();

private:
    /// What is known of the state if it has lasted for `count` observations.
    struct Run {
        double probability = 1;  ///< of this run length
        double mean = 0, kappa = 1, alpha = 1, beta = 1;  ///< normal-inverse-gamma
        int count = 0;

        [[nodiscard]] double predictive(double value, double variance) const;
        [[nodiscard]] double meanVariance() const;
        void take(double value, double variance, double share);
        void forgetBeyond(double observations);
    };
    [[nodiscard]] Run fresh() const;
    [[nodiscard]] const Run& likeliest() const;
    void weigh(double value, double variance);
    void prune();
    Verdict judge();

    Options m_options;
    std::vector<Run> m_runs;  ///< probabilities sum to 1; shortest last
    std::int64_t m_seen = 0;  ///< observations since clear()
    int m_sinceTold = 0;  ///< observations after the one at which a change was told (or the first)
    double m_told = 0;  ///< mean of the state that was told last
};

}  // namespace splitscope::sim
