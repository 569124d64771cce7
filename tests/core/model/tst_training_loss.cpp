// SPDX-License-Identifier: GPL-3.0-or-later
// Training a network for being cut: quantization noise, the rate penalty, and distillation.
#include "core/base/torch_p.h"

#include "core/model/network_p.h"
#include "core/model/training_data_p.h"
#include "core/model/training_loss_p.h"
#include "tests/core/model/model_samples.h"

#include <QTemporaryDir>
#include <QTest>
#include <numeric>

using namespace splitscope;
using namespace splitscope::model;

namespace {

/// The tiny network with a 1×1 convolution and a relu behind pool1.
NetworkSpec narrowSpec()
{
    auto spec = samples::tinySpec();
    spec.name = "narrow";
    const std::vector<LayerSpec> narrow{samples::layer(LayerType::Conv, "narrow1", 3, 1),
                                        samples::layer(LayerType::Relu, "narrow1relu")};
    spec.trunk.insert(spec.trunk.begin() + 3, narrow.begin(), narrow.end());
    spec.exits[1].after = static_cast<int>(spec.trunk.size());
    return spec;
}

TrainingOptions quickOptions()
{
    TrainingOptions options;
    options.epochs = 3;
    options.batch = 32;
    options.peakLearningRate = 0.05;
    options.cropPadding = 1;
    options.flip = false;
    options.threads = 1;
    return options;
}

TrainingOptions cutOptions()
{
    auto options = quickOptions();
    options.noise.bits = 4;
    options.noise.ratePenalty = 0.2;
    options.distillation = Distillation{samples::tinySpec(), samples::randomWeights(samples::tinySpec(), 3), 0.5, 2};
    return options;
}

base::Result<Weights> trainNarrow(const TrainingOptions& options, std::stop_token stop = {},
                                  const TrainingObserver& observer = {})
{
    static const samples::HalvesDataSet training(256, 1), heldOut(100, 2);
    return train(narrowSpec(), training, heldOut, options, stop, observer);
}

std::map<std::string, std::vector<float>> valuesOf(const Weights& weights)
{
    std::map<std::string, std::vector<float>> values;
    for (const auto& [name, parameter] : weights.parameters)
        values[name] = parameter.values;
    return values;
}

at::Tensor someImages(std::int64_t count)
{
    torch::manual_seed(9);
    return at::randn({count, 3, 8, 8});
}

/// Mean KL(mean of the teacher's exits ‖ the last exit), over images.
double distanceToTeacher(const Weights& student, const Distillation& distillation)
{
    const torch::NoGradGuard noGradient;
    const samples::HalvesDataSet images(100, 5);
    std::mt19937_64 unused;
    std::vector<std::int64_t> all(100);
    std::iota(all.begin(), all.end(), 0);
    const auto batch = TrainingData::load(narrowSpec(), images, {})->images(all, {}, unused);
    TrainingNetwork teacher(distillation.teacher), network(narrowSpec());
    teacher.unfold(distillation.weights);
    network.unfold(student);
    teacher.eval();
    network.eval();
    const auto exits = teacher.forward(batch);
    const auto taught = (at::softmax(exits[0], 1) + at::softmax(exits[1], 1)) / 2;
    return distillationLoss(network.forward(batch)[1], taught, 1).item<double>();
}

}  // namespace

