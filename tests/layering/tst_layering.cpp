// SPDX-License-Identifier: GPL-3.0-or-later
// The house has floors: a folder includes only folders below it (ARCHITECTURE.md).
#include <QDirIterator>
#include <QRegularExpression>
#include <QTest>

namespace {

const QStringList kFloors{"core/base",    "core/data", "core/model",   "core/codec",    "core/decision",
                          "core/profile", "core/sim",  "core/rl",      "core/strategy", "core/wire",
                          "core/link",    "core/exec", "core/session", "core/remote",   "device_daemon",
                          "device_stub",  "ui",        "app"};

int floorOf(const QString& path)
{
    for (qsizetype i = 0; i < kFloors.size(); ++i)
        if (path.startsWith(kFloors[i] + '/'))
            return static_cast<int>(i);
    return -1;
}

QStringList linesOf(const QString& file)
{
    QFile f(file);
    return f.open(QIODevice::ReadOnly) ? QString::fromUtf8(f.readAll()).split('\n') : QStringList();
}

QStringList sources()
{
    QStringList files;
    for (const auto* top : {"core", "device_daemon", "device_stub", "ui", "app"}) {
        QDirIterator it(QStringLiteral(SPLITSCOPE_SOURCE "/") + top, {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext())
            files << QDir(SPLITSCOPE_SOURCE).relativeFilePath(it.next());
    }
    return files;
}

/// What is wrong with one file's includes, as "file:line: …".
QStringList violations(const QString& file, const QStringList& lines)
{
    static const QRegularExpression include("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]");
    QStringList found;
    const bool isPublicHeader = file.endsWith(".h") && !file.endsWith("_p.h");
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const auto match = include.match(lines[i]);
        if (!match.hasMatch())
            continue;
        const auto target = match.captured(1);
        const auto where = QStringLiteral("%1:%2: ").arg(file).arg(i + 1);
        if (floorOf(target) > floorOf(file))
            found << where + "includes upward: " + target;
        if (isPublicHeader && (target.startsWith("torch/") || target.startsWith("ATen/") || target.startsWith("zmq")))
            found << where + "LibTorch and ZeroMQ stay out of headers: " + target;
        if (file.startsWith("core/")
            && (target.startsWith("QObject") || target.startsWith("QtGui") || target.startsWith("QWidget")))
            found << where + "core knows no QObject and no QtGui: " + target;
        if (file.startsWith("core/") && file.endsWith(".h") && target.startsWith('Q') && !file.endsWith("_p.h"))
            found << where + "Qt stays inside core's .cpp files: " + target;
        if (!file.startsWith("ui/charts/") && (target.startsWith("QtCharts") || target.startsWith("QChart")))
            found << where + "only ui/charts uses Qt Charts: " + target;
    }
    return found;
}

}  // namespace

class TestLayering : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void noFolderIncludesUpward()
    {
        const auto files = sources();
        QVERIFY2(files.size() > 50, "the scan found too few files to mean anything");
        QStringList all;
        for (const auto& file : files) {
            QVERIFY2(floorOf(file) >= 0, qPrintable(file + " is in no folder of the house"));
            all << violations(file, linesOf(QStringLiteral(SPLITSCOPE_SOURCE "/") + file));
        }
        QVERIFY2(all.isEmpty(), qPrintable(all.join('\n')));
    }

    void theScanSeesViolations()
    {
        QCOMPARE(violations("core/codec/x.h", {"#include \"core/link/keys.h\""}).size(), 1);
        QCOMPARE(violations("core/link/x.h", {"#include <zmq.hpp>"}).size(), 1);
        QCOMPARE(violations("core/link/x_p.h", {"#include <zmq.hpp>"}).size(), 0);
        QCOMPARE(violations("core/base/x.cpp", {"#include <QObject>"}).size(), 1);
        QCOMPARE(violations("ui/pages/x.cpp", {"#include <QChart>"}).size(), 1);
        QCOMPARE(violations("core/link/x.cpp", {"#include \"core/base/result.h\""}).size(), 0);
    }

    /// The edge never sees images that it was not sent: nothing on its side opens a data set.
    void theEdgeOpensNoImages()
    {
        const auto isEdge = [](const QString& file) {
            return file.startsWith("core/session/") || file.startsWith("ui/") || file.startsWith("core/exec/edge_")
                || file == "app/verbs/run.cpp" || file == "app/compose.cpp";
        };
        int seen = 0;
        for (const auto& file : sources()) {
            if (!isEdge(file))
                continue;
            ++seen;
            QVERIFY2(!linesOf(QStringLiteral(SPLITSCOPE_SOURCE "/") + file).join('\n').contains("openDataSet"), qPrintable(file));
        }
        QVERIFY(seen > 20);
    }

    void everySourceNamesItsLicence()
    {
        for (const auto& file : sources()) {
            const auto lines = linesOf(QStringLiteral(SPLITSCOPE_SOURCE "/") + file);
            QVERIFY2(!lines.isEmpty() && lines.first().contains("SPDX-License-Identifier: GPL-3.0-or-later"), qPrintable(file));
        }
    }
};

QTEST_APPLESS_MAIN(TestLayering)
#include "tst_layering.moc"
