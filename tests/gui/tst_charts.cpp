// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/synthetic_run.h"
#include "ui/charts/chart_export.h"
#include "ui/charts/live_charts.h"
#include "ui/pages/live_page.h"
#include "ui/widgets/network_strip.h"
#include "ui/widgets/value_table.h"

#include <QAreaSeries>
#include <QImageReader>
#include <QSvgRenderer>
#include <QtTest>

using namespace splitscope;
using namespace splitscope::ui;

class TestCharts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyChartShowsSeriesOfASyntheticRun();
    void emptyChartsSayWhatWouldFillThem();
    void chartsShareOneTimeAxis();
    void screenAndPaperShowTheSameCurve();
    void hoveringShowsOneTableOfAllValues();
    void stackAddsUpToTheTotal();
    void ticksAreRound_data();
    void ticksAreRound();
    void longTimesAreToldAsClocksTellThem_data();
    void longTimesAreToldAsClocksTellThem();
    void exportedFilesDecode_data();
    void exportedFilesDecode();
    void csvHasOneColumnPerQuantity();
    void exportIntoAMissingFolderIsAnError();
    void aReportOfNothingIsAnError();
    void requestsWithoutAPriceLeaveRewardAndRegretEmpty();
    void expectedAccuracyIsThatOfTheFramesSoFar();
    void limitsAreLines();
    void theStripTellsTheReasonInWords();
};

namespace {

int pointsOf(const TimeChart& chart)
{
    qsizetype points = 0;
    for (const QAbstractSeries* series : chart.series()) {
        if (const auto* line = qobject_cast<const QLineSeries*>(series))
            points += line->count();
        if (const auto* area = qobject_cast<const QAreaSeries*>(series))
            points += area->upperSeries()->count();
    }
    return static_cast<int>(points);
}

}  // namespace