class TestTrainingLoss : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void narrowLayersAreThoseBehindTheOneByOneConvolutions()
    {
        QCOMPARE(narrowLayers(narrowSpec()), std::vector<std::string>{"narrow1relu"});
        QVERIFY(narrowLayers(samples::tinySpec()).empty());
        auto linear = narrowSpec();
        linear.trunk.erase(linear.trunk.begin() + 4);
        QCOMPARE(narrowLayers(linear), std::vector<std::string>{"narrow1"});
        QCOMPARE(narrowLayers(*loadNetworkSpec("alexnet3-128b")), (std::vector<std::string>{"narrow1relu", "narrow2"}));
    }

    void noiseActsInTrainingOnly()
    {
        TrainingNetwork network(narrowSpec());
        const torch::NoGradGuard noGradient;
        const auto images = someImages(8);
        network.eval();
        const auto expected = network.forward(images);
        network.quantizeBehind({"narrow1relu"}, 2);
        const auto noisy = network.forward(images);
        QVERIFY(expected[0].equal(noisy[0]) && expected[1].equal(noisy[1]));
        network.train();
        torch::manual_seed(1);  // dropout
        const auto trained = network.forward(images);
        network.quantizeBehind({}, 0);
        torch::manual_seed(1);
        QVERIFY(!network.forward(images)[1].equal(trained[1]));
    }

    void noiseIsWhatTheCodecDoesToEachFrame()
    {
        // A network of one identity layer: pool of 1×1, whose output is quantized.
        NetworkSpec spec;
        spec.name = "identity";
        spec.input = {2, 3, 3};
        spec.classes = 18;
        spec.mean = spec.deviation = {1, 1};
        spec.trunk = {samples::layer(LayerType::MaxPool, "same", 0, 1, 1)};
        spec.exits = {{"exit1", 1, {}}};
        TrainingNetwork network(spec);
        network.quantizeBehind({"same"}, 4);
        network.train();
        torch::manual_seed(2);
        const auto frames = at::randn({5, 2, 3, 3}).mul(at::arange(1, 6).view({5, 1, 1, 1})).set_requires_grad(true);
        const auto output = network.forward(frames)[0];
        for (int i = 0; i < 5; ++i) {
            const auto frame = frames.detach()[i].contiguous(), result = output.detach()[i].contiguous();
            const auto* values = frame.data_ptr<float>();
            const auto [low, high] = std::minmax_element(values, values + 18);
            const double step = (static_cast<double>(*high) - *low) / 15;
            for (std::size_t v = 0; v < 18; ++v) {
                const double expected = *low + std::nearbyint((static_cast<double>(values[v]) - *low) / step) * step;
                QVERIFY(std::abs(expected - static_cast<double>(result.data_ptr<float>()[v])) < 1e-5);
            }
        }
        output.sum().backward();
        QVERIFY(at::allclose(frames.grad(), at::ones_like(frames)));  // straight through
    }

    void theRateIsNotUnderestimatedAndFallsWithTheValues()
    {
        NetworkSpec spec = narrowSpec();
        TrainingNetwork network(spec);
        network.quantizeBehind({"conv1"}, 4);
        network.train();
        const torch::NoGradGuard noGradient;
        network.forward(someImages(4));
        const double dense = network.excessRate(0.01).item<double>() + 0.01;  // of bell-shaped values
        network.quantizeBehind({"relu1"}, 4);
        network.forward(someImages(4));
        const double sparse = network.excessRate(0.01).item<double>() + 0.01;  // half of them zero
        QVERIFY2(dense > 3.0, qPrintable(QString::number(dense)));
        QVERIFY2(sparse > 1.5 && sparse < 3.2 && sparse < dense, qPrintable(QString::number(sparse)));
        QCOMPARE(network.excessRate(16).item<double>(), 0.0);
        network.quantizeBehind({"conv1", "relu1"}, 4);
        network.forward(someImages(4));
        QVERIFY(network.excessRate(0.01, {"relu1"}).item<double>() < network.excessRate(0.01, {"conv1"}).item<double>());
        network.quantizeBehind({"relu1"}, 4);
        network.forward(at::zeros({4, 3, 8, 8}));
        QVERIFY(std::isfinite(network.excessRate(0.01).item<double>()));
    }

    void thePenaltyMakesTensorsCheaper()
    {
        const auto rateOf = [](const Weights& weights) {
            TrainingNetwork network(narrowSpec());
            network.unfold(weights);
            network.quantizeBehind({"narrow1relu"}, 4);
            network.train();
            const torch::NoGradGuard noGradient;
            network.forward(someImages(64));
            return network.excessRate(0.01).item<double>();
        };
        auto options = quickOptions();
        options.noise.bits = 4;
        const auto free = trainNarrow(options);
        options.noise.ratePenalty = 2;
        options.noise.rateTarget = 0.5;
        const auto cheap = trainNarrow(options);
        QVERIFY(free.ok() && cheap.ok());
        QVERIFY2(rateOf(*cheap) < 0.8 * rateOf(*free),
                 qPrintable(QString("%1 against %2").arg(rateOf(*cheap)).arg(rateOf(*free))));
    }

    void loadedWeightsComputeWhatTheFoldedNetworkDoes()
    {
        const auto weights = samples::randomWeights(narrowSpec(), 4);
        TrainingNetwork network(narrowSpec());
        network.unfold(weights);
        const auto folded = network.fold();
        QCOMPARE(folded.parameters.size(), weights.parameters.size());
        for (const auto& [name, parameter] : weights.parameters)
            for (std::size_t i = 0; i < parameter.values.size(); ++i)
                QVERIFY(std::abs(parameter.values[i] - folded.parameters.at(name).values[i]) < 1e-5F);
    }

    void distillationBringsTheStudentNearTheTeacher()
    {
        auto options = quickOptions();
        const auto alone = trainNarrow(options);
        options.distillation = Distillation{samples::tinySpec(), samples::randomWeights(samples::tinySpec(), 3), 0.9, 2};
        const auto taught = trainNarrow(options);
        QVERIFY(alone.ok() && taught.ok());
        const double before = distanceToTeacher(*alone, *options.distillation);
        const double after = distanceToTeacher(*taught, *options.distillation);
        QVERIFY2(after < 0.5 * before, qPrintable(QString("%1 against %2").arg(after).arg(before)));
    }

    void theDistanceToTheTeacherIsTheDivergence()
    {
        const auto logits = at::tensor({1.0F, 3.0F, 0.0F, 0.0F}).view({2, 2});
        QVERIFY(distillationLoss(logits, at::softmax(logits / 4, 1), 4).abs().item<double>() < 1e-5);
        const auto even = at::full({2, 2}, 0.5);
        // Of (1, 3) at temperature 2: p = (σ(−1), σ(1)); KL(½ ‖ p) = −ln 2 − ½ ln(p₁p₂), times T², over two images
        const double p = 1 / (1 + std::exp(1.0));
        const double expected = 4 * (-std::log(2.0) - 0.5 * std::log(p * (1 - p))) / 2;
        QVERIFY(std::abs(distillationLoss(logits, even, 2).item<double>() - expected) < 1e-5);
    }

    void theSameSeedGivesTheSameWeightsAndAResumedTrainingToo()
    {
        const QTemporaryDir folder;
        auto options = cutOptions();
        const auto first = trainNarrow(options), second = trainNarrow(options);
        QVERIFY2(first.ok() && second.ok(), first.ok() ? "" : first.error().message().c_str());
        QVERIFY(valuesOf(*first) == valuesOf(*second));
        options.checkpoint = std::filesystem::path(folder.path().toStdString()) / "checkpoint";
        std::stop_source stop;
        const auto stopped = trainNarrow(options, stop.get_token(), [&](const TrainingProgress& progress) {
            if (progress.epoch == 2 && !progress.holdoutAccuracy.empty())
                stop.request_stop();
        });
        QVERIFY(!stopped.ok());
        const auto resumed = trainNarrow(options);
        QVERIFY(resumed.ok());
        QVERIFY(valuesOf(*first) == valuesOf(*resumed));
    }

    void whatShapesTheLossBelongsToTheTrainingsIdentity_data()
    {
        QTest::addColumn<QString>("change");
        for (const char* change : {"bits", "layers", "penalty", "target", "counted", "weight", "temperature", "teacher", "none"})
            QTest::newRow(change) << change;
    }
    void whatShapesTheLossBelongsToTheTrainingsIdentity()
    {
        QFETCH(QString, change);
        auto options = cutOptions();
        const auto before = lossIdentity(narrowSpec(), options);
        if (change == "bits")
            options.noise.bits = 5;
        else if (change == "layers")
            options.noise.layers = {"relu1"};
        else if (change == "penalty")
            options.noise.ratePenalty = 0.3;
        else if (change == "target")
            options.noise.rateTarget = 2;
        else if (change == "counted")
            options.noise.rateLayers = {"narrow1relu"};
        else if (change == "weight")
            options.distillation->weight = 0.6;
        else if (change == "temperature")
            options.distillation->temperature = 3;
        else if (change == "teacher")
            options.distillation->weights = samples::randomWeights(samples::tinySpec(), 8);
        QCOMPARE(lossIdentity(narrowSpec(), options) == before, change == "none");
        QCOMPARE(lossIdentity(narrowSpec(), quickOptions()), std::string());  // checkpoints of plain trainings stay valid
    }

    void weightsSayHowTheyWereTrained()
    {
        auto options = cutOptions();
        options.epochs = 1;
        const auto weights = trainNarrow(options);
        QVERIFY(weights.ok());
        const auto text = QString::fromStdString(weights->provenance.at("options"));
        QVERIFY2(text.contains("quantization noise of 4 bits behind narrow1relu, rate penalty 0.2 above 2.5 bits a value"),
                 qPrintable(text));
        QVERIFY2(text.contains("distilled from tiny ") && text.contains("with weight 0.5 at temperature 2"), qPrintable(text));
    }

    void optionsThatMakeNoSenseAreErrors_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("said");
        QTest::newRow("bits") << "bits"
                              << "2 to 16 bits";
        QTest::newRow("no such layer") << "layer"
                                       << "'conv9', which is no layer of narrow";
        QTest::newRow("penalty without noise") << "penalty"
                                               << "needs quantization noise";
        QTest::newRow("weight") << "weight"
                                << "weight must be from 0 to 1";
        QTest::newRow("temperature") << "temperature"
                                     << "temperature above 0";
        QTest::newRow("another teacher's weights") << "weights"
                                                   << "conv1";
        QTest::newRow("a teacher of other classes") << "classes"
                                                    << "other classes than narrow";
    }
    void optionsThatMakeNoSenseAreErrors()
    {
        QFETCH(QString, change);
        QFETCH(QString, said);
        auto options = cutOptions();
        if (change == "bits")
            options.noise.bits = 1;
        else if (change == "layer")
            options.noise.layers = {"conv9"};
        else if (change == "penalty")
            options.noise.bits = 0;
        else if (change == "counted")
            options.noise.rateLayers = {"conv1"};
        else if (change == "weight")
            options.distillation->weight = 1.1;
        else if (change == "temperature")
            options.distillation->temperature = 0;
        else if (change == "weights")
            options.distillation->weights.parameters.erase("conv1.weight");
        else
            options.distillation->teacher.classes = 3;
        const auto weights = trainNarrow(options);
        QVERIFY(!weights.ok());
        QVERIFY2(QString::fromStdString(weights.error().message()).contains(said), weights.error().message().c_str());
    }

    void noiseWithoutAPlaceIsAnError()
    {
        TrainingOptions options = quickOptions();
        options.noise.bits = 4;
        const samples::HalvesDataSet images(64, 1);
        const auto weights = train(samples::tinySpec(), images, images, options, {}, {});
        QVERIFY(!weights.ok());
        QVERIFY(weights.error().text.find("no 1×1 convolution") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestTrainingLoss)
#include "tst_training_loss.moc"
