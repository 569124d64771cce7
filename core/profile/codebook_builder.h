// SPDX-License-Identifier: GPL-3.0-or-later
// Training a network's codebook on what really crosses the link.
#pragma once

#include "core/codec/codebook.h"
#include "core/data/data_set.h"
#include "core/model/executor.h"

#include <functional>
#include <stop_token>

namespace splitscope::profile {

struct CodebookBuilderOptions {
    std::size_t images = 2000;  ///< for the tensors, spread over the data set; 0: all
    std::size_t frames = 20'000;  ///< for the model of raw frames; 0: no such model
    std::vector<int> contextBits{4, 8, 12, 16};  ///< with a context model; Huffman books are made for 2 to 16
    int batch = 50;  ///< images that go through the network together
    int threads = 2;  ///< bit widths that are trained beside each other
    std::string data;  ///< what the codebook calls its data; empty: the data set's own name
};

struct CodebookProgress {
    std::size_t done = 0;  ///< tensors at a bit width, and at last the frames' model
    std::size_t total = 0;
    std::string what;
    double secondsLeft = 0;
};
/// Called from any of the builder's threads, one call at a time.
using CodebookObserver = std::function<void(const CodebookProgress&)>;

/// `images` should be a training split: results are to be told of others. Tensors too large for memory are trained on fewer
/// images. Cancelled → Error Cancelled. Takes minutes.
base::Result<codec::Codebook> trainCodebook(const model::Executor& executor, const std::string& modelHash,
                                            const data::DataSet& images, const CodebookBuilderOptions& options,
                                            std::stop_token stop, const CodebookObserver& observer = {});

}  // namespace splitscope::profile
