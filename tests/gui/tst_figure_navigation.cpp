// SPDX-License-Identifier: GPL-3.0-or-later
// How people move about in figures: the same mouse and keys as in the live charts.
#include "ui/charts/figure_chart.h"
#include "ui/charts/plot_view.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

#include <cmath>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

constexpr std::size_t kPoints = 41;

std::vector<double> rising()
{
    std::vector<double> values;
    for (std::size_t i = 0; i < kPoints; ++i)
        values.push_back(static_cast<double>(i));
    return values;
}

/// Two panels over one x axis, and one over another.
session::Figure lines()
{
    session::Figure figure;
    figure.key = "overlay";
    figure.title = "Lines";
    figure.kind = session::FigureKind::Plots;
    for (int row = 0; row < 3; ++row) {
        session::PlotPanel panel;
        panel.row = row;
        panel.x = {"time (s)", "time_s", "s", false, 0};
        panel.y = {"latency (ms)", "latency_ms", "ms", false, 0};
        session::PlotSeries series{"run0", "first", "run:0", session::PlotMark::Line, rising(), rising(), {}, {}, {}};
        if (row == 2)
            for (double& x : series.xs)
                x *= 2;
        panel.series = {series};
        figure.plots.push_back(panel);
    }
    return figure;
}

session::Figure bars()
{
    session::Figure figure;
    figure.key = "3";
    figure.kind = session::FigureKind::Bars;
    for (const char* layer : {"conv1", "pool1", "conv2", "pool2", "fc1", "fc2", "fc3", "fc4"})
        figure.categories.push_back({layer, "conv", ""});
    figure.series = {{"device", "device", {1, 2, 3, 4, 5, 6, 7, 8}, {}, {}}};
    return figure;
}

session::Figure rows()
{
    session::Figure figure;
    figure.key = "rows";
    figure.kind = session::FigureKind::Rows;
    figure.categories = {{"optimum", "", ""}, {"sacd", "", ""}};
    figure.rowPanels = {{"latency", 0, 0, {"ms", "ms", "ms", false, 0}, {{"a", "a", {1, 9}, {}, {}}}, {}, false}};
    return figure;
}

Plot plot()
{
    Plot plot;
    plot.key = QStringLiteral("loss");
    plot.x.unit = QStringLiteral("updates");
    plot.lines = {{QStringLiteral("loss"), QStringLiteral("loss"), {}}};
    for (const double x : rising())
        plot.lines[0].points.emplace_back(x, x * x);
    return plot;
}

/// What a test needs to see of a chart's panels.
template <typename Chart>
struct Shown : Chart {
    Shown()
    {
        this->resize(700, 480);
        this->show();
        this->setFocus();
    }
    using Chart::panels;
    QPointF at(double x, double y, std::size_t panel = 0)
    {
        const QRectF box = panels()[panel].box;
        return {box.left() + x * box.width(), box.bottom() - y * box.height()};
    }
    void send(QEvent::Type type, const QPointF& place, Qt::MouseButton button, Qt::KeyboardModifiers keys = {})
    {
        QMouseEvent event(type, place, this->mapToGlobal(place), type == QEvent::MouseMove ? Qt::NoButton : button, button, keys);
        QCoreApplication::sendEvent(this, &event);
    }
    void drag(const QPointF& from, const QPointF& to, Qt::MouseButton button = Qt::LeftButton, Qt::KeyboardModifiers keys = {})
    {
        send(QEvent::MouseButtonPress, from, button, keys);
        send(QEvent::MouseMove, (from + to) / 2, button, keys);
        send(QEvent::MouseMove, to, button, keys);
        send(QEvent::MouseButtonRelease, to, button, keys);
    }
    bool turnWheel(const QPointF& place, const QPoint& turned, Qt::KeyboardModifiers keys = {})
    {
        QWheelEvent event(place, this->mapToGlobal(place), {}, turned, Qt::NoButton, keys, Qt::NoScrollPhase, false);
        event.ignore();
        QCoreApplication::sendEvent(this, &event);
        return event.isAccepted();
    }
};

bool near(double a, double b) { return std::abs(a - b) < 0.01; }

}  // namespace

