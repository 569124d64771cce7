// SPDX-License-Identifier: GPL-3.0-or-later
// A recorded run in the real window: its samples reach the charts, at any speed, from any place; its report is written.
#include "tests/gui/recorded_runs.h"
#include "tests/gui/window_fixture.h"
#include "ui/bridge/replay_source.h"
#include "ui/bridge/report_writer.h"
#include "ui/pages/live_page.h"
#include "ui/widgets/control_dock.h"
#include "ui/widgets/replay_bar.h"
#include "ui/widgets/title_row.h"
#include "ui/widgets/trouble_strip.h"

#include <QAction>
#include <QComboBox>
#include <QSlider>
#include <QToolButton>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

constexpr int kPatienceMs = 60'000;
constexpr int kRequests = 500;  // 20 s at 40 ms each
constexpr std::uint64_t kRun = 11;

struct Fixture : WindowFixture {
    std::filesystem::path records = folder.filePath(QStringLiteral("records.sqlite")).toStdString();

    Fixture()
    {
        RecordedRun run;
        run.run = kRun;
        run.strategy = "optimum";
        run.requests = kRequests;
        recorded = recordRuns(records, {run});
    }
    void setSpeed(double speed)
    {
        auto* box = window.replayBar().speedBox();
        box->setCurrentIndex(box->findData(speed));
    }
    bool recorded = false;
};

}  // namespace

class TestReplay : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aRecordedRunReachesTheChartsWhole();
    void theSpeedSetsThePace();
    void spacePausesAndResumes();
    void theSeekBarJumpsBothWays();
    void aRunThatIsNotThereIsExplained();
    void closingGivesTheLivePageBack();
    void startingAnExperimentEndsTheReplay();
    void theReportIsWrittenBesideTheReplay();
};

void TestReplay::initTestCase() { useSettingsOfTest("replay"); }

void TestReplay::aRecordedRunReachesTheChartsWhole()
{
    Fixture f;
    QVERIFY(f.recorded);
    f.setSpeed(ReplaySource::kMaxSpeed);
    f.window.openReplay({f.records, kRun});
    QTRY_COMPARE_WITH_TIMEOUT(f.store.size(), std::size_t{kRequests}, kPatienceMs);
    QVERIFY(f.window.replayBar().isVisible());
    QVERIFY(f.window.replayBar().text().contains(QLatin1String("optimum")));
    QVERIFY(f.window.titleRow().countersText().contains(QLatin1String("500")));
    RecordedRun run;
    run.requests = kRequests;
    for (int i = 0; i < kRequests; i += 37) {
        const auto expected = recordedSample(run, i);
        const auto at = static_cast<std::size_t>(i);
        QCOMPARE(f.store.value(Column::Frame, at), static_cast<float>(i));
        QCOMPARE(f.store.value(Column::Total, at), static_cast<float>(expected.record.stages.total));
        QCOMPARE(f.store.value(Column::Exit, at), static_cast<float>(expected.record.decision.exit));
        QCOMPARE(f.store.value(Column::Reward, at), static_cast<float>(expected.reward));
        QCOMPARE(f.store.value(Column::ExpectedAccuracy, at), static_cast<float>(expected.expectedAccuracy));
        QCOMPARE(f.store.value(Column::SetRate, at), static_cast<float>(expected.record.setBytesPerSecond));
    }
    QTRY_VERIFY_WITH_TIMEOUT(!f.window.replay().playing(), kPatienceMs);
    QCOMPARE(f.window.replayBar().seekBar()->value(), f.window.replayBar().seekBar()->maximum());
}

void TestReplay::theSpeedSetsThePace()
{
    Fixture f;
    f.setSpeed(10);
    f.window.openReplay({f.records, kRun});
    QTRY_VERIFY_WITH_TIMEOUT(f.window.replay().position() > 2, kPatienceMs);
    // Whatever the machine does meanwhile: what has arrived is what lies before the position, and no more.
    const double position = f.window.replay().position();
    QVERIFY(f.window.replay().position() < f.window.replay().duration() || f.store.size() == kRequests);
    QVERIFY(std::abs(static_cast<double>(f.store.size()) * 0.04 - position) < 0.2);
    f.setSpeed(ReplaySource::kMaxSpeed);
    QTRY_COMPARE_WITH_TIMEOUT(f.store.size(), std::size_t{kRequests}, kPatienceMs);
}

void TestReplay::spacePausesAndResumes()
{
    Fixture f;
    f.setSpeed(0.25);
    f.window.openReplay({f.records, kRun});
    QTRY_VERIFY_WITH_TIMEOUT(f.window.replay().playing(), kPatienceMs);
    QTest::keyClick(&f.window, Qt::Key_Space);
    QVERIFY(!f.window.replay().playing());
    QVERIFY(f.window.pauseAction()->isChecked());
    const double position = f.window.replay().position();
    QTest::keyClick(&f.window, Qt::Key_Space);
    QVERIFY(f.window.replay().playing());
    QTRY_VERIFY_WITH_TIMEOUT(f.window.replay().position() > position, kPatienceMs);
    QTest::mouseClick(f.window.replayBar().playButton(), Qt::LeftButton);
    QVERIFY(!f.window.replay().playing());
}

