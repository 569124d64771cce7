// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/tensor.h"
#include "core/model/network_spec.h"

#include <filesystem>
#include <map>

namespace splitscope::model {

/// One parameter tensor, float32.
struct Parameter {
    base::Shape shape;
    std::vector<float> values;
};

/// Trained parameters by name: "<layer>.weight" (Conv {out, in, k, k}, Fc {out, in}) and "<layer>.bias", with where
/// they come from. Batch normalisation is folded before weights get here.
struct Weights {
    std::map<std::string, Parameter> parameters;
    std::map<std::string, std::string> provenance;  ///< "command", "seed", "data", "accuracy", "date", …
};

/// The project's archive: magic "SSW1", header length, JSON header, float32 little-endian payload, SHA-256 of all before.
base::Bytes serialize(const Weights& weights);
base::Result<Weights> parseWeights(base::ByteView bytes, const std::string& where);

base::Status saveWeights(const Weights& weights, const std::filesystem::path& path);
/// Loads an archive, or a PyTorch state_dict (torch.save(model.state_dict())), told apart by content.
base::Result<Weights> loadWeights(const std::filesystem::path& path);

/// Weights shipped for a network, trained on `data` ("patterns", "cifar10", …).
base::Result<Weights> loadShippedWeights(const std::string& network, const std::string& data);

/// Every parameter that the spec needs is there with the right shape, and nothing else. An Error names the first wrong one.
base::Status checkWeights(const NetworkSpec& spec, const Weights& weights);

/// Hash of a spec and its weights: both halves compare it before they work together.
std::string modelHash(const NetworkSpec& spec, const Weights& weights);

}  // namespace splitscope::model