class TestFigureNavigation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void draggingZoomsToTheRectangle();
    void flatDragsZoomOneAxisAndClicksNone();
    void panelsOverOneAxisAreZoomedAlongItTogether();
    void theWheelZoomsAroundThePointer();
    void draggingWithShiftOrTheMiddleButtonPans_data();
    void draggingWithShiftOrTheMiddleButtonPans();
    void keysZoomPanAndShowAll();
    void keysMoveTheCrosshairFromValueToValue();
    void allIsShownAgainByDoubleClickAndButton();
    void whatIsOutOfSightIsNotTold();
    void aFigureDrawnAnewKeepsItsZoomAndAnotherOneDoesNot();
    void theZoomIsExported();
    void categoriesAndRowsAreZoomedToo();
    void plotsOfATrainingKeepTheirZoomWhileItGoesOn();
    void smallPlotsLeaveTheWheelToWhatIsAroundThem();
    void emptyOnesDoNothing();
    void helpIsThereForScreenReaders();
};

void TestFigureNavigation::draggingZoomsToTheRectangle()
{
    Shown<FigureChart> chart;
    chart.setFigure(lines());
    const QImage before = chart.grab().toImage();
    chart.drag(chart.at(0.25, 0.9), chart.at(0.75, 0.3));
    const PanelWindow window = chart.zoom().of(0);
    QVERIFY(near(window.x.from, 0.25) && near(window.x.to, 0.75));
    QVERIFY(near(window.y.from, 0.3) && near(window.y.to, 0.9));
    QVERIFY(chart.grab().toImage() != before);
    // Once more, within what is in sight.
    chart.drag(chart.at(0, 0.5), chart.at(0.5, 0.5));
    QVERIFY(near(chart.zoom().of(0).x.from, 0.25) && near(chart.zoom().of(0).x.to, 0.5));
    QVERIFY(near(chart.zoom().of(0).y.from, 0.3));
}

void TestFigureNavigation::flatDragsZoomOneAxisAndClicksNone()
{
    Shown<FigureChart> chart;
    chart.setFigure(lines());
    chart.drag(chart.at(0.5, 0.5), chart.at(0.5, 0.5) + QPointF(3, 2));
    QVERIFY(chart.zoom().whole());
    chart.drag(chart.at(0.2, 0.5), chart.at(0.6, 0.5));
    QVERIFY(near(chart.zoom().of(0).x.from, 0.2) && chart.zoom().of(0).y.whole());
    chart.showAll();
    chart.drag(chart.at(0.5, 0.1), chart.at(0.5, 0.8));
    QVERIFY(chart.zoom().of(0).x.whole() && near(chart.zoom().of(0).y.to, 0.8));
}

void TestFigureNavigation::panelsOverOneAxisAreZoomedAlongItTogether()
{
    Shown<FigureChart> chart;
    chart.setFigure(lines());
    chart.drag(chart.at(0.25, 0.9), chart.at(0.75, 0.3));
    QCOMPARE(chart.zoom().of(1).x, chart.zoom().of(0).x);
    QVERIFY(chart.zoom().of(1).y.whole());
    QVERIFY2(chart.zoom().of(2).whole(), "it spans another range");
}

void TestFigureNavigation::theWheelZoomsAroundThePointer()
{
    Shown<FigureChart> chart;
    chart.setFigure(lines());
    QVERIFY(chart.turnWheel(chart.at(0.25, 0.5), {0, 240}));
    const AxisWindow x = chart.zoom().of(0).x;
    QVERIFY(near(x.from, 0.125) && near(x.to, 0.625));
    chart.turnWheel(chart.at(0.25, 0.5), {0, -240});
    QVERIFY(chart.zoom().whole());
    // With Ctrl up and down; sideways, or with Shift, it pans.
    chart.turnWheel(chart.at(0.25, 0.5), {0, 240}, Qt::ControlModifier);
    QVERIFY(near(chart.zoom().of(0).y.from, 0.25) && chart.zoom().of(0).x.whole());
    chart.turnWheel(chart.at(0.25, 0.5), {0, 240});
    chart.turnWheel(chart.at(0.25, 0.5), {0, -480}, Qt::ShiftModifier);
    QVERIFY(near(chart.zoom().of(0).x.from, 0.375));
    QVERIFY2(!chart.turnWheel({2, 2}, {0, 240}), "beside the axes it scrolls what is around");
}

void TestFigureNavigation::draggingWithShiftOrTheMiddleButtonPans_data()
{
    QTest::addColumn<Qt::MouseButton>("button");
    QTest::addColumn<Qt::KeyboardModifiers>("modifiers");
    QTest::newRow("shift") << Qt::LeftButton << Qt::KeyboardModifiers(Qt::ShiftModifier);
    QTest::newRow("middle button") << Qt::MiddleButton << Qt::KeyboardModifiers();
}

