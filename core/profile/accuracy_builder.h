// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/data_set.h"
#include "core/model/executor.h"
#include "core/profile/accuracy_table.h"

#include <functional>
#include <stop_token>

namespace splitscope::profile {

struct AccuracyBuilderOptions {
    std::size_t images = 0;  ///< the first so many; 0: all
    decision::SpaceOptions actions{};
    codec::EntropyCoder coder = codec::EntropyCoder::None;
    int batch = 50;  ///< images that go through the network together
    int threads = 2;
    std::filesystem::path file;  ///< written after every part; what it holds already is not computed again
};

struct AccuracyProgress {
    std::size_t imagesDone = 0;
    std::size_t images = 0;
    std::size_t columns = 0;
    double secondsLeft = 0;
    double secondsPerImage = 0;
    double leastSecondsPerImage = 0;  ///< what the network's layers alone would take: no coding, nothing twice
};
using AccuracyObserver = std::function<void(const AccuracyProgress&)>;

/// Builds, or completes, the table of every distinct decision. For a batch of images each trunk prefix is computed once,
/// each tensor is coded and decoded once per coding, and only the layers behind it run again. An existing file of another
/// model, data set or coder is an Error and stays as it is. Cancelled → Error Cancelled; the file keeps what was done.
base::Result<AccuracyTable> buildAccuracyTable(const model::Executor& executor, const std::string& modelHash,
                                               const data::DataSet& images, const AccuracyBuilderOptions& options,
                                               std::stop_token stop, const AccuracyObserver& observer = {});

}  // namespace splitscope::profile
