// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/emulated_device.h"

#include "core/base/files.h"
#include "core/profile/latency_regression.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace splitscope::profile {

namespace {

constexpr std::array kDevices{"pi3"};
constexpr const char* kFormat = "splitscope-device";
constexpr int kVersion = 1;

base::Error wrong(const std::string& key, const std::string& text, const std::string& where)
{
    return {base::ErrorCode::InvalidInput, "'" + key + "' " + text, where};
}

/// Intercept and a coefficient for each of Edgent's variables, on two machines.
struct TypeModel {
    std::vector<double> edge, device;
};

double timeMs(const std::vector<double>& coefficients, const std::vector<double>& variables)
{
    double ms = coefficients[0];
    for (std::size_t i = 0; i < variables.size(); ++i)
        ms += coefficients[i + 1] * variables[i];
    return std::max(ms, 0.0);  // a line that goes below says nothing there
}

base::Result<std::vector<double>> readCoefficients(const QJsonValue& value, std::size_t count, const std::string& key,
                                                   const std::string& where)
{
    std::vector<double> coefficients;
    for (const auto& entry : value.toArray())
        if (entry.isDouble())
            coefficients.push_back(entry.toDouble());
    if (coefficients.size() != count || value.toArray().size() != static_cast<qsizetype>(count))
        return wrong(key, "must be " + std::to_string(count) + " numbers: an intercept, and one for each variable", where);
    return coefficients;
}

/// The type whose model serves: Edgent's table has none of later activations and of means over maps.
model::LayerType modelledAs(model::LayerType type)
{
    if (model::isActivation(type))
        return model::LayerType::Relu;
    return type == model::LayerType::GlobalAvgPool ? model::LayerType::MaxPool : type;
}

base::Result<TypeModel> readTypeModel(const QJsonObject& layers, const model::PathLayer& layer, const std::string& where)
{
    const std::string type(model::name(modelledAs(layer.spec.type)));
    const auto object = layers.value(QString::fromStdString(type)).toObject();
    const std::size_t count = regressionVariables(layer).size() + 1;
    auto edge = readCoefficients(object.value("edge_ms"), count, "layers." + type + ".edge_ms", where);
    if (!edge)
        return edge.error();
    auto device = readCoefficients(object.value("device_ms"), count, "layers." + type + ".device_ms", where);
    if (!device)
        return device.error();
    return TypeModel{std::move(*edge), std::move(*device)};
}

/// Both machines' times over all of a type's layers in the network, shared ones once; a block's are those of what is in it.
base::Result<std::map<model::LayerType, double>> layerFactors(const QJsonObject& layers, const model::NetworkSpec& spec,
                                                              const std::string& where)
{
    std::map<model::LayerType, std::pair<double, double>> sums;
    std::set<std::string> seen;
    for (int exit = 1; exit <= spec.exitCount(); ++exit)
        for (const auto& layer : model::Path(spec, exit).layers()) {
            if (!seen.insert(layer.spec.name).second)
                continue;
            auto& [edge, device] = sums[layer.spec.type];
            for (const auto& inner : model::innerLayers(layer)) {
                const auto type = readTypeModel(layers, inner, where);
                if (!type)
                    return type.error();
                edge += timeMs(type->edge, regressionVariables(inner));
                device += timeMs(type->device, regressionVariables(inner));
            }
        }
    std::map<model::LayerType, double> factors;
    for (const auto& [type, ms] : sums)
        factors[type] = ms.first > 0 ? std::max(ms.second / ms.first, 1.0) : 1.0;
    return factors;
}

void scale(Measurement& time, double factor)
{
    for (auto field : {&Measurement::meanMs, &Measurement::p50Ms, &Measurement::p95Ms, &Measurement::sigmaMs, &Measurement::lowMs,
                       &Measurement::highMs})
        time.*field *= factor;
}

/// Measured medians of single layers at the batch that is nearest to the wanted one.
std::map<std::string, double> weightsAt(const ComputeProfile& measured, int batch)
{
    int nearest = 0;
    for (const auto& layer : measured.layers)
        if (nearest == 0 || std::abs(layer.batch - batch) < std::abs(nearest - batch))
            nearest = layer.batch;
    std::map<std::string, double> weights;
    for (const auto& layer : measured.layers)
        if (layer.batch == nearest)
            weights[layer.layer] = layer.time.p50Ms;
    return weights;
}

base::Result<double> factorOf(const DeviceFactors& factors, model::LayerType type)
{
    const auto found = factors.layers.find(type);
    if (found == factors.layers.end())
        return base::Error{base::ErrorCode::NotFound, "has no factor for layers of type " + std::string(model::name(type)),
                           "device " + factors.name};
    return found->second;
}

/// The mean of the layers' factors, weighted by what they took by themselves.
base::Result<double> segmentFactor(const model::NetworkSpec& spec, const ComputeProfile& measured, const DeviceFactors& factors,
                                   const SegmentTime& segment)
{
    const auto where = "segment " + std::to_string(segment.first) + ".." + std::to_string(segment.last) + " of exit "
        + std::to_string(segment.exit);
    const model::Path path(spec, segment.exit);
    const auto weights = weightsAt(measured, segment.batch);
    double sum = 0, weighted = 0;
    for (int i = segment.first + 1; i <= segment.last; ++i) {
        const auto& layer = path.layer(i).spec;
        const auto weight = weights.find(layer.name);
        if (weight == weights.end())
            return base::Error{base::ErrorCode::NotFound,
                               "layer " + layer.name + " was not measured by itself; measure the profile again", where};
        const auto factor = factorOf(factors, layer.type);
        if (!factor)
            return factor.error();
        sum += weight->second;
        weighted += weight->second * *factor;
    }
    return sum > 0 ? weighted / sum : 1.0;
}

base::Result<model::LayerType> typeOf(const model::NetworkSpec& spec, const std::string& layer)
{
    for (int exit = 1; exit <= spec.exitCount(); ++exit)
        for (const auto& candidate : model::Path(spec, exit).layers())
            if (candidate.spec.name == layer)
                return candidate.spec.type;
    return base::Error{base::ErrorCode::Mismatch, "is not in network " + spec.name, "layer " + layer};
}

base::Result<QJsonObject> loadDevice(const std::string& name, std::string& where)
{
    if (std::find(kDevices.begin(), kDevices.end(), name) == kDevices.end()) {
        std::string known;
        for (const auto& device : emulatedDevices())
            known += (known.empty() ? "" : ", ") + device;
        return base::Error{base::ErrorCode::NotFound, "is no emulated device; there is " + known, name};
    }
    const auto path = base::resourcePath("devices/" + name + ".json");
    if (!path)
        return path.error();
    where = path->string();
    const auto bytes = base::readFile(*path, 1 << 20);
    if (!bytes)
        return bytes.error();
    const auto text = base::asText(*bytes);
    const auto object = QJsonDocument::fromJson(QByteArray(text.data(), static_cast<qsizetype>(text.size()))).object();
    if (object.value("format").toString() != QLatin1String(kFormat))
        return wrong("format", std::string("must be ") + kFormat, where);
    if (object.value("version").toInt() != kVersion)
        return wrong("version", "must be " + std::to_string(kVersion), where);
    return object;
}

}  // namespace

