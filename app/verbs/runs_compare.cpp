// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli runs compare: the dashboard's Compare page, as files.
#include "app/figure_files.h"
#include "app/progress_line.h"
#include "app/verbs/runs.h"
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/session/figure_compare.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <cstdio>

namespace splitscope::app {

namespace {

using session::ComparedRun;
using session::RunQuantity;

bool has(const session::RunRow& row, const std::string& word)
{
    std::vector<std::string> columns{row.model, row.data, row.strategy, row.bandwidth, row.scenarioName, row.device};
    columns.insert(columns.end(), row.tags.begin(), row.tags.end());
    return std::ranges::any_of(columns, [&](const auto& column) { return column.find(word) != std::string::npos; });
}

/// Those of the place that have all the words, the oldest first; an Error where none has.
base::Result<std::vector<session::RunRow>> rowsWith(const RunsOptions& runs, const std::stop_token& stop)
{
    auto found = session::listRuns(runs.place, stop);
    if (!found)
        return found.error();
    for (const auto& trouble : found->troubles)
        fail(trouble);
    std::erase_if(found->runs, [&](const session::RunRow& row) {
        return row.totals.requests == 0
            || !std::ranges::all_of(runs.run, [&](const std::string& word) { return has(row, word); });
    });
    if (found->runs.empty())
        return base::Error{base::ErrorCode::NotFound,
                           runs.run.empty()
                               ? "no run with records is there"
                               : "no run has '" + base::joined(runs.run, "' and '") + "'; `runs list` tells them all",
                           runs.place.string()};
    std::reverse(found->runs.begin(), found->runs.end());
    return std::move(found->runs);
}

base::Result<std::vector<ComparedRun>> readAll(const std::vector<session::RunRow>& rows, const std::stop_token& stop)
{
    ProgressLine progress(100, 5000);
    const auto startNs = base::nowNs();
    std::vector<ComparedRun> runs;
    for (const auto& row : rows) {
        const auto done = static_cast<double>(runs.size()), all = static_cast<double>(rows.size());
        const double seconds = base::toMs(base::nowNs() - startNs) / 1e3;
        progress.showStep("reading " + row.strategy, done / all, runs.empty() ? 0 : seconds / done * (all - done));
        auto run = session::readComparedRun(row, stop);
        if (!run)
            return run.error();
        run->slot = static_cast<int>(runs.size());
        runs.push_back(*std::move(run));
    }
    progress.finish();
    session::nameRuns(runs);
    return runs;
}

std::vector<session::Figure> figuresOf(const std::vector<ComparedRun>& runs, RunQuantity quantity, const std::string& baseline)
{
    std::vector<session::Figure> figures{session::strategiesFigure(runs, quantity, baseline),
                                         session::overlayFigure(runs, quantity, session::OverlayAxis::Distribution),
                                         session::paretoFigure(runs, session::ParetoAxes::AccuracyLatency)};
    if (std::ranges::any_of(runs, [](const auto& run) { return !run.predictedMs.empty(); }))
        figures.push_back(session::predictionFigure(runs));
    return figures;
}

}  // namespace

int runsCompare(const std::vector<std::string>& arguments, std::stop_token stop)
{
    constexpr std::size_t kMostWords = 16;
    RunsOptions runs;
    std::filesystem::path out = "comparison";
    std::string baseline;
    auto quantity = RunQuantity::Latency;
    bool json = false;
    Options options("runs compare [WORD …] [options]",
                    "Draws recorded runs beside each other: each strategy with its 95 % interval and its differences from a\n"
                    "baseline, paired by seed; distributions; accuracy against latency; measured against predicted.\n"
                    "Writes .png, .svg, .pdf, .csv and .json.");
    options.positional("WORD …", "only runs that have all of these in model, data, strategy, uplink, scenario, device or tags",
                       runs.run, kMostWords);
    addPlace(options, runs);
    options.custom(
        "--quantity", "NAME",
        "latency (the default), bandwidth, accuracy, energy, reward, regret, or of the device: temperature, busy, clock, power",
        [&quantity](const std::string& text) -> base::Status {
            for (const auto& info : session::runQuantities())
                if (text == info.key) {
                    quantity = info.quantity;
                    return {};
                }
            return base::Error{base::ErrorCode::InvalidInput, "there is no quantity '" + text + "'", "--quantity"};
        });
    options.text("--baseline", "STRATEGY", "what the others are held against (the plainest that is there)", baseline);
    options.path("--out", "DIR", "folder for the files (comparison)", out);
    options.flag("--json", "prints one JSON object: what the figures say, and the files", json);
    if (const auto answered = parseOrAnswer(options, "runs compare", arguments))
        return *answered;
    const auto rows = rowsWith(runs, stop);
    if (!rows)
        return fail(rows.error());
    const auto read = readAll(*rows, stop);
    if (!read)
        return fail(read.error());
    const auto figures = figuresOf(*read, quantity, baseline);
    const auto written = writeFigures(figures, out, "");
    if (!written)
        return fail(written.error());
    if (json) {
        QJsonArray told, files;
        for (const auto& figure : figures) {
            auto object = figureSummary(figure);
            QJsonArray notes;
            for (const auto& note : figure.notes)
                notes << QString::fromStdString(note);
            object["notes"] = notes;
            told << object;
        }
        for (const auto& file : *written)
            files << QString::fromStdString(file.string());
        std::puts(QJsonDocument(QJsonObject{{"runs", static_cast<qint64>(read->size())}, {"figures", told}, {"files", files}})
                      .toJson(QJsonDocument::Compact)
                      .constData());
        return kDone;
    }
    for (const auto& figure : figures)
        std::printf("%s\n", session::toText(figure).c_str());
    std::printf("%zu runs; written to %s\n", read->size(), out.c_str());
    return kDone;
}

}  // namespace splitscope::app
