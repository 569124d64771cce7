// SPDX-License-Identifier: GPL-3.0-or-later
// Bandwidths that strategies are evaluated on. None of them is one that policies are trained on.
#pragma once

#include "core/sim/evaluator.h"
#include "core/sim/trace.h"

namespace splitscope::session {

struct EvaluationSource {
    std::string name;
    std::vector<sim::Trace> traces;  ///< an episode takes one after the other, from the first again when they are used up
    std::string text;  ///< for people: "log-rate walks; 10 KB/s to 1 MB/s"
};

/// "walk", "markov", "outage", "sweep", "step", "presets", "real": see core/sim/episodes.h.
const std::vector<std::string>& evaluationSourceNames();

/// One of the names, or any bandwidth as people type it ("300KB/s", "trace:FILE"). Generated and scaled rates lie in `rates`,
/// where decisions change; a seed gives the same traces on every machine, one per episode where there are enough. An Error lists
/// the names, or says that there are no recorded traces.
base::Result<EvaluationSource> evaluationSource(const std::string& name, const sim::RateRange& rates, std::uint64_t seed,
                                                int episodes);

/// The sources that are taken where nobody names any: all names, less "real" where there are no recorded traces.
std::vector<std::string> usualEvaluationSources();

}  // namespace splitscope::session
