// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli model train
#include "app/text_format.h"
#include "app/verbs/model_report.h"
#include "app/verbs/training_display.h"
#include "app/verbs/verbs.h"
#include "core/base/files.h"
#include "core/base/units.h"
#include "core/model/training_curves.h"
#include "core/session/model_package.h"

#include <QJsonDocument>
#include <charconv>
#include <cstdio>
#include <iomanip>
#include <sstream>
#include <unistd.h>
#include <utility>

namespace splitscope::app {

namespace {

struct TrainArguments {
    std::string model = "alexnet3", data = "patterns";
    std::string teacher, teacherWeights;
    double distillWeight = 0.5, temperature = 4;
    std::filesystem::path out, curves;
    model::TrainingOptions training;
    std::string command;  ///< what is written into the weights: how to make them again
    bool json = false;
};

base::Result<model::Distillation> loadTeacher(const TrainArguments& arguments)
{
    model::Distillation distillation;
    auto spec = model::loadNetworkSpec(arguments.teacher);
    if (!spec)
        return spec.error();
    auto weights = session::findWeights(spec->name, arguments.data, arguments.teacherWeights);
    if (!weights)
        return weights.error();
    distillation.teacher = std::move(*spec);
    distillation.weights = std::move(*weights);
    distillation.weight = arguments.distillWeight;
    distillation.temperature = arguments.temperature;
    return distillation;
}

/// Where the curves grow while the training runs, so that a resumed one goes on with them; empty: in memory only.
std::filesystem::path liveCurves(const TrainArguments& arguments)
{
    if (!arguments.curves.empty())
        return arguments.curves / "curves.csv";
    return arguments.training.checkpoint.empty() ? "" : arguments.training.checkpoint.string() + ".curves.csv";
}

/// Trains; what it tells goes to the display and the recorder. Curves that cannot be written are said once, and end nothing.
base::Result<model::Weights> trainAndTell(const TrainArguments& arguments, const model::NetworkSpec& spec,
                                          const data::DataSet& training, const data::DataSet& holdout,
                                          model::CurveRecorder& recorder, std::stop_token stop)
{
    TrainingDisplay display;
    bool complained = false;
    return model::train(spec, training, holdout, arguments.training, stop, [&](const model::TrainingProgress& progress) {
        if (const auto added = recorder.add(progress); !added && !std::exchange(complained, true))
            std::fprintf(stderr, "splitscope-cli: curves: %s\n", added.error().message().c_str());
        display.show(progress, recorder.curves());
    });
}

/// The command, the end of each epoch, and the accuracies: what goes beside weights to say how they came about.
std::string trainingLog(const TrainArguments& arguments, const model::TrainingCurves& curves,
                        const std::vector<model::ExitAccuracy>& exits)
{
    std::ostringstream log;
    log << "# " << arguments.command << '\n' << std::fixed << std::setprecision(4);
    for (const auto& point : curves.points) {
        if (point.accuracy.empty())
            continue;
        log << "epoch " << point.epoch << '/' << arguments.training.epochs << "  step " << point.step << '/' << point.steps
            << "  loss " << point.loss << "  rate " << point.learningRate << "  held-out accuracy";
        for (const double accuracy : point.accuracy)
            log << ' ' << accuracy;
        log << '\n';
    }
    log << exitsTable(exits, "# ");
    return log.str();
}

/// The weights, and beside them the log and the curves.
base::Status save(const TrainArguments& arguments, const model::Weights& weights, model::TrainingCurves curves,
                  const std::vector<model::ExitAccuracy>& exits)
{
    if (auto saved = model::saveWeights(weights, arguments.out); !saved)
        return saved;
    if (curves.points.empty()) {  // the checkpoint was that of a finished training
        auto earlier = model::readCurves(liveCurves(arguments));
        if (!earlier)
            return {};
        curves = std::move(*earlier);
    }
    auto beside = arguments.out;
    const auto csv = model::toCsv(curves);
    if (auto saved = base::writeFileAtomically(beside.replace_extension(".curves.csv"), base::asBytes(csv)); !saved)
        return saved;
    const auto log = trainingLog(arguments, curves, exits);
    beside = arguments.out;
    return base::writeFileAtomically(beside.replace_extension(".log"), base::asBytes(log));
}

int trainAndSave(TrainArguments& arguments, std::stop_token stop)
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
    if (!arguments.teacher.empty()) {
        auto distillation = loadTeacher(arguments);
        if (!distillation)
            return fail(distillation.error());
        arguments.training.distillation = std::move(*distillation);
    }
    model::CurveRecorder recorder(liveCurves(arguments), spec->exitCount());
    auto weights = trainAndTell(arguments, *spec, **training, **holdout, recorder, stop);
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
    if (const auto saved = save(arguments, *weights, recorder.curves(), *exits); !saved)
        return fail(saved.error());
    if (arguments.json) {
        printJson({{"weights", QString::fromStdString(arguments.out.string())}, {"exits", exitsJson(*exits)}});
        return kDone;
    }
    std::printf("%s trained on %s: %s\n", spec->name.c_str(), arguments.data.c_str(), arguments.out.c_str());
    printExits(*exits);
    return kDone;
}

/// Finds out before hours of training whether a file can be written at their end.
base::Status checkWritable(const std::filesystem::path& file, const char* option)
{
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    std::error_code ec;
    if (std::filesystem::is_directory(file, ec))
        return base::Error{base::ErrorCode::InvalidInput, "is a folder; name a file in it", option + (" " + file.string())};
    if (!std::filesystem::is_directory(folder, ec))
        return base::Error{base::ErrorCode::NotFound, "there is no folder " + folder.string(), option + (" " + file.string())};
    if (access(folder.c_str(), W_OK) != 0)
        return base::Error{base::ErrorCode::Io, "nothing can be written into " + folder.string(), option + (" " + file.string())};
    return {};
}

/// The folders that the training's files go to; that of the curves is made.
base::Status checkPlaces(const TrainArguments& wanted)
{
    if (wanted.out.empty())
        return base::Error{base::ErrorCode::InvalidInput, "is needed: where the weights shall go", "--out"};
    if (auto status = checkWritable(wanted.out, "--out"); !status)
        return status;
    if (!wanted.training.checkpoint.empty())
        if (auto status = checkWritable(wanted.training.checkpoint, "--checkpoint"); !status)
            return status;
    std::error_code ec;
    if (!wanted.curves.empty())
        std::filesystem::create_directories(wanted.curves, ec);
    return wanted.curves.empty() ? base::Status() : checkWritable(wanted.curves / "curves.csv", "--curves");
}

/// A decimal number from `low` to `high` that takes up the whole text.
base::Result<double> parseNumber(const std::string& text, double low, double high, const std::string& option)
{
    double number = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (ec != std::errc() || end != text.data() + text.size() || !(number >= low && number <= high)) {
        std::ostringstream problem;
        problem << "'" << text << "' is not a number from " << low << " to " << high;
        return base::Error{base::ErrorCode::InvalidInput, problem.str(), option};
    }
    return number;
}

/// "1,0.5,1" → {1, 0.5, 1}.
base::Status parseExitWeights(const std::string& text, std::vector<double>& weights)
{
    weights.clear();
    for (const auto& part : separated(text)) {
        const auto weight = parseNumber(part, 0, 100, "--exit-weights");
        if (!weight)
            return weight.error();
        weights.push_back(*weight);
    }
    return {};
}

/// "4" or "4:narrow1relu,pool2".
base::Status parseNoise(const std::string& text, model::QuantizationNoise& noise)
{
    const auto colon = text.find(':');
    const auto bits = base::parseInteger(text.substr(0, colon), 2, 16, "--quantization-noise");
    if (!bits)
        return bits.error();
    noise.bits = static_cast<int>(*bits);
    noise.layers = colon == std::string::npos ? std::vector<std::string>{} : separated(text.substr(colon + 1));
    return {};
}

/// "0.2", "0.2:2.5" or "0.2:2.5:narrow1relu".
base::Status parseRatePenalty(const std::string& text, model::QuantizationNoise& noise)
{
    const auto first = text.find(':');
    const auto second = first == std::string::npos ? first : text.find(':', first + 1);
    const auto weight = parseNumber(text.substr(0, first), 0, 100, "--rate-penalty");
    if (!weight)
        return weight.error();
    noise.ratePenalty = *weight;
    noise.rateLayers = second == std::string::npos ? std::vector<std::string>{} : separated(text.substr(second + 1));
    if (first == std::string::npos)
        return {};
    const auto target = parseNumber(text.substr(first + 1, second - first - 1), 0.1, 16, "--rate-penalty");
    if (!target)
        return target.error();
    noise.rateTarget = *target;
    return {};
}

void addCutOptions(Options& options, TrainArguments& wanted)
{
    auto& noise = wanted.training.noise;
    options.custom("--quantization-noise", "BITS[:LAYER,…]",
                   "quantize the outputs of these layers while training (default: behind each 1×1 convolution)",
                   [&noise](const std::string& text) { return parseNoise(text, noise); });
    options.custom("--rate-penalty", "W[:BITS[:LAYER,…]]",
                   "loss for each bit a value that those outputs, or some of them, would take above so many (default: 2.5)",
                   [&noise](const std::string& text) { return parseRatePenalty(text, noise); });
    options.text("--teacher", "NAME|FILE", "a trained network to learn from as well", wanted.teacher);
    options.text("--teacher-weights", "FILE", "its weights (default: those shipped for it and the data)", wanted.teacherWeights);
    options.real("--distill-weight", "W", "share of the teacher in the loss", wanted.distillWeight, 0, 1);
    options.real("--temperature", "T", "at which probabilities are compared with the teacher's", wanted.temperature, 0.1, 100);
}

}  // namespace

