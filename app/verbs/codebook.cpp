// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli codebook
#include "app/progress_line.h"
#include "app/text_format.h"
#include "app/verbs/model_report.h"
#include "app/verbs/subject.h"
#include "app/verbs/verbs.h"
#include "core/base/files.h"
#include "core/profile/codebook_builder.h"
#include "core/session/model_package.h"

#include <QJsonArray>
#include <QJsonObject>
#include <cstdio>
#include <thread>

namespace splitscope::app {

namespace {

constexpr int kMostThreads = 256;

QString text(const std::string& value) { return QString::fromStdString(value); }

std::string groupingOf(const codec::HuffmanBook& book)
{
    switch (book.groupSize()) {
    case codec::HuffmanBook::kRuns: return "runs";
    case 1: return "single";
    default: return "groups of " + std::to_string(book.groupSize());
    }
}

QJsonObject codebookJson(const codec::Codebook& book)
{
    const auto& contents = book.contents();
    QJsonArray books;
    for (const auto& [key, one] : contents.books)
        books << QJsonObject{{"tensor", text(key.first)},
                             {"bits", key.second},
                             {"huffman", text(groupingOf(*one.huffman))},
                             {"context", one.context != nullptr}};
    return {{"model", text(contents.network)},
            {"model_hash", text(contents.modelHash)},
            {"data", text(contents.data)},
            {"images", static_cast<qint64>(contents.images)},
            {"hash", text(book.hash())},
            {"bytes", static_cast<qint64>(book.bytes().size())},
            {"frames", contents.frames != nullptr},
            {"books", books}};
}

void printCodebook(const codec::Codebook& book)
{
    const auto& contents = book.contents();
    std::printf("%s on %s, %u images of the training split, %zu bytes\nhash %.12s…, model %.12s…\n", contents.network.c_str(),
                contents.data.c_str(), contents.images, book.bytes().size(), book.hash().c_str(), contents.modelHash.c_str());
    std::printf("raw frames: %s\n", contents.frames ? "a model" : "no model, lossless frames are WebP");
    std::printf("  %-14s %4s  %-12s %s\n", "tensor", "bits", "huffman", "context");
    for (const auto& [key, one] : contents.books)
        std::printf("  %-14s %4d  %-12s %s\n", key.first.c_str(), key.second, groupingOf(*one.huffman).c_str(),
                    one.context ? "yes" : "-");
}

int report(const codec::Codebook& book, const std::filesystem::path& file, bool json)
{
    if (json) {
        auto object = codebookJson(book);
        object["file"] = text(file.string());
        printJson(object);
    } else {
        printCodebook(book);
    }
    return kDone;
}

struct TrainArguments {
    std::string model = "alexnet3", data = "patterns", weights;
    profile::CodebookBuilderOptions builder;
    std::filesystem::path out;
    bool json = false;
};

void addOptions(Options& options, TrainArguments& a)
{
    auto& b = a.builder;
    b.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    options.text("--model", "NAME|FILE", kModelChoice, a.model);
    options.text("--data", "SOURCE", "patterns, cifar10, imagenette, or a folder or zip of images", a.data);
    options.text("--weights", "FILE", "weights (default: those shipped for the model and the data)", a.weights);
    options.integer("--images", "N", "of the training split, for the tensors (2000); 0: all", b.images, 0, 10'000'000);
    options.integer("--frames", "N", "of the training split, for raw frames (20000); 0: lossless frames stay WebP", b.frames, 0,
                    10'000'000);
    options.integers("--bits", "C,C", "bit widths with a context model (4,8,12,16); Huffman codes are made for 2 to 16",
                     b.contextBits, codec::kMinBits, codec::kMaxBits);
    options.integer("--threads", "N", "bit widths beside each other (default: one for each processor)", b.threads, 1,
                    kMostThreads);
    options.path("--out", "FILE", "the codebook", a.out);
    options.flag("--json", "prints one JSON object", a.json);
}

base::Result<codec::Codebook> trainBook(const TrainArguments& a, const model::NetworkSpec& spec, std::stop_token stop,
                                        ProgressLine& line)
{
    const auto subject = openSubject(spec, a.data, a.weights, data::Split::Train);
    if (!subject)
        return subject.error();
    return profile::trainCodebook(*subject->executor, subject->modelHash, *subject->images, a.builder, std::move(stop),
                                  [&line](const profile::CodebookProgress& progress) {
                                      line.showCount(progress.done, progress.total, "books", progress.secondsLeft, progress.what);
                                  });
}

int train(const std::vector<std::string>& arguments, std::stop_token stop)
{
    TrainArguments a;
    Options options("codebook train --out FILE [options]",
                    "Learns how a network's tensors, and its frames, are coded in few bytes: what the coders huffman and\n"
                    "context need on both sides. Takes images of the training split; tables and runs use others.");
    addOptions(options, a);
    if (const auto answered = parseOrAnswer(options, "codebook train", arguments))
        return *answered;
    if (a.out.empty())
        return wrongUsage("codebook train", {base::ErrorCode::InvalidInput, "names the codebook's file", "--out"});
    const auto spec = model::loadNetworkSpec(a.model);
    if (!spec)
        return wrongUsage("codebook train", spec.error());
    a.builder.data = session::weightsNames(a.data).front();
    ProgressLine line(200, 10'000);
    const auto book = trainBook(a, *spec, std::move(stop), line);
    line.finish();
    if (!book)
        return fail(book.error());
    if (const auto saved = base::writeFileAtomically(a.out, book->bytes()); !saved)
        return fail(saved.error());
    return report(*book, a.out, a.json);
}

int show(const std::vector<std::string>& arguments, std::stop_token)
{
    std::vector<std::string> files;
    bool json = false;
    Options options("codebook show FILE [--json]", "Shows what a codebook knows.");
    options.positional("FILE", "a codebook", files, 1);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "codebook show", arguments))
        return *answered;
    if (files.empty())
        return wrongUsage("codebook show", {base::ErrorCode::InvalidInput, "which codebook?", "FILE"});
    const auto book = codec::loadCodebook(files[0]);
    return book ? report(**book, files[0], json) : fail(book.error());
}

}  // namespace

int codebookVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return chooseSubVerb("codebook", "What the coders huffman and context know beforehand.",
                         {{"train", "learn a network's codebook from images", train}, {"show", "what a codebook knows", show}},
                         arguments, stop);
}

}  // namespace splitscope::app
