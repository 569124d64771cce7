// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli model train as people and scripts use it: curves, resuming, and what goes wrong.
#include "core/codec/feature_codec.h"
#include "core/model/training_curves.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <random>

using namespace splitscope;

namespace {

constexpr int kWaitMs = 240'000;

constexpr const char* kSpec = R"({
    "name": "tiny", "input": [3, 16, 16], "classes": 2, "mean": [0.5, 0.5, 0.5], "deviation": [0.25, 0.25, 0.25],
    "trunk": [
        {"type": "conv", "name": "conv1", "outputs": 8, "kernel": 3, "padding": 1},
        {"type": "maxpool", "name": "pool1", "kernel": 2, "stride": 2},
        {"type": "conv", "name": "narrow1", "outputs": 2, "kernel": 1},
        {"type": "relu", "name": "narrow1relu"},
        {"type": "fc", "name": "fc2", "outputs": 2}
    ],
    "exits": [{"name": "exit1", "after": 2, "head": [{"type": "fc", "name": "fc1", "outputs": 2}]},
              {"name": "exit2", "after": 5}]
})";

struct Ran {
    int exitCode = -1;
    QByteArray out, err;
};

void write(const QString& path, const QByteArray& content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Pictures of two classes: darker and brighter ones.
void makePictures(const QString& folder)
{
    std::mt19937 random(1);
    for (int kind = 0; kind < 2; ++kind) {
        const QString path = QDir(folder).filePath(kind == 0 ? "dark" : "bright");
        QVERIFY(QDir().mkpath(path));
        for (int i = 0; i < 60; ++i) {
            data::Image image{{3, 16, 16}, {}};
            for (std::size_t at = 0; at < image.size.byteCount(); ++at)
                image.pixels.push_back(static_cast<std::uint8_t>(random() % 100 + static_cast<unsigned>(kind) * 120));
            base::Bytes jpeg;
            QVERIFY(codec::encodeImage(image, {codec::CodingKind::Jpeg, 90}, jpeg).ok());
            write(QStringLiteral("%1/%2.jpg").arg(path).arg(i, 3, 10, QLatin1Char('0')),
                  {reinterpret_cast<const char*>(jpeg.data()), static_cast<qsizetype>(jpeg.size())});
        }
    }
}

}  // namespace

