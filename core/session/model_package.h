// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/codec/codebook.h"
#include "core/model/executor.h"
#include "core/session/scenario.h"

#include <memory>
#include <type_traits>

namespace splitscope::session {

/// Bytes that travel to the device once, by their hash.
struct Parcel {
    const char* what = "";  ///< "model"
    std::string hash;
    base::ByteView bytes;
    std::uint64_t specBytes = 0;  ///< 0: a codebook
};

/// A scenario's model as it travels to the device, and ready to run on the edge.
struct ModelPackage {
    std::string hash;
    base::Bytes bytes;  ///< the JSON spec, then the weights archive
    std::uint64_t specBytes = 0;
    std::shared_ptr<const model::Executor> executor;
    codec::EntropyCoder coder = codec::EntropyCoder::None;  ///< the scenario's, or usualCoder()
    std::shared_ptr<const codec::Codebook> codebook;  ///< null where the coder needs none

    /// What the device must have: the model, then the codebook. Valid as long as the package.
    [[nodiscard]] std::vector<Parcel> parcels() const;
    [[nodiscard]] std::string codebookHash() const { return codebook ? codebook->hash() : std::string(); }
};

/// A piece of a parcel on its way to the device.
struct ModelPiece {
    wire::ModelPush push;
    base::Bytes bytes;
};
/// What is to be pushed next when the device has `offset` bytes of it.
ModelPiece nextPiece(const Parcel& parcel, std::uint64_t offset);
ModelPiece modelPiece(const ModelPackage& package, std::uint64_t offset);

/// Takes the scenario's files, or what ships for its model and data. An Error says how to make a codebook where the coder needs
/// one for a tensor that its decisions send. Takes seconds.
base::Result<ModelPackage> loadModelPackage(const Scenario& scenario);
/// A package that several may use.
base::Result<std::shared_ptr<const ModelPackage>> sharedPackage(base::Result<ModelPackage> package);
/// Whether another scenario of the same files may use the package: every tensor that its decisions send has its book.
base::Status checkBooks(const Scenario& scenario, const ModelPackage& package);

/// The names under which shipped weights may stand for a data source: a set's own name; for a path the names of the file
/// and the folders above it, nearest first ("cifar10" for a folder of its binary version).
std::vector<std::string> weightsNames(const std::string& data);

/// What ships under the first of these names that `load` finds something for; where it finds nothing, `otherwise`.
template <typename Load>
auto loadFirst(const std::vector<std::string>& names, const Load& load, const base::Error& otherwise)
{
    for (const auto& name : names) {
        auto loaded = load(name);
        if (loaded.ok() || loaded.error().code != base::ErrorCode::NotFound)
            return loaded;
    }
    return std::invoke_result_t<Load, const std::string&>(otherwise);
}

/// The weights file of the scenario, or those shipped for model and data; what `run` and `model check` use.
base::Result<model::Weights> findWeights(const std::string& network, const std::string& data, const std::string& file);

/// The codebook file, or the codebook shipped for model and data; an Error says how to train one.
base::Result<std::shared_ptr<const codec::Codebook>> findCodebook(const std::string& network, const std::string& data,
                                                                  const std::string& file);

/// `huffman` where the scenario names a codebook or one ships for its model and data, else `none`.
codec::EntropyCoder usualCoder(const Scenario& scenario);

}  // namespace splitscope::session
