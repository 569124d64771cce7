// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QRegularExpression>

/// A program with somebody at its terminal.
class TypedProgram {
public:
    TypedProgram(const QString& name, const QStringList& arguments, const QString& configFolder)
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_CONFIG_HOME", configFolder);
        m_process.setProcessEnvironment(environment);
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(SPLITSCOPE_BIN "/" + name, arguments);
    }
    ~TypedProgram()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    const QByteArray& said()
    {
        m_said += m_process.readAll();
        return m_said;
    }
    /// The digits that it shows; empty until then.
    QByteArray digits()
    {
        static const QRegularExpression kDigits("\\n    (\\d{3} \\d{3})\\n");
        return kDigits.match(QString::fromUtf8(said())).captured(1).toUtf8();
    }
    void type(const QByteArray& line)
    {
        m_process.write(line + "\n");
        m_process.waitForBytesWritten();
    }
    /// −1: it was killed, or did not end in time.
    int exitCode(int waitMs = 60'000)
    {
        const bool ended = m_process.state() == QProcess::NotRunning || m_process.waitForFinished(waitMs);
        return ended && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    void kill() { m_process.kill(); }
    void terminate() { m_process.terminate(); }

private:
    QProcess m_process;
    QByteArray m_said;
};
