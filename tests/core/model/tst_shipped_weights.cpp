// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/model/executor.h"
#include "core/model/trainer.h"

#include <QTest>

using namespace splitscope;
using namespace splitscope::model;

class TestShippedWeights : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyNetworkShipsWeightsThatFitAndSayHowTheyWereMade_data()
    {
        QTest::addColumn<QString>("network");
        QTest::addColumn<QString>("data");
        for (const auto& name : shippedNetworks())
            QTest::newRow((name + " on patterns").c_str()) << QString::fromStdString(name) << "patterns";
        for (const char* name : {"alexnet3", "alexnet5"})
            QTest::newRow((std::string(name) + " on cifar10").c_str()) << name << "cifar10";
        for (const char* name : {"alexnet3-128", "alexnet3-128b"})
            QTest::newRow((std::string(name) + " on imagenette").c_str()) << name << "imagenette";
    }
    void everyNetworkShipsWeightsThatFitAndSayHowTheyWereMade()
    {
        QFETCH(QString, network);
        QFETCH(QString, data);
        const auto spec = loadNetworkSpec(network.toStdString());
        const auto weights = loadShippedWeights(network.toStdString(), data.toStdString());
        QVERIFY2(weights.ok(), weights.ok() ? "" : weights.error().message().c_str());
        QVERIFY(checkWeights(*spec, *weights).ok());
        QVERIFY(weights->provenance.at("command").starts_with("splitscope-cli model train"));
        QCOMPARE(weights->provenance.at("data"), data.toStdString());
        QVERIFY(weights->provenance.contains("seed") && weights->provenance.contains("holdout_accuracy"));
    }

    /// The accuracies that are shown are real: measured on images that no training saw.
    void everyExitRecognisesImagesItNeverSaw_data() { everyNetworkShipsWeightsThatFitAndSayHowTheyWereMade_data(); }
    void everyExitRecognisesImagesItNeverSaw()
    {
        QFETCH(QString, network);
        QFETCH(QString, data);
        const auto spec = loadNetworkSpec(network.toStdString());
        const auto weights = loadShippedWeights(network.toStdString(), data.toStdString());
        QVERIFY(spec.ok() && weights.ok());
        const auto images = data::openDataSet(data.toStdString(), frameSize(*spec), data::Split::Evaluation);
        if (!images && data != "patterns")
            QSKIP(("The images are not here: " + images.error().message()).c_str());
        QVERIFY2(images.ok(), images.ok() ? "" : images.error().message().c_str());
        const auto exits = measureAccuracy(*spec, *weights, **images, 400, {});
        QVERIFY2(exits.ok(), exits.ok() ? "" : exits.error().message().c_str());
        for (const auto& exit : *exits)
            QVERIFY2(exit.accuracy > 0.45, qPrintable(QString("%1 layers: %2").arg(exit.layers).arg(exit.accuracy)));
        QVERIFY(exits->back().accuracy > exits->front().accuracy);
    }
};

QTEST_APPLESS_MAIN(TestShippedWeights)
#include "tst_shipped_weights.moc"
