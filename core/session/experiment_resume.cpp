// SPDX-License-Identifier: GPL-3.0-or-later
// An experiment that goes on with an interrupted run: where its records stand, and what became of it meanwhile. Worker's thread.
#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/session/experiment_p.h"
#include "core/session/experiment_queue.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace splitscope::session {

base::Status Experiment::Private::goOn()
{
    const auto& resumed = *options.resumed;
    wallStartMs = resumed.row.startedMs;
    if (auto same = checkSame(resumed.row, runInfo({})); !same)
        return same;
    if (!resumed.started())
        return {};  // killed before its device began: it begins now, under its number
    books = resumed.books;
    requestedEnd = resumed.begun;
    captureOffsetMs = resumed.deviceStartedAtMs;
    firstStartNs = base::nowNs() - base::fromMs(resumed.clockMs(wallClockMs()));
    recordStartNs = firstStartNs;
    rateStartedNs = firstStartNs + base::fromMs(resumed.settings.uplinkSinceMs);
    if (rate)
        assumedRate = rate->rateAt(base::toMs(base::nowNs() - rateStartedNs));
    if (resumed.lastReport)
        reportedHealth.at(*resumed.lastReport);  // holds until the device tells anew
    runStarted = true;
    const std::lock_guard lock(stateMutex);
    summary = resumed.summary;
    return {};
}

/// From now on the run is this process's to end. Whether the device still runs it, onWelcome() finds out.
void Experiment::Private::takeUp(const wire::Welcome& welcome)
{
    takenUp = true;
    bootId = welcome.bootId;
    const auto& resumed = *options.resumed;
    const double awayMs = resumed.started() ? base::toMs(base::nowNs() - firstStartNs) - resumed.lastMs : 0;
    const QJsonObject detail{{"recorded_frames", static_cast<qint64>(resumed.summary.frames())},
                             {"next_frame", static_cast<qint64>(resumed.begun)},
                             {"away_ms", awayMs},
                             {"still_runs", welcome.state.run == run},
                             {"program", QString::fromStdString(base::programVersion())}};
    recordEvent("resume",
                "resumed at frame " + std::to_string(resumed.begun) + " of " + std::to_string(scenario.frames) + " after "
                    + formatTimeLeft(awayMs / 1e3),
                QJsonDocument(detail).toJson(QJsonDocument::Compact).toStdString());
}

}  // namespace splitscope::session
