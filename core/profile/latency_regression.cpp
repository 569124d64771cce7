// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/latency_regression.h"

#include "core/profile/least_squares_p.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace splitscope::profile {

namespace {

/// Calls visit(layer) for each layer of the network, shared ones once.
template <typename Visit>
void forEachLayer(const model::NetworkSpec& spec, Visit visit)
{
    std::set<std::string> seen;
    for (int exit = 1; exit <= spec.exitCount(); ++exit)
        for (const auto& layer : model::Path(spec, exit).layers())
            if (seen.insert(layer.spec.name).second)
                visit(layer);
}

double elements(const base::Shape& shape) { return static_cast<double>(base::elementCount(shape)); }

Measurement exactly(double ms)
{
    return {.meanMs = ms, .p50Ms = ms, .p95Ms = ms, .sigmaMs = 0, .lowMs = ms, .highMs = ms, .samples = 0, .excluded = 0};
}

/// Intercept, then the variables.
std::vector<double> rowOf(std::vector<double> variables)
{
    variables.insert(variables.begin(), 1.0);
    return variables;
}

double valueAt(const std::vector<double>& coefficients, const std::vector<double>& row)
{
    double value = 0;
    for (std::size_t i = 0; i < row.size(); ++i)
        value += coefficients[i] * row[i];
    return value;
}

/// Prefixes and suffixes at each distinct cut, and the whole, as sums of their layers.
void addSegments(const model::NetworkSpec& spec, const std::map<std::string, double>& layerMs, int batch, ComputeProfile& profile)
{
    for (int exit = 1; exit <= spec.exitCount(); ++exit) {
        const model::Path path(spec, exit);
        const auto add = [&](int first, int last) {
            double ms = 0;
            for (int i = first + 1; i <= last; ++i)
                ms += layerMs.at(path.layer(i).spec.name);
            profile.segments.push_back({exit, first, last, batch, exactly(ms)});
        };
        add(0, path.length());
        for (const int cut : path.distinctCuts()) {
            if (cut == 0 || cut == path.length())
                continue;
            add(0, cut);
            add(cut, path.length());
        }
    }
}

/// Elements of each tensor that may cross, by its name.
std::map<std::string, double> tensorSizes(const model::NetworkSpec& spec)
{
    std::map<std::string, double> sizes;
    for (int exit = 1; exit <= spec.exitCount(); ++exit) {
        const model::Path path(spec, exit);
        for (int cut = 0; cut < path.length(); ++cut)
            sizes[path.cutName(cut)] = elements(path.cutShape(cut));
    }
    return sizes;
}

/// One coding's times at a batch, over tensors' sizes.
struct CodingSeries {
    codec::Coding coding;
    int batch = 1;
    std::vector<std::vector<double>> rows;
    std::vector<double> encodeMs, decodeMs;
    bool pictures = false;
};

std::vector<CodingSeries> codingSeries(const ComputeProfile& like, const std::map<std::string, double>& sizes)
{
    std::vector<CodingSeries> all;
    for (const auto& time : like.codings) {
        const auto size = sizes.find(time.tensor);
        if (size == sizes.end())
            continue;
        auto series = std::find_if(all.begin(), all.end(),
                                   [&](const auto& s) { return s.coding == time.coding && s.batch == time.batch; });
        if (series == all.end())
            series = all.insert(all.end(), {time.coding, time.batch, {}, {}, {}, false});
        series->rows.push_back(rowOf({size->second}));
        series->encodeMs.push_back(time.encode.p50Ms);
        series->decodeMs.push_back(time.decode.p50Ms);
        series->pictures = series->pictures || time.coding.kind == codec::CodingKind::Raw
            || time.coding.kind == codec::CodingKind::Lossless || time.coding.kind == codec::CodingKind::Jpeg;
    }
    return all;
}

/// Another network's codings, carried over by the size of what is coded.
std::vector<CodingTime> predictCodings(const model::NetworkSpec& spec, const ComputeProfile& like,
                                       const model::NetworkSpec& likeSpec)
{
    const auto sizes = tensorSizes(spec);
    std::vector<CodingTime> times;
    for (const auto& series : codingSeries(like, tensorSizes(likeSpec))) {
        const auto encode = fitRelative(series.rows, series.encodeMs);
        const auto decode = fitRelative(series.rows, series.decodeMs);
        for (const auto& [tensor, size] : sizes) {
            if (series.pictures != (tensor == "input") && series.coding.kind != codec::CodingKind::Float32)
                continue;
            const auto row = rowOf({size});
            times.push_back({tensor, series.coding, series.batch, exactly(valueAt(encode, row)), exactly(valueAt(decode, row))});
        }
    }
    return times;
}

/// Edgent's for pooling and fully connected layers; a block is described by what goes in and out of it.
bool hasOutputVariable(model::LayerType type)
{
    using model::LayerType;
    return type == LayerType::MaxPool || type == LayerType::GlobalAvgPool || type == LayerType::Fc || type == LayerType::Residual;
}

bool areTwins(const model::PathLayer& a, const model::PathLayer& b)
{
    return a.spec.type == b.spec.type
        && regressionVariables(a, RegressionForm::Work) == regressionVariables(b, RegressionForm::Work);
}

}  // namespace

