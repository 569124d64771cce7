// SPDX-License-Identifier: GPL-3.0-or-later
// `bench segments` and `model export` as scripts use them: exit status, JSON keys, files. No time is asserted.
#include "tests/integration/cli_program.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

namespace {

constexpr int kWaitMs = 300'000;

Ran run(const QStringList& arguments) { return runCli(arguments, kWaitMs); }

}  // namespace

class TestCliSegments : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theBenchmarkReportsWhatItMeasuredAndWhatItLeftOut()
    {
        const auto ran
            = run({"bench", "segments", "--model", "alexnet3", "--seconds", "1", "--onnxruntime", "/nonexistent", "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto object = QJsonDocument::fromJson(ran.out).object();
        QCOMPARE(object["bench"].toString(), "segments");
        const auto metrics = object["metrics"].toObject();
        for (const char* key :
             {"alexnet3_b1_us_p50", "alexnet3_b8_us_p50", "alexnet3_b1_over_eager", "segments_b8_over_eager",
              "prefix_plus_suffix_over_whole_max", "prefix_plus_suffix_over_whole_median", "resident_over_weights"})
            QVERIFY2(metrics[key].toDouble() > 0, key);
        QVERIFY(metrics.contains("max_difference_from_eager"));
        QVERIFY(metrics["max_difference_from_eager"].toDouble() <= 1e-4);
        for (const auto& key : metrics.keys())
            QVERIFY2(!key.contains("onnxruntime"), qPrintable(key + " was measured against nothing"));
        QString notes;
        for (const auto& note : object["notes"].toArray())
            notes += note.toString() + "\n";
        QVERIFY2(notes.contains("npm install"), qPrintable(notes));
    }

    void aSliceIsExportedWhereItShallGo()
    {
        const QTemporaryDir folder;
        const auto file = folder.filePath("suffix.onnx");
        const auto ran = run({"model", "export", "--model", "alexnet3", "--exit", "3", "--first", "6", "--out", file});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QFile onnx(file);
        QVERIFY(onnx.open(QIODevice::ReadOnly));
        const auto bytes = onnx.readAll();
        QVERIFY(bytes.contains("conv3.weight") && bytes.contains("fc8.bias"));
        QVERIFY(!bytes.contains("conv2.weight"));
    }

    void wrongArgumentsAreToldInWordsAndByTheStatus_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("says");
        using L = QStringList;
        QTest::newRow("no file") << L{"model", "export"} << 2 << QByteArray("--out");
        QTest::newRow("no such format") << L{"model", "export", "--out", "x", "--format", "tflite"} << 2 << QByteArray("tflite");
        QTest::newRow("no such exit") << L{"model", "export", "--out", "x", "--exit", "9"} << 1 << QByteArray("no exit 9");
        QTest::newRow("no folder") << L{"model", "export", "--out", "/proc/x/y"} << 1 << QByteArray("/proc/x/y");
        QTest::newRow("no such network") << L{"bench", "segments", "--model", "lenet"} << 2 << QByteArray("lenet");
    }
    void wrongArgumentsAreToldInWordsAndByTheStatus()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QByteArray, says);
        const auto ran = run(arguments);
        QCOMPARE(ran.exitCode, status);
        QVERIFY2(ran.err.contains(says), ran.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestCliSegments)
#include "tst_cli_segments.moc"
