// SPDX-License-Identifier: GPL-3.0-or-later
// What the columns of a plan answer to one batch of images.
#pragma once

#include "core/data/data_set.h"
#include "core/model/executor.h"
#include "core/profile/accuracy_plan_p.h"

namespace splitscope::profile {

/// One column's answers to the batch.
struct BatchAnswers {
    std::vector<bool> correct;
    std::vector<float> entropy;
    std::map<codec::EntropyCoder, std::vector<std::uint32_t>> bytes;  ///< always one per image
};

struct BatchResult {
    std::map<std::size_t, BatchAnswers> answers;  ///< by column
    double layerSeconds = 0;  ///< of which in the network's layers
};

/// Images first .. first + count − 1. Takes seconds.
base::Result<BatchResult> computeBatch(const model::Executor& executor, const data::DataSet& images, const AccuracyPlan& plan,
                                       std::size_t first, std::size_t count);

}  // namespace splitscope::profile
