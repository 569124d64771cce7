// SPDX-License-Identifier: GPL-3.0-or-later
// A request's payload: one self-contained record per frame, one behind the other.
#pragma once

#include "core/base/tensor.h"
#include "core/codec/codebook.h"
#include "core/decision/decision.h"

namespace splitscope::exec {

struct CodedRows {
    base::Bytes payload;
    std::vector<std::uint32_t> sizes;  ///< bytes of each record
};

/// Raw, Lossless and Jpeg code the 8-bit frames themselves; the others code the tensor at the cut.
[[nodiscard]] bool codesFrames(const codec::Coding& coding);

base::Result<CodedRows> encodeFrames(std::span<const data::Image> frames, const codec::Coding& coding,
                                     const codec::CoderOptions& options = {});
base::Result<CodedRows> encodeRows(const base::Tensor& activation, const codec::Coding& coding,
                                   const codec::CoderOptions& options);
/// What codes the tensor, or the frames, of a decision.
codec::CoderOptions coderFor(const codec::BookedCoder& coder, const model::NetworkSpec& spec, const decision::Decision& decision);
/// An Error that says how to make a book where the decision's tensor needs one and has none.
base::Status checkBook(const codec::BookedCoder& coder, const model::NetworkSpec& spec, const decision::Decision& decision);

/// What layers p+1.. take, from records that may say anything. The decision has been checked against the spec. Errors
/// name the row.
base::Result<base::Tensor> decodeRows(const model::NetworkSpec& spec, const decision::Decision& decision,
                                      const codec::BookedCoder& coder, std::span<const std::uint32_t> sizes,
                                      base::ByteView payload);

/// Index of each row's largest value.
[[nodiscard]] std::vector<int> labelsOf(const base::Tensor& logits);

}  // namespace splitscope::exec
