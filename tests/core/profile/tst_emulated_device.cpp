// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/emulated_device.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace splitscope;
using model::LayerType;

namespace {

bool near(double actual, double expected) { return std::abs(actual - expected) <= 1e-9 * std::abs(expected); }

/// Every layer of exit 1 takes 1 ms by itself; the exit 3, in one fused piece, 0.8.
profile::ComputeProfile measuredProfile(const model::NetworkSpec& spec)
{
    profile::ComputeProfile made;
    made.network = spec.name;
    made.machine.name = "bench";
    const model::Path path(spec, 1);
    for (const auto& layer : path.layers())
        made.layers.push_back({layer.spec.name, 1, {.meanMs = 1, .p50Ms = 1, .p95Ms = 2, .samples = 7}});
    made.segments.push_back({1, 0, 3, 1, {.p50Ms = 0.3, .highMs = 0.4}});
    made.segments.push_back({1, 0, path.length(), 8, {.p50Ms = 0.8}});
    made.codings.push_back({"pool1", {codec::CodingKind::Quantized, 8}, 1, {.p50Ms = 0.2}, {.p50Ms = 0.1}});
    made.capture.push_back({"read", 1, {.p50Ms = 0.05}});
    return made;
}

profile::DeviceFactors simpleFactors()
{
    return {.name = "slow",
            .statement = "made up",
            .layers = {{LayerType::Conv, 10}, {LayerType::Relu, 2}, {LayerType::MaxPool, 3}, {LayerType::Fc, 5}},
            .coding = 4,
            .codingStatement = {},
            .energy = {.source = "test"}};
}

}  // namespace

class TestEmulatedDevice : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = *model::loadNetworkSpec("alexnet3");

