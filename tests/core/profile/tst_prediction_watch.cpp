// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/prediction_watch.h"

#include <QTest>
#include <cmath>
#include <limits>
#include <random>

using namespace splitscope::profile;

namespace {

constexpr StageMs kPredicted{0.2, 10, 1, 20, 0.5, 4, 35.7};

/// Each stage so many times its prediction; the total is their sum.
StageMs measuredAt(double device, double transfer, double edge)
{
    StageMs ms = kPredicted;
    ms[1] *= device;
    ms[2] *= device;
    ms[3] *= transfer;
    ms[4] *= edge;
    ms[5] *= edge;
    ms[6] = 0;
    for (std::size_t i = 0; i + 1 < ms.size(); ++i)
        ms[6] += ms[i];
    return ms;
}

const StageFit& of(const StageFits& fits, Stage stage) { return fits[static_cast<std::size_t>(stage)]; }

void learn(PredictionWatch& watch, const StageMs& measured, std::size_t requests)
{
    for (std::size_t i = 0; i < requests; ++i)
        watch.learn(kPredicted, measured);
}

}  // namespace

class TestPredictionWatch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void callsOffWhatIsOffAndNothingElse_data()
    {
        QTest::addColumn<double>("device");
        QTest::addColumn<double>("transfer");
        QTest::addColumn<double>("edge");
        QTest::addColumn<QStringList>("off");
        QTest::newRow("everything fits") << 1.0 << 1.0 << 1.0 << QStringList();
        QTest::newRow("a little slow is no alarm") << 1.2 << 1.1 << 0.9 << QStringList();
        QTest::newRow("a slow device") << 2.0 << 1.0 << 1.0 << QStringList{"device", "total"};
        QTest::newRow("a fast edge") << 1.0 << 1.0 << 0.5 << QStringList{"edge"};
        QTest::newRow("a slow link") << 1.0 << 2.0 << 1.0 << QStringList{"transfer", "total"};
    }
    void callsOffWhatIsOffAndNothingElse()
    {
        QFETCH(double, device);
        QFETCH(double, transfer);
        QFETCH(double, edge);
        PredictionWatch watch;
        learn(watch, measuredAt(device, transfer, edge), PredictionWatch::kWindow);
        QStringList off;
        const auto fits = watch.fits();
        for (const auto stage : kStages)
            if (of(fits, stage).off)
                off.append(QString::fromStdString(toString(stage)));
        QTEST(off, "off");
    }

    void aStageTooSmallToMatterIsNeverOff()
    {
        PredictionWatch watch;
        StageMs measured = kPredicted;
        measured[0] *= 6;  // capture: 1.2 of 36 ms
        learn(watch, measured, PredictionWatch::kWindow);
        QVERIFY(!of(watch.fits(), Stage::Capture).off);
        QCOMPARE(of(watch.fits(), Stage::Capture).times, 6.0);
    }

    void fewRequestsAndSingleOnesThatWereLateAreNoAlarm()
    {
        PredictionWatch watch;
        learn(watch, measuredAt(3, 1, 1), PredictionWatch::kLeast - 1);
        QVERIFY(!of(watch.fits(), Stage::Device).off);

        PredictionWatch busy;
        std::mt19937 random(1);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same every time
        for (int i = 0; i < 200; ++i) {
            busy.learn(kPredicted, measuredAt(random() % 4 == 0 ? 10 : 1, 1, 1));
            QVERIFY(!of(busy.fits(), Stage::Device).off);
        }
    }

    void itFitsAgainOnlyWhenItIsWellWithin()
    {
        PredictionWatch watch;
        learn(watch, measuredAt(2, 1, 1), PredictionWatch::kWindow);
        QVERIFY(of(watch.fits(), Stage::Device).off);
        learn(watch, measuredAt(1.2, 1, 1), PredictionWatch::kWindow);
        QVERIFY2(of(watch.fits(), Stage::Device).off, "1.2 times is between both limits: it stays");
        learn(watch, measuredAt(1.05, 1, 1), PredictionWatch::kWindow);
        QVERIFY(!of(watch.fits(), Stage::Device).off);
        QCOMPARE(of(watch.fits(), Stage::Device).requests, PredictionWatch::kWindow);
    }

    void correctionsApproachWhatIsSo()
    {
        PredictionWatch watch;
        QCOMPARE(watch.deviceTimes(), 1.0);
        learn(watch, measuredAt(1.5, 1, 0.7), 100);
        QVERIFY(std::abs(watch.deviceTimes() - 1.5) < 0.01);
        QVERIFY(std::abs(watch.edgeTimes() - 0.7) < 0.01);
    }

    void whatIsNotKnownTeachesNothing()
    {
        PredictionWatch watch;
        StageMs local = kPredicted;  // a request that stays on the device
        local[3] = local[4] = local[5] = 0;
        for (int i = 0; i < 40; ++i)
            watch.learn(kPredicted, local);
        QCOMPARE(of(watch.fits(), Stage::Transfer).requests, std::size_t(0));
        QCOMPARE(watch.edgeTimes(), 1.0);

        Prediction down;
        down.deviceMs = 3;
        down.transferMs = down.totalMs = std::numeric_limits<double>::infinity();
        const auto ms = stageMsOf(down);
        QCOMPARE(ms[1], 3.0);
        QCOMPARE(ms[3], 0.0);
        QCOMPARE(ms[6], 0.0);
    }
};

QTEST_APPLESS_MAIN(TestPredictionWatch)
#include "tst_prediction_watch.moc"
