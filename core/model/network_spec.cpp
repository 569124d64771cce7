// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/network_spec.h"

#include "core/base/files.h"

#include <algorithm>
#include <set>

namespace splitscope::model {

namespace {

using base::Error;
using base::ErrorCode;

Error invalid(const std::string& text, const std::string& where = {}) { return {ErrorCode::InvalidInput, text, where}; }

/// Letters that are safe in file names, table keys and state_dict names.
bool isPlainName(std::string_view text)
{
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return !text.empty() && text.size() <= 64 && text.find_first_not_of(kLetters) == std::string_view::npos;
}

/// Walks the trunk and each head, and counts what all of them together need.
class Validator {
public:
    Validator(const NetworkSpec& spec, std::string where) : m_spec(spec), m_where(std::move(where)) {}

    base::Status run()
    {
        if (auto status = checkHeader(); !status)
            return status;
        m_shapes.push_back(m_spec.input);
        for (std::size_t i = 0; i < m_spec.trunk.size(); ++i) {
            auto shape = walk(m_spec.trunk[i], m_shapes.back(), "", "trunk layer " + std::to_string(i + 1));
            if (!shape)
                return shape.error();
            m_shapes.push_back(std::move(*shape));
        }
        int deepest = 0;
        int branch = 0;
        for (const auto& exit : m_spec.exits) {
            if (auto status = checkExit(exit, branch, deepest); !status)
                return status;
            branch = exit.after;
            deepest = exit.layerCount();
        }
        if (branch != static_cast<int>(m_spec.trunk.size()))
            return fail("trunk layer " + std::to_string(branch + 1) + " '" + m_spec.trunk[static_cast<std::size_t>(branch)].name
                        + "': no exit uses it or what follows it");
        return {};
    }

private:
    [[nodiscard]] Error fail(const std::string& text) const { return invalid(text, m_where); }

    [[nodiscard]] base::Status checkHeader() const
    {
        if (!isPlainName(m_spec.name))
            return fail("name: 1 to 64 of the letters A–Z, a–z, 0–9, _ and - are needed");
        if (m_spec.input.size() != 3)
            return fail("input: three numbers are needed: channels, height, width");
        for (int side : m_spec.input)
            if (side < 1 || side > kMaxDimension)
                return fail("input: each number must be 1 to " + std::to_string(kMaxDimension));
        if (isTooLarge(m_spec.input))
            return fail("input: " + base::toString(m_spec.input) + " takes more than 64 MB");
        if (m_spec.classes < 2 || m_spec.classes > kMaxDimension)
            return fail("classes: must be 2 to " + std::to_string(kMaxDimension));
        const auto channels = static_cast<std::size_t>(m_spec.input[0]);
        if (m_spec.mean.size() != channels || m_spec.deviation.size() != channels)
            return fail("mean, deviation: one number per input channel is needed (" + std::to_string(channels) + ")");
        for (std::size_t c = 0; c < channels; ++c)
            if (!(m_spec.mean[c] >= -10 && m_spec.mean[c] <= 10 && m_spec.deviation[c] >= 1e-4F && m_spec.deviation[c] <= 1e4F))
                return fail("mean, deviation: channel " + std::to_string(c + 1)
                            + " is out of bounds (mean −10 to 10, deviation 0.0001 to 10000)");
        if (m_spec.trunk.empty())
            return fail("trunk: at least one layer is needed");
        if (m_spec.exits.empty())
            return fail("exits: at least one is needed");
        return {};
    }

    base::Status checkExit(const ExitSpec& exit, int lowestBranch, int deepestBefore)
    {
        const std::string what = "exit '" + exit.name + "'";
        const int trunkLayers = static_cast<int>(m_spec.trunk.size());
        if (!isPlainName(exit.name))
            return fail(what + ": a name of 1 to 64 of the letters A–Z, a–z, 0–9, _ and - is needed");
        if (!m_names.insert(exit.name + "/").second)
            return fail(what + ": another exit has this name");
        if (exit.after < 1 || exit.after > trunkLayers)
            return fail(what + ": branches off after layer " + std::to_string(exit.after) + ", but the trunk has layers 1 to "
                        + std::to_string(trunkLayers));
        if (exit.after < lowestBranch || exit.layerCount() <= deepestBefore)
            return fail(what + ": exits must come in the order of their depth, each deeper than the one before");
        base::Shape shape = m_shapes[static_cast<std::size_t>(exit.after)];
        for (std::size_t i = 0; i < exit.head.size(); ++i) {
            auto next = walk(exit.head[i], shape, exit.name + "/", what + " layer " + std::to_string(i + 1));
            if (!next)
                return next.error();
            shape = std::move(*next);
        }
        const LayerSpec& last = exit.head.empty() ? m_spec.trunk[static_cast<std::size_t>(exit.after) - 1] : exit.head.back();
        if (last.type != LayerType::Fc || last.outputs != m_spec.classes)
            return fail(what + ": its last layer '" + last.name + "' must be of type fc with " + std::to_string(m_spec.classes)
                        + " outputs, one per class");
        return {};
    }

