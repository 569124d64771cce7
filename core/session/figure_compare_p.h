// SPDX-License-Identifier: GPL-3.0-or-later
// What figures of recorded runs share.
#pragma once

#include "core/session/figure_compare.h"

#include <span>

namespace splitscope::session {

FigureAxis axisOf(RunQuantity quantity);
/// Whether on a linear axis most of these would lie in one place: the largest is fifty times the smallest of those above 0.
bool spanDecades(std::span<const double> values);
/// "12.3 ms".
std::string inWords(double value, RunQuantity quantity);
/// "12.3 ms (11.9 to 12.8)", without brackets where there is no interval.
std::string inWords(const Estimate& estimate, RunQuantity quantity);
/// "4 runs of 2 strategies".
std::string countOf(const std::vector<ComparedRun>& runs);
Figure emptyPlots(const std::string& key, const std::string& title, const std::vector<ComparedRun>& runs);
/// "run:2": how a run's look is named.
std::string lookOf(const ComparedRun& run);
/// What every figure that pools runs must say where they differ in more than strategy and seed.
void noteSettings(Figure& figure, const std::vector<ComparedRun>& runs);

}  // namespace splitscope::session
