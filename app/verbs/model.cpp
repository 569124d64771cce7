// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli model
#include "app/verbs/verbs.h"
#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/decision/decision.h"
#include "core/model/trainer.h"
#include "core/session/model_package.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <charconv>
#include <cstdio>
#include <sstream>

namespace splitscope::app {

namespace {

void printJson(const QJsonObject& object) { std::puts(QJsonDocument(object).toJson(QJsonDocument::Compact).constData()); }

QJsonArray exitsJson(const std::vector<model::ExitAccuracy>& exits)
{
    QJsonArray list;
    for (const auto& exit : exits)
        list << QJsonObject{{"layers", exit.layers},
                            {"accuracy", exit.accuracy},
                            {"low", exit.low},
                            {"high", exit.high},
                            {"images", static_cast<qint64>(exit.images)}};
    return list;
}

void printExits(const std::vector<model::ExitAccuracy>& exits)
{
    std::printf("  %4s %7s %10s  %-18s %s\n", "exit", "layers", "accuracy", "95 % interval", "images");
    for (std::size_t i = 0; i < exits.size(); ++i)
        std::printf("  %4zu %7d %8.2f %%  %.2f … %.2f %%  %zu\n", i + 1, exits[i].layers, 100 * exits[i].accuracy,
                    100 * exits[i].low, 100 * exits[i].high, exits[i].images);
}

/// Progress with the time that is left, a line a second at most, and one at the end of each epoch.
class TrainingDisplay {
public:
    void operator()(const model::TrainingProgress& progress)
    {
        const auto now = base::nowNs();
        const bool epochEnds = !progress.holdoutAccuracy.empty();
        if (!epochEnds && base::toMs(now - m_lastNs) < 1000)
            return;
        m_lastNs = now;
        const double done = (progress.epoch - 1) + (progress.steps ? static_cast<double>(progress.step) / progress.steps : 0);
        if (m_startNs == 0) {
            m_startNs = now;
            m_startDone = done;
        }
        const double perEpoch = done > m_startDone ? base::toMs(now - m_startNs) / 1000 / (done - m_startDone) : 0;
        std::string accuracy;
        for (double value : progress.holdoutAccuracy)
            accuracy += (accuracy.empty() ? "  holdout " : " ") + std::to_string(value).substr(0, 6);
        std::fprintf(stderr, "epoch %d/%d  step %d/%d  loss %.4f  rate %.4f  %.0f images/s  ETA %.0f s%s\n", progress.epoch,
                     progress.epochs, progress.step, progress.steps, progress.loss, progress.learningRate,
                     progress.imagesPerSecond, perEpoch * (progress.epochs - done), accuracy.c_str());
    }

private:
    std::int64_t m_lastNs = 0, m_startNs = 0;
    double m_startDone = 0;
};

struct TrainArguments {
    std::string model = "alexnet3", data = "patterns";
    std::filesystem::path out;
    model::TrainingOptions training;
    std::string command;  ///< what is written into the weights: how to make them again
    bool json = false;
};

/// The command without the files that mean nothing elsewhere.
std::string repeatableCommand(const std::vector<std::string>& arguments)
{
    std::string command = "splitscope-cli model train";
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto name = arguments[i].substr(0, arguments[i].find('='));
        if (name == "--out" || name == "--checkpoint")
            i += name == arguments[i] ? 1 : 0;
        else if (name != "--json")
            command += ' ' + arguments[i];
    }
    return command;
}

int trainAndSave(const TrainArguments& arguments, std::stop_token stop)
{
    const auto spec = model::loadNetworkSpec(arguments.model);
    if (!spec)
        return wrongUsage("model train", spec.error());
    const auto size = model::frameSize(*spec);
    const auto training = data::openDataSet(arguments.data, size, data::Split::Train);
    const auto holdout = data::openDataSet(arguments.data, size, data::Split::Holdout);
    const auto evaluation = data::openDataSet(arguments.data, size, data::Split::Evaluation);
    for (const auto* set : {&training, &holdout, &evaluation})
        if (!*set)
            return fail(set->error());
    auto weights = model::train(*spec, **training, **holdout, arguments.training, stop, TrainingDisplay());
    if (!weights)
        return fail(weights.error());
    const auto exits = model::measureAccuracy(*spec, *weights, **evaluation, 0, stop);
    if (!exits)
        return fail(exits.error());
    auto& provenance = weights->provenance;
    provenance["command"] = arguments.command;
    provenance["data"] = arguments.data;
    provenance["accuracy"] = QJsonDocument(exitsJson(*exits)).toJson(QJsonDocument::Compact).toStdString();
    provenance["program"] = "splitscope-cli " + base::programVersion();
    if (const auto saved = model::saveWeights(*weights, arguments.out); !saved)
        return fail(saved.error());
    if (arguments.json) {
        printJson({{"weights", QString::fromStdString(arguments.out.string())}, {"exits", exitsJson(*exits)}});
        return kDone;
    }
    std::printf("%s trained on %s: %s\n", spec->name.c_str(), arguments.data.c_str(), arguments.out.c_str());
    printExits(*exits);
    return kDone;
}

/// "1,0.5,1" → {1, 0.5, 1}.
base::Status parseExitWeights(const std::string& text, std::vector<double>& weights)
{
    weights.clear();
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) {
        double weight = 0;
        const auto [end, ec] = std::from_chars(part.data(), part.data() + part.size(), weight);
        if (ec != std::errc() || end != part.data() + part.size() || !(weight >= 0 && weight <= 100))
            return base::Error{base::ErrorCode::InvalidInput, "'" + part + "' is not a number from 0 to 100", "--exit-weights"};
        weights.push_back(weight);
    }
    return {};
}

