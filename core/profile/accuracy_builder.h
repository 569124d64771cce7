// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/codec/codebook.h"
#include "core/data/data_set.h"
#include "core/model/executor.h"
#include "core/profile/accuracy_table.h"

#include <functional>
#include <stop_token>

namespace splitscope::profile {

struct AccuracyBuilderOptions {
    std::size_t images = 0;  ///< the first so many; 0: all
    decision::SpaceOptions actions{};
    codec::EntropyCoder coder = codec::EntropyCoder::None;  ///< the table's; sizes are noted with every coder
    std::shared_ptr<const codec::Codebook> codebook;  ///< null: coders that need one are left out
    int batch = 50;  ///< images that go through the network together
    int threads = 2;  ///< batches that are computed beside each other
    std::string data;  ///< what the table calls its data; empty: the data set's own name
    std::string split = "table";  ///< what the images are of
    std::filesystem::path file;  ///< what it holds already is not computed again; empty: nothing is written
    double secondsBetweenWrites = 30;  ///< of the file, which is written at the end and when stopped in any case
};

struct AccuracyProgress {
    std::size_t imagesDone = 0;  ///< in this run and by the file before
    std::size_t images = 0;
    std::size_t columns = 0;
    double secondsLeft = 0;
    double secondsPerImage = 0;  ///< of this run
    double leastSecondsPerImage = 0;  ///< what the network's layers alone took: no reading, no coding, nothing twice
};
/// Called from any of the builder's threads, one call at a time.
using AccuracyObserver = std::function<void(const AccuracyProgress&)>;

/// Builds, or completes, the table of every distinct decision. For a batch of images each trunk prefix is computed once,
/// each tensor is coded and decoded once per coding, and only the layers behind it run again, once for all exits that
/// share them. An existing file of another model or data set, or that is damaged, is an Error and stays as it is; columns
/// and images beyond those asked for are kept. Coders that it lacks are added to all of its columns, and those of another
/// codebook done anew: layers behind the cuts are not run again for that. Cancelled → Error Cancelled; the file keeps what was
/// done.
base::Result<AccuracyTable> buildAccuracyTable(const model::Executor& executor, const std::string& modelHash,
                                               const data::DataSet& images, const AccuracyBuilderOptions& options,
                                               std::stop_token stop, const AccuracyObserver& observer = {});

}  // namespace splitscope::profile