void TestCharts::everyChartShowsSeriesOfASyntheticRun()
{
    SampleStore store;
    LivePage page(store);
    page.resize(1000, 640);
    page.show();
    page.addSamples(syntheticRun(500));
    page.refresh();
    for (const TimeChart* chart : page.charts()) {
        QVERIFY2(pointsOf(*chart) > 20, qPrintable(chart->spec().key));
        QVERIFY2(pointsOf(*chart) < 20'000, qPrintable(chart->spec().key));
    }
    page.clear();
    page.refresh();
    for (const TimeChart* chart : page.charts())
        QCOMPARE(pointsOf(*chart), 0);
}

void TestCharts::emptyChartsSayWhatWouldFillThem()
{
    SampleStore store;
    LivePage page(store);
    for (const TimeChart* chart : page.charts())
        QVERIFY2(chart->spec().emptyText.contains(QLatin1String("Start an experiment")), qPrintable(chart->spec().key));
}

void TestCharts::chartsShareOneTimeAxis()
{
    SampleStore store;
    LivePage page(store);
    page.resize(1000, 640);
    page.show();
    page.addSamples(syntheticRun(2000));
    page.timeView().zoomTo({20, 30});
    page.refresh();
    for (const TimeChart* chart : page.charts()) {
        QCOMPARE(chart->shownRange().from, 20.0);
        QCOMPARE(chart->shownRange().to, 30.0);
    }
}

void TestCharts::screenAndPaperShowTheSameCurve()
{
    SampleStore store;
    TimeView view;
    // A ramp: each column has one height, whoever draws it.
    fillStore(store, 400, [](session::Sample& sample, int i) { sample.energyJoules = 1e-3 * i; });
    view.zoomTo({0, store.latest()});
    const auto screen = makeEnergyChart(store, view);
    screen->resize(600, 300);
    screen->show();
    screen->refresh();
    const auto paper = screen->paperCopy(view);
    paper->setAttribute(Qt::WA_DontShowOnScreen);
    paper->resize(600, 300);
    paper->show();
    paper->refresh();
    const QImage onScreen = screen->grab().toImage().convertToFormat(QImage::Format_RGB32);
    QImage onPaper(600, 300, QImage::Format_RGB32);
    onPaper.fill(Qt::white);
    {
        QPainter painter(&onPaper);
        paper->render(&painter, QRectF(0, 0, 600, 300), paper->viewport()->rect());
    }
    // Vermilion on both: its middle in a column.
    const auto middle = [](const QImage& image, int x, int top, int bottom) {
        double sum = 0, weight = 0;
        for (int y = top; y < bottom; ++y) {
            const QColor colour = image.pixelColor(x, y);
            const double w = std::max(0, colour.red() - colour.blue() - 40);
            sum += w * y;
            weight += w;
        }
        return weight > 0 ? sum / weight : -1;
    };
    const QRectF area = screen->plotArea();
    for (double share = 0.1; share < 0.95; share += 0.1) {
        const int x = static_cast<int>(area.left() + share * area.width());
        const double a = middle(onScreen, x, static_cast<int>(area.top()), static_cast<int>(area.bottom()));
        const double b = middle(onPaper, x, static_cast<int>(area.top()), static_cast<int>(area.bottom()));
        QVERIFY2(a > 0 && std::abs(a - b) < 1.5, qPrintable(QStringLiteral("at %1: %2, %3").arg(x).arg(a).arg(b)));
    }
}

void TestCharts::hoveringShowsOneTableOfAllValues()
{
    SampleStore store;
    LivePage page(store);
    page.resize(1000, 640);
    page.show();
    page.addSamples(syntheticRun(200));
    QVERIFY(!page.valueTable()->isVisible());
    page.timeView().setHover(4.0);
    QVERIFY(page.valueTable()->isVisible());
    const QString text = page.valueTable()->text();
    for (const char* expected :
         {"device", "transfer", "rate set 731 KB/s", "accuracy so far 75.0 %", "energy (modelled) 12.0 mJ", "4 bit, 4.10 KB"})
        QVERIFY2(text.contains(QString::fromUtf8(expected)), qPrintable(text));
    page.timeView().setHover(std::nullopt);
    QVERIFY(!page.valueTable()->isVisible());
}

void TestCharts::stackAddsUpToTheTotal()
{
    SampleStore store;
    fillStore(store, 64);
    double sum = 0;
    for (const auto& group : stageGroups())
        sum += meanMs(store, group, {0, 0, 64});
    const double total = static_cast<double>(store.column(Column::Total).envelope(0, 64).mean());
    QVERIFY(std::abs(sum - total) < 1e-3);
}

void TestCharts::ticksAreRound_data()
{
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::addColumn<bool>("logarithmic");
    QTest::addColumn<QString>("labels");
    QTest::newRow("tens") << 0.0 << 100.0 << false << "0 20 40 60 80 100";
    QTest::newRow("fractions") << 0.0 << 0.5 << false << "0.0 0.1 0.2 0.3 0.4 0.5";
    QTest::newRow("decades") << -2.0 << 2.0 << true << "0.01 0.1 1 10 100";
    QTest::newRow("one decade") << -1.0 << 0.0 << true << "0.1 0.2 0.5 1";
}

void TestCharts::ticksAreRound()
{
    QFETCH(double, low);
    QFETCH(double, high);
    QFETCH(bool, logarithmic);
    QFETCH(QString, labels);
    QStringList found;
    for (const Tick& tick : logarithmic ? logTicks(low, high, 5) : linearTicks(low, high, 5))
        found << tick.label;
    QCOMPARE(found.join(' '), labels);
}

void TestCharts::longTimesAreToldAsClocksTellThem_data()
{
    QTest::addColumn<double>("from");
    QTest::addColumn<double>("to");
    QTest::addColumn<QString>("told");
    const auto row = [](const char* name, double from, double to, const char* told) {
        QTest::newRow(name) << from << to << QString::fromUtf8(told);
    };
    row("seconds", 0, 30, "time (s): 0 10 20 30");
    row("up to ten minutes", 400, 599, "time (s): 400 450 500 550");
    row("minutes", 540, 900, "time (min:s): 10:00 12:00 14:00");
    row("seconds of minutes", 610, 650, "time (min:s): 10:10 10:20 10:30 10:40 10:50");
    row("hours", 0, 6 * 3600, "time (h:min): 0:00 2:00 4:00 6:00");
    row("minutes of hours", 3500, 4200, "time (h:min): 1:00 1:05 1:10");
    row("seconds of hours", 3600, 3640, "time (h:min:s): 1:00:00 1:00:10 1:00:20 1:00:30 1:00:40");
    row("parts of a second", 3599.9, 3600.5, "time (h:min:s): 1:00:00.0 1:00:00.2 1:00:00.4");
    row("one day", 0, 86400, "time (h:min): 0:00 6:00 12:00 18:00 24:00");
    row("days", 86400, 4 * 86400, "time (d h:min): 1 d 2 d 3 d 4 d");
    row("hours of days", 172800, 172800 + 20 * 3600, "time (d h:min): 2 d 00:00 2 d 06:00 2 d 12:00 2 d 18:00");
}

void TestCharts::longTimesAreToldAsClocksTellThem()
{
    QFETCH(double, from);
    QFETCH(double, to);
    const TimeTicks ticks = timeTicks(from, to, 4);
    QStringList labels;
    for (const Tick& tick : ticks.ticks) {
        labels << tick.label;
        QVERIFY(tick.value >= from - 1e-6 && tick.value <= to + 1e-6);
    }
    QTEST(ticks.title + QStringLiteral(": ") + labels.join(QLatin1Char(' ')), "told");
    QCOMPARE(clockText(59.5), QStringLiteral("59.500 s"));
    QCOMPARE(clockText(3723.4567), QStringLiteral("1:02:03.457"));
    QCOMPARE(clockText(2 * 86400 + 59.9999), QStringLiteral("2 d 00:01:00.000"));
}

void TestCharts::exportedFilesDecode_data()
{
    QTest::addColumn<double>("widthMm");
    QTest::newRow("one column") << kOneColumnMm;
    QTest::newRow("two columns") << kTwoColumnsMm;
}

void TestCharts::exportedFilesDecode()
{
    QFETCH(double, widthMm);
    QTemporaryDir folder;
    SampleStore store;
    TimeView view;
    fillStore(store, 500);
    view.zoomTo({0, store.latest()});
    const LatencyStackChart chart(store, view);
    const ExportOptions options{.widthMm = widthMm};
    const auto files
        = exportCharts({&chart}, folder.path(), QStringLiteral("x-"),
                       {QStringLiteral("png"), QStringLiteral("svg"), QStringLiteral("pdf"), QStringLiteral("csv")}, options);
    QVERIFY2(files.ok(), files.ok() ? "" : files.error().message().c_str());
    QCOMPARE(files->size(), std::size_t(4));

    const QImage image(folder.filePath(QStringLiteral("x-latency.png")));
    QCOMPARE(image.width(), static_cast<int>(std::lround(widthMm / 25.4 * 300)));
    QCOMPARE(static_cast<int>(std::lround(image.dotsPerMeterX() * 0.0254)), 300);
    QCOMPARE(image.pixelColor(2, 2), QColor(Qt::white));
    int coloured = 0;
    for (int y = 0; y < image.height(); y += 3)
        for (int x = 0; x < image.width(); x += 3)
            coloured += image.pixelColor(x, y) == QColor(0x56b4e9);
    QVERIFY2(coloured > 500, "the transfer area is missing");

    QFile svg(folder.filePath(QStringLiteral("x-latency.svg")));
    QVERIFY(svg.open(QIODevice::ReadOnly));
    const QByteArray drawing = svg.readAll();
    QVERIFY(QSvgRenderer(drawing).isValid());
    QVERIFY2(!drawing.contains("<text"), "text must be outlines: a reader may lack the font");

    QFile pdf(folder.filePath(QStringLiteral("x-latency.pdf")));
    QVERIFY(pdf.open(QIODevice::ReadOnly));
    QVERIFY(pdf.readAll().startsWith("%PDF-"));
}

void TestCharts::csvHasOneColumnPerQuantity()
{
    QTemporaryDir folder;
    SampleStore store;
    TimeView view;
    fillStore(store, 100);
    view.zoomTo({0, 100});
    const auto chart = makeBandwidthChart(store, view);
    const QString path = folder.filePath(QStringLiteral("b.csv"));
    QVERIFY(exportChart(*chart, path).ok());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto lines = QString::fromUtf8(file.readAll()).trimmed().split('\n');
    QCOMPARE(lines.size(), 101);
    QCOMPARE(lines[0],
             QStringLiteral(
                 "time_s,set_MB_per_s,achieved_MB_per_s,estimated_MB_per_s,estimated_low_MB_per_s,estimated_high_MB_per_s"));
    QCOMPARE(lines[1].split(QLatin1Char(',')).size(), 6);
    QCOMPARE(lines[1].split(',')[1].toDouble(), 0.73125);
}

void TestCharts::exportIntoAMissingFolderIsAnError()
{
    SampleStore store;
    TimeView view;
    fillStore(store, 10);
    const auto chart = makeEnergyChart(store, view);
    for (const char* suffix : {"png", "svg", "pdf", "csv", "bmp"}) {
        const auto written = exportChart(*chart, QStringLiteral("/nonexistent/x.%1").arg(QLatin1String(suffix)));
        QVERIFY2(!written.ok(), suffix);
        QVERIFY(written.error().message().find("/nonexistent") != std::string::npos);
    }
}

void TestCharts::aReportOfNothingIsAnError()
{
    QTemporaryDir folder;
    SampleStore store;
    QVERIFY(!renderCharts(store, folder.path()).ok());
    fillStore(store, 50);
    const auto files = renderCharts(store, folder.path());
    QVERIFY(files.ok());
    QCOMPARE(files->size(), std::size_t(12));
}

void TestCharts::requestsWithoutAPriceLeaveRewardAndRegretEmpty()
{
    SampleStore store;
    LivePage page(store);
    page.resize(1200, 800);
    page.show();
    page.addSamples(syntheticRun(100, [](session::Sample& sample, int) { sample.priced = false; }));
    page.refresh();
    const auto chartOf = [&](const char* key) {
        return *std::ranges::find_if(page.charts(),
                                     [&](const TimeChart* chart) { return chart->spec().key == QLatin1String(key); });
    };
    QCOMPARE(pointsOf(*chartOf("reward")), 0);
    QVERIFY(pointsOf(*chartOf("accuracy")) > 0);
    page.addSamples(syntheticRun(100));
    page.refresh();
    QVERIFY(pointsOf(*chartOf("reward")) > 20);
    QVERIFY(std::isnan(store.value(Column::Regret, 50)));
    QCOMPARE(store.value(Column::Regret, 109), 0.18F);
    // The strip has it as its last lane.
    const auto values = chartOf("decisions")->values();
    QVERIFY(values.header().last().startsWith(QLatin1String("regret")));
    QCOMPARE(values.value(values.columns.size() - 1, store.size() - 1),
             static_cast<double>(store.value(Column::Regret, store.size() - 1)));
}

void TestCharts::expectedAccuracyIsThatOfTheFramesSoFar()
{
    SampleStore store;
    fillStore(store, 4, [](session::Sample& sample, int i) {
        sample.record.count = i == 0 ? 3 : 1;
        sample.priced = i != 2;
        sample.expectedAccuracy = i == 0 ? 0.6 : 0.8;
    });
    QCOMPARE(store.value(Column::ExpectedSoFar, 0), 0.6F);
    QCOMPARE(store.value(Column::ExpectedSoFar, 1), 0.65F);
    QVERIFY(std::isnan(store.value(Column::ExpectedSoFar, 2)));
    QCOMPARE(store.value(Column::ExpectedSoFar, 3), 0.68F);
    store.clear();
    fillStore(store, 1);
    QCOMPARE(store.value(Column::ExpectedSoFar, 0), 0.7F);
}

void TestCharts::limitsAreLines()
{
    SampleStore store;
    LivePage page(store);
    const auto referenceOf = [&](const char* key) {
        return (*std::ranges::find_if(page.charts(),
                                      [&](const TimeChart* chart) { return chart->spec().key == QLatin1String(key); }))
            ->reference();
    };
    QVERIFY(!referenceOf("latency") && !referenceOf("energy"));
    page.setDeadline(50);
    page.setEnergyLimit(0.02);
    QCOMPARE(referenceOf("latency"), std::optional(50.0));
    QCOMPARE(referenceOf("energy"), std::optional(20.0));
    page.setDeadline(INFINITY);
    page.setEnergyLimit(INFINITY);
    QVERIFY(!referenceOf("latency") && !referenceOf("energy"));
}

void TestCharts::theStripTellsTheReasonInWords()
{
    NetworkStrip strip;
    session::Sample sample = syntheticSample(1);
    sample.reason = "link-bound: 8.1 of 9.4 ms in transfer";
    sample.strategyReason = "no plan meets 5 ms";
    strip.showSample(sample);
    QVERIFY(strip.accessibleDescription().contains(QLatin1String("link-bound: 8.1 of 9.4 ms in transfer")));
    QVERIFY(strip.accessibleDescription().contains(QLatin1String("no plan meets 5 ms")));
    // Records from before reasons were kept tell it from their stages.
    sample.reason.clear();
    strip.showSample(sample);
    QVERIFY(strip.accessibleDescription().contains(QLatin1String("in transfer")));
}

QTEST_MAIN(TestCharts)
#include "tst_charts.moc"
