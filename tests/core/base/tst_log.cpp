// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"

#include <QRegularExpression>
#include <QTemporaryFile>
#include <QTest>

#include <unistd.h>

using namespace splitscope::base;

namespace {

/// What `work` writes to standard error.
template <typename Work>
QStringList written(Work work)
{
    QTemporaryFile file;
    if (!file.open())
        qFatal("no file to write to");
    const int before = ::dup(STDERR_FILENO);
    ::dup2(file.handle(), STDERR_FILENO);
    work();
    ::dup2(before, STDERR_FILENO);
    ::close(before);
    file.seek(0);
    return QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts);
}

}  // namespace

class TestLog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cleanup() { setLogLevel(LogLevel::Info); }

    void linesTellTimeLevelAndWho()
    {
        const auto lines = written([] {
            log(LogLevel::Info, "link", "edge connected");
            logError("store", {ErrorCode::Io, "the disk is full", "/runs"});
        });
        QCOMPARE(lines.size(), 2);
        const QRegularExpression time("^20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ");
        for (const auto& line : lines)
            QVERIFY2(time.match(line).hasMatch(), qPrintable(line));
        QVERIFY2(lines[0].endsWith("Z info link: edge connected"), qPrintable(lines[0]));
        QVERIFY2(lines[1].endsWith("Z error store: /runs: the disk is full"), qPrintable(lines[1]));
    }

    void whatIsBelowTheLevelIsNotWritten()
    {
        const auto tell = [] {
            log(LogLevel::Debug, "a", "1");
            log(LogLevel::Warning, "a", "2");
        };
        QCOMPARE(written(tell).size(), 1);
        setLogLevel(LogLevel::Debug);
        QCOMPARE(written(tell).size(), 2);
        setLogLevel(LogLevel::Error);
        QCOMPARE(written(tell).size(), 0);
    }

    void aSinkTakesThemUntilItIsTakenBack()
    {
        QStringList heard;
        setLogSink([&](LogLevel, const std::string& component, const std::string& text) {
            heard << QString::fromStdString(component + "|" + text);
        });
        QVERIFY(written([] { log(LogLevel::Info, "a", "b"); }).isEmpty());
        QCOMPARE(heard, QStringList{"a|b"});
        setLogSink({});
        QCOMPARE(written([] { log(LogLevel::Info, "a", "c"); }).size(), 1);
        QCOMPARE(heard.size(), 1);
    }
};

QTEST_APPLESS_MAIN(TestLog)
#include "tst_log.moc"
