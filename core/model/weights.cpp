// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/weights.h"

#include "core/base/files.h"
#include "core/model/path.h"
#include "core/model/state_dict.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

namespace splitscope::model {

namespace {

using base::Error;
using base::ErrorCode;

constexpr std::string_view kMagic = "SSW1";
constexpr std::size_t kPrefixSize = 8;  ///< magic and header length
constexpr std::size_t kHashSize = 32;
constexpr std::size_t kMaxHeader = 1 << 20;
constexpr int kMaxParameters = 2 * kMaxLayers;
constexpr std::uintmax_t kMaxFile = static_cast<std::uintmax_t>(kMaxParameterBytes) * 2;  ///< state_dicts may hold doubles

Error broken(const std::string& text, const std::string& where) { return {ErrorCode::InvalidInput, text, where}; }

base::Bytes hashOf(base::ByteView bytes)
{
    const auto hex = QByteArray::fromHex(QByteArray::fromStdString(base::sha256(bytes)));
    return {hex.begin(), hex.end()};
}

QJsonArray toArray(const base::Shape& shape)
{
    QJsonArray array;
    for (int side : shape)
        array.append(side);
    return array;
}

std::string headerOf(const Weights& weights)
{
    QJsonArray parameters;
    for (const auto& [name, parameter] : weights.parameters)
        parameters.append(QJsonObject{{"name", QString::fromStdString(name)}, {"shape", toArray(parameter.shape)}});
    QJsonObject provenance;
    for (const auto& [key, value] : weights.provenance)
        provenance[QString::fromStdString(key)] = QString::fromStdString(value);
    const QJsonObject header{{"parameters", parameters}, {"provenance", provenance}};
    return QJsonDocument(header).toJson(QJsonDocument::Compact).toStdString();
}

/// The shape of one header entry; nothing if it is none that an archive may hold.
std::optional<base::Shape> shapeFrom(const QJsonValue& value)
{
    base::Shape shape;
    std::int64_t bytes = sizeof(float);
    for (const auto& side : value.toArray()) {
        const int size = side.toInt(0);
        if (size < 1 || bytes > kMaxParameterBytes / size)
            return std::nullopt;
        bytes *= size;
        shape.push_back(size);
    }
    if (shape.empty() || shape.size() > 4)
        return std::nullopt;
    return shape;
}

base::Status readParameters(const QJsonArray& entries, base::ByteView payload, Weights& weights, const std::string& where)
{
    if (entries.size() > kMaxParameters)
        return broken("lists " + std::to_string(entries.size()) + " parameters; more than any network may have", where);
    std::size_t at = 0;
    for (const auto& entry : entries) {
        const auto name = entry.toObject().value(QLatin1String("name")).toString().toStdString();
        const auto shape = shapeFrom(entry.toObject().value(QLatin1String("shape")));
        if (name.empty() || !shape)
            return broken("the entry of parameter '" + name + "' makes no sense", where);
        const std::size_t size = base::elementCount(*shape) * sizeof(float);
        if (size > payload.size() - at)
            return broken("ends before the values of parameter '" + name + "'", where);
        Parameter parameter{*shape, std::vector<float>(base::elementCount(*shape))};
        std::memcpy(parameter.values.data(), payload.data() + at, size);
        at += size;
        for (float value : parameter.values)
            if (!std::isfinite(value))
                return broken("parameter '" + name + "' holds a value that is no finite number", where);
        if (!weights.parameters.emplace(name, std::move(parameter)).second)
            return broken("parameter '" + name + "' is there twice", where);
    }
    if (at != payload.size())
        return broken("has " + std::to_string(payload.size() - at) + " bytes more than its header lists", where);
    return {};
}

base::Status expect(const Weights& weights, const std::string& name, const base::Shape& shape)
{
    const auto found = weights.parameters.find(name);
    if (found == weights.parameters.end())
        return Error{ErrorCode::Mismatch, "parameter '" + name + "' (" + base::toString(shape) + ") is missing", "weights"};
    if (found->second.shape != shape || found->second.values.size() != base::elementCount(shape))
        return Error{ErrorCode::Mismatch,
                     "parameter '" + name + "' is " + base::toString(found->second.shape) + ", but the network needs "
                         + base::toString(shape),
                     "weights"};
    return {};
}

/// Calls visit(name, shape) for every parameter of the network, until it returns an Error.
template <typename Visit>
base::Status visitParameters(const NetworkSpec& spec, Visit visit)
{
    const auto walk = [&](const std::vector<LayerSpec>& layers, std::vector<base::Shape>& shapes) -> base::Status {
        for (const auto& layer : layers) {
            const base::Shape input = shapes.back();
            auto output = outputShape(layer, input);
            if (!output)
                return Error{output.error().code, output.error().text, layer.name};
            shapes.push_back(std::move(*output));
            for (const auto& inner : innerLayers(account(layer, input))) {
                const auto weight = weightShape(inner.spec, inner.input);
                if (weight.empty())
                    continue;
                if (auto status = visit(inner.spec.name + ".weight", weight); !status)
                    return status;
                if (auto status = visit(inner.spec.name + ".bias", base::Shape{inner.spec.outputs}); !status)
                    return status;
            }
        }
        return {};
    };
    std::vector<base::Shape> trunk{spec.input};
    if (auto status = walk(spec.trunk, trunk); !status)
        return status;
    for (const auto& exit : spec.exits) {
        std::vector<base::Shape> head{trunk[static_cast<std::size_t>(exit.after)]};
        if (auto status = walk(exit.head, head); !status)
            return status;
    }
    return {};
}

}  // namespace

base::Bytes serialize(const Weights& weights)
{
    const auto header = headerOf(weights);
    std::size_t size = kPrefixSize + header.size() + kHashSize;
    for (const auto& [name, parameter] : weights.parameters)
        size += parameter.values.size() * sizeof(float);
    base::Bytes bytes(size);
    std::size_t at = 0;
    const auto put = [&](const void* data, std::size_t length) {
        if (length > 0)
            std::memcpy(bytes.data() + at, data, length);
        at += length;
    };
    const auto headerSize = static_cast<std::uint32_t>(header.size());
    put(kMagic.data(), kMagic.size());
    put(&headerSize, sizeof headerSize);
    put(header.data(), header.size());
    for (const auto& [name, parameter] : weights.parameters)
        put(parameter.values.data(), parameter.values.size() * sizeof(float));
    const auto hash = hashOf(base::ByteView(bytes).first(at));
    put(hash.data(), hash.size());
    return bytes;
}

base::Result<Weights> parseWeights(base::ByteView bytes, const std::string& where)
{
    if (bytes.size() < kPrefixSize + kHashSize || base::asText(bytes.first(kMagic.size())) != kMagic)
        return broken("is no weights archive of this program (it would begin with SSW1)", where);
    const auto hashed = bytes.first(bytes.size() - kHashSize);
    const auto hash = hashOf(hashed);
    if (!std::equal(hash.begin(), hash.end(), bytes.end() - kHashSize))
        return broken("is damaged: its checksum does not match; copy or make it again", where);
    const std::size_t headerSize = base::readAt<std::uint32_t>(bytes, kMagic.size());
    if (headerSize > kMaxHeader || headerSize > hashed.size() - kPrefixSize)
        return broken("its header is longer than the file", where);
    const auto text = hashed.subspan(kPrefixSize, headerSize);
    const auto header
        = QJsonDocument::fromJson(QByteArray(reinterpret_cast<const char*>(text.data()), static_cast<qsizetype>(text.size())));
    if (!header.isObject())
        return broken("its header is no JSON object", where);
    Weights weights;
    const auto provenance = header.object().value(QLatin1String("provenance")).toObject();
    for (auto one = provenance.begin(); one != provenance.end(); ++one)
        weights.provenance[one.key().toStdString()] = one.value().toString().toStdString();
    const auto entries = header.object().value(QLatin1String("parameters")).toArray();
    if (auto status = readParameters(entries, hashed.subspan(kPrefixSize + headerSize), weights, where); !status)
        return status.error();
    return weights;
}

base::Status saveWeights(const Weights& weights, const std::filesystem::path& path)
{
    return base::writeFileAtomically(path, serialize(weights));
}

base::Result<Weights> loadWeights(const std::filesystem::path& path)
{
    const auto bytes = base::readFile(path, kMaxFile);
    if (!bytes)
        return bytes.error();
    if (base::asText(base::ByteView(*bytes).first(std::min<std::size_t>(4, bytes->size()))) == kMagic)
        return parseWeights(*bytes, path.string());
    return loadStateDict(path);
}

base::Result<Weights> loadShippedWeights(const std::string& network, const std::string& data)
{
    const auto path = base::resourcePath("models/" + network + "/" + data + ".weights");
    if (!path)
        return Error{ErrorCode::NotFound,
                     "no weights of " + network + " trained on " + data + " ship; train some and name their file",
                     network + "/" + data};
    return loadWeights(*path);
}

base::Status checkWeights(const NetworkSpec& spec, const Weights& weights)
{
    int known = 0;
    static_cast<void>(visitParameters(spec, [&](const std::string& name, const base::Shape&) -> base::Status {
        known += weights.parameters.contains(name) ? 1 : 0;
        return {};
    }));
    if (known == 0 && !weights.parameters.empty())
        return Error{ErrorCode::Mismatch,
                     "none of these parameters ('" + weights.parameters.begin()->first + "', …) is " + spec.name
                         + "'s: they are another network's; export the spec and the weights together",
                     "weights"};
    std::map<std::string, const Parameter*> left;
    for (const auto& [name, parameter] : weights.parameters)
        left.emplace(name, &parameter);
    auto status = visitParameters(spec, [&](const std::string& name, const base::Shape& shape) {
        left.erase(name);
        return expect(weights, name, shape);
    });
    if (!status)
        return status;
    if (!left.empty())
        return Error{ErrorCode::Mismatch, "parameter '" + left.begin()->first + "' belongs to no layer of " + spec.name,
                     "weights"};
    return {};
}

std::string modelHash(const NetworkSpec& spec, const Weights& weights)
{
    const auto parameters = base::sha256(serialize(Weights{weights.parameters, {}}));
    return base::sha256(base::asBytes(toJson(spec) + parameters));
}

}  // namespace splitscope::model
