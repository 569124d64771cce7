// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/energy_model.h"

#include <QTest>
#include <cmath>

using namespace splitscope;

namespace {

bool near(double actual, double expected) { return std::abs(actual - expected) <= 1e-12 + 1e-9 * std::abs(expected); }

/// k0·f² = 1e-9 J a cycle, and a cycle is a FLOP: energies are FLOPs in nanojoules.
const profile::EnergyProfile kSimple{.source = "test", .k0 = 1e-27, .frequencyHz = 1e9, .flopsPerCycle = 1, .transmitWatts = 2};

}  // namespace

class TestEnergyModel : public QObject {
    Q_OBJECT
private:
    const model::NetworkSpec m_spec = *model::loadNetworkSpec("alexnet3");
    const profile::EnergyModel m_energy{m_spec, kSimple};

private Q_SLOTS:
    void theFirstConvolutionCostsItsFlops()
    {
        // 64 outputs of 32x32, each 27 multiply-adds and a bias.
        const double flops = 64.0 * 32 * 32 * (2 * 27 + 1);
        QCOMPARE(m_energy.compute(3, 0), 0.0);
        QVERIFY(near(m_energy.compute(3, 1), flops * 1e-9));
    }

    void computeGrowsLayerByLayerAndTheTrunkIsShared()
    {
        QVERIFY(near(m_energy.compute(1, 3), m_energy.compute(3, 3)));
        const model::Path path(m_spec, 3);
        double flops = 0;
        for (int i = 1; i <= path.length(); ++i) {
            flops += path.layer(i).flops;
            QVERIFY(near(m_energy.compute(3, i), flops * 1e-9));
        }
    }

    void sendingCostsPowerTimesTime()
    {
        QVERIFY(near(m_energy.transmission(3072, 1e6), 2 * 3072 / 1e6));  // 2 W for 3.072 ms
        QCOMPARE(m_energy.transmission(3072, 0), 0.0);  // nothing crossed
    }

    void aFrameCostsBoth()
    {
        const decision::Decision cut{2, 6, {codec::CodingKind::Quantized, 8}};
        QVERIFY(near(m_energy.perFrame(cut, 1000, 5e5), m_energy.compute(2, 6) + 2 * 1000 / 5e5));
        QVERIFY(near(m_energy.perFrame({2, 0, {codec::CodingKind::Raw, 0}}, 3072, 1e6), m_energy.transmission(3072, 1e6)));
        QVERIFY(near(m_energy.perFrame(decision::onDevice(m_spec, 1), 0, 0), m_energy.compute(1, 9)));
    }

    void clockAndCapacitanceScaleAsInTheEquation()
    {
        auto faster = kSimple;
        faster.frequencyHz *= 2;
        faster.flopsPerCycle = 4;
        QVERIFY(near(profile::EnergyModel(m_spec, faster).compute(1, 9), m_energy.compute(1, 9)));  // 2²/4
    }

    void aStatedChannelTakesThePlaceOfTheMeasuredRate()
    {
        auto stated = kSimple;
        stated.channel = {.bandwidthHz = 20e6, .sinrPerWatt = 1.5};  // 20 MHz · log2(1 + 2 W · 1.5/W) = 40 Mbit/s = 5 MB/s
        QVERIFY(near(profile::channelBitsPerSecond(*stated.channel, stated.transmitWatts), 40e6));
        const profile::EnergyModel energy(m_spec, stated);
        QVERIFY(near(energy.transmission(3072, 1e6), 2 * 3072 / 5e6));
        QVERIFY(near(energy.transmission(3072, 0), 2 * 3072 / 5e6));
        QCOMPARE(energy.transmission(0, 0), 0.0);
    }

    void aDocumentGivesTheProfileBack()
    {
        auto stated = kSimple;
        QCOMPARE(*profile::parseEnergyProfile(profile::toJson(stated), "file"), stated);
        stated.channel = {.bandwidthHz = 1e7, .sinrPerWatt = 12.5};
        QCOMPARE(*profile::parseEnergyProfile(profile::toJson(stated), "file"), stated);
        QVERIFY(profile::describe(stated).find(stated.source) != std::string::npos);
    }

    void aWrongDocumentIsRefused_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("named");
        QTest::newRow("no source") << QByteArray("\"test\"") << QByteArray("\"\"") << QByteArray("source");
        QTest::newRow("negative power") << QByteArray("_watts\":2") << QByteArray("_watts\":-2") << QByteArray("transmit_watts");
        QTest::newRow("text for a number") << QByteArray("_watts\":2") << QByteArray("_watts\":\"2\"")
                                           << QByteArray("transmit_watts");
        QTest::newRow("unknown key") << QByteArray("{") << QByteArray("{\"watts\":1,") << QByteArray("watts");
        QTest::newRow("missing key") << QByteArray("frequency_hz") << QByteArray("frequency") << QByteArray("frequency_hz");
        QTest::newRow("no JSON") << QByteArray("{") << QByteArray("") << QByteArray("JSON");
        QTest::newRow("empty channel") << QByteArray("{") << QByteArray("{\"channel\":{},") << QByteArray("bandwidth_hz");
    }
    void aWrongDocumentIsRefused()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, named);
        auto json = QByteArray::fromStdString(profile::toJson(kSimple));
        QVERIFY(json.contains(from));
        const auto read = profile::parseEnergyProfile(json.replace(from, to).toStdString(), "energy.json");
        QVERIFY(!read.ok());
        QVERIFY2(read.error().message().find(named.toStdString()) != std::string::npos, read.error().message().c_str());
        QVERIFY(read.error().where.starts_with("energy.json"));
    }
};

QTEST_APPLESS_MAIN(TestEnergyModel)
#include "tst_energy_model.moc"
