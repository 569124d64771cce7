// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli table accuracy
#include "app/progress_line.h"
#include "app/text_format.h"
#include "app/verbs/model_report.h"
#include "app/verbs/subject.h"
#include "app/verbs/table_report.h"
#include "app/verbs/verbs.h"
#include "core/profile/accuracy_builder.h"
#include "core/session/model_package.h"

#include <cmath>
#include <cstdio>
#include <thread>

namespace splitscope::app {

namespace {

constexpr int kMostThreads = 256;
constexpr int kMostBatch = 1024;

class TableDisplay {
public:
    void operator()(const profile::AccuracyProgress& progress)
    {
        if (progress.leastSecondsPerImage > 0)  // what adds coders to images that are there already runs no layers
            m_last = progress;
        if (m_line.due())
            m_line.show(format("%zu of %zu images × %zu decisions, about %.0f s left; %.0f ms an image, %.0f at least",
                               progress.imagesDone, progress.images, progress.columns, std::ceil(progress.secondsLeft),
                               1e3 * progress.secondsPerImage, 1e3 * progress.leastSecondsPerImage));
    }
    void finish() const { m_line.finish(); }
    /// What a table costs as a whole, at this run's speed; of no images where no network ran.
    [[nodiscard]] const profile::AccuracyProgress& last() const { return m_last; }

private:
    ProgressLine m_line{200, 10'000};
    profile::AccuracyProgress m_last;
};

struct Arguments {
    std::string model = "alexnet3", data = "patterns", weights, codebook;
    profile::AccuracyBuilderOptions builder;
    std::optional<codec::EntropyCoder> coder;
    bool json = false;
};

void addOptions(Options& options, Arguments& a)
{
    auto& b = a.builder;
    b.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    options.text("--model", "NAME|FILE", kModelChoice, a.model);
    options.text("--data", "SOURCE", "patterns, cifar10, imagenette, or a folder or zip of images", a.data);
    options.text("--weights", "FILE", "weights (default: those shipped for the model and the data)", a.weights);
    options.text("--codebook", "FILE", "what huffman and context need (default: the one shipped for model and data)", a.codebook);
    options.text("--split", "SPLIT", "train, holdout, table (default) or evaluation", b.split);
    options.integer("--images", "N", "the first N images only; 0: all", b.images, 0, 10'000'000);
    addCoderOption(options, a.coder);
    options.custom("--action-set", "SET", "which codings: standard (default), paper, verification, or bits:4,8",
                   [&b](const std::string& text) -> base::Status {
                       const auto actions = decision::parseSpaceOptions(text);
                       if (!actions)
                           return actions.error();
                       b.actions = *actions;
                       return {};
                   });
    options.integer("--batch", "N", "images that go through the network together (50)", b.batch, 1, kMostBatch);
    options.integer("--threads", "N", "batches beside each other (default: one for each processor)", b.threads, 1, kMostThreads);
    options.path("--out", "FILE", "the table; what it holds already is not computed again", b.file);
    options.flag("--json", "prints one JSON object", a.json);
}

base::Result<profile::AccuracyTable> build(const Arguments& a, const model::NetworkSpec& spec, data::Split split,
                                           std::stop_token stop, TableDisplay& display)
{
    const auto subject = openSubject(spec, a.data, a.weights, split);
    if (!subject)
        return subject.error();
    auto builder = a.builder;
    auto codebook = session::findCodebook(spec.name, a.data, a.codebook);
    if (codebook)
        builder.codebook = *std::move(codebook);
    else if (!a.codebook.empty() || codebook.error().code != base::ErrorCode::NotFound)
        return codebook.error();
    else
        std::fputs("no codebook ships for this model and data: bytes with huffman and context are left out\n", stderr);
    return profile::buildAccuracyTable(*subject->executor, subject->modelHash, *subject->images, builder, std::move(stop),
                                       [&display](const profile::AccuracyProgress& progress) { display(progress); });
}

}  // namespace

int tableAccuracy(const std::vector<std::string>& arguments, std::stop_token stop)
{
    Arguments a;
    Options options(
        "table accuracy --out FILE [options]",
        "Measures what every distinct decision answers to the images of a split, and how many bytes it sends. Can be\n"
        "stopped and repeated: a table goes on where it stopped, and grows by more images, codings or coders.");
    addOptions(options, a);
    if (const auto answered = parseOrAnswer(options, "table accuracy", arguments))
        return *answered;
    if (a.builder.file.empty())
        return wrongUsage("table accuracy", {base::ErrorCode::InvalidInput, "names the table's file", "--out"});
    const auto split = data::parseSplit(a.builder.split);
    if (!split)
        return wrongUsage("table accuracy", split.error());
    const auto spec = model::loadNetworkSpec(a.model);
    if (!spec)
        return wrongUsage("table accuracy", spec.error());
    a.builder.data = session::weightsNames(a.data).front();
    TableDisplay display;
    auto table = build(a, *spec, *split, std::move(stop), display);
    display.finish();
    if (!table)
        return fail(table.error());
    table->coder = a.coder.value_or(table->coder);
    const auto& cost = display.last();
    if (a.json) {
        auto object = accuracyTableJson(*table);
        object["file"] = QString::fromStdString(a.builder.file.string());
        object["seconds_per_image"] = cost.secondsPerImage;
        object["least_seconds_per_image"] = cost.leastSecondsPerImage;
        printJson(object);
        return kDone;
    }
    printAccuracyTable(*table);
    if (cost.images > 0)
        std::printf("%.1f ms an image, so a full table of %zu images takes %.0f s; the layers alone, each run once, %.0f s\n",
                    1e3 * cost.secondsPerImage, cost.images, cost.secondsPerImage * static_cast<double>(cost.images),
                    cost.leastSecondsPerImage * static_cast<double>(cost.images));
    return kDone;
}

}  // namespace splitscope::app
