// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace splitscope::profile {

/// Coefficients c ≥ 0 that minimise Σ (c·row / value − 1)², exactly: each row has the same few variables, so that every
/// choice of variables is tried. Values that are not positive say nothing of relative error and are left out; of none all
/// coefficients are 0. Where several choices fit equally (fewer rows than variables), fewer variables win, later ones
/// first: a time in proportion to a size before a constant.
std::vector<double> fitRelative(const std::vector<std::vector<double>>& rows, const std::vector<double>& values);

}  // namespace splitscope::profile