std::vector<std::string> emulatedDevices() { return {kDevices.begin(), kDevices.end()}; }

base::Result<DeviceFactors> deviceFactors(const std::string& name, const model::NetworkSpec& spec)
{
    std::string where;
    const auto object = loadDevice(name, where);
    if (!object)
        return object.error();
    DeviceFactors device;
    device.name = name;
    device.statement = object->value("statement").toString().toStdString();
    if (device.statement.empty())
        return wrong("statement", "is missing: where the factors come from", where);
    auto layers = layerFactors(object->value("layers").toObject(), spec, where);
    if (!layers)
        return layers.error();
    device.layers = std::move(*layers);
    const auto coding = object->value("coding").toObject();
    device.coding = coding.value("factor").toDouble();
    if (!(device.coding >= 1))
        return wrong("coding.factor", "must be a number from 1", where);
    device.codingStatement = coding.value("source").toString().toStdString();
    const auto energy = QJsonDocument(object->value("energy").toObject()).toJson(QJsonDocument::Compact).toStdString();
    auto profile = parseEnergyProfile(energy, where + ": energy");
    if (!profile)
        return profile.error();
    device.energy = std::move(*profile);
    return device;
}

base::Result<ComputeProfile> emulate(const model::NetworkSpec& spec, const ComputeProfile& measured, const DeviceFactors& factors)
{
    if (measured.network != spec.name)
        return base::Error{base::ErrorCode::Mismatch, "is a profile of " + measured.network + ", not of " + spec.name, "profile"};
    if (measured.source.starts_with("emulated"))
        return base::Error{base::ErrorCode::InvalidInput, "is of an emulated device already; emulate from what was measured",
                           "profile"};
    ComputeProfile made = measured;
    for (auto& layer : made.layers) {
        const auto type = typeOf(spec, layer.layer);
        if (!type)
            return type.error();
        const auto factor = factorOf(factors, *type);
        if (!factor)
            return factor.error();
        scale(layer.time, *factor);
    }
    for (auto& segment : made.segments) {
        const auto factor = segmentFactor(spec, measured, factors, segment);
        if (!factor)
            return factor.error();
        scale(segment.time, *factor);
    }
    for (auto& coding : made.codings) {
        scale(coding.encode, factors.coding);
        scale(coding.decode, factors.coding);
    }
    for (auto& step : made.capture)
        scale(step.time, factors.coding);
    made.energy = factors.energy;
    made.machine.name = factors.name + ", emulated on " + measured.machine.name;
    made.source = "emulated: " + factors.name + " from a profile " + (measured.measured() ? "measured" : measured.source) + " on "
        + measured.machine.name + ". " + factors.statement;
    return made;
}

}  // namespace splitscope::profile
