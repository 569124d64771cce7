// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/model/training_curves.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace splitscope;
using namespace splitscope::model;

namespace {

TrainingProgress progressAt(int epoch, int step, std::vector<double> accuracy = {})
{
    TrainingProgress progress;
    progress.epoch = epoch;
    progress.epochs = 4;
    progress.step = step;
    progress.steps = 10;
    progress.loss = 4.0 / (epoch + step);
    progress.learningRate = 0.05;
    progress.holdoutAccuracy = std::move(accuracy);
    return progress;
}

std::filesystem::path in(const QTemporaryDir& folder, const char* name)
{
    return std::filesystem::path(folder.path().toStdString()) / name;
}

std::string textOf(const std::filesystem::path& file)
{
    const auto bytes = base::readFile(file);
    return bytes ? std::string(base::asText(*bytes)) : std::string();
}

constexpr const char* kCurves = "epoch,step,steps,loss,learning_rate,accuracy_1,accuracy_2\n"
                                "1,1,10,2.5,0.004,,\n"
                                "1,10,10,2.25,0.04,0.5,0.625\n"
                                "2,5,10,1.5,0.05,,\n";

}  // namespace

class TestTrainingCurves : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void curvesAreReadAsTheyWereWritten()
    {
        const auto curves = parseCurves(kCurves, "here");
        QVERIFY2(curves.ok(), curves.ok() ? "" : curves.error().message().c_str());
        QCOMPARE(curves->exits, 2);
        QCOMPARE(curves->points.size(), std::size_t{3});
        QCOMPARE(curves->points[1].accuracy, (std::vector<double>{0.5, 0.625}));
        QVERIFY(curves->points[2].accuracy.empty());
        QCOMPARE(curves->points[2].position(), 1.5);
        QCOMPARE(toCsv(*curves), std::string(kCurves));
    }

    void aLineThatIsBeingWrittenIsLeftOut()
    {
        const auto curves = parseCurves(std::string(kCurves) + "2,6,10,1.", "here");
        QVERIFY(curves.ok());
        QCOMPARE(curves->points.size(), std::size_t{3});
    }

    void whatIsNoCurvesIsAnErrorThatSaysWhere_data()
    {
        QTest::addColumn<QByteArray>("csv");
        QTest::addColumn<QString>("where");
        const QByteArray header("epoch,step,steps,loss,learning_rate,accuracy_1\n");
        QTest::newRow("empty") << QByteArray() << "curves.csv";
        QTest::newRow("another table") << QByteArray("time,rate\n1,2\n") << "curves.csv";
        QTest::newRow("no exits") << QByteArray("epoch,step,steps,loss,learning_rate\n") << "curves.csv";
        QTest::newRow("too few cells") << header + "1,1,10,2.5,0.1\n"
                                       << "curves.csv:2";
        QTest::newRow("words") << header + "1,1,10,2.5,0.1,\n1,2,10,much,0.1,\n"
                               << "curves.csv:3";
        QTest::newRow("step behind the last") << header + "1,11,10,2.5,0.1,\n"
                                              << "curves.csv:2";
        QTest::newRow("accuracy above 1") << header + "1,1,10,2.5,0.1,50\n"
                                          << "curves.csv:2";
    }
    void whatIsNoCurvesIsAnErrorThatSaysWhere()
    {
        QFETCH(QByteArray, csv);
        QFETCH(QString, where);
        const auto curves = parseCurves(csv.toStdString(), "curves.csv");
        QVERIFY(!curves.ok());
        QVERIFY(curves.error().code == base::ErrorCode::InvalidInput);
        QCOMPARE(QString::fromStdString(curves.error().where), where);
    }

    void theFileGrowsWhileATrainingRuns()
    {
        const QTemporaryDir folder;
        const auto file = in(folder, "curves.csv");
        CurveRecorder recorder(file, 2);
        QVERIFY(recorder.add(progressAt(1, 1)).ok());
        QCOMPARE(readCurves(file)->points.size(), std::size_t{1});
        QVERIFY(recorder.add(progressAt(1, 2)).ok());  // too soon after the first
        QVERIFY(recorder.add(progressAt(1, 10, {0.5, 0.75})).ok());
        const auto curves = readCurves(file);
        QVERIFY(curves.ok());
        QCOMPARE(curves->points.size(), std::size_t{2});
        QCOMPARE(curves->points[1].accuracy, (std::vector<double>{0.5, 0.75}));
        QCOMPARE(toCsv(recorder.curves()), textOf(file));
    }

    void aResumedTrainingGoesOnWhereItsCheckpointWas()
    {
        const QTemporaryDir folder;
        const auto file = in(folder, "curves.csv");
        {
            CurveRecorder recorder(file, 1);
            QVERIFY(recorder.add(progressAt(1, 10, {0.5})).ok());
            QVERIFY(recorder.add(progressAt(2, 10, {0.6})).ok());
            QVERIFY(recorder.add(progressAt(3, 10, {0.1})).ok());
        }
        CurveRecorder resumed(file, 1);
        QVERIFY(resumed.add(progressAt(3, 1)).ok());
        QVERIFY(resumed.add(progressAt(3, 10, {0.7})).ok());
        const auto curves = readCurves(file);
        QVERIFY(curves.ok());
        QCOMPARE(curves->points.size(), std::size_t{4});
        QCOMPARE(curves->points[2].step, 1);
        QCOMPARE(curves->points[3].accuracy, std::vector<double>{0.7});
        CurveRecorder again(file, 1);
        QVERIFY(again.add(progressAt(1, 1)).ok());
        QCOMPARE(readCurves(file)->points.size(), std::size_t{1});
    }

    void anotherFileInTheWayIsLeftAlone()
    {
        const QTemporaryDir folder;
        const auto file = in(folder, "curves.csv");
        std::ofstream(file) << "a letter\n";
        CurveRecorder recorder(file, 1);
        QVERIFY(!recorder.add(progressAt(1, 1)).ok());
        QCOMPARE(textOf(file), std::string("a letter\n"));
        QVERIFY(recorder.add(progressAt(1, 10, {0.5})).ok());  // said once; the training goes on
        QCOMPARE(recorder.curves().points.size(), std::size_t{2});
        QCOMPARE(textOf(file), std::string("a letter\n"));

        const auto other = in(folder, "other.csv");
        std::ofstream(other) << kCurves;
        CurveRecorder ofFiveExits(other, 5);
        const auto added = ofFiveExits.add(progressAt(1, 1));
        QVERIFY(!added.ok());
        QVERIFY(added.error().text.find("2 exits, but the network has 5") != std::string::npos);
        QCOMPARE(textOf(other), std::string(kCurves));
    }

    void withoutAFileThePointsAreKeptInMemory()
    {
        CurveRecorder recorder({}, 1);
        QVERIFY(recorder.add(progressAt(1, 10, {0.5})).ok());
        QCOMPARE(recorder.curves().points.size(), std::size_t{1});
    }
};

QTEST_APPLESS_MAIN(TestTrainingCurves)
#include "tst_training_curves.moc"
