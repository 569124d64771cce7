// SPDX-License-Identifier: GPL-3.0-or-later
// How people move about in the live charts, by mouse and by keys; and what goes on beside them meanwhile.
#include "tests/gui/synthetic_run.h"
#include "ui/bridge/chart_exporter.h"
#include "ui/charts/live_charts.h"
#include "ui/pages/live_page.h"
#include "ui/tools/event_loop_watch.h"
#include "ui/widgets/value_table.h"

#include <QSignalSpy>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

/// A page on the screen with 80 s of requests.
struct ShownPage {
    SampleStore store;
    LivePage page{store};

    ShownPage()
    {
        page.resize(1000, 640);
        page.show();
        page.addSamples(syntheticRun(2000));
        page.refresh();
    }
    TimeChart& chart() { return *page.charts().front(); }
    TimeView& view() { return page.timeView(); }
    /// Where a chart has a time, in its viewport.
    QPoint at(double seconds)
    {
        const QRectF area = chart().plotArea();
        const TimeRange range = view().range();
        return QPointF(area.left() + (seconds - range.from) / range.span() * area.width(), area.center().y()).toPoint();
    }
    double secondsPerPixel() { return view().range().span() / chart().plotArea().width(); }
    void turnWheel(const QPoint& at, QPoint turned, Qt::KeyboardModifiers modifiers = {})
    {
        QWheelEvent event(at, chart().viewport()->mapToGlobal(at), {}, turned, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(chart().viewport(), &event);
        page.refresh();
    }
};

}  // namespace

class TestChartNavigation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void draggingZoomsAllAndDoubleClickFollows();
    void wheelZoomsAroundThePointer();
    void draggingWithShiftOrTheMiddleButtonPans_data();
    void draggingWithShiftOrTheMiddleButtonPans();
    void keysZoomPanAndFollow();
    void keysMoveTheCrosshairFromSampleToSample();
    void whatIsZoomedStaysWithinTheRun();
    void zoomedIntoThePastNothingMoves();
    void exportsAreOfTheMomentTheyWereAskedFor();
    void theWatchTellsBlocksByTheirCause();
};

void TestChartNavigation::draggingZoomsAllAndDoubleClickFollows()
{
    SampleStore store;
    LivePage page(store);
    page.resize(1000, 640);
    page.show();
    page.addSamples(syntheticRun(2000));
    QVERIFY(page.timeView().following());
    QWidget* area = page.charts().front()->viewport();
    const double spanBefore = page.timeView().range().span();
    QTest::mousePress(area, Qt::LeftButton, {}, QPoint(150, 60));
    QTest::mouseMove(area, QPoint(250, 60));
    QTest::mouseRelease(area, Qt::LeftButton, {}, QPoint(250, 60));
    QVERIFY(!page.timeView().following());
    QVERIFY(page.timeView().range().span() < spanBefore / 2);
    const TimeRange zoomed = page.timeView().range();
    page.addSamples(syntheticRun(10));
    QCOMPARE(page.timeView().range().from, zoomed.from);
    QTest::mouseDClick(area, Qt::LeftButton, {}, QPoint(150, 60));
    QVERIFY(page.timeView().following());
}

void TestChartNavigation::wheelZoomsAroundThePointer()
{
    ShownPage shown;
    shown.view().zoomTo({20, 40});
    shown.page.refresh();
    const QPoint at = shown.at(25);
    shown.turnWheel(at, {0, 240});
    QCOMPARE(shown.view().range().span(), 10.0);
    QVERIFY(std::abs(shown.at(25).x() - at.x()) <= 1);
    shown.turnWheel(at, {0, -240});
    QCOMPARE(shown.view().range().span(), 20.0);
    // Sideways, or with Shift, it pans.
    const double from = shown.view().range().from;
    shown.turnWheel(at, {-120, 0});
    QCOMPARE(shown.view().range().from, from + 2.5);
    shown.turnWheel(at, {0, 120}, Qt::ShiftModifier);
    QCOMPARE(shown.view().range().from, from);
}

void TestChartNavigation::draggingWithShiftOrTheMiddleButtonPans_data()
{
    QTest::addColumn<Qt::MouseButton>("button");
    QTest::addColumn<Qt::KeyboardModifiers>("modifiers");
    QTest::newRow("shift") << Qt::LeftButton << Qt::KeyboardModifiers(Qt::ShiftModifier);
    QTest::newRow("middle button") << Qt::MiddleButton << Qt::KeyboardModifiers();
}

void TestChartNavigation::draggingWithShiftOrTheMiddleButtonPans()
{
    QFETCH(Qt::MouseButton, button);
    QFETCH(Qt::KeyboardModifiers, modifiers);
    ShownPage shown;
    shown.view().zoomTo({20, 40});
    shown.page.refresh();
    QWidget* area = shown.chart().viewport();
    QTest::mousePress(area, button, modifiers, QPoint(300, 60));
    for (const int x : {280, 260, 200}) {
        QMouseEvent move(QEvent::MouseMove, QPointF(x, 60), area->mapToGlobal(QPointF(x, 60)), Qt::NoButton, button, modifiers);
        QCoreApplication::sendEvent(area, &move);
    }
    QTest::mouseRelease(area, button, modifiers, QPoint(200, 60));
    QVERIFY(std::abs(shown.view().range().from - (20 + 100 * shown.secondsPerPixel())) < 1e-6);
    QCOMPARE(shown.view().range().span(), 20.0);
    shown.page.refresh();
    for (const TimeChart* chart : shown.page.charts())
        QCOMPARE(chart->shownRange().from, shown.view().range().from);
}

