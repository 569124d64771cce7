// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/latency_regression.h"
#include "tests/core/model/model_samples.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <set>

using namespace splitscope;
using model::LayerType;

namespace {

bool near(double actual, double expected, double relative = 1e-9)
{
    return std::abs(actual - expected) <= 1e-12 + relative * std::abs(expected);
}

model::NetworkSpec network(const char* name) { return *model::loadNetworkSpec(name); }

/// What a machine that obeys Edgent's model would take: intercept, then one per variable.
const std::map<LayerType, std::vector<double>> kTruth{
    {LayerType::Conv, {0.05, 6e-5, 1.2e-4}}, {LayerType::Relu, {0.002, 5e-7}}, {LayerType::MaxPool, {0.01, 1.6e-6, 4e-6}},
    {LayerType::Fc, {0.003, 1e-5, 4e-5}},    {LayerType::Dropout, {0, 0}},     {LayerType::Lrn, {0.01, 5e-6}}};

double truthMs(const model::PathLayer& layer)
{
    const auto& c = kTruth.at(layer.spec.type);
    const auto variables = profile::regressionVariables(layer);
    double ms = c[0];
    for (std::size_t i = 0; i < variables.size(); ++i)
        ms += c[i + 1] * variables[i];
    return ms;
}

/// All layers of all exits of a network, at batch 1, with codings of its first cut and of its pictures.
profile::ComputeProfile profileOf(const model::NetworkSpec& spec)
{
    profile::ComputeProfile made;
    made.network = spec.name;
    made.machine.name = "test machine";
    std::set<std::string> seen;
    for (int exit = 1; exit <= spec.exitCount(); ++exit)
        for (const auto& layer : model::Path(spec, exit).layers())
            if (seen.insert(layer.spec.name).second)
                made.layers.push_back({layer.spec.name, 1, {.p50Ms = truthMs(layer)}});
    const model::Path path(spec, 1);
    for (const int cut : path.distinctCuts()) {
        if (cut == path.length())
            break;
        const auto size = static_cast<double>(base::elementCount(path.cutShape(cut)));
        const codec::Coding coding
            = cut == 0 ? codec::Coding{codec::CodingKind::Raw, 0} : codec::Coding{codec::CodingKind::Quantized, 4};
        made.codings.push_back({path.cutName(cut), coding, 1, {.p50Ms = 0.01 + 1e-6 * size}, {.p50Ms = 2e-6 * size}});
    }
    made.capture = {{"read", 1, {.p50Ms = 0.1}}};
    return made;
}

std::vector<profile::MeasuredLayer> layersOf(const char* name)
{
    return profile::measuredLayers(network(name), profileOf(network(name)), 1);
}

const profile::MeasuredLayer& find(const std::vector<profile::MeasuredLayer>& layers, const std::string& name)
{
    return *std::find_if(layers.begin(), layers.end(), [&](const auto& l) { return l.layer.spec.name == name; });
}

}  // namespace

