// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli figures
#include "app/figure_files.h"
#include "app/progress_line.h"
#include "app/verbs/verbs.h"
#include "core/base/files.h"
#include "core/session/figure_set.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <cstdio>

namespace splitscope::app {

namespace {

namespace fs = std::filesystem;

constexpr double kRedrawMs = 100, kLineMs = 5000;

struct FigureOptions {
    session::FigureRequest request;
    std::vector<std::string> figures;
    std::string model;
    fs::path out = "figures";
    bool json = false;
};

base::Status write(const session::Figure& figure, const fs::path& folder, QJsonArray& files)
{
    const auto text = folder / ("figure-" + figure.key + ".txt");
    if (const auto written = base::writeFileAtomically(text, base::asBytes(session::toText(figure))); !written)
        return written.error();
    const auto written = writeFigures({figure}, folder, "figure-");
    if (!written)
        return written.error();
    files << QString::fromStdString(text.string());
    for (const auto& file : *written)
        files << QString::fromStdString(file.string());
    return {};
}

/// The figures of `keys` that are asked for, taken out of `rest`.
std::vector<std::string> takeOut(std::vector<std::string>& rest, const std::vector<std::string>& keys)
{
    std::vector<std::string> taken;
    for (const auto& key : keys)
        if (std::erase(rest, key) > 0)
            taken.push_back(key);
    return taken;
}

/// Regions compare the networks that were made to be compared, 6(a) to 6(c) all of them; the other figures are of the paper's
/// network.
std::vector<session::FigureRequest> requestsOf(const FigureOptions& options)
{
    session::FigureRequest request = options.request;
    request.figures = options.figures;
    if (!options.model.empty() || !request.table.empty()) {
        if (!options.model.empty())
            request.models = {options.model};
        return {request};
    }
    std::vector<session::FigureRequest> requests;
    const auto of = [&](const std::vector<std::string>& keys, const std::vector<std::string>& models) {
        auto own = options.request;
        own.figures = takeOut(request.figures, keys);
        own.models = models;
        own.profile.clear();
        own.accuracy.clear();
        if (!own.figures.empty())
            requests.push_back(own);
    };
    of({"6a", "6b", "6c"}, {"alexnet3", "alexnet3-128", "alexnet3-128b"});
    of({"regions"}, {"alexnet3-128", "alexnet3-128b"});
    if (!request.figures.empty())
        requests.insert(requests.begin(), request);
    return requests;
}

int makeAll(const FigureOptions& options, const std::stop_token& stop)
{
    ProgressLine progress(kRedrawMs, kLineMs);
    QJsonArray figures, files;
    std::size_t made = 0, missing = 0;
    for (const auto& request : requestsOf(options)) {
        const auto set = session::makeFigures(request, stop, [&](const session::FigureProgress& step) {
            progress.showStep(step.what, step.share, step.secondsLeft);
        });
        progress.finish();
        if (!set)
            return fail(set.error());
        for (const auto& problem : set->problems)
            fail(problem);
        missing += request.figures.size() - set->figures.size();
        for (const auto& figure : set->figures) {
            if (const auto written = write(figure, options.out, files); !written)
                return fail(written.error());
            figures << figureSummary(figure);
            ++made;
            if (!options.json)
                std::printf("%s%s\n", made > 1 ? "\n" : "", session::toText(figure).c_str());
            std::fflush(stdout);
        }
    }
    if (options.json) {
        const QJsonObject object{{"figures", figures}, {"files", files}};
        std::puts(QJsonDocument(object).toJson(QJsonDocument::Compact).constData());
    } else if (made > 0) {
        std::printf("\nWritten to %s: figure-*.png, .svg, .pdf, .csv, .json and .txt\n", options.out.c_str());
    }
    return missing > 0 ? kFailed : kDone;
}

void addOptions(Options& options, FigureOptions& figures)
{
    auto& request = figures.request;
    options.positional("3|5a|5b|6a|6b|6c|size|regions|edgent|all …",
                       "layer latency, data size and accuracy loss by cut; latency, accuracy and choices\nof policies; size "
                       "against accuracy; winning kinds of decision; Edgent's own figures",
                       figures.figures, session::figureKeys().size() + 1);
    options.text("--model", "NAME|FILE", "the network (default: alexnet3; regions: alexnet3-128 and\nalexnet3-128b)",
                 figures.model);
    options.text("--data", "SOURCE",
                 "whose accuracy table and images (default: cifar10 or imagenette\nwhere a table ships, "
                 "else patterns)",
                 request.data);
    options.text("--weights", "FILE", "weights to measure (default: those shipped)", request.weights);
    options.path("--table", "FILE", "everything from this cost table", request.table);
    options.path("--profile", "FILE", "a measured profile (default: measures one)", request.profile);
    options.path("--accuracy", "FILE", "an accuracy table (default: the shipped one)", request.accuracy);
    options.text("--device", "NAME|FILE", "beside the measured machine: pi3 (emulated, default), same, or a\nprofile (.json)",
                 request.device);
    options.real("--budget", "SECONDS", "time to measure a network (60)", request.budgetSeconds, 0.1, 3600);
    options.integer("--threads", "N", "of the measured network (1)", request.threads, 1, 64);
    options.integer("--exit", "E", "the path of 5a, 5b and size (default: the last, of size the best one)", request.exit, 1, 100);
    options.real("--slowdown", "X",
                 "of 6a, 6b, 6c, edgent: of the device, beyond the table's (8 where the table has one machine as\nboth, else 1)",
                 request.slowdown, 1, 10'000);
    options.real("--s", "MB/S", "of 6a, 6b, 6c: the reward's s (10)", request.objective.sensitivity, 1e-6, 1e6);
    options.integer("--seed", "S", "of 6a, 6b, 6c: of the policies that are trained (1)", request.seed, 0, 1LL << 53);
    options.path("--out", "DIR", "folder for the files (figures)", figures.out);
    options.flag("--json", "prints one JSON object: statements with verdicts, files", figures.json);
}

}  // namespace

int figuresVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    FigureOptions figures;
    Options options("figures 3|5a|5b|6a|6b|6c|size|regions|edgent|all … [options]",
                    "Figures 3, 5 and 6 of the paper from this program's own data, with what the paper says about them\n"
                    "checked in words; what every decision sends by every coder against what it answers (size); and the map of\n"
                    "which kind of decision is the fastest within 1 % of the best accuracy (regions). What Edgent selects over\n"
                    "bandwidth and required latency, its runtimes, and its throughput over 4G traces (edgent).\n"
                    "Writes figure-<name>.png, .svg, .pdf, .csv, .json and .txt.");
    addOptions(options, figures);
    if (const auto answered = parseOrAnswer(options, "figures", arguments))
        return *answered;
    if (figures.figures.empty())
        return wrongUsage(
            "figures", {base::ErrorCode::InvalidInput, "which? 3, 5a, 5b, 6a, 6b, 6c, size, regions, edgent or all", "figures"});
    if (std::find(figures.figures.begin(), figures.figures.end(), "all") != figures.figures.end())
        figures.figures = session::figureKeys();
    for (const auto& key : figures.figures)
        if (std::count(session::figureKeys().begin(), session::figureKeys().end(), key) == 0)
            return wrongUsage("figures",
                              {base::ErrorCode::InvalidInput,
                               "there is no figure '" + key + "'; there are 3, 5a, 5b, 6a, 6b, 6c, size, regions, edgent, all",
                               "figures"});
    return makeAll(figures, stop);
}

}  // namespace splitscope::app
