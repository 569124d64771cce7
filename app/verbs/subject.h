// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/data/data_set.h"
#include "core/model/executor.h"

#include <memory>
#include <string>

namespace splitscope::app {

/// What is measured, tabled or learned from: a network with weights, ready to run, and images for it.
struct Subject {
    std::unique_ptr<const model::Executor> executor;
    std::string modelHash;
    std::unique_ptr<data::DataSet> images;
};

/// `weights`: a file; empty: those shipped for network and data. Takes seconds.
base::Result<Subject> openSubject(const model::NetworkSpec& spec, const std::string& data, const std::string& weights,
                                  data::Split split);

}  // namespace splitscope::app
