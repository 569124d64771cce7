// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes of coders that a table does not have yet: only the layers before the cuts are run, and nothing is decoded.
#pragma once

#include "core/profile/accuracy_builder.h"

namespace splitscope::profile {

/// Adds every coder's bytes but None's; not those of coders that need a book and have none.
void addCodedSizes(std::span<const std::uint16_t> levels, int bits, const codec::TensorBook* book,
                   std::map<codec::EntropyCoder, std::vector<std::uint32_t>>& bytes);
/// Bytes of one frame's record. The coder's book is there if it needs one.
[[nodiscard]] std::uint32_t codedSize(std::span<const std::uint16_t> levels, int bits, codec::EntropyCoder coder,
                                      const codec::TensorBook* book);

/// Forgets the bytes of another codebook than `codebook`, whose hash the table then bears. Null: nothing changes.
void adoptCodebook(AccuracyTable& table, const codec::Codebook* codebook);

/// Adds what is missing, image by image; `save` is called every options.secondsBetweenWrites and when stopped.
base::Status completeCoders(const model::Executor& executor, const data::DataSet& images, const AccuracyBuilderOptions& options,
                            const std::stop_token& stop, const AccuracyObserver& observer,
                            const std::function<base::Status(const AccuracyTable&)>& save, AccuracyTable& table);

}  // namespace splitscope::profile
