// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/known_devices.h"
#include "tests/integration/daemon_process.h"

#include <QDir>
#include <QFile>
#include <QTcpSocket>

#include <poll.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

/// A real sshd on a high port of the loopback address, with host and user keys of its own, that plays the device: whoever logs in
/// finds a home folder in here. Programs of the device may be replaced by scripts. Everything goes with it.
class SshServer {
public:
    SshServer() : m_home(m_folder.filePath("home")), m_fakes(m_folder.filePath("fakes"))
    {
        QDir().mkpath(m_home);
        QDir().mkpath(m_fakes);
    }
    ~SshServer()
    {
        endDaemon();
        m_sshd.terminate();
        m_sshd.waitForFinished();
    }

    /// Where sshd is; empty: not installed.
    static QString program() { return QFile::exists("/usr/sbin/sshd") ? QStringLiteral("/usr/sbin/sshd") : QString(); }

    bool start()
    {
        for (const char* key : {"host", "user", "stranger"})
            if (QProcess::execute("ssh-keygen", {"-q", "-t", "ed25519", "-N", "", "-C", key, "-f", path(key)}) != 0)
                return false;
        m_port = DaemonProcess::freePortPair();
        write("authorized", read("user.pub"));
        write("known", "[127.0.0.1]:" + QByteArray::number(m_port) + " " + read("host.pub"));
        write("nobody", "");
        write("sshd_config", serverConfig());
        write("ssh_config", clientConfig("user", "known"));
        write("ssh_config.stranger", clientConfig("stranger", "known"));
        write("ssh_config.unknown", clientConfig("user", "nobody"));
        if (::geteuid() == 0)
            ::mkdir("/run/sshd", 0755);  // sshd insists on it
        m_sshd.setProcessChannelMode(QProcess::MergedChannels);
        m_sshd.start(program(), {"-D", "-e", "-f", path("sshd_config")});
        return m_sshd.waitForStarted() && listens();
    }

    /// With the options that make ssh use this server's keys; others by the suffix of the client's configuration.
    [[nodiscard]] splitscope::session::SshPlace place(const QString& config = "ssh_config") const
    {
        return {user() + "@127.0.0.1", {"-p", std::to_string(m_port), "-F", path(config).toStdString()}};
    }
    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] QString home() const { return m_home; }
    [[nodiscard]] QString daemonFolder() const { return m_home + "/.local/share/splitscope/daemon"; }
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] QByteArray said() { return m_sshd.readAll(); }
    static std::string user() { return ::getpwuid(::geteuid())->pw_name; }

    /// A program of the device does this instead.
    void fake(const QString& name, const QByteArray& script)
    {
        write("fakes/" + name, "#!/bin/sh\n" + script);
        QFile::setPermissions(m_fakes + "/" + name, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    /// An account of systemd's: what its systemctl does, as far as the daemon's unit needs it.
    void fakeSystemd()
    {
        fake("systemctl", R"sh(
[ "$1" = --user ] && shift
unit=$XDG_CONFIG_HOME/systemd/user/splitscoped.service
running() { p=$(cat "$HOME/unit.pid" 2>/dev/null) && tr '\0' ' ' <"/proc/$p/cmdline" 2>/dev/null | grep -q splitscoped; }
case $1 in
show-environment | daemon-reload | enable | disable) exit 0 ;;
is-active) running ;;
stop) running && kill "$p"; while running; do sleep 0.05; done; exit 0 ;;
restart)
  command=$(sed -n 's/^ExecStart=//p' "$unit")
  log=$(sed -n 's/^StandardError=append://p' "$unit")
  eval "exec setsid $command" >>"$log" 2>&1 </dev/null &
  echo $! >"$HOME/unit.pid" ;;
esac
)sh");
        fake("loginctl", "exit 1\n");
    }
    /// A script that ends the connection that it runs on, and all that runs for it.
    static QByteArray cutConnection()
    {
        return R"sh(
p=$$
while read -r name </proc/$p/comm && [ "$p" -gt 1 ] && [ "$name" != sshd ]; do p=$(sed 's/.*) . //; s/ .*//' /proc/$p/stat); done
kill -9 "$p" 0
)sh";
    }
    void unfake()
    {
        for (const auto& name : QDir(m_fakes).entryList(QDir::Files))
            QFile::remove(m_fakes + "/" + name);
    }
    /// Another machine has taken the address: its host key is not the known one.
    void forgeHostKey() { write("known", "[127.0.0.1]:" + QByteArray::number(m_port) + " " + read("stranger.pub")); }
    void restoreHostKey() { write("known", "[127.0.0.1]:" + QByteArray::number(m_port) + " " + read("host.pub")); }

    /// 0: none runs.
    [[nodiscard]] pid_t daemonPid() const
    {
        QFile file(daemonFolder() + "/splitscoped.pid");
        if (!file.exists())
            file.setFileName(m_home + "/unit.pid");  // fakeSystemd()'s
        return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toInt() : 0;
    }
    void endDaemon() const
    {
        if (const auto pid = daemonPid(); pid > 0)
            ::kill(pid, SIGKILL);
    }

private:
    void write(const QString& name, const QByteArray& text) const
    {
        QFile file(path(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(text);
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }
    [[nodiscard]] QByteArray read(const QString& name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] QByteArray serverConfig() const
    {
        const auto folder = m_folder.path();
        return QStringLiteral(
                   "Port %1\nListenAddress 127.0.0.1\nHostKey %2/host\nPidFile none\nAuthorizedKeysFile %2/authorized\n"
                   "StrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
                   "PermitRootLogin yes\nSetEnv HOME=%3 XDG_CONFIG_HOME=%3/.config XDG_RUNTIME_DIR=%3/run PATH=%4:%5\n")
            .arg(m_port)
            .arg(folder, m_home, m_fakes, "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")
            .toUtf8();
    }
    [[nodiscard]] QByteArray clientConfig(const QString& identity, const QString& known) const
    {
        return QStringLiteral("Host *\n  IdentityFile %1\n  IdentitiesOnly yes\n  IdentityAgent none\n  UserKnownHostsFile %2\n"
                              "  GlobalKnownHostsFile /dev/null\n")
            .arg(path(identity), path(known))
            .toUtf8();
    }
    [[nodiscard]] bool listens() const
    {
        for (int attempt = 0; attempt < 100; ++attempt) {
            QTcpSocket socket;
            socket.connectToHost("127.0.0.1", static_cast<quint16>(m_port));
            if (socket.waitForConnected(100))
                return true;
            ::poll(nullptr, 0, 20);
        }
        return false;
    }

    QTemporaryDir m_folder;
    QString m_home, m_fakes;
    int m_port = 0;
    QProcess m_sshd;
};
