// SPDX-License-Identifier: GPL-3.0-or-later
// A real Slurm of one node, in a folder of its own.
#pragma once

#include <QDir>
#include <QFile>
#include <QHostInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

class SlurmCluster {
public:
    /// Why there can be none here; empty: it runs, and SLURM_CONF names it.
    QString start()
    {
        for (const char* program : {"munged", "slurmctld", "slurmd", "sbatch", "sinfo"})
            if (find(program).isEmpty())
                return QStringLiteral("Slurm is not installed (%1)").arg(QLatin1String(program));
        if (::geteuid() != 0)
            return QStringLiteral("Slurm's daemons are started by root");
        if (!writeFiles())
            return QStringLiteral("its folder cannot be written");
        qputenv("SLURM_CONF", path("slurm.conf").toUtf8());
        run(m_munged, "munged",
            {"--foreground", "--force", "--key-file=" + path("munge.key"), "--socket=" + path("munge.socket"),
             "--pid-file=" + path("munged.pid"), "--log-file=" + path("munged.log"), "--seed-file=" + path("munged.seed")});
        run(m_controller, "slurmctld", {"-D"});
        run(m_node, "slurmd", {"-D"});
        constexpr int kPatienceMs = 60'000;
        const auto serves = [] { return output("sinfo", {"--noheader", "--format=%T"}, 10'000).contains("idle"); };
        if (QTest::qWaitFor(serves, kPatienceMs))
            return {};
        return QStringLiteral("Slurm does not start here: ") + QString::fromUtf8(m_controller.readAll().right(300));
    }
    ~SlurmCluster()
    {
        for (QProcess* process : {&m_node, &m_controller, &m_munged}) {
            process->terminate();
            if (!process->waitForFinished(10'000))
                process->kill();
            process->waitForFinished(10'000);
        }
        qunsetenv("SLURM_CONF");
    }

    static QByteArray output(const char* program, const QStringList& arguments, int waitMs)
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(find(program), arguments);
        process.waitForFinished(waitMs);
        return process.readAll();
    }

private:
    static QString find(const char* program)
    {
        const auto found = QStandardPaths::findExecutable(program);
        return found.isEmpty() ? QStandardPaths::findExecutable(program, {"/usr/sbin", "/sbin"}) : found;
    }
    static int freePort()
    {
        QTcpServer server;
        server.listen(QHostAddress::LocalHost);
        return server.serverPort();
    }
    [[nodiscard]] QString path(const char* name) const { return m_folder.filePath(name); }

    bool writeFiles() const
    {
        QFile key(path("munge.key"));
        QFile conf(path("slurm.conf"));
        if (!key.open(QIODevice::WriteOnly) || !conf.open(QIODevice::WriteOnly))
            return false;
        key.write(QByteArray(128, 'k'));
        key.setPermissions(QFile::ReadOwner);
        const auto host = QHostInfo::localHostName().section('.', 0, 0);
        const QStringList lines{"ClusterName=test",
                                "SlurmctldHost=" + host + "(127.0.0.1)",
                                "SlurmUser=root",
                                "SlurmdUser=root",
                                "AuthType=auth/munge",
                                "AuthInfo=socket=" + path("munge.socket"),
                                "SlurmctldPort=" + QString::number(freePort()),
                                "SlurmdPort=" + QString::number(freePort()),
                                "StateSaveLocation=" + path("state"),
                                "SlurmdSpoolDir=" + path("spool"),
                                "SlurmctldPidFile=" + path("slurmctld.pid"),
                                "SlurmdPidFile=" + path("slurmd.pid"),
                                "ProctrackType=proctrack/linuxproc",
                                "TaskPlugin=task/none",
                                "SelectType=select/cons_tres",
                                "SwitchType=switch/none",
                                "MpiDefault=none",
                                "NodeName=" + host + " NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN",
                                "PartitionName=all Nodes=ALL Default=YES State=UP OverSubscribe=YES"};
        conf.write(lines.join('\n').toUtf8() + '\n');
        return QDir(m_folder.path()).mkpath("state") && QDir(m_folder.path()).mkpath("spool");
    }
    static void run(QProcess& process, const char* program, const QStringList& arguments)
    {
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(find(program), arguments);
    }

    QTemporaryDir m_folder;
    QProcess m_munged, m_controller, m_node;
};
