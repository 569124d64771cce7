// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli data
#include "app/verbs/verbs.h"
#include "core/base/files.h"
#include "core/base/units.h"
#include "core/data/data_set.h"
#include "core/data/fetch.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cstdio>

namespace splitscope::app {

namespace {

std::filesystem::path defaultDataFolder()
{
    const auto folder = base::dataFolder();
    return folder ? *folder : std::filesystem::path("data");
}

int fetch(const std::vector<std::string>& arguments, std::stop_token stop)
{
    std::filesystem::path folder = defaultDataFolder();
    std::vector<std::string> names;
    Options options("data fetch cifar10 [options]", "Downloads the official CIFAR-10 archive, checks it, and unpacks it.");
    options.positional("cifar10", "the data set", names, 1);
    options.path("--out", "DIR", "where to (default: $SPLITSCOPE_DATA, else ./data)", folder);
    if (const auto answered = parseOrAnswer(options, "data fetch", arguments))
        return *answered;
    if (names != std::vector<std::string>{"cifar10"})
        return wrongUsage("data fetch",
                          {base::ErrorCode::InvalidInput, "only cifar10 can be fetched: data fetch cifar10",
                           names.empty() ? "data set" : names[0]});
    const auto status = data::fetchCifar10(folder, stop, [](const data::FetchProgress& progress) {
        std::fprintf(stderr, "\r%-12s %s of %s   ", data::toString(progress.step).c_str(),
                     base::formatBytes(static_cast<double>(progress.done)).c_str(),
                     base::formatBytes(static_cast<double>(progress.total)).c_str());
    });
    std::fputc('\n', stderr);
    if (!status)
        return fail(status.error());
    std::printf("CIFAR-10 is in %s; set SPLITSCOPE_DATA=%s to use it\n", (folder / "cifar-10-batches-bin").c_str(),
                std::filesystem::absolute(folder).c_str());
    return kDone;
}

int info(const std::vector<std::string>& arguments, std::stop_token)
{
    std::vector<std::string> sources;
    int size = 32;
    bool json = false;
    Options options("data info SOURCE [options]", "Describes a data set: sizes, classes, images in each split.");
    options.positional("SOURCE", "patterns, cifar10, imagenette, or a folder or zip of images", sources, 1);
    options.integer("--size", "PIXELS", "side of the square that a network takes", size, 8, 4096);
    options.flag("--json", "prints one JSON object", json);
    if (const auto answered = parseOrAnswer(options, "data info", arguments))
        return *answered;
    if (sources.empty())
        sources.emplace_back("patterns");
    QJsonObject images;
    QJsonArray classes;
    for (const auto split : {data::Split::Train, data::Split::Holdout, data::Split::Table, data::Split::Evaluation}) {
        const auto set = data::openDataSet(sources[0], {3, size, size}, split);
        if (!set)
            return fail(set.error());
        images[QString::fromStdString(data::toString(split))] = static_cast<qint64>((*set)->size());
        classes = {};
        for (const auto& name : (*set)->classNames())
            classes << QString::fromStdString(name);
    }
    const QJsonObject object{{"source", QString::fromStdString(sources[0])},
                             {"size", QJsonArray{3, size, size}},
                             {"images", images},
                             {"classes", classes}};
    if (json) {
        std::puts(QJsonDocument(object).toJson(QJsonDocument::Compact).constData());
        return kDone;
    }
    std::printf("%s, 3x%dx%d, %d classes\n", sources[0].c_str(), size, size, static_cast<int>(classes.size()));
    for (const auto& split : images.keys())
        std::printf("  %-12s %lld images\n", qPrintable(split), static_cast<long long>(images[split].toInteger()));
    QStringList names;
    for (const auto& name : classes)
        names << name.toString();
    std::printf("  %s\n", qPrintable(names.join(", ")));
    return kDone;
}

}  // namespace

int dataVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    return chooseSubVerb("data", "Data sets.", {{"fetch", "download CIFAR-10", fetch}, {"info", "describe a data set", info}},
                         arguments, stop);
}

}  // namespace splitscope::app
