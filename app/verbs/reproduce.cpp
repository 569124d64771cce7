// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli reproduce
#include "app/figure_files.h"
#include "app/progress_line.h"
#include "app/verbs/verbs.h"
#include "core/base/files.h"
#include "core/session/reproduction.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QString>
#include <cstdio>

namespace splitscope::app {

namespace {

namespace fs = std::filesystem;
using session::Reproduction;

constexpr double kRedrawMs = 100, kLineMs = 5000;

QString text(const std::string& value) { return QString::fromStdString(value); }

/// Drawn as SVG where the dashboard's program is there; without it the report links the values alone.
void draw(const Reproduction& reproduction)
{
    std::vector<session::Figure> figures;
    for (const auto& reproduced : reproduction.figures)
        figures.push_back(reproduced.figure);
    if (const auto drawn = writeFigures(figures, reproduction.options.folder / "figures", ""); !drawn)
        std::fprintf(stderr, "splitscope-cli reproduce: %s\n", drawn.error().message().c_str());
}

/// The <svg> of a drawn figure, without what comes before it in a file.
std::string drawingOf(const fs::path& folder, const std::string& key)
{
    const auto bytes = base::readFile(folder / "figures" / (key + ".svg"));
    if (!bytes)
        return {};
    const std::string svg(bytes->begin(), bytes->end());
    const auto at = svg.find("<svg");
    return at == std::string::npos ? std::string() : svg.substr(at);
}

std::string summaryOf(const Reproduction& reproduction, const fs::path& report)
{
    QJsonArray figures, problems;
    for (const auto& [network, data, figure] : reproduction.figures) {
        auto told = figureSummary(figure);
        told["network"] = text(network);
        told["data"] = text(data);
        figures << told;
    }
    for (const auto& problem : reproduction.problems)
        problems << text(problem);
    const QJsonObject object{{"report", text(report.string())}, {"figures", figures}, {"problems", problems}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

int makeReport(const session::ReproductionOptions& options, bool json, const std::stop_token& stop)
{
    ProgressLine progress(kRedrawMs, kLineMs);
    std::size_t told = 0;
    const auto done = session::reproduce(options, stop, [&](const session::ReproductionProgress& now) {
        const auto where = std::to_string(now.step + 1) + " of " + std::to_string(now.steps) + ": " + now.title;
        if (told != now.step + 1) {
            told = now.step + 1;
            progress.finish();
            std::fprintf(stderr, "%s\n", where.c_str());
        }
        if (!now.within.what.empty())
            progress.showStep(now.within.what, now.within.share, now.within.secondsLeft);
    });
    progress.finish();
    if (!done)
        return fail(done.error());
    draw(*done);
    const auto report = options.folder / "report.html";
    const auto html = session::reproductionHtml(*done, [&](const std::string& key) { return drawingOf(options.folder, key); });
    if (const auto written = base::writeFileAtomically(report, base::asBytes(html)); !written)
        return fail(written.error());
    for (const auto& problem : done->problems)
        std::fprintf(stderr, "splitscope-cli reproduce: not done: %s\n", problem.c_str());
    if (json)
        std::puts(summaryOf(*done, report).c_str());
    else
        std::printf("%zu figures: %s\n", done->figures.size(), report.c_str());
    return done->problems.empty() ? kDone : kFailed;
}

}  // namespace

int reproduceVerb(const std::vector<std::string>& arguments, std::stop_token stop)
{
    session::ReproductionOptions wanted;
    wanted.folder = "reproduction";
    std::vector<std::string> models;
    bool json = false;
    Options options(
        "reproduce [MODEL …] [options]",
        "Does the papers' experiments again on this machine: measures cost tables and requests between two processes\n"
        "over real sockets, makes their figures of them, and writes one page that holds their statements against\n"
        "what was measured. Goes on where it was stopped. Leave the machine alone meanwhile: about half an hour,\n"
        "with --quick some minutes.");
    options.positional("MODEL", "networks (default: alexnet3 alexnet3-128 alexnet3-128b; with --quick the first)", models, 8);
    options.text("--data", "SOURCE", "images (default: cifar10 or imagenette where they are at hand, else patterns)",
                 wanted.data);
    options.flag("--quick", "minutes: the first network, batch 1, few requests, short trainings", wanted.quick);
    options.integer("--seed", "S", "of runs and policies (1)", wanted.seed, 0, 1LL << 53);
    options.path("--out", "DIR", "folder for tables, records, figures and the report (reproduction)", wanted.folder);
    options.flag("--json", "prints one JSON object: statements with verdicts, and where the report is", json);
    if (const auto answered = parseOrAnswer(options, "reproduce", arguments))
        return *answered;
    if (!models.empty())
        wanted.models = models;
    return makeReport(wanted, json, stop);
}

}  // namespace splitscope::app
