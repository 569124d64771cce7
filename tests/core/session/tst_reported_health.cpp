// SPDX-License-Identifier: GPL-3.0-or-later
// Each frame is told with the report that was the device's newest when it was captured, in whatever order records come.
#include "core/session/reported_health.h"

#include <QTest>

using namespace splitscope;

namespace {

wire::FrameRecord recordOf(std::uint64_t firstFrame, std::optional<double> reported = {})
{
    wire::FrameRecord record;
    record.firstFrame = firstFrame;
    if (reported) {
        record.health.emplace();
        record.health->temperatureC = *reported;
    }
    return record;
}

double degrees(const std::optional<wire::Health>& health) { return health ? health->temperatureC.value_or(-1) : -1; }

}  // namespace

class TestReportedHealth : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void framesBehindAReportWereCapturedUnderIt()
    {
        session::ReportedHealth health;
        QCOMPARE(degrees(health.at(recordOf(0))), -1.0);  // none was made yet
        QCOMPARE(degrees(health.at(recordOf(4, 50))), 50.0);
        QCOMPARE(degrees(health.at(recordOf(8))), 50.0);
        QCOMPARE(degrees(health.at(recordOf(12, 60))), 60.0);
        QCOMPARE(degrees(health.at(recordOf(16))), 60.0);
    }

    void aRecordThatComesLateIsOfItsOwnTime()
    {
        session::ReportedHealth health;
        QCOMPARE(degrees(health.at(recordOf(0, 50))), 50.0);
        QCOMPARE(degrees(health.at(recordOf(12, 60))), 60.0);
        QCOMPARE(degrees(health.at(recordOf(8))), 50.0);  // it fell back, and was finished after the others
        QCOMPARE(degrees(health.at(recordOf(12, 60))), 60.0);  // sent again
    }

    void ofAVeryLongSilenceTheOldestAreForgotten()
    {
        session::ReportedHealth health;
        for (std::uint64_t frame = 1; frame <= 10'000; ++frame)
            QCOMPARE(degrees(health.at(recordOf(frame, 40))), 40.0);
        QCOMPARE(degrees(health.at(recordOf(1))), -1.0);
        QCOMPARE(degrees(health.at(recordOf(10'001))), 40.0);
    }
};

QTEST_APPLESS_MAIN(TestReportedHealth)
#include "tst_reported_health.moc"