void TestFigureNavigation::draggingWithShiftOrTheMiddleButtonPans()
{
    QFETCH(Qt::MouseButton, button);
    QFETCH(Qt::KeyboardModifiers, modifiers);
    Shown<FigureChart> chart;
    chart.setFigure(lines());
    chart.drag(chart.at(0.25, 0.75), chart.at(0.75, 0.25));
    chart.drag(chart.at(0.5, 0.5), chart.at(0.3, 0.7), button, modifiers);
    const PanelWindow window = chart.zoom().of(0);
    QVERIFY(near(window.x.from, 0.35) && near(window.x.to, 0.85));
    QVERIFY(near(window.y.from, 0.15) && near(window.y.to, 0.65));
    // It stays within the axes.
    chart.drag(chart.at(0.9, 0.5), chart.at(-3, 0.5), button, modifiers);
    QCOMPARE(chart.zoom().of(0).x.to, 1.0);
    QVERIFY(near(chart.zoom().of(0).x.span(), 0.5));
}

void TestFigureNavigation::keysZoomPanAndShowAll()
{
    Shown<FigureChart> chart;
    chart.setFigure(lines());
    QTest::keyClick(&chart, Qt::Key_Plus);
    QVERIFY(near(chart.zoom().of(0).x.span(), 1 / 1.5));
    QTest::keyClick(&chart, Qt::Key_Home);
    QCOMPARE(chart.zoom().of(0).x.from, 0.0);
    QTest::keyClick(&chart, Qt::Key_Right);
    QVERIFY(near(chart.zoom().of(0).x.from, 1 / 1.5 / 8));
    QTest::keyClick(&chart, Qt::Key_End);
    QCOMPARE(chart.zoom().of(0).x.to, 1.0);
    QTest::keyClick(&chart, Qt::Key_PageUp);
    QCOMPARE(chart.zoom().of(0).x.from, 0.0);
    QTest::keyClick(&chart, Qt::Key_Minus);
    QVERIFY(chart.zoom().whole());
    QTest::keyClick(&chart, Qt::Key_Plus);
    QTest::keyClick(&chart, Qt::Key_0);
    QVERIFY(chart.zoom().whole());
}

