// SPDX-License-Identifier: GPL-3.0-or-later
// A policy's file: magic "SSP1", header length, JSON header, each layer's weights and bias (float32, little-endian), SHA-256 of
// all before. The file is named and read as a whole: what it says is checked before it decides anything.
#include "core/base/files.h"
#include "core/rl/policy.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cmath>
#include <cstring>

namespace splitscope::rl {

namespace {

using base::Error;
using base::ErrorCode;

constexpr std::string_view kMagic = "SSP1";
constexpr std::size_t kPrefixSize = 8;  ///< magic and header length
constexpr std::size_t kHashSize = 32;
constexpr std::size_t kMaxHeader = 1 << 20;
constexpr std::uintmax_t kMaxFile = 64 << 20;
constexpr int kMaxLayers = 16;
constexpr int kMaxWidth = 4096;

Error broken(const std::string& text, const std::string& where) { return {ErrorCode::InvalidInput, text, where}; }

QString text(const std::string& value) { return QString::fromStdString(value); }

/// JSON knows no infinity: null stands for "no limit".
QJsonValue number(double value) { return std::isfinite(value) ? QJsonValue(value) : QJsonValue(QJsonValue::Null); }
double limitFrom(const QJsonValue& value) { return value.isNull() ? decision::kNoLimit : value.toDouble(); }

QJsonArray toJson(const Range& range) { return {range.low, range.high}; }
Range rangeFrom(const QJsonValue& value) { return {value.toArray().at(0).toDouble(), value.toArray().at(1).toDouble()}; }

QJsonObject toJson(const FeatureOptions& features)
{
    return {{"bytes_per_second", toJson(features.bytesPerSecond)},
            {"last_request", features.lastRequest},
            {"queue", features.queue},
            {"trend", features.trend},
            {"last_decision", features.lastDecision},
            {"rate_belief", features.rateBelief},
            {"load_belief", features.loadBelief},
            {"budget", features.budget},
            {"objective", features.objective},
            {"sensitivity", toJson(features.sensitivity)},
            {"scale", toJson(features.scale)},
            {"energy_limit_joules", toJson(features.energyLimitJoules)},
            {"deadline_ms", toJson(features.deadlineMs)},
            {"latency_ms", toJson(features.latencyMs)},
            {"rtt_ms", toJson(features.rttMs)},
            {"usual_rtt_ms", features.usualRttMs},
            {"device_slowdown", toJson(features.deviceSlowdown)},
            {"exits", features.exits},
            {"layers", features.layers}};
}

FeatureOptions featuresFrom(const QJsonObject& json)
{
    FeatureOptions features;
    features.bytesPerSecond = rangeFrom(json["bytes_per_second"]);
    features.lastRequest = json["last_request"].toBool();
    features.queue = json["queue"].toBool();
    features.trend = json["trend"].toBool();
    features.lastDecision = json["last_decision"].toBool();
    features.rateBelief = json["rate_belief"].toBool();
    features.loadBelief = json["load_belief"].toBool();
    features.budget = json["budget"].toBool();
    features.objective = json["objective"].toBool();
    features.sensitivity = rangeFrom(json["sensitivity"]);
    features.scale = rangeFrom(json["scale"]);
    features.energyLimitJoules = rangeFrom(json["energy_limit_joules"]);
    features.deadlineMs = rangeFrom(json["deadline_ms"]);
    features.latencyMs = rangeFrom(json["latency_ms"]);
    features.rttMs = rangeFrom(json["rtt_ms"]);
    features.usualRttMs = json["usual_rtt_ms"].toDouble();
    features.deviceSlowdown = rangeFrom(json["device_slowdown"]);
    features.exits = json["exits"].toInt();
    features.layers = json["layers"].toInt();
    return features;
}

QJsonObject toJson(const decision::Objective& objective)
{
    return {{"reward", objective.kind == decision::RewardKind::Paper ? "paper" : "edgent"},
            {"sensitivity", objective.sensitivity},
            {"scale", objective.scale},
            {"energy_limit_joules", number(objective.energyLimitJoules)},
            {"deadline_ms", number(objective.deadlineMs)},
            {"accuracy_floor", objective.accuracyFloor},
            {"first_cut", objective.firstCut},
            {"last_cut", objective.lastCut}};
}

decision::Objective objectiveFrom(const QJsonObject& json)
{
    decision::Objective objective;
    objective.kind = json["reward"].toString() == "edgent" ? decision::RewardKind::Edgent : decision::RewardKind::Paper;
    objective.sensitivity = json["sensitivity"].toDouble();
    objective.scale = json["scale"].toDouble();
    objective.energyLimitJoules = limitFrom(json["energy_limit_joules"]);
    objective.deadlineMs = limitFrom(json["deadline_ms"]);
    objective.accuracyFloor = json["accuracy_floor"].toDouble();
    objective.firstCut = json["first_cut"].toInt();
    objective.lastCut = json["last_cut"].toInt();
    return objective;
}

QJsonObject toJson(const decision::RewardScale& scale)
{
    return {{"accuracy_min", scale.accuracyMin},
            {"accuracy_max", scale.accuracyMax},
            {"latency_min_ms", scale.latencyMinMs},
            {"latency_max_ms", scale.latencyMaxMs},
            {"max_bytes_per_second", scale.maxBytesPerSecond}};
}

decision::RewardScale scaleFrom(const QJsonObject& json)
{
    return {json["accuracy_min"].toDouble(), json["accuracy_max"].toDouble(), json["latency_min_ms"].toDouble(),
            json["latency_max_ms"].toDouble(), json["max_bytes_per_second"].toDouble()};
}

std::string headerOf(const Policy& policy)
{
    QJsonArray actions;
    for (const auto& action : policy.actions) {
        QJsonArray parts{action.exit, action.partition, text(codec::toString(action.coding))};
        if (action.gate)
            parts.append(text(decision::toString(*action.gate)));
        actions.append(parts);
    }
    QJsonArray layers;
    for (const auto& layer : policy.layers)
        layers.append(QJsonArray{layer.inputs, layer.outputs});
    const QJsonObject header{{"algorithm", text(policy.algorithm)},
                             {"network", text(policy.network)},
                             {"model_hash", text(policy.modelHash)},
                             {"table_sha256", text(policy.tableHash)},
                             {"actions", actions},
                             {"batch", policy.batch},
                             {"features", toJson(policy.features)},
                             {"scale", toJson(policy.scale)},
                             {"objective", toJson(policy.objective)},
                             {"layers", layers},
                             {"command", text(policy.command)},
                             {"date", text(policy.date)},
                             {"gap", number(policy.gap)},
                             {"front_only", policy.frontOnly},
                             {"known_scale", policy.knownScale}};
    return QJsonDocument(header).toJson(QJsonDocument::Compact).toStdString();
}

base::Status readActions(const QJsonArray& actions, Policy& policy, const std::string& where)
{
    for (const auto& entry : actions) {
        const auto parts = entry.toArray();
        const auto coding = codec::parseCoding(parts.at(2).toString().toStdString());
        const bool gated = parts.size() == 4;
        const auto gate = gated ? decision::parseGate(parts.at(3).toString().toStdString()) : decision::Gate();
        if ((parts.size() != 3 && !gated) || !coding || !gate)
            return broken("action " + std::to_string(policy.actions.size()) + " is no decision", where);
        auto& action = policy.actions.emplace_back(decision::Decision{parts.at(0).toInt(), parts.at(1).toInt(), *coding});
        if (gated)
            action.gate = *gate;
    }
    return {};
}

base::Status readLayers(const QJsonArray& layers, base::ByteView payload, Policy& policy, const std::string& where)
{
    if (layers.isEmpty() || layers.size() > kMaxLayers)
        return broken("has " + std::to_string(layers.size()) + " layers; 1 to " + std::to_string(kMaxLayers) + " are allowed",
                      where);
    const auto take = [&](std::vector<float>& values, std::size_t count) {
        if (payload.size() < count * sizeof(float))
            return false;
        values.resize(count);
        std::memcpy(values.data(), payload.data(), count * sizeof(float));
        payload = payload.subspan(count * sizeof(float));
        return true;
    };
    for (const auto& entry : layers) {
        Layer layer;
        layer.inputs = entry.toArray().at(0).toInt();
        layer.outputs = entry.toArray().at(1).toInt();
        if (layer.inputs < 1 || layer.outputs < 1 || layer.inputs > kMaxWidth || layer.outputs > kMaxWidth)
            return broken("a layer's width is outside 1 to " + std::to_string(kMaxWidth), where);
        const auto outputs = static_cast<std::size_t>(layer.outputs);
        if (!take(layer.weights, outputs * static_cast<std::size_t>(layer.inputs)) || !take(layer.bias, outputs))
            return broken("ends before the numbers of its layers do", where);
        policy.layers.push_back(std::move(layer));
    }
    if (!payload.empty())
        return broken("has " + std::to_string(payload.size()) + " bytes more than its layers", where);
    return {};
}

}  // namespace

base::Status check(const Policy& policy, const std::string& where)
{
    if (policy.actions.empty() || policy.layers.empty())
        return broken("has no actions or no layers", where);
    for (const auto* range : {&policy.features.bytesPerSecond, &policy.features.latencyMs})
        if (!(range->low > 0 && range->low < range->high))
            return broken("a range of its inputs is empty", where);
    if (!(policy.knownScale >= 0 && std::isfinite(policy.knownScale)))
        return broken("what known rewards count for is no number of at least 0", where);
    const auto& features = policy.features;
    for (const auto* range : {&features.energyLimitJoules, &features.deadlineMs, &features.rttMs, &features.deviceSlowdown})
        if (!range->empty() && !(range->low > 0))
            return broken("a range of its inputs does not begin above 0", where);
    if (features.exits < 1 || features.exits > 64 || features.layers < 1 || features.layers > kMaxWidth)
        return broken("it is of no possible network", where);
    auto inputs = featureCount(features);
    for (const auto& layer : policy.layers) {
        if (static_cast<std::size_t>(layer.inputs) != inputs)
            return broken("a layer has " + std::to_string(layer.inputs) + " inputs where " + std::to_string(inputs) + " come",
                          where);
        inputs = static_cast<std::size_t>(layer.outputs);
        for (const auto* values : {&layer.weights, &layer.bias})
            for (float value : *values)
                if (!std::isfinite(value))
                    return broken("a weight is no finite number", where);
    }
    if (inputs != policy.actions.size())
        return broken("has " + std::to_string(inputs) + " outputs for " + std::to_string(policy.actions.size()) + " actions",
                      where);
    return {};
}

base::Bytes serialize(const Policy& policy)
{
    const auto header = headerOf(policy);
    base::Bytes bytes(kMagic.begin(), kMagic.end());
    base::append(bytes, static_cast<std::uint32_t>(header.size()));
    bytes.insert(bytes.end(), header.begin(), header.end());
    for (const auto& layer : policy.layers)
        for (const auto* values : {&layer.weights, &layer.bias}) {
            const auto* raw = reinterpret_cast<const std::uint8_t*>(values->data());
            bytes.insert(bytes.end(), raw, raw + values->size() * sizeof(float));
        }
    const auto hash = QByteArray::fromHex(QByteArray::fromStdString(base::sha256(bytes)));
    bytes.insert(bytes.end(), hash.begin(), hash.end());
    return bytes;
}

base::Result<Policy> parsePolicy(base::ByteView bytes, const std::string& where)
{
    if (bytes.size() < kPrefixSize + kHashSize || base::asText(bytes.first(kMagic.size())) != kMagic)
        return broken("is no policy (it does not begin with SSP1)", where);
    const auto body = bytes.first(bytes.size() - kHashSize);
    const auto hash = QByteArray::fromHex(QByteArray::fromStdString(base::sha256(body)));
    if (std::memcmp(hash.constData(), bytes.data() + body.size(), kHashSize) != 0)
        return broken("is damaged: its checksum does not fit; copy it again, or train it anew", where);
    const std::size_t headerSize = base::readAt<std::uint32_t>(bytes, kMagic.size());
    if (headerSize > kMaxHeader || headerSize > body.size() - kPrefixSize)
        return broken("has a header that is longer than the file", where);
    const auto header = base::asText(body.subspan(kPrefixSize, headerSize));
    const auto json = QJsonDocument::fromJson(QByteArray(header.data(), static_cast<int>(header.size()))).object();

    Policy policy;
    policy.algorithm = json["algorithm"].toString().toStdString();
    policy.network = json["network"].toString().toStdString();
    policy.modelHash = json["model_hash"].toString().toStdString();
    policy.tableHash = json["table_sha256"].toString().toStdString();
    policy.batch = json["batch"].toInt(1);
    policy.features = featuresFrom(json["features"].toObject());
    policy.scale = scaleFrom(json["scale"].toObject());
    policy.objective = objectiveFrom(json["objective"].toObject());
    policy.command = json["command"].toString().toStdString();
    policy.date = json["date"].toString().toStdString();
    policy.gap = json["gap"].toDouble();
    policy.frontOnly = json["front_only"].toBool();
    policy.knownScale = json["known_scale"].toDouble();
    if (auto status = readActions(json["actions"].toArray(), policy, where); !status)
        return status.error();
    if (auto status = readLayers(json["layers"].toArray(), body.subspan(kPrefixSize + headerSize), policy, where); !status)
        return status.error();
    if (auto status = check(policy, where); !status)
        return status.error();
    return policy;
}

base::Result<Policy> loadPolicy(const std::filesystem::path& path)
{
    const auto bytes = base::readFile(path, kMaxFile);
    if (!bytes)
        return bytes.error();
    return parsePolicy(*bytes, path.string());
}

base::Status save(const Policy& policy, const std::filesystem::path& path)
{
    if (auto status = check(policy, path.string()); !status)
        return status;
    return base::writeFileAtomically(path, serialize(policy));
}

base::Result<std::filesystem::path> shippedPolicy(const std::string& network, const std::string& data,
                                                  const std::string& algorithm)
{
    return base::resourcePath("models/" + network + "/" + data + "." + algorithm + ".policy");
}

base::Result<Policy> loadShippedPolicy(const std::string& network, const std::string& data, const std::string& algorithm)
{
    const auto path = shippedPolicy(network, data, algorithm);
    if (!path)
        return Error{path.error().code,
                     "no policy of " + algorithm + " is shipped for " + network + " on " + data
                         + "; make one with 'splitscope-cli policy train', and name its file",
                     path.error().where};
    return loadPolicy(*path);
}

}  // namespace splitscope::rl
