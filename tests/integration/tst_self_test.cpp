// SPDX-License-Identifier: GPL-3.0-or-later
// `--self-test` and `--version` of the programs as they are installed: without a display, and with something damaged.
#include "core/base/files.h"
#include "core/session/self_test.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

constexpr int kWaitMs = 300'000;

struct Ran {
    int exitCode = -1;
    QByteArray out, err;
};

Ran runProgram(const QString& program, const QStringList& arguments, const QString& resources = {})
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    for (const char* display : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        environment.remove(display);
    if (!resources.isEmpty())
        environment.insert("SPLITSCOPE_RESOURCES", resources);
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(SPLITSCOPE_BIN "/") + program, arguments);
    Ran ran;
    if (process.waitForFinished(kWaitMs) && process.exitStatus() == QProcess::NormalExit)
        ran.exitCode = process.exitCode();
    ran.out = process.readAllStandardOutput();
    ran.err = process.readAllStandardError();
    return ran;
}

/// All that this build has.
void addPrograms()
{
    QTest::addColumn<QString>("program");
    for (const char* program : {"splitscoped", "splitscope-cli"})
        QTest::newRow(program) << program;
    if (QFile::exists(SPLITSCOPE_BIN "/splitscope"))
        QTest::newRow("splitscope") << "splitscope";
}

}  // namespace

class TestSelfTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyProgramTellsItsVersion_data() { addPrograms(); }
    void everyProgramTellsItsVersion()
    {
        QFETCH(QString, program);
        const auto ran = runProgram(program, {"--version"});
        QCOMPARE(ran.exitCode, 0);
        QCOMPARE(QString::fromUtf8(ran.out).trimmed(),
                 program + ' ' + QString::fromStdString(splitscope::base::programVersion()));
    }

    void everyProgramPassesItsSelfTest_data() { addPrograms(); }
    void everyProgramPassesItsSelfTest()
    {
        QFETCH(QString, program);
        const auto ran = runProgram(program, {"--self-test", "--json"});
        QVERIFY2(ran.exitCode == 0, ran.out + ran.err);
        const auto object = QJsonDocument::fromJson(ran.out).object();
        QVERIFY(object["passed"].toBool());
        QVERIFY(object["program"].toString().startsWith(program + ' '));
        QStringList parts;
        for (const auto& value : object["checks"].toArray()) {
            QVERIFY(value.toObject()["passed"].toBool());
            parts << value.toObject()["part"].toString();
        }
        for (const char* part : {"program", "processor", "backend", "model", "codec", "link"})
            QVERIFY2(parts.contains(part), part);
    }

    void aDamagedModelIsToldAndFails()
    {
        QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkpath("models/alexnet5"));
        const auto file = folder.filePath("models/alexnet5/patterns.weights");
        QVERIFY(QFile::copy(SPLITSCOPE_SOURCE "/resources/models/alexnet5/patterns.weights", file));
        QFile weights(file);
        QVERIFY(weights.resize(weights.size() - 1000));
        const auto ran = runProgram("splitscope-cli", {"--self-test"}, folder.path());
        QCOMPARE(ran.exitCode, 1);
        QString row;
        for (const auto& line : QString::fromUtf8(ran.out).split('\n'))
            if (line.startsWith("model") && line.contains("alexnet5 patterns"))
                row = line;
        QVERIFY2(row.contains("FAILED") && row.contains("patterns.weights"), ran.out);
        QVERIFY2(ran.out.contains("1 of "), ran.out);
    }

    void aMissingDaemonIsToldAndFails()
    {
        qputenv("SPLITSCOPE_DAEMON", "/nonexistent/splitscoped");
        const auto check = splitscope::session::checkLink({}, {});
        qunsetenv("SPLITSCOPE_DAEMON");
        QVERIFY(!check.passed);
        QVERIFY2(check.found.find("/nonexistent/splitscoped") != std::string::npos, check.found.c_str());
        const splitscope::session::SelfTest test{"splitscope-cli", {{"codec", "none", true, "fine"}, check}};
        QVERIFY(!test.passed());
        QVERIFY(splitscope::session::toText(test).find("1 of 2 checks FAILED") != std::string::npos);
    }

    void wrongUsageIsRefused_data() { addPrograms(); }
    void wrongUsageIsRefused()
    {
        QFETCH(QString, program);
        const auto ran = runProgram(program, {"--self-test", "--quick"});
        QCOMPARE(ran.exitCode, 2);
        QVERIFY2(ran.err.contains("--quick"), ran.err);
    }
};

QTEST_GUILESS_MAIN(TestSelfTest)
#include "tst_self_test.moc"
