// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/model/executor.h"
#include "core/session/scenario.h"

#include <memory>

namespace splitscope::session {

/// A scenario's model as it travels to the device, and ready to run on the edge.
struct ModelPackage {
    std::string hash;
    base::Bytes bytes;  ///< the JSON spec, then the weights archive
    std::uint64_t specBytes = 0;
    std::shared_ptr<const model::Executor> executor;
};

/// A piece of a model on its way to the device.
struct ModelPiece {
    wire::ModelPush push;
    base::Bytes bytes;
};
/// What is to be pushed next when the device has `offset` bytes of it.
ModelPiece modelPiece(const ModelPackage& package, std::uint64_t offset);

/// Takes the scenario's weights file, or the weights shipped for its model and data. Takes seconds.
base::Result<ModelPackage> loadModelPackage(const Scenario& scenario);

/// The names under which shipped weights may stand for a data source: a set's own name; for a path the names of the file
/// and the folders above it, nearest first ("cifar10" for a folder of its binary version).
std::vector<std::string> weightsNames(const std::string& data);

/// The weights file of the scenario, or those shipped for model and data; what `run` and `model check` use.
base::Result<model::Weights> findWeights(const std::string& network, const std::string& data, const std::string& file);

}  // namespace splitscope::session
