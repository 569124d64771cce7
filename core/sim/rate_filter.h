// SPDX-License-Identifier: GPL-3.0-or-later
// What a link's rate is likely to be now, told from reports of it that are noisy and late.
#pragma once

#include "core/decision/belief.h"

#include <array>

namespace splitscope::sim {

/// Bayes' rule on a grid of rates, under three models of how links change at once (they drift little, drift much, jump), each
/// weighing as much as it has foretold the reports of late. Reports come once for each request. Nothing is allocated.
class RateFilter {
public:
    /// `noise`: σ of ln of what is reported over what was.
    explicit RateFilter(double noise = 0.3);
    /// 0: the link was down then, which is reported without error.
    void report(double bytesPerSecond);
    /// What follows for so many requests after the last report.
    void tell(int requestsLater, decision::Belief& belief) const;

    static constexpr double kLowest = 1e2, kHighest = 1e9;  ///< bytes/s

private:
    static constexpr std::size_t kCells = 128;
    using Cells = std::array<double, kCells>;
    /// How a link may change from one request to the next.
    struct Model {
        double drift;  ///< σ of ln
        double jump;  ///< probability of any other rate
    };
    static constexpr std::size_t kModels = 3;
    static constexpr std::array<Model, kModels> kHow{{{0.04, 0.004}, {0.25, 0.01}, {0.02, 0.06}}};

    static void move(Cells& cells, const Model& model);
    [[nodiscard]] Cells mixture(int requestsLater) const;

    double m_noise;
    std::array<Cells, kModels> m_cells{};
    std::array<double, kModels> m_weights{};
    double m_down = 0;
};

}  // namespace splitscope::sim
