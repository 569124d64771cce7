// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli model
#include "app/verbs/model_export.h"
#include "app/verbs/model_reference.h"
#include "app/verbs/model_report.h"
#include "app/verbs/verbs.h"
#include "core/decision/decision.h"
#include "core/model/trainer.h"
#include "core/session/model_package.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cstdio>

namespace splitscope::app {

namespace {

int check(const std::vector<std::string>& arguments, std::stop_token stop)
{
    std::string model = "alexnet3", data = "patterns", weightsFile, splitName = "evaluation";
    std::size_t limit = 0;
    bool json = false;
    std::filesystem::path reference;
    Options options("model check [options]",
                    "Measures the accuracy of each exit, with its 95 % interval; or, with --reference, holds its logits against\n"
                    "those that the network has in PyTorch.");
    options.text("--model", "NAME|FILE", kModelChoice, model);
    options.text("--data", "SOURCE", "patterns, cifar10, imagenette, or a folder or zip of images", data);
    options.text("--weights", "FILE", "weights (default: those shipped for the model and the data)", weightsFile);
    options.text("--split", "SPLIT", "train, holdout, table or evaluation", splitName);
    options.integer("--limit", "N", "the first N images only; 0: all", limit, 0, 1'000'000'000);
    options.path("--reference", "FILE", "frames and logits, as tools/export_pytorch.py writes them (reference.json)", reference);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "model check", arguments))
        return *answered;
    const auto split = data::parseSplit(splitName);
    if (!split)
        return wrongUsage("model check", split.error());
    const auto spec = model::loadNetworkSpec(model);
    if (!spec)
        return wrongUsage("model check", spec.error());
    const auto weights = session::findWeights(spec->name, data, weightsFile);
    if (!weights)
        return fail(weights.error());
    if (!reference.empty())
        return checkReference(*spec, *weights, reference, json);
    const auto images = data::openDataSet(data, model::frameSize(*spec), *split);
    if (!images)
        return fail(images.error());
    const auto exits = model::measureAccuracy(*spec, *weights, **images, limit, stop);
    if (!exits)
        return fail(exits.error());
    if (json) {
        printJson({{"model", QString::fromStdString(spec->name)},
                   {"data", QString::fromStdString(data)},
                   {"split", QString::fromStdString(splitName)},
                   {"exits", exitsJson(*exits)}});
        return kDone;
    }
    std::printf("%s on %s (%s)\n", spec->name.c_str(), data.c_str(), splitName.c_str());
    printExits(*exits);
    return kDone;
}

QJsonObject layerJson(const model::Path& path, int i)
{
    const auto& layer = path.layer(i);
    QJsonArray shape;
    for (int extent : layer.output)
        shape << extent;
    QJsonArray inside;
    if (layer.spec.type == model::LayerType::Residual)
        for (const auto& inner : model::innerLayers(layer))
            inside << QString::fromStdString(inner.spec.name);
    return {{"name", QString::fromStdString(layer.spec.name)},
            {"type", QString::fromLatin1(model::name(layer.spec.type).data())},
            {"inside", inside},
            {"shape", shape},
            {"flops", layer.flops},
            {"parameters", layer.parameters},
            {"output_bytes", layer.outputBytes},
            {"distinct_cut", path.canonicalCut(i) == i}};
}

/// A residual block's layers: no cut lies between them.
void printInside(const model::PathLayer& block)
{
    for (const auto& layer : model::innerLayers(block))
        std::printf("  %3s    %-16s %-12s %14.0f %12.0f\n", "", layer.spec.name.c_str(), base::toString(layer.output).c_str(),
                    layer.flops, layer.parameters);
}

void printPath(const model::NetworkSpec& spec, const model::Path& path)
{
    double flops = 0, parameters = 0;
    std::printf("\nexit %d '%s', %d layers\n  %3s  %-18s %-12s %14s %12s %12s  %s\n", path.exit(),
                spec.exits[static_cast<std::size_t>(path.exit() - 1)].name.c_str(), path.length(), "p", "layer", "output", "FLOP",
                "parameters", "bytes", "cut");
    std::printf("  %3d  %-18s %-12s %14s %12s %12.0f  %s\n", 0, "(input)", base::toString(spec.input).c_str(), "", "",
                4.0 * static_cast<double>(base::elementCount(spec.input)), "distinct");
    for (int i = 1; i <= path.length(); ++i) {
        const auto& layer = path.layer(i);
        flops += layer.flops;
        parameters += layer.parameters;
        const auto cut = path.canonicalCut(i) == i ? std::string("distinct") : "= " + std::to_string(path.canonicalCut(i));
        std::printf("  %3d  %-18s %-12s %14.0f %12.0f %12.0f  %s\n", i, layer.spec.name.c_str(),
                    base::toString(layer.output).c_str(), layer.flops, layer.parameters, layer.outputBytes, cut.c_str());
        if (layer.spec.type == model::LayerType::Residual)
            printInside(layer);
    }
    std::printf("  %3s  %-18s %-12s %14.0f %12.0f\n", "", "sum", "", flops, parameters);
}

int info(const std::vector<std::string>& arguments, std::stop_token)
{
    std::vector<std::string> models;
    std::string model = "alexnet3";
    bool json = false;
    Options options("model info [options]", "Describes a network: layers, shapes, FLOPs, parameters, exits, cuts, decisions.");
    options.text("--model", "NAME|FILE", kModelChoice, model);
    options.positional("NAME|FILE", "the same", models, 1);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "model info", arguments))
        return *answered;
    const auto spec = model::loadNetworkSpec(models.empty() ? model : models[0]);
    if (!spec)
        return wrongUsage("model info", spec.error());
    const decision::DecisionSpace space(*spec, {});
    QJsonArray exits;
    if (!json)
        std::printf("%s: input %s, %d classes, %d exits\n%zu valid decisions, %zu distinct\n", spec->name.c_str(),
                    base::toString(spec->input).c_str(), spec->classes, spec->exitCount(), space.validCount(),
                    space.decisions().size());
    for (int exit = 1; exit <= spec->exitCount(); ++exit) {
        const auto& path = space.path(exit);
        if (!json)
            printPath(*spec, path);
        QJsonArray layers;
        for (int i = 1; i <= path.length(); ++i)
            layers << layerJson(path, i);
        exits << QJsonObject{
            {"exit", exit}, {"layers", layers}, {"distinct_cuts", static_cast<qint64>(path.distinctCuts().size())}};
    }
    if (json)
        printJson({{"model", QString::fromStdString(spec->name)},
                   {"classes", spec->classes},
                   {"valid_decisions", static_cast<qint64>(space.validCount())},
                   {"distinct_decisions", static_cast<qint64>(space.decisions().size())},
                   {"exits", exits}});
    return kDone;
}

}  // namespace

int modelVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return chooseSubVerb("model", "Networks with several exits.",
                         {{"train", "train all exits together", modelTrain},
                          {"check", "measure the accuracy of each exit", check},
                          {"info", "layers, cuts and decisions", info},
                          {"export", "write it, or a slice of it, for other runtimes", modelExport}},
                         arguments, stop);
}

}  // namespace splitscope::app
