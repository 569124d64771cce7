// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/figure_chart.h"

#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

/// Two panels above each other: a number, and names.
session::Figure curves()
{
    session::Figure figure;
    figure.key = "6c";
    figure.title = "Curves";
    figure.kind = session::FigureKind::Curves;
    figure.xTitle = "bandwidth (MB/s)";
    const session::FigureAxis x{"bandwidth (MB/s)", "mb_per_s", "MB/s", true, 0};
    session::CurvePanel time{"time", 0, 0, x, {"latency (ms)", "latency_ms", "ms", true, 0}, {}, {0.1, 1, 10}, {}, false};
    time.series = {{"optimum", "optimum", {8, 4, 2}, {}, {}}, {"sacd", "SAC-d", {8, 5, session::kNoValue}, {}, {}}};
    session::CurvePanel exit{"exit", 1, 0, x, {"exit", "exit", "", false, 0}, {"first", "second"}, {0.1, 1, 10}, {}, true};
    exit.series = {{"sacd", "SAC-d", {0, 1, 1}, {}, {}}};
    figure.panels = {time, exit};
    return figure;
}

QImage painted(const session::Figure& figure, const FigureView& view)
{
    QImage image(600, 400, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    makeDrawing(figure, view, image.size(), Theme::of(themePalette(false)))->paint(painter);
    return image;
}

}  // namespace

class TestCurveDrawing : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thePointerFindsThePanelAndTheNearestX()
    {
        const auto figure = curves();
        const auto drawing = makeDrawing(figure, {}, {600, 400}, Theme::of(themePalette(false)));
        const auto upper = drawing->spotAt({330, 130}), lower = drawing->spotAt({580, 330});
        QVERIFY(upper && lower);
        QCOMPARE(upper->map, 0);
        QCOMPARE(upper->index, std::size_t(1));
        QCOMPARE(lower->map, 1);
        QCOMPARE(lower->index, std::size_t(2));
        QVERIFY(!drawing->spotAt({5, 5}));
    }

    void valuesAreNumbersWithUnitsOrNames()
    {
        const auto figure = curves();
        const auto drawing = makeDrawing(figure, {}, {600, 400}, Theme::of(themePalette(false)));
        const auto numbers = drawing->valuesAt({0, 1});
        QCOMPARE(numbers.size(), 3);
        QCOMPARE(numbers[0].second, QStringLiteral("1.00 MB/s"));
        QCOMPARE(numbers[2], qMakePair(QStringLiteral("SAC-d"), QStringLiteral("5.00 ms")));
        QCOMPARE(drawing->valuesAt({0, 2}).size(), 2);  // SAC-d has no value there
        QCOMPARE(drawing->valuesAt({1, 1})[1].second, QStringLiteral("second"));
    }

    void hiddenSeriesAreNotDrawn()
    {
        FigureView view;
        view.hidden = {QStringLiteral("sacd")};
        const auto figure = curves();
        QVERIFY(painted(figure, {}) != painted(figure, view));
        QCOMPARE(makeDrawing(figure, view, {600, 400}, Theme::of(themePalette(false)))->valuesAt({0, 1}).size(), 2);
    }

    void smallAndEmptyFiguresArePaintedToo()
    {
        auto figure = curves();
        QImage image(30, 20, QImage::Format_RGB32);
        QPainter painter(&image);
        makeDrawing(figure, {}, image.size(), Theme::of(themePalette(true)))->paint(painter);
        figure.panels.clear();
        makeDrawing(figure, {}, image.size(), Theme::of(themePalette(true)))->paint(painter);
        figure = curves();
        for (auto& series : figure.panels[0].series)
            series.values.assign(3, session::kNoValue);
        painted(figure, {});
    }

    void paperGetsAllFormats()
    {
        const QTemporaryDir folder;
        for (const char* suffix : {"png", "svg", "pdf", "csv"}) {
            const auto path = folder.filePath(QStringLiteral("figure.%1").arg(suffix));
            const auto written = exportFigure(curves(), {}, path);
            QVERIFY2(written.ok(), written.ok() ? "" : written.error().message().c_str());
            QVERIFY(QFileInfo(path).size() > 100);
        }
    }
};

QTEST_MAIN(TestCurveDrawing)
#include "tst_curve_drawing.moc"