int modelTrain(const std::vector<std::string>& arguments, std::stop_token stop)
{
    TrainArguments wanted;
    wanted.command = repeatableCommand("model train", arguments);
    auto& t = wanted.training;
    Options options("model train --out FILE [options]", "Trains all exits of a network together.");
    options.text("--model", "NAME|FILE", kModelChoice, wanted.model);
    options.text("--data", "SOURCE", "patterns, cifar10, imagenette, or a folder or zip of images", wanted.data);
    options.integer("--epochs", "N", "passes over the training images", t.epochs, 1, 10'000);
    options.integer("--batch", "N", "images in a step", t.batch, 1, 4096);
    options.integer("--seed", "S", "of everything random", t.seed, 0, 1LL << 53);
    options.real("--learning-rate", "RATE", "the one-cycle schedule's peak", t.peakLearningRate, 1e-6, 10);
    options.integer("--crop-padding", "PIXELS", "random crops of the frame padded by so many pixels", t.cropPadding, 0, 64);
    options.real("--crop-scale", "SHARE", "random parts of the frame of at least this share, in place of padded crops (1: none)",
                 t.cropScale, 0.01, 1);
    options.real("--label-smoothing", "SHARE", "of each label that is spread over all classes", t.labelSmoothing, 0, 0.9);
    options.real("--weight-decay", "DECAY", "pull of the weights towards 0", t.weightDecay, 0, 1);
    bool noFlip = false;
    options.flag("--no-flip", "no random horizontal flips", noFlip);
    options.custom("--exit-weights", "W,W,…", "weight of each exit in the joint loss (default: all 1)",
                   [&t](const std::string& text) { return parseExitWeights(text, t.exitWeights); });
    addCutOptions(options, wanted);
    options.integer("--threads", "N", "Torch threads", t.threads, 1, 256);
    options.path("--out", "FILE", "the weights", wanted.out);
    options.path("--checkpoint", "FILE", "written after every epoch; taken up again where it exists", t.checkpoint);
    options.path("--curves", "FOLDER", "loss and accuracy over time go there while it trains, as curves.csv", wanted.curves);
    options.flag("--json", "prints one JSON object at the end", wanted.json);
    if (const auto answered = parseOrAnswer(options, "model train", arguments))
        return *answered;
    t.flip = !noFlip;
    if (const auto places = checkPlaces(wanted); !places)
        return wrongUsage("model train", places.error());
    return trainAndSave(wanted, stop);
}

}  // namespace splitscope::app