base::Result<RegressionForm> parseRegressionForm(const std::string& text)
{
    for (const auto form : {RegressionForm::Edgent, RegressionForm::Work})
        if (text == toString(form))
            return form;
    return base::Error{base::ErrorCode::InvalidInput, "is edgent or work", text};
}

std::string toString(RegressionForm form) { return form == RegressionForm::Edgent ? "edgent" : "work"; }

std::vector<double> regressionVariables(const model::PathLayer& layer, RegressionForm form)
{
    std::vector<double> variables{elements(layer.input)};
    if (layer.spec.type == model::LayerType::Conv) {
        const double ratio = static_cast<double>(layer.spec.kernel) / layer.spec.stride;
        variables.push_back(ratio * ratio * layer.spec.outputs / layer.spec.groups);
    } else if (hasOutputVariable(layer.spec.type)) {
        variables.push_back(elements(layer.output));
    } else {
        return variables;
    }
    if (form == RegressionForm::Work)
        variables.push_back(layer.flops);
    return variables;
}

std::vector<std::string> regressionVariableNames(model::LayerType type, RegressionForm form)
{
    std::vector<std::string> names{"input_elements"};
    if (type == model::LayerType::Conv)
        names.emplace_back("kernel_over_stride_squared_times_filters");
    else if (hasOutputVariable(type))
        names.emplace_back("output_elements");
    else
        return names;
    if (form == RegressionForm::Work)
        names.emplace_back("flop");
    return names;
}

std::vector<MeasuredLayer> measuredLayers(const model::NetworkSpec& spec, const ComputeProfile& profile, int batch)
{
    std::vector<MeasuredLayer> layers;
    forEachLayer(spec, [&](const model::PathLayer& layer) {
        const auto time = std::find_if(profile.layers.begin(), profile.layers.end(),
                                       [&](const LayerTime& t) { return t.layer == layer.spec.name && t.batch == batch; });
        if (time != profile.layers.end())
            layers.push_back({layer, time->time.p50Ms});
    });
    return layers;
}

LatencyRegression LatencyRegression::fit(std::span<const MeasuredLayer> layers, RegressionForm form)
{
    std::map<model::LayerType, std::pair<std::vector<std::vector<double>>, std::vector<double>>> byType;
    for (const auto& measured : layers) {
        auto& [rows, times] = byType[measured.layer.spec.type];
        rows.push_back(rowOf(regressionVariables(measured.layer, form)));
        times.push_back(measured.ms);
    }
    LatencyRegression regression;
    regression.m_form = form;
    for (const auto& [type, data] : byType)
        regression.m_coefficients[type] = fitRelative(data.first, data.second);
    return regression;
}

