// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/queue_file.h"

#include "core/base/files.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace splitscope::session {

namespace {

constexpr auto kFormat = "splitscope-queue";
constexpr int kVersion = 1;
constexpr std::uintmax_t kLargest = 64 << 20;

QString text(const std::string& value) { return QString::fromStdString(value); }

QByteArray bytesOf(std::string_view text) { return {text.data(), static_cast<qsizetype>(text.size())}; }

QJsonObject toJson(const QueuedRun& run)
{
    const bool ended = run.state != QueuedState::Waiting && run.state != QueuedState::Running;
    QJsonObject object{{"seed", static_cast<qint64>(run.seed)}, {"state", text(toString(run.state))}};
    if (ended)
        object["frames"] = static_cast<qint64>(run.frames);
    if (ended)
        object["seconds"] = run.seconds;
    if (!run.why.empty())
        object["why"] = text(run.why);
    if (!ended && run.record.run != 0) {
        object["run"] = static_cast<qint64>(run.record.run);
        object["records"] = text(run.record.records.string());
    }
    return object;
}

QJsonObject toJson(const QueuedExperiment& experiment)
{
    QJsonArray runs;
    for (const auto& run : experiment.runs)
        runs << toJson(run);
    return {{"name", text(experiment.name)},
            {"file", text(experiment.file)},
            {"scenario", QJsonDocument::fromJson(bytesOf(session::toJson(experiment.scenario))).object()},
            {"runs", runs}};
}

base::Error wrong(const std::string& what, const std::string& where) { return {base::ErrorCode::InvalidInput, what, where}; }

/// A whole number that JSON holds exactly.
std::optional<std::uint64_t> whole(const QJsonValue& value)
{
    constexpr qint64 kNone = -1;
    const qint64 number = value.toInteger(kNone);
    return number < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(number));
}

base::Result<QueuedRun> parseRun(const QJsonObject& object, const std::string& where)
{
    const auto seed = whole(object["seed"]);
    if (!seed)
        return wrong("'seed' must be a whole number", where);
    const auto named = object["state"].toString().toStdString();
    const auto state = std::find_if(kQueuedStates.begin(), kQueuedStates.end(),
                                    [&](QueuedState candidate) { return toString(candidate) == named; });
    if (state == kQueuedStates.end())
        return wrong("'state' must be waiting, running, finished, failed or cancelled, not '" + named + "'", where);
    const double seconds = object["seconds"].toDouble();
    return QueuedRun{*seed,
                     *state,
                     object["why"].toString().toStdString(),
                     whole(object["frames"]).value_or(0),
                     std::max(0.0, seconds),
                     {object["records"].toString().toStdString(), whole(object["run"]).value_or(0)}};
}

base::Result<QueuedExperiment> parseExperiment(const QJsonObject& object, const std::string& where)
{
    const auto json = QJsonDocument(object["scenario"].toObject()).toJson();
    auto scenario = parseScenario({json.constData(), static_cast<std::size_t>(json.size())}, where);
    if (!scenario)
        return scenario.error();
    QueuedExperiment experiment{
        0, object["name"].toString().toStdString(), object["file"].toString().toStdString(), *std::move(scenario), {}};
    const auto runs = object["runs"].toArray();
    if (runs.isEmpty() || runs.size() > ExperimentQueue::kMostRepeats)
        return wrong("'runs' must hold from 1 to " + std::to_string(ExperimentQueue::kMostRepeats) + " runs", where);
    for (const auto& value : runs) {
        auto run = parseRun(value.toObject(), where + ", run " + std::to_string(experiment.runs.size() + 1));
        if (!run)
            return run.error();
        experiment.runs.push_back(*std::move(run));
    }
    return experiment;
}

}  // namespace

std::string toJson(const std::vector<QueuedExperiment>& experiments)
{
    QJsonArray list;
    for (const auto& experiment : experiments)
        list << toJson(experiment);
    return QJsonDocument(QJsonObject{{"format", kFormat}, {"version", kVersion}, {"experiments", list}}).toJson().toStdString();
}

base::Result<std::vector<QueuedExperiment>> parseQueue(std::string_view json, const std::string& where)
{
    const auto object = QJsonDocument::fromJson(bytesOf(json)).object();
    if (object["format"].toString() != QLatin1String(kFormat) || !object["experiments"].isArray())
        return wrong("is no queue of experiments, or is broken", where);
    if (object["version"].toInt() != kVersion)
        return wrong("is a queue of version " + std::to_string(object["version"].toInt()) + ", which another program wrote",
                     where);
    std::vector<QueuedExperiment> experiments;
    for (const auto& value : object["experiments"].toArray()) {
        auto experiment = parseExperiment(value.toObject(), where + ": experiment " + std::to_string(experiments.size() + 1));
        if (!experiment)
            return experiment.error();
        experiments.push_back(*std::move(experiment));
    }
    return experiments;
}

base::Result<std::vector<QueuedExperiment>> loadQueue(const std::filesystem::path& file)
{
    std::error_code ec;
    if (!std::filesystem::exists(file, ec))
        return std::vector<QueuedExperiment>();
    const auto bytes = base::readFile(file, kLargest);
    if (!bytes)
        return bytes.error();
    auto queue = parseQueue(base::asText(*bytes), file.string());
    if (queue)
        return queue;
    const auto stamp = QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd_HHmmss-zzz")).toStdString();
    const auto aside = file.parent_path() / (file.stem().string() + " broken " + stamp + file.extension().string());
    std::filesystem::rename(file, aside, ec);
    if (ec)
        return base::Error{base::ErrorCode::Io, queue.error().text + "; it cannot be renamed either: " + ec.message(),
                           queue.error().where};
    return wrong(queue.error().text + "; it is kept as '" + aside.filename().string() + "'", queue.error().where);
}

void settle(std::vector<QueuedExperiment>& experiments)
{
    for (auto& experiment : experiments)
        for (auto& run : experiment.runs) {
            if (run.record.run == 0)
                continue;
            const auto row = findRun(run.record);
            if (!row || row->ending != RunEnding::Interrupted)
                run.record = {};
            if (!row || row->ending != RunEnding::Finished)
                continue;
            run.state = QueuedState::Finished;
            run.frames = row->totals.frames;
            run.seconds = row->totals.durationMs / 1e3;
        }
}

base::Status saveQueue(const std::vector<QueuedExperiment>& experiments, const std::filesystem::path& file)
{
    return base::writeFileAtomically(file, base::asBytes(toJson(experiments)));
}

}  // namespace splitscope::session
