// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/model_package.h"

#include "core/data/data_set.h"

#include <algorithm>
#include <filesystem>

namespace splitscope::session {

namespace fs = std::filesystem;

ModelPiece modelPiece(const ModelPackage& package, std::uint64_t offset)
{
    const auto total = package.bytes.size();
    offset = std::min<std::uint64_t>(offset, total);
    const auto size = std::min<std::size_t>(wire::kMaxPieceBytes, total - offset);
    const auto first = package.bytes.begin() + static_cast<std::ptrdiff_t>(offset);
    return {{package.hash, total, package.specBytes, offset}, base::Bytes(first, first + static_cast<std::ptrdiff_t>(size))};
}

std::vector<std::string> weightsNames(const std::string& data)
{
    if (data.find('/') == std::string::npos && data.find('.') == std::string::npos)
        return {data};
    std::vector<std::string> names;
    constexpr std::size_t kDepth = 3;
    auto path = fs::path(data).lexically_normal();
    if (path.filename().empty())
        path = path.parent_path();
    for (; !path.filename().empty() && names.size() < kDepth; path = path.parent_path()) {
        const auto name = names.empty() ? path.stem().string() : path.filename().string();
        const auto* named = std::find_if(data::kNamedDataSets.begin(), data::kNamedDataSets.end(),
                                         [&](const data::NamedDataSet& known) { return name == known.folder; });
        names.push_back(named == data::kNamedDataSets.end() ? name : named->name);
    }
    return names;
}

base::Result<model::Weights> findWeights(const std::string& network, const std::string& data, const std::string& file)
{
    if (!file.empty())
        return model::loadWeights(file);
    for (const auto& name : weightsNames(data)) {
        auto weights = model::loadShippedWeights(network, name);
        if (weights.ok() || weights.error().code != base::ErrorCode::NotFound)
            return weights;
    }
    return base::Error{base::ErrorCode::NotFound,
                       "no weights of " + network + " ship for '" + data
                           + "'; name a file of your own (--weights), or make one with `splitscope-cli model train`",
                       "weights"};
}

base::Result<ModelPackage> loadModelPackage(const Scenario& scenario)
{
    const auto spec = model::loadNetworkSpec(scenario.model);
    if (!spec)
        return spec.error();
    const auto weights = findWeights(spec->name, scenario.data, scenario.weights);
    if (!weights)
        return weights.error();
    if (const auto status = model::checkWeights(*spec, *weights); !status)
        return status.error();
    auto executor = model::Executor::create(*spec, *weights);
    if (!executor)
        return executor.error();

    ModelPackage package;
    package.executor = std::move(*executor);
    package.hash = model::modelHash(*spec, *weights);
    const auto json = model::toJson(*spec);
    const auto archive = model::serialize(*weights);
    package.specBytes = json.size();
    const auto jsonBytes = base::asBytes(json);
    package.bytes.assign(jsonBytes.begin(), jsonBytes.end());
    package.bytes.insert(package.bytes.end(), archive.begin(), archive.end());
    if (package.bytes.size() > wire::kMaxModelBytes)
        return base::Error{base::ErrorCode::TooLarge,
                           std::to_string(package.bytes.size()) + " bytes; a device takes " + std::to_string(wire::kMaxModelBytes)
                               + " at most",
                           "model " + spec->name};
    return package;
}

}  // namespace splitscope::session
