// SPDX-License-Identifier: GPL-3.0-or-later
// A request of which a gate answers some frames, and of which the others go on.
#pragma once

#include "core/base/tensor.h"
#include "core/wire/frame_record.h"

namespace splitscope::exec {

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
