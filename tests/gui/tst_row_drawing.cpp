// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/figure_chart.h"
#include "ui/charts/row_drawing.h"
#include "ui/charts/strategy_look.h"

#include "core/strategy/strategy.h"

#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QTemporaryDir>
#include <QtTest>

#include <set>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

/// Two strategies, two panels beside each other.
session::Figure rows()
{
    session::Figure figure;
    figure.key = "paper-walk";
    figure.title = "Strategies";
    figure.kind = session::FigureKind::Rows;
    figure.categories = {{"sacd", "strategy", ""}, {"dqn", "strategy", ""}};
    session::RowPanel reward{"reward", 0, 0, {"", "reward", "", false, 0}, {}, {}, false};
    reward.series = {{"reward", "reward", {0.8, 0.6}, {0.7, session::kNoValue}, {0.9, session::kNoValue}}};
    reward.marks = {{"bound", "bound", 0.95}};
    session::RowPanel latency{"latency (ms)", 0, 1, {"", "latency_ms", "ms", true, 0}, {}, {}, false};
    latency.series = {{"p50", "p50", {5, 50}, {}, {}}, {"p99", "p99", {20, session::kNoValue}, {}, {}}};
    figure.rowPanels = {reward, latency};
    return figure;
}

Theme light() { return Theme::of(themePalette(false)); }

QImage painted(const session::Figure& figure)
{
    QImage image(600, 160, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    makeDrawing(figure, {}, image.size(), light())->paint(painter);
    return image;
}

}  // namespace

class TestRowDrawing : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thePointerFindsPanelAndRow()
    {
        const auto figure = rows();
        const auto drawing = makeDrawing(figure, {}, {600, 160}, light());
        const auto first = drawing->spotAt({150, 72}), second = drawing->spotAt({500, 130});
        QVERIFY(first && second);
        QCOMPARE(first->map, 0);
        QCOMPARE(first->index, std::size_t(0));
        QCOMPARE(second->map, 1);
        QCOMPARE(second->index, std::size_t(1));
        QVERIFY(!drawing->spotAt({300, 5}));
    }

    void aRowTellsAllItsQuantities()
    {
        const auto figure = rows();
        const auto drawing = makeDrawing(figure, {}, {600, 160}, light());
        const auto values = drawing->valuesAt({0, 0});
        QCOMPARE(values.size(), 4);
        QCOMPARE(values[0].first, QStringLiteral("sacd"));
        QCOMPARE(values[1], qMakePair(QStringLiteral("reward"), QStringLiteral("0.800 (0.700 – 0.900)")));
        QCOMPARE(values[3], qMakePair(QStringLiteral("latency (ms) p99"), QStringLiteral("20.0")));
        QCOMPARE(drawing->valuesAt({0, 1}).size(), 3);  // dqn has no p99
    }

    void valuesMarksAndIntervalsAreDrawn()
    {
        const auto all = painted(rows());
        auto figure = rows();
        figure.rowPanels[0].marks.clear();
        QVERIFY(painted(figure) != all);
        figure = rows();
        figure.rowPanels[0].series[0].low.clear();
        figure.rowPanels[0].series[0].high.clear();
        QVERIFY(painted(figure) != all);
        figure = rows();
        figure.rowPanels[0].series[0].values[0] = 0.75;
        QVERIFY(painted(figure) != all);
    }

    void everyStrategyHasALookOfItsOwnInBothThemes()
    {
        for (const bool dark : {false, true}) {
            std::set<std::pair<QRgb, Marker>> looks;
            for (const auto& name : strategy::strategyNames()) {
                const auto look = strategyLook(text(name), Theme::of(themePalette(dark)));
                QVERIFY2(look, name.c_str());
                QVERIFY2(looks.insert({look->colour.rgb(), look->marker}).second, name.c_str());
            }
        }
        QVERIFY(!strategyLook(QStringLiteral("nobody"), light()));
    }

    void moreRowsMakeAHigherFigureOnPaper()
    {
        QTemporaryDir folder;
        auto figure = rows();
        const double low = RowDrawing::heightFor(figure);
        figure.categories.resize(10, figure.categories[0]);
        for (auto& panel : figure.rowPanels)
            for (auto& series : panel.series) {
                series.values.resize(10, 1);
                series.low.clear();
                series.high.clear();
            }
        QVERIFY(RowDrawing::heightFor(figure) > low + 60);
        for (const char* suffix : {"png", "svg", "pdf", "csv"}) {
            const QString file = folder.filePath(QStringLiteral("rows.%1").arg(suffix));
            QVERIFY(exportFigure(figure, {}, file).ok());
            QVERIFY(QFileInfo(file).size() > 200);
        }
    }
};

QTEST_MAIN(TestRowDrawing)
#include "tst_row_drawing.moc"
