// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/link/keys.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QTcpServer>
#include <QTemporaryDir>

#include <csignal>

/// A real splitscoped on fixed ports of the loopback address, with keys of its own, that a test can stop and kill.
class DaemonProcess {
public:
    explicit DaemonProcess(const QString& program = SPLITSCOPE_BIN "/splitscoped") : m_program(program)
    {
        namespace link = splitscope::link;
        const auto folder = m_folder.path().toStdString();
        // Experiments take their keys from here too.
        qputenv("XDG_CONFIG_HOME", m_folder.path().toUtf8());
        m_keys = link::newKeyPair();
        m_ready = link::saveKeyPair(m_keys, folder + "/daemon-keys.json").ok();
        const auto edge = link::edgeKeys();
        m_ready = m_ready && edge.ok() && link::addToAllowList(edge->publicKey, "test", folder + "/allowed").ok();
        m_port = freePortPair();
    }
    ~DaemonProcess()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    bool start()
    {
        const auto folder = m_folder.path();
        if (m_log.isEmpty())
            m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        else
            m_process.setStandardErrorFile(m_log);
        m_process.start(m_program,
                        {"--bind", "127.0.0.1", "--port", QString::number(m_port), "--keys", folder + "/daemon-keys.json",
                         "--allow", folder + "/allowed"});
        return m_ready && m_process.waitForStarted();
    }
    /// An edge beside the one of the configuration folder that it made; before start(). With several of these processes the last
    /// one's folder counts.
    void allow(const std::string& key)
    {
        m_ready = m_ready && splitscope::link::addToAllowList(key, "test", m_folder.path().toStdString() + "/allowed").ok();
    }
    /// What it logs goes into this file; before start().
    void logInto(const QString& file) { m_log = file; }
    void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] const std::string& key() const { return m_keys.publicKey; }
    [[nodiscard]] std::string address() const { return "tcp://127.0.0.1:" + std::to_string(m_port); }

    /// `splitscope-cli run` on it: always the same cut at 8 bits, so many frames, requests so far apart.
    [[nodiscard]] QStringList runArguments(int frames, const QString& interval, const QString& outFolder) const
    {
        return {"run",
                "--device",
                QString::fromStdString(address()),
                "--device-key",
                QString::fromStdString(m_keys.publicKey),
                "--strategy",
                "fixed",
                "--exit",
                "3",
                "--partition",
                "6",
                "--bits",
                "8",
                "--frames",
                QString::number(frames),
                "--interval",
                interval,
                "--out",
                outFolder,
                "--json"};
    }

    /// A port whose successor is free as well, below those that the system gives to outgoing connections: one of these could
    /// take it while the daemon is dead, the reconnecting link's own among them.
    static int freePortPair()
    {
        for (int attempt = 0; attempt < 100; ++attempt) {
            const auto port = static_cast<quint16>(QRandomGenerator::system()->bounded(12'000, 32'000));
            QTcpServer first;
            QTcpServer second;
            if (first.listen(QHostAddress::LocalHost, port) && second.listen(QHostAddress::LocalHost, port + 1))
                return port;
        }
        return 0;
    }

private:
    const QString m_program;
    QString m_log;
    QTemporaryDir m_folder;
    splitscope::link::KeyPair m_keys;
    bool m_ready = false;
    int m_port = 0;
    QProcess m_process;
};
