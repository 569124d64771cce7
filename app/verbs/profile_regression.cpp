// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli profile regression
#include "app/verbs/profile_report.h"
#include "app/verbs/profile_verbs.h"
#include "core/profile/latency_regression.h"
#include "core/session/model_package.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>
#include <cstdio>

namespace splitscope::app {

namespace {

constexpr std::size_t kMostFiles = 64;
constexpr int kMostBatch = 4096;

struct RegressionArguments {
    std::vector<std::string> files, holdout;
    int batch = 1;
    bool cross = false;
    profile::RegressionForm form = profile::RegressionForm::Edgent;
    std::string predict, data = "patterns", weights;
    std::filesystem::path out;
    bool json = false;
};

struct ProfileFile {
    std::string file;
    profile::ComputeProfile profile;
    model::NetworkSpec spec;
};

/// A layer with where it is from.
struct NamedLayer {
    std::string network;
    profile::MeasuredLayer layer;
};

/// A layer that was not fitted on, measured and predicted.
struct Check {
    std::string network, layer;
    double measuredMs = 0, predictedMs = 0;

    [[nodiscard]] double error() const { return std::abs(predictedMs - measuredMs) / measuredMs; }
};

void addOptions(Options& options, RegressionArguments& a)
{
    options.positional("FILE …", "profiles of one machine to fit on", a.files, kMostFiles);
    options.custom("--holdout", "FILE", "a profile of the same machine to check on (may be repeated)",
                   [&a](const std::string& file) {
                       a.holdout.push_back(file);
                       return base::Status();
                   });
    options.flag("--cross", "checks by leaving each layer out in turn (the default without --holdout)", a.cross);
    options.custom("--form", "FORM", "edgent (its Table 1, default) or work (with the layers' operations as a further variable)",
                   [&a](const std::string& text) -> base::Status {
                       const auto form = profile::parseRegressionForm(text);
                       if (!form)
                           return form.error();
                       a.form = *form;
                       return {};
                   });
    options.integer("--batch", "N", "layers measured at this batch (1)", a.batch, 1, kMostBatch);
    options.text("--predict", "MODEL", "predicts this network's profile", a.predict);
    options.text("--data", "SOURCE", "whose shipped weights the predicted network has (patterns)", a.data);
    options.text("--weights", "FILE", "the predicted network's weights, where they are not shipped", a.weights);
    options.path("--out", "FILE", "writes the predicted profile there (JSON)", a.out);
    options.flag("--json", "prints one JSON object", a.json);
}

base::Result<std::vector<ProfileFile>> loadAll(const std::vector<std::string>& files, std::string machine = {})
{
    std::vector<ProfileFile> loaded;
    for (const auto& file : files) {
        auto profile = profile::loadComputeProfile(file);
        if (!profile)
            return profile.error();
        auto spec = model::loadNetworkSpec(profile->network);
        if (!spec)
            return spec.error();
        if (!profile->measured())
            return base::Error{base::ErrorCode::InvalidInput, "was made, not measured; fit on what `profile measure` wrote",
                               file};
        if (machine.empty())
            machine = profile->machine.name;
        if (profile->machine.name != machine)
            return base::Error{base::ErrorCode::Mismatch,
                               "is of " + profile->machine.name + ", the profiles before it are of " + machine, file};
        loaded.push_back({file, std::move(*profile), std::move(*spec)});
    }
    return loaded;
}

base::Result<std::vector<NamedLayer>> layersOf(const std::vector<ProfileFile>& files, int batch)
{
    std::vector<NamedLayer> layers;
    for (const auto& file : files) {
        const auto before = layers.size();
        for (auto& layer : profile::measuredLayers(file.spec, file.profile, batch))
            layers.push_back({file.spec.name, std::move(layer)});
        if (layers.size() == before)
            return base::Error{base::ErrorCode::NotFound, "has no layer measured at batch " + std::to_string(batch), file.file};
    }
    return layers;
}

std::vector<profile::MeasuredLayer> withoutNames(const std::vector<NamedLayer>& named)
{
    std::vector<profile::MeasuredLayer> layers;
    for (const auto& layer : named)
        layers.push_back(layer.layer);
    return layers;
}

std::vector<Check> crossChecks(const std::vector<NamedLayer>& named, profile::RegressionForm form)
{
    std::vector<Check> checks;
    for (const auto& held : profile::leaveOneOut(withoutNames(named), form))
        checks.push_back({named[held.index].network, named[held.index].layer.layer.spec.name, held.measuredMs, held.predictedMs});
    return checks;
}

std::vector<Check> holdoutChecks(const profile::LatencyRegression& regression, const std::vector<NamedLayer>& heldOut)
{
    std::vector<Check> checks;
    for (const auto& [network, measured] : heldOut)
        if (const auto predicted = regression.predictMs(measured.layer); predicted && measured.ms > 0)
            checks.push_back({network, measured.layer.spec.name, measured.ms, *predicted});
    return checks;
}

profile::LatencyRegression::Errors errorsOf(const std::vector<Check>& checks)
{
    std::vector<double> errors;
    for (const auto& check : checks)
        errors.push_back(check.error());
    return profile::summariseErrors(std::move(errors));
}

QJsonObject toJson(const profile::LatencyRegression& regression, const std::vector<Check>& checks, const RegressionArguments& a,
                   std::size_t layers)
{
    QJsonObject coefficients;
    for (const auto& [type, values] : regression.coefficients()) {
        QJsonObject object{{"intercept_ms", values[0]}};
        const auto names = profile::regressionVariableNames(type, a.form);
        for (std::size_t i = 0; i < names.size(); ++i)
            object.insert("ms_per_" + QString::fromStdString(names[i]), values[i + 1]);
        coefficients.insert(QString::fromStdString(std::string(model::name(type))), object);
    }
    QJsonArray each;
    for (const auto& check : checks)
        each << QJsonObject{{"network", QString::fromStdString(check.network)},
                            {"layer", QString::fromStdString(check.layer)},
                            {"measured_ms", check.measuredMs},
                            {"predicted_ms", check.predictedMs},
                            {"error", check.error()}};
    const auto errors = errorsOf(checks);
    QJsonObject heldOut{
        {"how", a.holdout.empty() ? "cross" : "files"}, {"layers", static_cast<qint64>(errors.layers)}, {"each", each}};
    heldOut.insert("median_error", errors.layers ? QJsonValue(errors.median) : QJsonValue());
    heldOut.insert("p95_error", errors.layers ? QJsonValue(errors.p95) : QJsonValue());
    return {{"form", QString::fromStdString(toString(a.form))},
            {"batch", a.batch},
            {"layers", static_cast<qint64>(layers)},
            {"coefficients", coefficients},
            {"held_out", heldOut}};
}

void print(const profile::LatencyRegression& regression, const std::vector<Check>& checks, const RegressionArguments& a,
           std::size_t layers)
{
    std::printf("fitted on %zu layers at batch %d; milliseconds, sizes in elements of one frame\n", layers, a.batch);
    for (const auto& [type, values] : regression.coefficients()) {
        std::printf("  %-8s %.4g", std::string(model::name(type)).c_str(), values[0]);
        const auto names = profile::regressionVariableNames(type, a.form);
        for (std::size_t i = 0; i < names.size(); ++i)
            std::printf(" + %.3g · %s", values[i + 1], names[i].c_str());
        std::puts("");
    }
    std::printf("\n%s\n  %-16s %-16s %12s %12s %9s\n",
                a.holdout.empty() ? "each layer predicted from the others" : "layers held out", "network", "layer", "measured ms",
                "predicted", "error");
    for (const auto& check : checks)
        std::printf("  %-16s %-16s %12.4f %12.4f %7.0f %%\n", check.network.c_str(), check.layer.c_str(), check.measuredMs,
                    check.predictedMs, 100 * check.error());
    const auto errors = errorsOf(checks);
    if (errors.layers == 0)
        std::puts("no layer could be held out: each is the only one of its type");
    else
        std::printf("error over %zu layers: median %.1f %%, p95 %.1f %%\n", errors.layers, 100 * errors.median, 100 * errors.p95);
}

/// The profile that the regression gives for another network, or the same.
base::Result<profile::ComputeProfile> predictProfile(const profile::LatencyRegression& regression, const ProfileFile& like,
                                                     const RegressionArguments& a,
                                                     const profile::LatencyRegression::Errors& errors)
{
    const auto spec = model::loadNetworkSpec(a.predict);
    if (!spec)
        return spec.error();
    const auto weights = session::findWeights(spec->name, a.data, a.weights);
    if (!weights)
        return weights.error();
    if (const auto status = model::checkWeights(*spec, *weights); !status)
        return status.error();
    auto predicted = regression.predict(*spec, model::modelHash(*spec, *weights), like.profile, like.spec, a.batch);
    if (predicted.ok() && errors.layers > 0)
        predicted->source
            += "; median error on held-out layers " + std::to_string(static_cast<int>(std::lround(100 * errors.median))) + " %";
    return predicted;
}

}  // namespace

int profileRegression(const std::vector<std::string>& arguments, std::stop_token)
{
    RegressionArguments a;
    Options options("profile regression FILE … [options]",
                    "Edgent's latency model: a linear regression for each type of layer, fitted on measured profiles, with its\n"
                    "error on layers that it was not fitted on. --predict gives the profile of a network that was not measured.");
    addOptions(options, a);
    if (const auto answered = parseOrAnswer(options, "profile regression", arguments))
        return *answered;
    if (a.files.empty())
        return wrongUsage("profile regression", {base::ErrorCode::InvalidInput, "which profiles?", "FILE"});
    if (a.cross && !a.holdout.empty())
        return wrongUsage("profile regression", {base::ErrorCode::InvalidInput, "goes without --holdout", "--cross"});
    if (a.predict.empty() != a.out.empty())
        return wrongUsage("profile regression",
                          {base::ErrorCode::InvalidInput, "--predict MODEL and --out FILE go together", "--predict"});
    const auto files = loadAll(a.files);
    if (!files)
        return fail(files.error());
    const auto heldOutFiles = loadAll(a.holdout, files->front().profile.machine.name);
    if (!heldOutFiles)
        return fail(heldOutFiles.error());
    const auto layers = layersOf(*files, a.batch);
    if (!layers)
        return fail(layers.error());
    const auto heldOut = layersOf(*heldOutFiles, a.batch);
    if (!heldOut)
        return fail(heldOut.error());
    const auto fitted = withoutNames(*layers);
    const auto regression = profile::LatencyRegression::fit(fitted, a.form);
    const auto checks = a.holdout.empty() ? crossChecks(*layers, a.form) : holdoutChecks(regression, *heldOut);
    if (a.json)
        std::puts(QJsonDocument(toJson(regression, checks, a, layers->size())).toJson(QJsonDocument::Compact).constData());
    else
        print(regression, checks, a, layers->size());
    if (a.predict.empty())
        return kDone;
    const auto predicted = predictProfile(regression, files->front(), a, errorsOf(checks));
    if (!predicted)
        return fail(predicted.error());
    if (const auto saved = save(*predicted, a.out); !saved)
        return fail(saved.error());
    std::fprintf(stderr, "%s predicted, in %s\n", predicted->network.c_str(), a.out.c_str());
    return kDone;
}

}  // namespace splitscope::app
