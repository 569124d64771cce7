// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/model_package.h"

#include "core/data/data_set.h"
#include "core/exec/row_coding.h"

#include <algorithm>
#include <filesystem>

namespace splitscope::session {

namespace fs = std::filesystem;

std::vector<Parcel> ModelPackage::parcels() const
{
    std::vector<Parcel> all{{"model", hash, bytes, specBytes}};
    if (codebook)
        all.push_back({"codebook", codebook->hash(), codebook->bytes(), 0});
    return all;
}

ModelPiece nextPiece(const Parcel& parcel, std::uint64_t offset)
{
    const auto total = parcel.bytes.size();
    offset = std::min<std::uint64_t>(offset, total);
    const auto size = std::min<std::size_t>(wire::kMaxPieceBytes, total - offset);
    const auto piece = parcel.bytes.subspan(offset, size);
    return {{parcel.hash, total, parcel.specBytes, offset}, base::Bytes(piece.begin(), piece.end())};
}

ModelPiece modelPiece(const ModelPackage& package, std::uint64_t offset) { return nextPiece(package.parcels().front(), offset); }

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
    return loadFirst(weightsNames(data), [&](const auto& name) { return model::loadShippedWeights(network, name); },
                     {base::ErrorCode::NotFound,
                      "no weights of " + network + " ship for '" + data
                          + "'; name a file of your own (--weights), or make one with `splitscope-cli model train`",
                      "weights"});
}

base::Result<std::shared_ptr<const codec::Codebook>> findCodebook(const std::string& network, const std::string& data,
                                                                  const std::string& file)
{
    if (!file.empty())
        return codec::loadCodebook(file);
    return loadFirst(
        weightsNames(data), [&](const auto& name) { return codec::loadShippedCodebook(network, name); },
        {base::ErrorCode::NotFound,
         "no codebook of " + network + " ships for '" + data
             + "'; name a file of your own (--codebook), make one with `splitscope-cli codebook train`, or choose coder none, "
               "huffman-adaptive or zstd",
         "codebook"});
}

codec::EntropyCoder usualCoder(const Scenario& scenario)
{
    const auto spec = model::loadNetworkSpec(scenario.model);
    const bool hasCodebook = spec && findCodebook(spec->name, scenario.data, scenario.codebook);
    return hasCodebook ? codec::EntropyCoder::Huffman : codec::EntropyCoder::None;
}

base::Status checkBooks(const Scenario& scenario, const ModelPackage& package)
{
    if (!package.codebook)
        return {};
    const auto& spec = package.executor->spec();
    const codec::BookedCoder coder{package.coder, package.codebook};
    const auto actions = decision::parseSpaceOptions(scenario.actionSet);
    if (!actions)
        return actions.error();
    auto decisions = decision::DecisionSpace(spec, *actions).decisions();
    if (decision::check(spec, scenario.decision))
        decisions.push_back(scenario.decision);
    for (const auto& decision : decisions)
        if (auto status = exec::checkBook(coder, spec, decision); !status)
            return status;
    return {};
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
    package.coder = scenario.coder ? *scenario.coder : usualCoder(scenario);
    if (codec::needsCodebook(package.coder)) {
        auto codebook = findCodebook(spec->name, scenario.data, scenario.codebook);
        if (!codebook)
            return codebook.error();
        package.codebook = *std::move(codebook);
        if (auto status = checkBooks(scenario, package); !status)
            return status.error();
    }
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

base::Result<std::shared_ptr<const ModelPackage>> sharedPackage(base::Result<ModelPackage> package)
{
    if (!package)
        return package.error();
    return std::make_shared<const ModelPackage>(*std::move(package));
}

}  // namespace splitscope::session