class TestLatencyRegression : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void variablesAreThoseOfEdgentsTable_data()
    {
        QTest::addColumn<QString>("layer");
        QTest::addColumn<QList<double>>("variables");
        QTest::newRow("conv: input, (3/1)² · 64") << "conv1" << QList<double>{3072, 9 * 64};
        QTest::newRow("relu: input") << "relu1" << QList<double>{64 * 32 * 32};
        QTest::newRow("pool: input and output") << "pool1" << QList<double>{64 * 32 * 32, 64 * 16 * 16};
        QTest::newRow("dropout: input") << "drop7" << QList<double>{256};
        QTest::newRow("fully connected: input and output") << "fc7" << QList<double>{256, 128};
    }
    void variablesAreThoseOfEdgentsTable()
    {
        QFETCH(QString, layer);
        QFETCH(QList<double>, variables);
        const auto layers = layersOf("alexnet3");
        const auto found = profile::regressionVariables(find(layers, layer.toStdString()).layer);
        QCOMPARE(QList<double>(found.begin(), found.end()), variables);
    }

    void aStridedFilterCountsByItsSquare()
    {
        model::PathLayer layer;
        layer.spec = model::samples::layer(LayerType::Conv, "c", 10, 6, 2);
        layer.input = {1, 8, 8};
        QCOMPARE(profile::regressionVariables(layer).at(1), 90.0);
    }

    void channelsOfOtherGroupsDoNotCountAndABlockIsOneLayer()
    {
        model::PathLayer layer;
        layer.spec = model::samples::layer(LayerType::Conv, "c", 10, 3);
        layer.spec.groups = 5;
        layer.input = {5, 8, 8};
        QCOMPARE(profile::regressionVariables(layer).at(1), 18.0);
        auto block = model::samples::layer(LayerType::Residual, "b");
        block.body = {layer.spec};
        layer.spec = block;
        layer.output = {5, 8, 8};
        layer.flops = 77;
        QCOMPARE(profile::regressionVariables(layer, profile::RegressionForm::Work), (std::vector<double>{320, 320, 77}));
        QCOMPARE(profile::regressionVariableNames(LayerType::Residual, profile::RegressionForm::Work).size(), 3U);
    }

    void eachMeasuredLayerIsTakenOnceAndOnlyAtItsBatch()
    {
        const auto spec = network("alexnet3");
        auto measured = profileOf(spec);
        const auto count = measured.layers.size();
        measured.layers.push_back({"conv1", 8, {.p50Ms = 99}});
        QCOMPARE(profile::measuredLayers(spec, measured, 1).size(), count);
        const auto others = profile::measuredLayers(spec, measured, 8);
        QCOMPARE(others.size(), 1U);
        QCOMPARE(others[0].ms, 99.0);
    }

    void aMachineThatObeysTheModelIsRecovered()
    {
        auto layers = layersOf("alexnet3");
        const auto regression = profile::LatencyRegression::fit(layers);
        for (const auto& [type, expected] : regression.coefficients()) {
            QCOMPARE(expected.size(), kTruth.at(type).size());
            if (type != LayerType::Conv && type != LayerType::MaxPool && type != LayerType::Fc)
                continue;  // those have enough different layers to tell all coefficients
            for (std::size_t i = 0; i < expected.size(); ++i)
                QVERIFY2(near(expected[i], kTruth.at(type)[i], 1e-4), std::string(model::name(type)).c_str());
        }
        const auto errors = regression.check(layersOf("alexnet5"));
        QVERIFY(errors.layers > 20);
        QVERIFY2(errors.p95 < 1e-3, std::to_string(errors.p95).c_str());
    }

    void noCoefficientIsNegative()
    {
        auto layers = layersOf("alexnet3");
        for (auto& measured : layers)  // the bigger, the faster: only a negative slope would fit
            if (measured.layer.spec.type == LayerType::Relu)
                measured.ms = 1e3 / measured.layer.inputBytes;
        const auto regression = profile::LatencyRegression::fit(layers);
        for (const auto& [type, coefficients] : regression.coefficients())
            for (const double c : coefficients)
                QVERIFY(c >= 0);
        QVERIFY(regression.coefficients().at(LayerType::Relu)[0] > 0);
    }

    void operationsTellWhatEdgentsSumCannot()
    {
        auto layers = layersOf("alexnet5");
        for (auto& measured : layers)
            measured.ms = 0.001 + 1e-7 * measured.layer.flops;
        const auto work = profile::crossValidate(layers, profile::RegressionForm::Work);
        QVERIFY2(work.p95 < 1e-3, std::to_string(work.p95).c_str());
        QVERIFY(profile::crossValidate(layers).p95 > 0.1);
        QCOMPARE(profile::regressionVariables(layers[0].layer, profile::RegressionForm::Work).back(), layers[0].layer.flops);
        for (const auto& measured : layers)
            for (const auto form : {profile::RegressionForm::Edgent, profile::RegressionForm::Work})
                QCOMPARE(profile::regressionVariableNames(measured.layer.spec.type, form).size(),
                         profile::regressionVariables(measured.layer, form).size());
    }

    void formsHaveNames()
    {
        for (const auto form : {profile::RegressionForm::Edgent, profile::RegressionForm::Work})
            QVERIFY(*profile::parseRegressionForm(profile::toString(form)) == form);
        QVERIFY(!profile::parseRegressionForm("cubic").ok());
    }

    void errorsCountByProportion()
    {
        // One size took 1 ms and 3 ms: the least squared relative error lies at 1.2, that of absolute error at 2.
        auto layer = find(layersOf("alexnet3"), "relu1");
        auto slow = layer;
        layer.ms = 1;
        slow.ms = 3;
        const auto regression = profile::LatencyRegression::fit(std::vector{layer, slow});
        QVERIFY(near(*regression.predictMs(layer.layer), 1.2));
    }

    void aSingleLayerScalesWithItsSize()
    {
        const auto layers = layersOf("alexnet3");
        const auto& big = find(layers, "relu1");
        const auto& small = find(layers, "relu7");
        const auto regression = profile::LatencyRegression::fit(std::span(&big, 1));
        QVERIFY(near(*regression.predictMs(big.layer), big.ms));
        QVERIFY(near(*regression.predictMs(small.layer), big.ms * small.layer.inputBytes / big.layer.inputBytes));
    }

    void anUnknownTypeIsAnError()
    {
        const auto layers = layersOf("alexnet3");
        const auto& conv = find(layers, "conv1");
        const auto regression = profile::LatencyRegression::fit(std::span(&conv, 1));
        const auto predicted = regression.predictMs(find(layers, "fc6").layer);
        QVERIFY(!predicted.ok());
        QVERIFY(predicted.error().text.find("fc") != std::string::npos);
        QVERIFY(predicted.error().where.find("fc6") != std::string::npos);
        const auto convolutions
            = std::count_if(layers.begin(), layers.end(), [](const auto& l) { return l.layer.spec.type == LayerType::Conv; });
        QCOMPARE(regression.check(layers).layers, static_cast<std::size_t>(convolutions));
    }

    void layersThatTakeNoTimeDoNotDisturb()
    {
        const auto layers = layersOf("alexnet3");
        const auto regression = profile::LatencyRegression::fit(layers);
        QCOMPARE(*regression.predictMs(find(layers, "drop6").layer), 0.0);
        QVERIFY(std::isfinite(regression.check(layers).p95));
    }

    void crossValidationLeavesTheLayerOut()
    {
        auto layers = layersOf("alexnet5");
        const auto honest = profile::crossValidate(layers);
        QVERIFY(honest.layers > 20);
        QVERIFY(honest.median < 1e-3);
        for (auto& measured : layers)  // one layer that no other tells of
            if (measured.layer.spec.name == "conv2")
                measured.ms *= 10;
        for (const auto& held : profile::leaveOneOut(layers))
            if (layers[held.index].layer.spec.name == "conv2")
                QVERIFY(held.predictedMs < 0.2 * held.measuredMs);
        QCOMPARE(profile::crossValidate(std::span(layers).first(1)).layers, 0U);
    }

    void aTwinDoesNotTellOfTheLayerThatIsLeftOut()
    {
        auto layers = layersOf("alexnet3");
        for (auto& measured : layers)
            if (measured.layer.spec.name == "conv2")
                measured.ms *= 10;
        auto doubled = layers;
        doubled.insert(doubled.end(), layers.begin(), layers.end());
        const auto once = profile::crossValidate(layers);
        const auto twice = profile::crossValidate(doubled);
        QCOMPARE(twice.layers, 2 * once.layers);
        QVERIFY(near(twice.median, once.median, 1e-6));
        QVERIFY(near(twice.p95, once.p95, 1e-6));
    }

    void errorsAreSummedUpByMedianAndNearestRank()
    {
        const auto errors = profile::summariseErrors({0.4, 0.1, 0.2, 0.3});
        QVERIFY(near(errors.median, 0.25));
        QCOMPARE(errors.p95, 0.4);
        QCOMPARE(errors.layers, 4U);
        QCOMPARE(profile::summariseErrors({}).layers, 0U);
    }

    void aPredictedNetworkHasSumsOfLayersAndSaysSo()
    {
        const auto spec = network("alexnet3");
        const auto like = profileOf(network("alexnet5"));
        const auto regression = profile::LatencyRegression::fit(layersOf("alexnet5"));
        const auto predicted = regression.predict(spec, "hash", like, network("alexnet5"), 1);
        QVERIFY2(predicted.ok(), predicted.ok() ? "" : predicted.error().message().c_str());
        QVERIFY(!predicted->measured());
        QVERIFY(predicted->source.starts_with("regression: "));
        QCOMPARE(predicted->network, spec.name);
        QCOMPARE(predicted->modelHash, std::string("hash"));
        for (int exit = 1; exit <= spec.exitCount(); ++exit) {
            const model::Path path(spec, exit);
            double whole = 0;
            for (const auto& layer : path.layers())
                whole += *regression.predictMs(layer);
            const auto ms = predicted->segmentMs(exit, 0, path.length(), 1);
            QVERIFY(ms.ok());
            QVERIFY(near(*ms, whole));
            for (const int cut : path.distinctCuts()) {
                if (cut == 0 || cut == path.length())
                    continue;
                const auto prefix = predicted->segmentMs(exit, 0, cut, 1);
                const auto suffix = predicted->segmentMs(exit, cut, path.length(), 1);
                QVERIFY(prefix.ok() && suffix.ok());
                QVERIFY(near(*prefix + *suffix, *ms));
            }
        }
    }

    void anotherNetworksCodingsAreCarriedOverBySize()
    {
        const auto from = network("alexnet3");
        const auto to = network("alexnet3-128");
        const auto predicted
            = profile::LatencyRegression::fit(layersOf("alexnet3")).predict(to, "hash", profileOf(from), from, 1);
        QVERIFY(predicted.ok());
        const codec::Coding fourBits{codec::CodingKind::Quantized, 4};
        const model::Path path(to, 3);
        for (const int cut : path.distinctCuts()) {
            if (cut == 0 || cut == path.length())
                continue;
            const auto size = static_cast<double>(base::elementCount(path.cutShape(cut)));
            const auto ms = predicted->encodeMs(path.cutName(cut), fourBits, 1);
            QVERIFY(ms.ok());
            QVERIFY2(near(*ms, 0.01 + 1e-6 * size, 1e-4), path.cutName(cut).c_str());
        }
        QVERIFY(!predicted->encodeMs("input", fourBits, 1).ok());
        QVERIFY(predicted->encodeMs("input", {codec::CodingKind::Raw, 0}, 1).ok());
        const double pixels
            = static_cast<double>(base::elementCount(to.input)) / static_cast<double>(base::elementCount(from.input));
        QVERIFY(near(*predicted->captureMs("read", 1), 0.1 * pixels));
    }

    void aNetworkWithAnUnmeasuredTypeIsNotPredicted()
    {
        const auto spec = network("alexnet3");
        auto layers = layersOf("alexnet3");
        std::erase_if(layers, [](const auto& l) { return l.layer.spec.type == LayerType::MaxPool; });
        const auto predicted = profile::LatencyRegression::fit(layers).predict(spec, "hash", profileOf(spec), spec, 1);
        QVERIFY(!predicted.ok());
        QVERIFY(predicted.error().text.find("maxpool") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestLatencyRegression)
#include "tst_latency_regression.moc"
