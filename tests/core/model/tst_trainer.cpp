// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/executor.h"
#include "core/model/trainer.h"
#include "tests/core/model/model_samples.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace splitscope;
using namespace splitscope::model;

namespace {

TrainingOptions quickOptions()
{
    TrainingOptions options;
    options.epochs = 4;
    options.batch = 32;
    options.peakLearningRate = 0.05;
    options.cropPadding = 1;
    options.flip = false;  // left and right are the classes
    options.threads = 1;
    return options;
}

const samples::HalvesDataSet& trainingImages()
{
    static const samples::HalvesDataSet images(256, 1);
    return images;
}

const samples::HalvesDataSet& heldOutImages()
{
    static const samples::HalvesDataSet images(100, 2);
    return images;
}

base::Result<Weights> trainTiny(const TrainingOptions& options, std::stop_token stop = {}, const TrainingObserver& observer = {})
{
    return train(samples::tinySpec(), trainingImages(), heldOutImages(), options, stop, observer);
}

bool sameValues(const Weights& a, const Weights& b)
{
    return std::equal(a.parameters.begin(), a.parameters.end(), b.parameters.begin(), b.parameters.end(),
                      [](const auto& x, const auto& y) { return x.first == y.first && x.second.values == y.second.values; });
}

std::filesystem::path in(const QTemporaryDir& folder, const char* name)
{
    return std::filesystem::path(folder.path().toStdString()) / name;
}

/// Trains until epoch `last` is done, then stops: leaves the checkpoint of that epoch.
base::Result<Weights> trainAndStopAfter(int last, const TrainingOptions& options)
{
    std::stop_source stop;
    return trainTiny(options, stop.get_token(), [&](const TrainingProgress& progress) {
        if (progress.epoch == last && !progress.holdoutAccuracy.empty())
            stop.request_stop();
    });
}

}  // namespace