class TestCliTrain : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_folder;

    [[nodiscard]] QString in(const char* name) const { return m_folder->filePath(name); }

    [[nodiscard]] QStringList training(const QStringList& more) const
    {
        return QStringList{"model", "train",     "--model", in("tiny.json"),  "--data", in("pictures"), "--batch",
                           "10",    "--threads", "1",       "--crop-padding", "1"}
        + more;
    }

    [[nodiscard]] static Ran run(const QString& program, const QStringList& arguments)
    {
        QProcess process;
        process.start(program, arguments);
        Ran ran;
        if (process.waitForFinished(kWaitMs) && process.exitStatus() == QProcess::NormalExit)
            ran.exitCode = process.exitCode();
        ran.out = process.readAllStandardOutput();
        ran.err = process.readAllStandardError();
        return ran;
    }

    [[nodiscard]] Ran train(const QStringList& more) const { return run(SPLITSCOPE_BIN "/splitscope-cli", training(more)); }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        write(in("tiny.json"), kSpec);
        makePictures(in("pictures"));
    }

    void logAndCurvesLieBesideTheWeights()
    {
        const auto ran = train({"--epochs", "3", "--out", in("w.weights"), "--curves", in("live")});
        QVERIFY2(ran.exitCode == 0, ran.err);
        QVERIFY(!ran.err.contains('\033'));  // no picture where there is no terminal
        QVERIFY2(ran.err.contains("epoch 3/3") && ran.err.contains("holdout "), ran.err);
        const auto live = model::readCurves(in("live/curves.csv").toStdString());
        QVERIFY2(live.ok(), live.ok() ? "" : live.error().message().c_str());
        QCOMPARE(live->exits, 2);
        QCOMPARE(std::count_if(live->points.begin(), live->points.end(), [](const auto& p) { return !p.accuracy.empty(); }), 3L);
        QCOMPARE(contentOf(in("live/curves.csv")), contentOf(in("w.curves.csv")));
        const auto log = contentOf(in("w.log"));
        QVERIFY2(log.startsWith("# splitscope-cli model train --model "), log);
        QVERIFY2(!log.contains("--out") && !log.contains("--curves"), log);
        QVERIFY2(log.contains("epoch 3/3  step 6/6  loss ") && log.contains("95 % interval"), log);
    }

    void aStoppedTrainingKeepsTheEarlierWeightsAndGoesOnWhereItWas()
    {
        write(in("w.weights"), "the earlier weights");
        QProcess process;
        const auto arguments = training({"--epochs", "10000", "--out", in("w.weights"), "--checkpoint", in("ck")});
        process.start(SPLITSCOPE_BIN "/splitscope-cli", arguments);
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(in("ck")), kWaitMs);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(kWaitMs));
        const auto said = process.readAllStandardError();
        QVERIFY2(process.exitCode() == 1 && said.contains("stopped after "), said);
        QCOMPARE(contentOf(in("w.weights")), QByteArray("the earlier weights"));
        QVERIFY(!QFile::exists(in("w.log")));
        const auto before = model::readCurves(in("ck.curves.csv").toStdString());
        QVERIFY(before.ok() && !before->points.empty());

        process.start(SPLITSCOPE_BIN "/splitscope-cli", arguments);
        QByteArray told;
        QTRY_VERIFY_WITH_TIMEOUT((told += process.readAllStandardError()).contains("epoch "), kWaitMs);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(kWaitMs));
        const auto after = model::readCurves(in("ck.curves.csv").toStdString());
        QVERIFY(after.ok());
        QCOMPARE(after->points.front().epoch, 1);  // what was before is still there
        for (std::size_t i = 1; i < after->points.size(); ++i)
            QVERIFY(after->points[i].position() > after->points[i - 1].position()
                    || after->points[i].step == after->points[i].steps);
    }

    void whatIsWrongIsSaidBeforeTraining_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("says");
        QTest::newRow("no out") << QStringList{} << 2 << "--out: is needed";
        QTest::newRow("no folder") << QStringList{"--out", "/nowhere/w"} << 2 << "there is no folder /nowhere";
        QTest::newRow("out is a folder") << QStringList{"--out", "/tmp"} << 2 << "is a folder";
        QTest::newRow("bits") << QStringList{"--quantization-noise", "1"} << 2 << "--quantization-noise";
        QTest::newRow("layer") << QStringList{"--quantization-noise", "4:conv7"} << 1 << "'conv7', which is no layer";
        QTest::newRow("penalty") << QStringList{"--rate-penalty", "x"} << 2 << "'x' is not a number from 0 to 100";
        QTest::newRow("penalty alone") << QStringList{"--rate-penalty", "1:2"} << 1 << "needs quantization noise";
        QTest::newRow("teacher") << QStringList{"--teacher", "nobody"} << 1 << "nobody";
        QTest::newRow("unlike teacher") << QStringList{"--teacher", "alexnet3", "--teacher-weights",
                                                       SPLITSCOPE_SOURCE "/resources/models/alexnet3/patterns.weights"}
                                        << 1 << "the teacher takes other images";
    }
    void whatIsWrongIsSaidBeforeTraining()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QString, says);
        if (!arguments.contains("--out") && status == 1)
            arguments += {"--out", in("w.weights")};
        const auto ran = train(arguments);
        QVERIFY2(ran.exitCode == status && QString::fromUtf8(ran.err).contains(says), ran.err);
        QVERIFY(!ran.err.contains("epoch 1"));
    }

    void aDamagedCheckpointIsAClearErrorAndLeftAlone()
    {
        const QStringList arguments{"--epochs", "2", "--out", in("w.weights"), "--checkpoint", in("ck")};
        QCOMPARE(train(arguments).exitCode, 0);
        const auto weights = contentOf(in("w.weights"));
        auto checkpoint = contentOf(in("ck"));
        checkpoint[checkpoint.size() / 2] = static_cast<char>(checkpoint[checkpoint.size() / 2] ^ 1);
        write(in("ck"), checkpoint);
        const auto ran = train(arguments);
        QVERIFY2(ran.exitCode == 1 && ran.err.contains("damaged") && ran.err.contains("ck"), ran.err);
        QCOMPARE(contentOf(in("ck")), checkpoint);
        QCOMPARE(contentOf(in("w.weights")), weights);
    }

    /// Files may not grow beyond a limit: to the program the same as a disk without room.
    void withoutRoomOnTheDiskTheEarlierFileStays_data()
    {
        QTest::addColumn<bool>("checkpoint");
        QTest::newRow("weights") << false;
        QTest::newRow("checkpoint") << true;
    }
    void withoutRoomOnTheDiskTheEarlierFileStays()
    {
        QFETCH(bool, checkpoint);
        write(in("w.weights"), "the earlier weights");
        QStringList arguments{"-c", "trap '' XFSZ; ulimit -f 2; exec \"$@\"", "sh", SPLITSCOPE_BIN "/splitscope-cli"};
        arguments += training({"--epochs", "1", "--out", in("w.weights")});
        if (checkpoint)
            arguments += {"--checkpoint", in("ck")};
        const auto ran = run("sh", arguments);
        QVERIFY2(ran.exitCode == 1, ran.err);
        QVERIFY2(ran.err.contains(checkpoint ? "ck" : "w.weights"), ran.err);
        QCOMPARE(contentOf(in("w.weights")), QByteArray("the earlier weights"));
        QVERIFY(!QFile::exists(in("ck")));
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).filter("w.weights").size(),
                 1);  // no rest lies about
    }

    void aTeacherAndNoiseAreSaidInTheWeights()
    {
        QCOMPARE(train({"--epochs", "1", "--out", in("teacher.weights")}).exitCode, 0);
        const auto ran = train({"--epochs", "1", "--out", in("w.weights"), "--quantization-noise", "4", "--rate-penalty", "0.5:2",
                                "--teacher", in("tiny.json"), "--teacher-weights", in("teacher.weights"), "--distill-weight",
                                "0.7", "--temperature", "3"});
        QVERIFY2(ran.exitCode == 0, ran.err);
        const auto weights = contentOf(in("w.weights"));
        QVERIFY(weights.contains("quantization noise of 4 bits behind narrow1relu, rate penalty 0.5 above 2 bits a value"));
        QVERIFY(weights.contains("with weight 0.7 at temperature 3"));
        QVERIFY(!weights.contains("--teacher-weights"));
    }
};

QTEST_GUILESS_MAIN(TestCliTrain)
#include "tst_cli_train.moc"