    base::Result<base::Shape> walk(const LayerSpec& layer, const base::Shape& input, std::string_view prefix,
                                   const std::string& which)
    {
        const std::string what = which + " '" + layer.name + "': ";
        std::string_view own = layer.name;
        if (!own.starts_with(prefix) || !isPlainName(own.substr(prefix.size())))
            return fail(what + "its name must be " + std::string(prefix)
                        + "…, with 1 to 64 of the letters A–Z, a–z, 0–9, _ and -");
        if (layer.name == "input")
            return fail(what + "that is what the tensor at cut 0 is called; choose another name");
        if (!m_names.insert(layer.name).second)
            return fail(what + "another layer has this name");
        if (++m_layers > kMaxLayers)
            return fail(what + "a network may have " + std::to_string(kMaxLayers) + " layers at most");
        if (auto status = checkParameters(layer); !status)
            return fail(what + status.error().text);
        if (layer.type == LayerType::Residual)
            if (auto status = walkBlock(layer, input, which + " '" + layer.name + "' "); !status)
                return status.error();
        auto shape = outputShape(layer, input);
        if (!shape)
            return fail(what + shape.error().text);
        if (isTooLarge(*shape))
            return fail(what + "its output of " + base::toString(*shape) + " takes more than 64 MB or "
                        + std::to_string(kMaxDimension) + " along a side");
        if (layer.type != LayerType::Residual)  // whose layers have been counted
            m_parameterBytes += parameterCount(layer, input) * static_cast<std::int64_t>(sizeof(float));
        if (m_parameterBytes > kMaxParameterBytes)
            return fail(what + "with it the weights take more than 64 MB");
        return shape;
    }

    /// The layers inside of a block. Their outputs meet within it; so at every cut outside one tensor crosses.
    base::Status walkBlock(const LayerSpec& block, const base::Shape& input, const std::string& which)
    {
        const auto walkAll = [&](const std::vector<LayerSpec>& layers, const std::string& part) -> base::Status {
            base::Shape shape = input;
            for (std::size_t i = 0; i < layers.size(); ++i) {
                const auto& layer = layers[i];
                const auto place = which + part + " layer " + std::to_string(i + 1);
                if (layer.type == LayerType::Residual)
                    return fail(place + " '" + layer.name + "': a block holds no other blocks; put them behind each other");
                auto next = walk(layer, shape, block.name + "/", place);
                if (!next)
                    return next.error();
                shape = std::move(*next);
            }
            return {};
        };
        if (auto status = walkAll(block.body, "body"); !status)
            return status;
        return walkAll(block.shortcut, "shortcut");
    }

    static bool isTooLarge(const base::Shape& shape)
    {
        return std::any_of(shape.begin(), shape.end(), [](int side) { return side > kMaxDimension; })
            || base::elementCount(shape) * sizeof(float) > static_cast<std::size_t>(kMaxTensorBytes);
    }

    const NetworkSpec& m_spec;
    std::string m_where;
    std::vector<base::Shape> m_shapes;  ///< at each trunk cut
    std::set<std::string> m_names;
    int m_layers = 0;
    std::int64_t m_parameterBytes = 0;
};

}  // namespace

base::Status validate(const NetworkSpec& spec, const std::string& where) { return Validator(spec, where).run(); }

std::vector<std::string> shippedNetworks() { return {"alexnet3", "alexnet3-128", "alexnet3-128b", "alexnet5"}; }

base::Result<NetworkSpec> loadNetworkSpec(const std::string& nameOrPath)
{
    constexpr std::uintmax_t kLargestFile = 1 << 20;
    std::filesystem::path path = nameOrPath;
    const auto shipped = shippedNetworks();
    std::error_code ec;
    const auto isShipped = std::find(shipped.begin(), shipped.end(), nameOrPath) != shipped.end();
    const auto isName = !nameOrPath.empty() && !path.has_parent_path() && !path.is_absolute();
    auto resource
        = isName ? base::resourcePath("models/" + nameOrPath + "/model.json") : base::Result<std::filesystem::path>(path);
    if (isShipped && !resource)
        return resource.error();
    if (isShipped || (isName && resource && !std::filesystem::exists(path, ec))) {
        path = std::move(*resource);
    } else if (std::filesystem::is_directory(path, ec)) {
        path /= "model.json";
    } else if (!std::filesystem::exists(path, ec)) {
        std::string known;
        for (const auto& one : shipped)
            known += (known.empty() ? "" : ", ") + one;
        return Error{ErrorCode::NotFound, "neither a network that ships (" + known + ") nor a spec file", nameOrPath};
    }
    auto bytes = base::readFile(path, kLargestFile);
    if (!bytes)
        return bytes.error();
    return parseNetworkSpec(base::asText(*bytes), path.string());
}

}  // namespace splitscope::model
