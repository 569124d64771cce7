// SPDX-License-Identifier: GPL-3.0-or-later
// A request of which a gate answers some frames, and of which the others go on.
#pragma once

#include "core/base/result.h"
#include "core/base/tensor.h"
#include "core/wire/frame_record.h"

#include <span>

namespace splitscope::model {
class Executor;
}

namespace splitscope::exec {

/// What there is where a gate's exit branches off.
struct AtGate {
    base::Tensor trunk;  ///< at the branch
    base::Tensor logits;  ///< of the gate's exit
};
/// The trunk from a cut before the branch, or at it, to there, and the exit's head.
base::Result<AtGate> runToGate(const model::Executor& network, int gateExit, int cut, const base::Tensor& input);

/// What rows are answered of which a gate answers some.
struct GatedAnswers {
    base::Tensor logits;  ///< a row's: of the exit that answered it
    std::vector<bool> early;  ///< whether that was the gate's
};
/// From a cut before the gate's branch to the end of `exit`: all rows to the gate, and on from there those that it does not
/// answer. A gate for each row, all at one exit: requests with different thresholds may share a batch.
base::Result<GatedAnswers> runGated(const model::Executor& network, int exit, int cut, std::span<const decision::Gate> gates,
                                    const base::Tensor& input);

/// Bit i is early[first + i], as answeredEarly has it; at most 64.
[[nodiscard]] std::uint64_t earlyBits(const std::vector<bool>& early, std::size_t first, int count);

/// Notes what the gate's exit says of all frames, and which of them that answers: labels, answeredEarly, and logits where they
/// are kept.
void answerAtGate(const decision::Gate& gate, const base::Tensor& logits, bool keepLogits, wire::FrameRecord& record);

/// The request's frames that go on, ascending; all where there is no gate.
[[nodiscard]] std::vector<int> framesGoingOn(const wire::FrameRecord& record);

/// Puts the answers to the frames that go on where they belong: one label for each of them, and as many rows of logits, or none.
void answerRest(const std::vector<int>& labels, const std::vector<float>& logits, wire::FrameRecord& record);

/// These rows of a batch, in this order.
[[nodiscard]] base::Tensor rowsOf(const base::Tensor& batch, const std::vector<int>& rows);

}  // namespace splitscope::exec
