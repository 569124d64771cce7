// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/session/incidents.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace splitscope;
using session::Incident;
using session::Incidents;

namespace {

wire::FrameRecord recordAt(std::uint64_t frame, double capturedMs, wire::Outcome outcome, const std::string& reason = {})
{
    wire::FrameRecord record;
    record.firstFrame = frame;
    record.capturedAtMs = capturedMs;
    record.outcome = outcome;
    record.reason = reason;
    record.stages.total = 10;
    return record;
}

QJsonObject detailOf(const Incident& incident)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(incident.detail)).object();
}

QStringList statesOf(const std::vector<Incident>& incidents)
{
    QStringList states;
    for (const auto& incident : incidents)
        states << QString::fromStdString(incident.kind) + ' ' + detailOf(incident)["state"].toString();
    return states;
}

}  // namespace

class TestIncidents : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTableThatIsOffIsToldStageByStageOnceAndWhenItFitsAgain()
    {
        Incidents incidents;
        profile::StageFits fits;
        QVERIFY(incidents.onFits(fits, 1'000'000'000).empty());
        auto& device = fits[static_cast<std::size_t>(profile::Stage::Device)];
        device = {10, 16, 1.6, 31, true};
        const auto begun = incidents.onFits(fits, 2'000'000'000);
        QCOMPARE(statesOf(begun), (QStringList{"prediction begin"}));
        QVERIFY(begun[0].level == base::LogLevel::Warning);
        QVERIFY2(begun[0].text.starts_with("device takes 1.6 ×"), begun[0].text.c_str());
        QVERIFY(incidents.onFits(fits, 3'000'000'000).empty());
        auto& total = fits[static_cast<std::size_t>(profile::Stage::Total)];
        total = {20, 26, 1.3, 31, true};
        device.off = false;
        QCOMPARE(statesOf(incidents.onFits(fits, 4'000'000'000)), (QStringList{"prediction end", "prediction begin"}));
        QCOMPARE(statesOf(incidents.onEnd(5'000'000'000)), (QStringList{"prediction end"}));
        QVERIFY(incidents.onEnd(6'000'000'000).empty());
    }

    void aStretchOfFallbackIsToldOnceWhenItBeginsAndOnceWhenItIsOver()
    {
        Incidents incidents;
        QVERIFY(incidents.onRecord(recordAt(0, 0, wire::Outcome::Done)).empty());
        const auto begun = incidents.onRecord(recordAt(1, 100, wire::Outcome::Fallback, "edge silent for 400 ms"));
        QCOMPARE(statesOf(begun), (QStringList{"fallback begin", "edge-silent begin"}));
        QCOMPARE(begun[0].atMs.value_or(-1), 100.0);
        QVERIFY(begun[0].level == base::LogLevel::Warning);
        QCOMPARE(detailOf(begun[0])["reason"].toString(), QString("edge silent for 400 ms"));
        QVERIFY(incidents.onRecord(recordAt(2, 200, wire::Outcome::Fallback, "the edge gave no reason")).empty());
        QVERIFY(incidents.onRecord(recordAt(3, 300, wire::Outcome::Done)).empty());  // in between: not over yet
        QVERIFY(incidents.onRecord(recordAt(4, 400, wire::Outcome::Fallback, "edge silent for 300 ms")).empty());
        const auto over = incidents.onRecord(recordAt(5, 1500, wire::Outcome::Done));
        QCOMPARE(statesOf(over), (QStringList{"fallback end", "edge-silent end"}));
        const auto detail = detailOf(over[0]);
        QCOMPARE(detail["frames"].toInt(), 3);
        QCOMPARE(detail["first_frame"].toInt(), 1);
        QCOMPARE(detail["last_frame"].toInt(), 4);
        QCOMPARE(detail["lasted_ms"].toDouble(), 310.0);
        QCOMPARE(detailOf(over[1])["frames"].toInt(), 2);
        QCOMPARE(over[0].atMs.value_or(-1), 410.0);
        QVERIFY(incidents.onRecord(recordAt(6, 3000, wire::Outcome::Done)).empty());
    }

    void aRunsEndIsTheEndOfWhatGoesOn()
    {
        Incidents incidents;
        wire::Health health;
        health.throttled = true;
        incidents.onHealth(health, base::fromMs(1000));
        incidents.onRecord(recordAt(1, 100, wire::Outcome::Fallback, "no answer"));
        QCOMPARE(statesOf(incidents.onEnd(base::fromMs(3000))), (QStringList{"fallback end", "throttling end"}));
        QVERIFY(incidents.onEnd(base::fromMs(4000)).empty());
    }

    void throttlingIsToldWhenItBeginsAndEndsAndNotWhereNobodyKnows()
    {
        Incidents incidents;
        wire::Health health;
        QVERIFY(incidents.onHealth(health, base::fromMs(1)).empty());
        health.throttled = false;
        QVERIFY(incidents.onHealth(health, base::fromMs(1000)).empty());
        health.throttled = true;
        health.temperatureC = 82;
        health.clockHz = 6e8;
        health.fullClockHz = 1.5e9;
        const auto begun = incidents.onHealth(health, base::fromMs(2000));
        QCOMPARE(statesOf(begun), QStringList{"throttling begin"});
        QVERIFY(QString::fromStdString(begun[0].text).contains(QStringLiteral("82 °C, 600 of 1500 MHz")));
        QVERIFY(incidents.onHealth(health, base::fromMs(3000)).empty());
        health.throttled.reset();  // not told is not over
        QVERIFY(incidents.onHealth(health, base::fromMs(4000)).empty());
        health.throttled = false;
        health.underVoltage = true;
        const auto changed = incidents.onHealth(health, base::fromMs(5000));
        QCOMPARE(statesOf(changed), (QStringList{"throttling end", "under-voltage begin"}));
        QCOMPARE(detailOf(changed[0])["lasted_ms"].toDouble(), 3000.0);
    }

    void aLinkThatComesBackTellsHowLongItWasSilent()
    {
        Incidents incidents;
        QCOMPARE(statesOf(incidents.onLink(link::LinkState::Connecting, "", 0)), QStringList{"link connecting"});
        const auto first = incidents.onLink(link::LinkState::Connected, "", base::fromMs(10));
        QVERIFY(!detailOf(first[0]).contains("again"));
        const auto silent = incidents.onLink(link::LinkState::Silent, "nothing for 1.0 s", base::fromMs(5000));
        QVERIFY(silent[0].level == base::LogLevel::Warning);
        QVERIFY(QString::fromStdString(silent[0].text).contains("nothing for 1.0 s"));
        const auto again = incidents.onLink(link::LinkState::Connected, "", base::fromMs(6500));
        QVERIFY(detailOf(again[0])["again"].toBool());
        QCOMPARE(detailOf(again[0])["silent_ms"].toDouble(), 1500.0);
    }
};

QTEST_GUILESS_MAIN(TestIncidents)
#include "tst_incidents.moc"
