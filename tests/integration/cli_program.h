// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli as a script starts it.
#pragma once

#include <QProcess>

struct Ran {
    int exitCode = -1;  ///< −1: it crashed, or did not end in time
    QByteArray out, err;
};

/// Waits for the end, or until the time is up.
inline Ran runProgram(const QString& program, const QStringList& arguments, int waitMs)
{
    QProcess process;
    process.start(program, arguments);
    Ran ran;
    if (process.waitForFinished(waitMs) && process.exitStatus() == QProcess::NormalExit)
        ran.exitCode = process.exitCode();
    ran.out = process.readAllStandardOutput();
    ran.err = process.readAllStandardError();
    return ran;
}

inline Ran runCli(const QStringList& arguments, int waitMs)
{
    return runProgram(SPLITSCOPE_BIN "/splitscope-cli", arguments, waitMs);
}