class TestTrainer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void trainingLearnsAndTells()
    {
        std::vector<TrainingProgress> epochs;
        const auto weights = trainTiny(quickOptions(), {}, [&](const TrainingProgress& progress) {
            if (!progress.holdoutAccuracy.empty())
                epochs.push_back(progress);
        });
        QVERIFY2(weights.ok(), weights.ok() ? "" : weights.error().message().c_str());
        QVERIFY(checkWeights(samples::tinySpec(), *weights).ok());
        QCOMPARE(epochs.size(), std::size_t{4});
        for (int i = 0; i < 4; ++i) {
            const auto& progress = epochs[static_cast<std::size_t>(i)];
            QCOMPARE(progress.epoch, i + 1);
            QCOMPARE(progress.epochs, 4);
            QCOMPARE(progress.steps, 8);
            QCOMPARE(progress.step, 8);
            QCOMPARE(progress.holdoutAccuracy.size(), std::size_t{2});
            QVERIFY(progress.imagesPerSecond > 0);
        }
        QVERIFY(epochs.back().loss < 0.7 * epochs.front().loss);
        QVERIFY(epochs.back().holdoutAccuracy[0] > 0.8);
        QCOMPARE(weights->provenance.at("data"), std::string("halves"));
        QCOMPARE(weights->provenance.at("seed"), std::string("1"));
        QVERIFY(weights->provenance.at("options").find("crop padding 1, flips no") != std::string::npos);
    }

    void theSameSeedGivesTheSameWeightsAndAnotherGivesOthers()
    {
        auto options = quickOptions();
        options.epochs = 2;
        const auto first = trainTiny(options);
        const auto second = trainTiny(options);
        options.seed = 2;
        const auto other = trainTiny(options);
        QVERIFY(first.ok() && second.ok() && other.ok());
        QVERIFY(sameValues(*first, *second));
        QVERIFY(!sameValues(*first, *other));
    }

    void deployedAccuracyEqualsTheOneMeasuredInTraining()
    {
        std::vector<double> measured;
        const auto weights
            = trainTiny(quickOptions(), {}, [&](const TrainingProgress& progress) { measured = progress.holdoutAccuracy; });
        QVERIFY(weights.ok());
        const auto deployed = measureAccuracy(samples::tinySpec(), *weights, heldOutImages(), 0, {});
        QVERIFY2(deployed.ok(), deployed.ok() ? "" : deployed.error().message().c_str());
        QCOMPARE(deployed->size(), measured.size());
        for (std::size_t e = 0; e < measured.size(); ++e) {
            QCOMPARE((*deployed)[e].images, std::size_t{100});
            QVERIFY(std::abs((*deployed)[e].accuracy - measured[e]) < 0.011);  // one image on the border of two classes
            QVERIFY((*deployed)[e].low <= (*deployed)[e].accuracy && (*deployed)[e].accuracy <= (*deployed)[e].high);
        }
        QCOMPARE((*deployed)[0].layers, 4);
        QCOMPARE((*deployed)[1].layers, 7);
    }

    void accuracyIsMeasuredOnTheFirstImagesOnly()
    {
        const auto weights = samples::randomWeights(samples::tinySpec(), 1);
        const auto few = measureAccuracy(samples::tinySpec(), weights, heldOutImages(), 10, {});
        QVERIFY(few.ok());
        QCOMPARE((*few)[0].images, std::size_t{10});
        std::stop_source stop;
        stop.request_stop();
        const auto stopped = measureAccuracy(samples::tinySpec(), weights, heldOutImages(), 0, stop.get_token());
        QVERIFY(!stopped.ok());
        QVERIFY(stopped.error().code == base::ErrorCode::Cancelled);
    }

    void aStopEndsTheTraining()
    {
        std::stop_source stop;
        int calls = 0;
        const auto weights = trainTiny(quickOptions(), stop.get_token(), [&](const TrainingProgress&) {
            ++calls;
            stop.request_stop();
        });
        QVERIFY(!weights.ok());
        QVERIFY(weights.error().code == base::ErrorCode::Cancelled);
        QCOMPARE(calls, 1);
    }

    void aResumedTrainingEqualsAnUninterruptedOne()
    {
        const QTemporaryDir folder;
        const auto whole = trainTiny(quickOptions());
        auto options = quickOptions();
        options.checkpoint = in(folder, "checkpoint");
        const auto stopped = trainAndStopAfter(2, options);
        QVERIFY(!stopped.ok());
        QVERIFY(std::filesystem::exists(options.checkpoint));
        int firstEpoch = 0;
        const auto resumed = trainTiny(options, {}, [&](const TrainingProgress& progress) {
            if (firstEpoch == 0)
                firstEpoch = progress.epoch;
        });
        QVERIFY2(whole.ok() && resumed.ok(), resumed.ok() ? "" : resumed.error().message().c_str());
        QCOMPARE(firstEpoch, 3);
        QVERIFY(sameValues(*whole, *resumed));
        const auto again = trainTiny(options);  // nothing is left to do
        QVERIFY(again.ok());
        QVERIFY(sameValues(*whole, *again));
    }

    void anotherTrainingsCheckpointIsRefused()
    {
        const QTemporaryDir folder;
        auto options = quickOptions();
        options.checkpoint = in(folder, "checkpoint");
        QVERIFY(!trainAndStopAfter(1, options).ok());
        options.peakLearningRate = 0.06;
        const auto weights = trainTiny(options);
        QVERIFY(!weights.ok());
        QVERIFY(weights.error().code == base::ErrorCode::Mismatch);
        QVERIFY(weights.error().where.find("checkpoint") != std::string::npos);
    }

    void aDamagedCheckpointIsRefused_data()
    {
        QTest::addColumn<bool>("rubbish");
        QTest::newRow("rubbish") << true;
        QTest::newRow("truncated") << false;
    }
    void aDamagedCheckpointIsRefused()
    {
        QFETCH(bool, rubbish);
        const QTemporaryDir folder;
        auto options = quickOptions();
        options.checkpoint = in(folder, "checkpoint");
        QVERIFY(!trainAndStopAfter(1, options).ok());
        if (rubbish)
            std::ofstream(options.checkpoint) << "this is no checkpoint";
        else
            std::filesystem::resize_file(options.checkpoint, std::filesystem::file_size(options.checkpoint) / 2);
        const auto weights = trainTiny(options);
        QVERIFY(!weights.ok());
        QVERIFY(weights.error().code == base::ErrorCode::InvalidInput);
        QVERIFY(weights.error().where.find("checkpoint") != std::string::npos);
    }

    void anExitOfWeightZeroStaysUntrained()
    {
        auto options = quickOptions();
        options.exitWeights = {0, 1};
        std::vector<double> accuracy;
        const auto weights = trainTiny(options, {}, [&](const TrainingProgress& p) { accuracy = p.holdoutAccuracy; });
        QVERIFY(weights.ok());
        QVERIFY(accuracy[1] > 0.8);
        const auto norm = [&](const char* name) {
            double sum = 0;
            for (float value : weights->parameters.at(name).values)
                sum += std::abs(value);
            return sum;
        };
        auto more = options;
        more.epochs = 1;
        const auto shorter = trainTiny(more);
        QVERIFY(shorter.ok());
        QCOMPARE(weights->parameters.at("exit1/fc1.bias").values, shorter->parameters.at("exit1/fc1.bias").values);
        QVERIFY(norm("fc3.bias") > 0);
    }

    void optionsThatMakeNoSenseAreErrors_data()
    {
        QTest::addColumn<QString>("field");
        for (const char* field :
             {"epochs", "batch", "rate", "decay", "momentum", "smoothing", "weights", "padding", "scale", "threads"})
            QTest::newRow(field) << field;
    }
    void optionsThatMakeNoSenseAreErrors()
    {
        QFETCH(QString, field);
        auto options = quickOptions();
        if (field == "epochs")
            options.epochs = 0;
        else if (field == "batch")
            options.batch = 1;
        else if (field == "rate")
            options.peakLearningRate = 0;
        else if (field == "decay")
            options.weightDecay = -1;
        else if (field == "momentum")
            options.momentum = 1;
        else if (field == "smoothing")
            options.labelSmoothing = 1;
        else if (field == "weights")
            options.exitWeights = {1};
        else if (field == "padding")
            options.cropPadding = -1;
        else if (field == "scale")
            options.cropScale = 0;
        else
            options.threads = 0;
        const auto weights = trainTiny(options);
        QVERIFY(!weights.ok());
        QVERIFY(weights.error().code == base::ErrorCode::InvalidInput);
    }

    void imagesOfAnotherSizeOrOtherClassesAreErrors()
    {
        auto spec = samples::tinySpec();
        spec.input = {3, 16, 16};
        auto weights = train(spec, trainingImages(), heldOutImages(), quickOptions(), {}, {});
        QVERIFY(!weights.ok());
        QVERIFY(weights.error().text.find("3x16x16") != std::string::npos);

        spec = samples::tinySpec();
        spec.classes = 3;
        spec.trunk.back().outputs = 3;
        spec.exits[0].head.back().outputs = 3;
        weights = train(spec, trainingImages(), heldOutImages(), quickOptions(), {}, {});
        QVERIFY(!weights.ok());
        QVERIFY(weights.error().text.find("classes") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestTrainer)
#include "tst_trainer.moc"