private Q_SLOTS:
    void factorsAreTableTwoAtTheNetworksLayers()
    {
        // The whole network has two dropouts, of 1536 and 256 elements, and that type has one variable: by hand.
        const auto pi = profile::deviceFactors("pi3", m_spec);
        QVERIFY2(pi.ok(), pi.ok() ? "" : pi.error().message().c_str());
        const double elements = 1536 + 256;
        QVERIFY(near(pi->layers.at(LayerType::Dropout), (2 * 0.0525 + 2.34e-6 * elements) / (2 * 0.00464 + 5.23e-6 * elements)));
    }

    void aPiIsSlowerInEveryTypeOfEveryNetwork_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto& name : model::shippedNetworks())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
        for (const QString name : {"resnet10", "mobilenet_small"})  // of types that the table does not have
            QTest::newRow(qPrintable(name)) << SPLITSCOPE_SOURCE "/resources/examples/pytorch/" + name;
    }
    void aPiIsSlowerInEveryTypeOfEveryNetwork()
    {
        QFETCH(QString, name);
        const auto pi = profile::deviceFactors("pi3", *model::loadNetworkSpec(name.toStdString()));
        QVERIFY2(pi.ok(), pi.ok() ? "" : pi.error().message().c_str());
        for (const auto& [type, factor] : pi->layers)
            QVERIFY2(factor >= 1 && factor < 110, (std::string(model::name(type)) + " " + std::to_string(factor)).c_str());
        if (pi->layers.contains(LayerType::Relu))
            QVERIFY(pi->layers.at(LayerType::Conv) > pi->layers.at(LayerType::Relu));
        QVERIFY(pi->coding >= 1);
        QVERIFY(pi->energy.source.find("Raspberry Pi 3b") != std::string::npos);
        QVERIFY(pi->statement.find("Edgent") != std::string::npos);
    }

    void anUnknownDeviceIsNamedAndTheKnownAreListed()
    {
        const auto none = profile::deviceFactors("../pi3", m_spec);
        QVERIFY(!none.ok());
        QVERIFY(none.error().message().find("../pi3") != std::string::npos);
        QVERIFY(none.error().message().find("there is pi3") != std::string::npos);
    }

    void aDamagedDeviceFileIsRefused_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("named");
        QTest::newRow("other version") << QByteArray("\"version\": 1") << QByteArray("\"version\": 2") << QByteArray("version");
        QTest::newRow("other format") << QByteArray("splitscope-device") << QByteArray("x") << QByteArray("format");
        QTest::newRow("a coefficient is missing")
            << QByteArray("[0.189, 6.03e-5, 1.24e-4]") << QByteArray("[0.189, 6.03e-5]") << QByteArray("layers.conv.edge_ms");
        QTest::newRow("a coefficient is text")
            << QByteArray("[0.488, 1.5e-5]") << QByteArray("[0.488, \"1\"]") << QByteArray("layers.relu.device_ms");
        QTest::newRow("a type is missing") << QByteArray("\"fc\"") << QByteArray("\"dense\"") << QByteArray("layers.fc.edge_ms");
        QTest::newRow("no statement") << QByteArray("\"statement\"") << QByteArray("\"text\"") << QByteArray("statement");
        QTest::newRow("coding faster than here") << QByteArray("8.2,") << QByteArray("0.5,") << QByteArray("coding.factor");
        QTest::newRow("no clock") << QByteArray("frequency_hz") << QByteArray("clock") << QByteArray("frequency_hz");
    }
    void aDamagedDeviceFileIsRefused()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, named);
        QFile shipped(SPLITSCOPE_SOURCE "/resources/devices/pi3.json");
        QVERIFY(shipped.open(QIODevice::ReadOnly));
        auto text = shipped.readAll();
        QVERIFY(text.contains(from));
        QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkpath("devices"));
        QFile changed(folder.filePath("devices/pi3.json"));
        QVERIFY(changed.open(QIODevice::WriteOnly));
        changed.write(text.replace(from, to));
        changed.close();
        const auto before = qgetenv("SPLITSCOPE_RESOURCES");
        qputenv("SPLITSCOPE_RESOURCES", folder.path().toUtf8());
        const auto read = profile::deviceFactors("pi3", m_spec);
        before.isNull() ? qunsetenv("SPLITSCOPE_RESOURCES") : qputenv("SPLITSCOPE_RESOURCES", before);
        QVERIFY(!read.ok());
        QVERIFY2(read.error().message().find(named.toStdString()) != std::string::npos, read.error().message().c_str());
    }

    void layersTakeTheirTypesFactorAndSegmentsTheWeightedMean()
    {
        auto measured = measuredProfile(m_spec);
        measured.layers[1].time.p50Ms = 3;  // relu1 weighs 3
        const auto made = profile::emulate(m_spec, measured, simpleFactors());
        QVERIFY2(made.ok(), made.ok() ? "" : made.error().message().c_str());
        QVERIFY(near(made->layers[0].time.p50Ms, 10));
        QVERIFY(near(made->layers[0].time.p95Ms, 20));
        QCOMPARE(made->layers[0].time.samples, 7);
        QVERIFY(near(made->layers[1].time.p50Ms, 6));
        const double factor = (10.0 * 1 + 2.0 * 3 + 3.0 * 1) / 5;
        QVERIFY(near(made->segments[0].time.p50Ms, 0.3 * factor));
        QVERIFY(near(made->segments[0].time.highMs, 0.4 * factor));
        QVERIFY(made->segments[1].time.p50Ms > 0.8);  // batch 8: the weights of batch 1, the nearest that there is
        QVERIFY(near(made->codings[0].encode.p50Ms, 0.8));
        QVERIFY(near(made->codings[0].decode.p50Ms, 0.4));
        QVERIFY(near(made->capture[0].time.p50Ms, 0.2));
    }

    void whatWasEmulatedSaysSo()
    {
        const auto made = profile::emulate(m_spec, measuredProfile(m_spec), simpleFactors());
        QVERIFY(made.ok());
        QVERIFY(!made->measured());
        QVERIFY(made->source.starts_with("emulated: slow"));
        QVERIFY(made->source.find("made up") != std::string::npos);
        QVERIFY(made->source.find("bench") != std::string::npos);
        QVERIFY(made->machine.name.find("emulated") != std::string::npos);
        QCOMPARE(made->energy.source, std::string("test"));
        QVERIFY(!profile::emulate(m_spec, *made, simpleFactors()).ok());  // not twice
    }

    void aPredictionMayBeEmulatedButBothAreSaid()
    {
        auto predicted = measuredProfile(m_spec);
        predicted.source = "regression: of something";
        const auto made = profile::emulate(m_spec, predicted, simpleFactors());
        QVERIFY(made.ok());
        QVERIFY(made->source.starts_with("emulated: "));
        QVERIFY(made->source.find("regression: of something") != std::string::npos);
    }

    void whatDoesNotFitIsRefused()
    {
        const auto other = *model::loadNetworkSpec("alexnet5");
        QVERIFY(!profile::emulate(other, measuredProfile(m_spec), simpleFactors()).ok());
        auto foreign = measuredProfile(m_spec);
        foreign.layers.push_back({"conv99", 1, {.p50Ms = 1}});
        QVERIFY(!profile::emulate(m_spec, foreign, simpleFactors()).ok());
        auto sparse = measuredProfile(m_spec);
        sparse.layers.erase(sparse.layers.begin());
        const auto unweighted = profile::emulate(m_spec, sparse, simpleFactors());
        QVERIFY(!unweighted.ok());
        QVERIFY(unweighted.error().text.find("conv1") != std::string::npos);
        auto partial = simpleFactors();
        partial.layers.erase(LayerType::Relu);
        QVERIFY(!profile::emulate(m_spec, measuredProfile(m_spec), partial).ok());
    }
};

QTEST_APPLESS_MAIN(TestEmulatedDevice)
#include "tst_emulated_device.moc"