base::Result<double> LatencyRegression::predictMs(const model::PathLayer& layer) const
{
    const auto found = m_coefficients.find(layer.spec.type);
    if (found == m_coefficients.end())
        return base::Error{base::ErrorCode::NotFound,
                           "no layer of type " + std::string(model::name(layer.spec.type))
                               + " was measured, so that its time cannot be told; fit on a network that has one",
                           "layer " + layer.spec.name};
    return valueAt(found->second, rowOf(regressionVariables(layer, m_form)));
}

LatencyRegression::Errors LatencyRegression::check(std::span<const MeasuredLayer> heldOut) const
{
    std::vector<double> errors;
    for (const auto& measured : heldOut) {
        const auto predicted = predictMs(measured.layer);
        if (predicted && measured.ms > 0)
            errors.push_back(std::abs(*predicted - measured.ms) / measured.ms);
    }
    return summariseErrors(std::move(errors));
}

base::Result<ComputeProfile> LatencyRegression::predict(const model::NetworkSpec& spec, const std::string& modelHash,
                                                        const ComputeProfile& like, const model::NetworkSpec& likeSpec,
                                                        int batch) const
{
    ComputeProfile profile = like;
    profile.network = spec.name;
    profile.modelHash = modelHash;
    profile.layers.clear();
    profile.segments.clear();
    if (likeSpec.name != spec.name) {
        profile.codings = predictCodings(spec, like, likeSpec);
        for (auto& step : profile.capture)  // reading pixels and making the network's input of them
            step.time = exactly(step.time.p50Ms * elements(spec.input) / elements(likeSpec.input));
    }
    std::map<std::string, double> layerMs;
    std::optional<base::Error> failure;
    forEachLayer(spec, [&](const model::PathLayer& layer) {
        const auto ms = predictMs(layer);
        if (!ms && !failure)
            failure = ms.error();
        layerMs[layer.spec.name] = ms ? *ms : 0;
        profile.layers.push_back({layer.spec.name, batch, exactly(layerMs[layer.spec.name])});
    });
    if (failure)
        return *failure;
    addSegments(spec, layerMs, batch, profile);
    profile.source = "regression: per layer type (form " + toString(m_form) + "), fitted on " + like.network + " as it was "
        + like.source + " on " + like.machine.name + "; segments are sums of layers";
    return profile;
}

LatencyRegression::Errors summariseErrors(std::vector<double> errors)
{
    if (errors.empty())
        return {};
    std::sort(errors.begin(), errors.end());
    const auto rank = [&](double share) {  // nearest rank
        const auto r = static_cast<std::size_t>(std::ceil(share * static_cast<double>(errors.size())));
        return errors[std::max<std::size_t>(r, 1) - 1];
    };
    const std::size_t half = errors.size() / 2;
    const double median = errors.size() % 2 == 1 ? errors[half] : (errors[half - 1] + errors[half]) / 2;
    return {median, rank(0.95), errors.size()};
}

std::vector<HeldOut> leaveOneOut(std::span<const MeasuredLayer> layers, RegressionForm form)
{
    std::vector<HeldOut> results;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        std::vector<MeasuredLayer> others(layers.begin(), layers.end());
        std::erase_if(others, [&](const MeasuredLayer& other) { return areTwins(other.layer, layers[i].layer); });
        const auto predicted = LatencyRegression::fit(others, form).predictMs(layers[i].layer);
        if (predicted && layers[i].ms > 0)
            results.push_back({i, layers[i].ms, *predicted});
    }
    return results;
}

LatencyRegression::Errors crossValidate(std::span<const MeasuredLayer> layers, RegressionForm form)
{
    std::vector<double> errors;
    for (const auto& result : leaveOneOut(layers, form))
        errors.push_back(std::abs(result.predictedMs - result.measuredMs) / result.measuredMs);
    return summariseErrors(std::move(errors));
}

}  // namespace splitscope::profile
