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
};

QTEST_APPLESS_MAIN(TestEnergyModel)
#include "tst_energy_model.moc"
