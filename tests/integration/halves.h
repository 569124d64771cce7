// SPDX-License-Identifier: GPL-3.0-or-later
// Both halves of a run as processes of their own, each of which may be killed, stopped, continued and started at any moment.
#pragma once

#include "core/session/process_usage.h"
#include "core/session/run_library.h"
#include "tests/integration/daemon_process.h"

#include <QFile>
#include <QTest>

#include <memory>

/// The records of all runs lie in one database; each start of the edge is a run of its own.
class Halves {
public:
    Halves() { m_daemon.logInto(m_folder.filePath("daemon.log")); }

    /// "kill", "stop" (SIGSTOP), "continue" or "start", and "edge" or "daemon".
    bool does(const QString& step)
    {
        const auto verb = step.section(' ', 0, 0);
        return step.endsWith(QLatin1String("daemon")) ? toDaemon(verb) : toEdge(verb);
    }
    [[nodiscard]] bool bothRun() const { return m_daemonRuns && m_edgeRuns; }

    /// Requests of all runs, as the database has them; 0 while there is none.
    [[nodiscard]] std::uint64_t requests() const
    {
        std::uint64_t sum = 0;
        for (const auto& row : runs())
            sum += row.totals.requests;
        return sum;
    }
    /// Newest first.
    [[nodiscard]] std::vector<splitscope::session::RunRow> runs() const
    {
        const auto list = splitscope::session::listRuns(records());
        return list ? list->runs : std::vector<splitscope::session::RunRow>();
    }
    [[nodiscard]] std::filesystem::path records() const { return m_folder.filePath("records.sqlite").toStdString(); }

    /// How often the other half than that of a step has noticed that it was left alone.
    [[nodiscard]] int noticed(const QString& step) const
    {
        return step.endsWith(QLatin1String("edge")) ? daemonNoticed() : edgeNoticed();
    }

    /// The edge is asked to end its run; its exit status, −1 where it does not end.
    int end(int waitMs)
    {
        m_edge->terminate();
        return m_edge->waitForFinished(waitMs) && m_edge->exitStatus() == QProcess::NormalExit ? m_edge->exitCode() : -1;
    }
    QByteArray edgeSaid() { return m_edge->readAllStandardError(); }

private:
    bool toDaemon(const QString& verb)
    {
        m_daemonRuns = verb == QLatin1String("continue") || verb == QLatin1String("start");
        if (verb == QLatin1String("start"))
            return m_daemon.start();
        if (verb == QLatin1String("kill"))
            m_daemon.kill();
        else
            m_daemon.signal(verb == QLatin1String("stop") ? SIGSTOP : SIGCONT);
        return true;
    }
    bool toEdge(const QString& verb)
    {
        m_edgeRuns = verb == QLatin1String("continue") || verb == QLatin1String("start");
        if (verb == QLatin1String("start"))
            return startEdge();
        const auto pid = static_cast<pid_t>(m_edge->processId());
        if (verb == QLatin1String("kill")) {
            m_edge->kill();
            return m_edge->waitForFinished();
        }
        ::kill(pid, verb == QLatin1String("stop") ? SIGSTOP : SIGCONT);
        return true;
    }
    bool startEdge()
    {
        m_edge = std::make_unique<QProcess>();
        m_edge->start(SPLITSCOPE_BIN "/splitscope-cli",
                      m_daemon.runArguments(1'000'000, "3ms", m_folder.path()) + QStringList{"--cost-table", "none"});
        return m_edge->waitForStarted();
    }
    [[nodiscard]] int daemonNoticed() const
    {
        QFile file(m_folder.filePath("daemon.log"));
        return file.open(QIODevice::ReadOnly) ? static_cast<int>(file.readAll().count("its run goes on here alone")) : 0;
    }
    [[nodiscard]] int edgeNoticed() const
    {
        const auto all = runs();
        const auto events
            = all.empty() ? std::vector<splitscope::session::RunEvent>() : *splitscope::session::readEvents(all.front().key);
        return static_cast<int>(std::count_if(events.begin(), events.end(), [](const auto& event) {
            return event.kind == "phase" && event.text.starts_with("reconnecting");
        }));
    }

    QTemporaryDir m_folder;
    DaemonProcess m_daemon;
    std::unique_ptr<QProcess> m_edge;
    bool m_daemonRuns = false, m_edgeRuns = false;
};
