// SPDX-License-Identifier: GPL-3.0-or-later
// Profiles that splitscope-cli makes of measured ones: emulated and predicted; and its meter.
#include "core/profile/compute_profile.h"
#include "tests/integration/cli_program.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

using namespace splitscope;

namespace {

constexpr int kWaitMs = 60'000;

Ran run(const QStringList& arguments) { return runCli(QStringList{"profile"} + arguments, kWaitMs); }

/// Layers that take a nanosecond an operation; prefixes and the whole of exit 1.
profile::ComputeProfile measuredProfile()
{
    const auto spec = *model::loadNetworkSpec("alexnet3");
    profile::ComputeProfile made;
    made.network = spec.name;
    made.machine.name = "bench";
    for (int exit = 1; exit <= spec.exitCount(); ++exit) {
        const model::Path path(spec, exit);
        double sum = 0;
        for (int i = 1; i <= path.length(); ++i) {
            const double ms = 1e-4 + path.layer(i).flops * 1e-6;
            sum += ms;
            const auto& name = path.layer(i).spec.name;
            const bool known
                = std::any_of(made.layers.begin(), made.layers.end(), [&](const auto& l) { return l.layer == name; });
            if (!known)
                made.layers.push_back({name, 1, {.p50Ms = ms}});
            made.segments.push_back({exit, 0, i, 1, {.p50Ms = sum}});
        }
    }
    return made;
}

}  // namespace

class TestCliProfileMade : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    QString m_measured;

private Q_SLOTS:
    void initTestCase()
    {
        m_measured = m_folder.filePath("measured.json");
        QVERIFY(save(measuredProfile(), m_measured.toStdString()).ok());
    }

    void anEmulatedProfileIsWrittenAndSaysWhatItIs()
    {
        const auto file = m_folder.filePath("pi.json");
        const auto ran = run({"emulate", m_measured, "--device", "pi3", "--out", file});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QVERIFY(ran.out.contains("Edgent"));
        QVERIFY(ran.out.contains("modelled"));
        const auto made = profile::loadComputeProfile(file.toStdString());
        QVERIFY2(made.ok(), made.ok() ? "" : made.error().message().c_str());
        QVERIFY(made->source.starts_with("emulated: pi3"));
        QVERIFY(made->segments.back().time.p50Ms > 5 * measuredProfile().segments.back().time.p50Ms);
        const auto shown = run({"show", file});
        QCOMPARE(shown.exitCode, 0);
        QVERIFY(shown.out.contains("emulated"));
        QVERIFY(shown.out.contains("Raspberry Pi 3b"));
        QCOMPARE(run({"emulate", file}).exitCode, 1);  // not twice
        QVERIFY(run({"regression", file}).err.contains("not measured"));
    }

    void theRegressionsErrorIsShown_data()
    {
        QTest::addColumn<QString>("form");
        QTest::addColumn<bool>("exact");
        QTest::newRow("Edgent's sum cannot tell operations") << "edgent" << false;
        QTest::newRow("operations are told") << "work" << true;
    }
    void theRegressionsErrorIsShown()
    {
        QFETCH(QString, form);
        QFETCH(bool, exact);
        const auto ran = run({"regression", m_measured, "--form", form, "--cross", "--json"});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto object = QJsonDocument::fromJson(ran.out).object();
        QCOMPARE(object["form"].toString(), form);
        QVERIFY(object["coefficients"].toObject()["conv"].toObject().contains("intercept_ms"));
        const auto heldOut = object["held_out"].toObject();
        QCOMPARE(heldOut["how"].toString(), QString("cross"));
        QCOMPARE(heldOut["each"].toArray().size(), heldOut["layers"].toInt());
        double conv2 = -1;
        for (const auto& entry : heldOut["each"].toArray())
            if (entry.toObject()["layer"].toString() == "conv2")
                conv2 = entry.toObject()["error"].toDouble();
        QVERIFY(conv2 >= 0);
        QCOMPARE(conv2 < 0.01, exact);
    }

    void aPredictedProfileIsWritten()
    {
        const auto file = m_folder.filePath("predicted.json");
        const auto ran = run({"regression", m_measured, "--form", "work", "--predict", "alexnet3-128", "--out", file});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const auto predicted = profile::loadComputeProfile(file.toStdString());
        QVERIFY2(predicted.ok(), predicted.ok() ? "" : predicted.error().message().c_str());
        QCOMPARE(predicted->network, std::string("alexnet3-128"));
        QVERIFY(predicted->source.starts_with("regression: "));
        QVERIFY(predicted->source.find("median error") != std::string::npos);
        const auto spec = *model::loadNetworkSpec("alexnet3-128");
        QVERIFY(checkFits(spec, *predicted).ok());
    }

    void aDevicesEnergyNumbersAreTakenFromADocument()
    {
        const auto numbers = m_folder.filePath("energy.json");
        const profile::EnergyProfile stated{
            .source = "bench supply, two runs", .k0 = 2e-28, .frequencyHz = 1.8e9, .channel = profile::RadioChannel{}};
        QFile file(numbers);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(toJson(stated)));
        file.close();
        const auto out = m_folder.filePath("here.json");
        const auto ran = run({"measure", "--budget", "0.5", "--energy", numbers, "--out", out});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        QCOMPARE(profile::loadComputeProfile(out.toStdString())->energy, stated);
        const auto shown = run({"show", out}).out;
        QVERIFY(shown.contains("bench supply, two runs"));
        QVERIFY(shown.contains("stated channel"));
        const auto wrong = run({"measure", "--energy", m_measured});
        QCOMPARE(wrong.exitCode, 2);
        QVERIFY2(wrong.err.contains("k0_j_s2_per_cycle"), wrong.err.constData());
    }

    void wrongUsageIsStatus2AndSaysWhy_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("emulate what") << QStringList{"emulate"} << "which profile?";
        QTest::newRow("which device") << QStringList{"emulate", m_measured, "--device", "pi9"} << "there is pi3";
        QTest::newRow("fit on what") << QStringList{"regression"} << "which profiles?";
        QTest::newRow("predict where") << QStringList{"regression", m_measured, "--predict", "alexnet5"} << "--out";
        QTest::newRow("two checks") << QStringList{"regression", m_measured, "--cross", "--holdout", m_measured} << "--cross";
        QTest::newRow("form") << QStringList{"regression", m_measured, "--form", "cubic"} << "edgent or work";
        QTest::newRow("seconds") << QStringList{"meter", "--seconds", "0"} << "--seconds";
    }
    void wrongUsageIsStatus2AndSaysWhy()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const auto ran = run(arguments);
        QCOMPARE(ran.exitCode, 2);
        QVERIFY2(ran.err.contains(says.toUtf8()), ran.err.constData());
    }

    void theMeterReadsOrSaysWhyNot()
    {
        const auto ran = run({"meter", "--seconds", "0.05", "--json"});
        if (ran.exitCode == 0) {
            const auto object = QJsonDocument::fromJson(ran.out).object();
            QVERIFY(object["joules"].toDouble(-1) >= 0);
            QVERIFY(!object["meter"].toString().isEmpty());
        } else {
            QCOMPARE(ran.exitCode, 1);
            QVERIFY2(ran.err.contains("not metered here"), ran.err.constData());
        }
    }
};

QTEST_GUILESS_MAIN(TestCliProfileMade)
#include "tst_cli_profile_made.moc"