void TestFigureNavigation::keysMoveTheCrosshairFromValueToValue()
{
    Shown<FigureChart> chart;
    chart.setFigure(lines());
    QTest::keyClick(&chart, Qt::Key_Right, Qt::ShiftModifier);
    QVERIFY(chart.view().hover);
    const FigureSpot first = *chart.view().hover;
    QVERIFY(!chart.hoverValues().isEmpty());
    QTest::keyClick(&chart, Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(chart.view().hover->index, first.index + 1);
    QTest::keyClick(&chart, Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(*chart.view().hover, first);
    for (std::size_t i = 0; i < 2 * kPoints; ++i)
        QTest::keyClick(&chart, Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(chart.view().hover->index, kPoints - 1);
    QTest::keyClick(&chart, Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(chart.view().hover->map, first.map + 1);
    QTest::keyClick(&chart, Qt::Key_Escape);
    QVERIFY(!chart.view().hover);
}

void TestFigureNavigation::allIsShownAgainByDoubleClickAndButton()
{
    Shown<FigureChart> chart;
    chart.setFigure(lines());
    QVERIFY(!chart.wholeButton()->isVisible());
    chart.drag(chart.at(0.25, 0.9), chart.at(0.75, 0.3));
    QVERIFY(chart.wholeButton()->isVisible());
    QTest::mouseClick(chart.wholeButton(), Qt::LeftButton);
    QVERIFY(chart.zoom().whole() && !chart.wholeButton()->isVisible());
    chart.drag(chart.at(0.25, 0.9), chart.at(0.75, 0.3));
    QTest::mouseDClick(&chart, Qt::LeftButton, {}, chart.at(0.5, 0.5).toPoint());
    QVERIFY(chart.zoom().whole());
}

void TestFigureNavigation::whatIsOutOfSightIsNotTold()
{
    Shown<FigureChart> chart;
    chart.setFigure(lines());
    chart.drag(chart.at(0, 0.5), chart.at(0.5, 0.5));
    chart.send(QEvent::MouseMove, chart.at(0.99, 0.5), Qt::NoButton);
    QVERIFY(chart.view().hover);
    QVERIFY(chart.view().hover->index <= kPoints / 2);
}

void TestFigureNavigation::aFigureDrawnAnewKeepsItsZoomAndAnotherOneDoesNot()
{
    Shown<FigureChart> chart;
    chart.setFigure(lines());
    chart.drag(chart.at(0.25, 0.9), chart.at(0.75, 0.3));
    const PanelZoom zoom = chart.zoom();
    chart.setFigure(lines());
    QCOMPARE(chart.zoom(), zoom);
    auto fewer = lines();
    fewer.plots.pop_back();
    chart.setFigure(fewer);
    QVERIFY(chart.zoom().whole());
    chart.drag(chart.at(0.25, 0.9), chart.at(0.75, 0.3));
    chart.setFigure(bars());
    QVERIFY(chart.zoom().whole());
    QVERIFY(chart.view().zoom.whole());
}

void TestFigureNavigation::theZoomIsExported()
{
    const QTemporaryDir folder;
    Shown<FigureChart> chart;
    chart.setFigure(lines());
    const auto picture = [&](const char* name) {
        const QString file = folder.filePath(QLatin1String(name));
        return chart.exporting(file, "empty")() ? QImage(file) : QImage();
    };
    const QImage whole = picture("whole.png");
    chart.drag(chart.at(0.25, 0.9), chart.at(0.75, 0.3));
    const QImage part = picture("part.png");
    QVERIFY(!whole.isNull() && part.size() == whole.size());
    QVERIFY(part != whole);
}

void TestFigureNavigation::categoriesAndRowsAreZoomedToo()
{
    Shown<FigureChart> chart;
    chart.setFigure(bars());
    chart.drag(chart.at(0.5, 0.5), chart.at(0.99999, 0.5));
    chart.send(QEvent::MouseMove, chart.at(0.01, 0.5), Qt::NoButton);
    QVERIFY(chart.view().hover);
    QCOMPARE(chart.view().hover->index, std::size_t(4));
    chart.setFigure(rows());
    chart.drag(chart.at(0.5, 0.9), chart.at(1, 0.1));
    QVERIFY(near(chart.zoom().of(0).x.from, 0.5));
    QVERIFY2(chart.zoom().of(0).y.whole(), "all rows stay");
}

void TestFigureNavigation::plotsOfATrainingKeepTheirZoomWhileItGoesOn()
{
    Shown<PlotView> view;
    view.setPlot(plot());
    QSignalSpy clicked(&view, &PlotView::clicked);
    view.drag(view.at(0.25, 0.9), view.at(0.75, 0.3));
    QVERIFY(near(view.zoom().of(0).x.from, 0.25));
    QCOMPARE(clicked.size(), 0);
    const PanelZoom zoom = view.zoom();
    view.setPlot(plot());
    QCOMPARE(view.zoom(), zoom);
    QCOMPARE(view.plot().window, zoom.of(0));
    QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
    QVERIFY(view.hover());
    const double first = *view.hover();
    QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
    QVERIFY(*view.hover() > first && *view.hover() < first + 2);
    QTest::mouseClick(&view, Qt::LeftButton, {}, view.at(0.5, 0.5).toPoint());
    QCOMPARE(clicked.size(), 1);
    QVERIFY(std::abs(clicked.front().front().toDouble() - 20) < 1);
    Plot other = plot();
    other.key = QStringLiteral("reward");
    view.setPlot(other);
    QVERIFY(view.zoom().whole());
}

void TestFigureNavigation::smallPlotsLeaveTheWheelToWhatIsAroundThem()
{
    Shown<PlotView> view;
    Plot small = plot();
    small.compact = true;
    view.setPlot(small);
    QVERIFY(!view.turnWheel(QPointF(view.rect().center()), {0, 240}));
    QCOMPARE(view.focusPolicy(), Qt::NoFocus);
}

void TestFigureNavigation::emptyOnesDoNothing()
{
    Shown<FigureChart> chart;
    chart.clear(QStringLiteral("nothing yet"), QStringLiteral("Do it"));
    QSignalSpy asked(&chart, &FigureChart::actionRequested);
    for (const int key : {Qt::Key_Plus, Qt::Key_Left, Qt::Key_0, Qt::Key_Escape})
        QTest::keyClick(&chart, Qt::Key(key));
    QTest::keyClick(&chart, Qt::Key_Right, Qt::ShiftModifier);
    chart.drag({100, 100}, {300, 300});
    QVERIFY(chart.zoom().whole() && !chart.view().hover);
    QTest::mouseClick(chart.actionButton(), Qt::LeftButton);
    QCOMPARE(asked.size(), 1);
}

void TestFigureNavigation::helpIsThereForScreenReaders()
{
    FigureChart chart;
    QVERIFY(chart.whatsThis().contains(QStringLiteral("zoom")));
    QVERIFY(chart.whatsThis().contains(QStringLiteral("crosshair")));
    QCOMPARE(chart.focusPolicy(), Qt::StrongFocus);
}

QTEST_MAIN(TestFigureNavigation)
#include "tst_figure_navigation.moc"