int train(const std::vector<std::string>& arguments, std::stop_token stop)
{
    TrainArguments wanted;
    wanted.command = repeatableCommand(arguments);
    auto& t = wanted.training;
    Options options("model train --out FILE [options]", "Trains all exits of a network together.");
    options.text("--model", "NAME|FILE", "alexnet3, alexnet3-128, alexnet5, or a spec file", wanted.model);
    options.text("--data", "SOURCE", "patterns, cifar10, or a folder or zip of images", wanted.data);
    options.integer("--epochs", "N", "passes over the training images", t.epochs, 1, 10'000);
    options.integer("--batch", "N", "images in a step", t.batch, 1, 4096);
    options.integer("--seed", "S", "of everything random", t.seed, 0, 1LL << 53);
    options.real("--learning-rate", "RATE", "the one-cycle schedule's peak", t.peakLearningRate, 1e-6, 10);
    options.integer("--crop-padding", "PIXELS", "random crops of the frame padded by so many pixels", t.cropPadding, 0, 64);
    bool noFlip = false;
    options.flag("--no-flip", "no random horizontal flips", noFlip);
    options.custom("--exit-weights", "W,W,…", "weight of each exit in the joint loss (default: all 1)",
                   [&t](const std::string& text) { return parseExitWeights(text, t.exitWeights); });
    options.integer("--threads", "N", "Torch threads", t.threads, 1, 256);
    options.path("--out", "FILE", "the weights", wanted.out);
    options.path("--checkpoint", "FILE", "written after every epoch; taken up again where it exists", t.checkpoint);
    options.flag("--json", "prints one JSON object at the end", wanted.json);
    if (const auto answered = parseOrAnswer(options, "model train", arguments))
        return *answered;
    t.flip = !noFlip;
    if (wanted.out.empty())
        return wrongUsage("model train", {base::ErrorCode::InvalidInput, "is needed: where the weights shall go", "--out"});
    return trainAndSave(wanted, stop);
}

int check(const std::vector<std::string>& arguments, std::stop_token stop)
{
    std::string model = "alexnet3", data = "patterns", weightsFile, splitName = "evaluation";
    std::size_t limit = 0;
    bool json = false;
    Options options("model check [options]", "Measures the accuracy of each exit, with its 95 % interval.");
    options.text("--model", "NAME|FILE", "alexnet3, alexnet3-128, alexnet5, or a spec file", model);
    options.text("--data", "SOURCE", "patterns, cifar10, or a folder or zip of images", data);
    options.text("--weights", "FILE", "weights (default: those shipped for the model and the data)", weightsFile);
    options.text("--split", "SPLIT", "train, holdout, table or evaluation", splitName);
    options.integer("--limit", "N", "the first N images only; 0: all", limit, 0, 1'000'000'000);
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
    return {{"name", QString::fromStdString(layer.spec.name)},
            {"shape", shape},
            {"flops", layer.flops},
            {"parameters", layer.parameters},
            {"output_bytes", layer.outputBytes},
            {"distinct_cut", path.canonicalCut(i) == i}};
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
    }
    std::printf("  %3s  %-18s %-12s %14.0f %12.0f\n", "", "sum", "", flops, parameters);
}

int info(const std::vector<std::string>& arguments, std::stop_token)
{
    std::vector<std::string> models;
    std::string model = "alexnet3";
    bool json = false;
    Options options("model info [options]", "Describes a network: layers, shapes, FLOPs, parameters, exits, cuts, decisions.");
    options.text("--model", "NAME|FILE", "alexnet3, alexnet3-128, alexnet5, or a spec file", model);
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
                         {{"train", "train all exits together", train},
                          {"check", "measure the accuracy of each exit", check},
                          {"info", "layers, cuts and decisions", info}},
                         arguments, stop);
}

}  // namespace splitscope::app