void TestChartNavigation::keysZoomPanAndFollow()
{
    ShownPage shown;
    const double span = shown.view().range().span();
    QTest::keyClick(&shown.page, Qt::Key_Plus);
    QVERIFY(shown.view().following());
    QVERIFY(std::abs(shown.view().range().span() - span / 1.5) < 1e-9);
    const double from = shown.view().range().from;
    QTest::keyClick(&shown.page, Qt::Key_Left);
    QVERIFY(!shown.view().following());
    QVERIFY(shown.view().range().from < from);
    QTest::keyClick(&shown.page, Qt::Key_Right);
    QVERIFY(std::abs(shown.view().range().from - from) < 1e-9);
    QTest::keyClick(&shown.page, Qt::Key_Minus);
    QVERIFY(std::abs(shown.view().range().span() - span) < 1e-9);
    QTest::keyClick(&shown.page, Qt::Key_Home);
    QCOMPARE(shown.view().range().from, shown.store.time(0));
    QTest::keyClick(&shown.page, Qt::Key_0);
    QCOMPARE(shown.view().range().to, shown.store.latest());
    QCOMPARE(shown.view().range().from, shown.store.time(0));
    QTest::keyClick(&shown.page, Qt::Key_End);
    QVERIFY(shown.view().following());
}

void TestChartNavigation::keysMoveTheCrosshairFromSampleToSample()
{
    ShownPage shown;
    shown.view().zoomTo({20, 21});
    shown.page.refresh();
    QTest::keyClick(&shown.page, Qt::Key_Right, Qt::ShiftModifier);
    QVERIFY(shown.view().hover());
    const std::size_t first = shown.store.nearest(*shown.view().hover());
    QCOMPARE(*shown.view().hover(), shown.store.time(first));
    QTest::keyClick(&shown.page, Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(*shown.view().hover(), shown.store.time(first + 1));
    QVERIFY(shown.page.valueTable()->isVisible());
    // It does not leave what is shown.
    for (int i = 0; i < 20; ++i)
        QTest::keyClick(&shown.page, Qt::Key_Right, Qt::ShiftModifier);
    QVERIFY(*shown.view().hover() > 21);
    QVERIFY(*shown.view().hover() <= shown.view().range().to);
    QTest::keyClick(&shown.page, Qt::Key_Escape);
    QVERIFY(!shown.page.valueTable()->isVisible());
}

void TestChartNavigation::whatIsZoomedStaysWithinTheRun()
{
    ShownPage shown;
    TimeView& view = shown.view();
    view.zoomTo({70, 78});
    view.panBy(1000);
    QCOMPARE(view.range().to, shown.store.latest());
    QCOMPARE(view.range().span(), 8.0);
    view.panBy(-1000);
    QCOMPARE(view.range().from, shown.store.time(0));
    view.zoomBy(1e6, 40);
    QCOMPARE(view.range().span(), shown.store.latest() - shown.store.time(0));
    // At the end there is nothing later: following goes on.
    view.follow();
    view.panBy(10);
    QVERIFY(view.following());
}

void TestChartNavigation::zoomedIntoThePastNothingMoves()
{
    ShownPage shown;
    shown.view().zoomTo({20, 40});
    shown.page.refresh();
    const QImage before = shown.chart().grab().toImage();
    shown.page.addSamples(syntheticRun(100));
    shown.page.refresh();
    QCOMPARE(shown.chart().grab().toImage(), before);
}

/// The chart goes on, and its page may be cleared, while another thread writes.
void TestChartNavigation::exportsAreOfTheMomentTheyWereAskedFor()
{
    QTemporaryDir folder;
    ShownPage shown;
    shown.view().zoomTo({0, 100});
    ChartExporter exporter;
    QSignalSpy written(&exporter, &ChartExporter::written), failed(&exporter, &ChartExporter::failed),
        finished(&exporter, &ChartExporter::finished);
    const auto& charts = shown.page.charts();
    exporter.start({charts.front()}, folder.filePath(QStringLiteral("values.csv")), {});
    QVERIFY2(exporter.active(), "it is written beside the window");
    QTRY_COMPARE(written.size(), 1);
    exporter.start({charts.begin(), charts.end()}, folder.filePath(QStringLiteral("all.png")), {});
    exporter.start({charts.front()}, folder.filePath(QStringLiteral("missing/x.svg")), {});
    shown.page.clear();
    QTRY_VERIFY_WITH_TIMEOUT(!exporter.active(), 30'000);
    QCOMPARE(written.size(), 1 + static_cast<int>(charts.size()));
    QCOMPARE(failed.size(), 1);
    QFile values(folder.filePath(QStringLiteral("values.csv")));
    QVERIFY(values.open(QIODevice::ReadOnly));
    QCOMPARE(values.readAll().count('\n'), 2001);
    QVERIFY(!QImage(folder.filePath(QStringLiteral("all-bandwidth.png"))).isNull());
}

void TestChartNavigation::theWatchTellsBlocksByTheirCause()
{
    EventLoopWatch watch;
    watch.begin(QStringLiteral("nothing"));
    bool turned = false;
    QTimer::singleShot(0, &watch, [&] { turned = true; });
    QTRY_VERIFY(turned);
    watch.begin(QStringLiteral("a long computation"));
    QTimer::singleShot(0, &watch, [] {
        QElapsedTimer clock;
        clock.start();
        while (clock.elapsed() < 40) {}
    });
    QTRY_VERIFY(watch.longestMs(QStringLiteral("a long computation")) > 0 && watch.causes().back().overAllowed > 0);
    watch.begin(QStringLiteral("nothing"));
    QVERIFY(watch.longestMs(QStringLiteral("a long computation")) >= 38);
    QCOMPARE(watch.causes().size(), std::size_t(3));  // and what was before the first
    QCOMPARE(watch.causes().back().overAllowed, 1);
}

QTEST_MAIN(TestChartNavigation)
#include "tst_chart_navigation.moc"
