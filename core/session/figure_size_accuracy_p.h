// SPDX-License-Identifier: GPL-3.0-or-later
// What the figure of size against accuracy is made of, and what is said about it.
#pragma once

#include "core/session/figure_cuts.h"

namespace splitscope::session {

/// A decision of one exit by one coder.
struct SizedDecision {
    std::string tensor;
    int partition = 0;
    codec::Coding coding;
    codec::EntropyCoder coder = codec::EntropyCoder::None;
    double bytes = 0;  ///< a frame's, mean
    profile::DecisionAccuracy accuracy;
    double judgedAccuracy = 0;  ///< at most the exit's own, unquantized
    bool onFront = false;  ///< none has fewer bytes and as much accuracy
    bool undominated = false;  ///< none has that and asks no more layers of the device
};

/// "pool5, 4 bits, context", "JPEG 60".
std::string nameOf(const SizedDecision& sized);

/// Of an exit that has a reference, ascending in bytes, fronts found; all on the device sends nothing and is left out.
std::vector<SizedDecision> sizedDecisions(const FigureInputs& inputs, int exit);

std::vector<Statement> sizeAccuracyStatements(const PathCuts& path, const std::vector<SizedDecision>& decisions);

}  // namespace splitscope::session
