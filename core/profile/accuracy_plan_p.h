// SPDX-License-Identifier: GPL-3.0-or-later
// Which columns of an accuracy table are computed together, from which tensors, for which images.
#pragma once

#include "core/codec/codebook.h"
#include "core/profile/accuracy_table.h"

namespace splitscope::profile {

/// A tensor in one coding, and the columns that go on from it.
struct CodedCut {
    struct Follower {
        int exit = 1;
        std::size_t column = 0;  ///< index into the table's columns
    };
    codec::Coding coding;
    std::vector<Follower> followers;  ///< exits ascending
};

/// What is to be done with the tensors along a piece of the network, by cut number.
using CutPlan = std::map<int, std::vector<CodedCut>>;

/// The work on one batch of images.
struct AccuracyPlan {
    CutPlan trunk;  ///< cuts that several exits share
    std::map<int, CutPlan> heads;  ///< by exit: its own cuts, and its end; exits that nothing needs are missing
    const codec::Codebook* codebook = nullptr;  ///< null: coders that need one are left out
};

/// Whether what is decoded equals what was coded, bit by bit: such decisions answer as the whole network does.
[[nodiscard]] bool isExact(const codec::Coding& coding);

/// A column without answers for each distinct decision, in the space's order.
[[nodiscard]] std::vector<AccuracyColumn> emptyColumns(const decision::DecisionSpace& space);

/// How to compute `wanted` of the columns, all of which are of decisions of `spec`.
[[nodiscard]] AccuracyPlan planFor(const model::NetworkSpec& spec, const std::vector<AccuracyColumn>& columns,
                                   const std::vector<std::size_t>& wanted);

/// So many images from `first` on, for a set of columns all of which hold exactly `first` images before.
struct AccuracyJob {
    std::size_t first = 0;
    std::size_t count = 0;
    std::size_t set = 0;
};

struct AccuracySchedule {
    std::vector<std::vector<std::size_t>> sets;  ///< of columns that advance together
    std::vector<AccuracyJob> jobs;  ///< in the order in which their answers are appended
};

/// Brings all of `wanted` to `images` images, at most `batch` at a time. Columns that are behind catch up first.
[[nodiscard]] AccuracySchedule scheduleOf(const std::vector<AccuracyColumn>& columns, const std::vector<std::size_t>& wanted,
                                          std::size_t images, std::size_t batch);

}  // namespace splitscope::profile