void TestReplay::theSeekBarJumpsBothWays()
{
    Fixture f;
    f.setSpeed(0.25);
    f.window.openReplay({f.records, kRun});
    QTRY_VERIFY_WITH_TIMEOUT(f.window.replay().isOpen(), kPatienceMs);
    f.window.replay().play(false);
    auto* bar = f.window.replayBar().seekBar();
    const auto requestsBefore = [&](double share) {
        const double seconds = f.window.replay().duration() * share;
        RecordedRun run;
        run.requests = kRequests;
        std::size_t count = 0;
        for (int i = 0; i < kRequests; ++i) {
            const auto record = recordedSample(run, i).record;
            count += (record.capturedAtMs + record.stages.total) / 1000 <= seconds ? 1 : 0;
        }
        return count;
    };
    bar->setValue(bar->maximum() * 3 / 4);
    QTRY_VERIFY_WITH_TIMEOUT(f.window.replay().caughtUp(), kPatienceMs);
    QCOMPARE(f.store.size(), requestsBefore(0.75));
    bar->setValue(bar->maximum() / 4);
    QTRY_VERIFY_WITH_TIMEOUT(f.window.replay().caughtUp(), kPatienceMs);
    QCOMPARE(f.store.size(), requestsBefore(0.25));
    QCOMPARE(f.store.value(Column::Frame, 0), 0.0F);
    bar->setValue(0);
    QTRY_VERIFY_WITH_TIMEOUT(f.window.replay().caughtUp(), kPatienceMs);
    QCOMPARE(f.store.size(), std::size_t{0});
    QVERIFY(!f.window.replay().playing());
}

void TestReplay::aRunThatIsNotThereIsExplained()
{
    Fixture f;
    f.window.openReplay({f.records, 77});
    QTRY_VERIFY_WITH_TIMEOUT(f.window.troubles().text().contains(QLatin1String("holds no run 77")), kPatienceMs);
    QVERIFY(!f.window.replay().active());
    QVERIFY(!f.window.replayBar().isVisible());
}

void TestReplay::closingGivesTheLivePageBack()
{
    Fixture f;
    f.setSpeed(ReplaySource::kMaxSpeed);
    f.window.openReplay({f.records, kRun});
    QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > 0, kPatienceMs);
    QTest::mouseClick(f.window.replayBar().closeButton(), Qt::LeftButton);
    QVERIFY(!f.window.replay().active());
    QVERIFY(!f.window.replayBar().isVisible());
    QCOMPARE(f.store.size(), std::size_t{0});
    QVERIFY(!f.window.pauseAction()->isEnabled());
}

void TestReplay::startingAnExperimentEndsTheReplay()
{
    QVERIFY2(QFile::exists(QStringLiteral(SPLITSCOPE_BIN "/splitscoped")), "the daemon is built with the tests");
    Fixture f;
    f.setSpeed(0.25);
    f.window.openReplay({f.records, kRun});
    QTRY_VERIFY_WITH_TIMEOUT(f.window.replay().isOpen(), kPatienceMs);
    f.window.startExperiment();
    QVERIFY(!f.window.replay().active());
    QTRY_VERIFY_WITH_TIMEOUT(f.store.size() > 3, kPatienceMs);
    f.window.openReplay({f.records, kRun});
    QVERIFY(!f.window.replay().active());  // the experiment goes first
    QVERIFY(f.window.troubles().text().contains(QLatin1String("under way")));
    f.window.stopExperiment();
    QTRY_VERIFY_WITH_TIMEOUT(!f.bridge.active(), kPatienceMs);
}

void TestReplay::theReportIsWrittenBesideTheReplay()
{
    Fixture f;
    QSignalSpy written(&f.window.reports(), &ReportWriter::written);
    QSignalSpy failed(&f.window.reports(), &ReportWriter::failed);
    const QString html = f.folder.filePath(QStringLiteral("run.html"));
    f.window.reports().write({f.records, kRun}, html.toStdString());
    QVERIFY(!f.window.replayBar().reportButton()->isEnabled());
    QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, kPatienceMs);
    QVERIFY(f.window.replayBar().reportButton()->isEnabled());
    QFile file(html);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().contains("Latency by stage"));
    f.window.reports().write({f.records, kRun}, "/proc/nowhere/run.html");
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(!f.window.troubles().text().isEmpty(), kPatienceMs);
}

QTEST_MAIN(TestReplay)
#include "tst_replay.moc"
