// SPDX-License-Identifier: GPL-3.0-or-later
// Points, their front and names: what lies under the pointer, and how the y axis is scaled.
#include "core/session/figures.h"
#include "ui/charts/front_drawing.h"

#include <QtTest>

#include <map>

using namespace splitscope;
using namespace splitscope::ui;

namespace {

constexpr QSizeF kSize(760, 420);
constexpr int kStep = 3;  ///< between pixels that are tried

session::PlotSeries points(const std::string& key, std::vector<double> xs, std::vector<double> ys)
{
    session::PlotSeries series;
    series.key = key;
    series.name = key;
    series.mark = session::PlotMark::Points;
    for (const double x : xs)
        series.labels.push_back(key + " of " + std::to_string(static_cast<int>(x)) + " bytes");
    series.xs = std::move(xs);
    series.low = series.high = series.ys = std::move(ys);
    return series;
}

/// Three decisions of one coder, a tenth of a point and ten points below the best, and one of another.
session::Figure figureOfFour()
{
    session::Figure figure;
    figure.kind = session::FigureKind::Front;
    session::PlotPanel panel;
    panel.x = {"bytes", "bytes", "B", true, 0};
    panel.y = {"accuracy (%)", "accuracy_percent", "%", true, 0.1};
    panel.series = {points("context", {100, 1000, 10000}, {89.9, 90, 80}), points("none", {50000}, {90})};
    panel.series.push_back(points(session::kFrontKey, {100, 1000}, {89.9, 90}));
    panel.series.push_back(points(session::kNamedKey, {100, 1000}, {89.9, 90}));
    figure.plots = {panel};
    return figure;
}

/// The middle of the pixels under which each point is found, by series and index.
std::map<std::pair<int, std::size_t>, QPointF> found(const session::Figure& figure, const FigureView& view)
{
    const auto drawing = makeDrawing(figure, view, kSize, Theme::of(themePalette(false)));
    std::map<std::pair<int, std::size_t>, std::pair<QPointF, int>> sums;
    for (int y = 0; y < kSize.height(); y += kStep)
        for (int x = 0; x < kSize.width(); x += kStep)
            if (const auto spot = drawing->spotAt(QPointF(x, y))) {
                auto& [sum, count] = sums[{spot->map, spot->index}];
                sum += QPointF(x, y);
                ++count;
            }
    std::map<std::pair<int, std::size_t>, QPointF> middles;
    for (const auto& [spot, sum] : sums)
        middles[spot] = sum.first / sum.second;
    return middles;
}

}  // namespace

class TestFrontDrawing : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyPointIsFoundUnderThePointer()
    {
        const auto spots = found(figureOfFour(), {});
        QCOMPARE(spots.size(), std::size_t(4));  // the front and the names are no points of their own
        QVERIFY(spots.at({0, 0}).x() < spots.at({0, 1}).x());
        QVERIFY(spots.at({0, 2}).y() > spots.at({0, 1}).y());
    }

    void hiddenSeriesAreNotFound()
    {
        FigureView view;
        view.hidden.insert(QStringLiteral("context"));
        const auto spots = found(figureOfFour(), view);
        QCOMPARE(spots.size(), std::size_t(1));
        QVERIFY(spots.contains({1, 0}));
    }

    void valuesNameTheDecision()
    {
        const auto figure = figureOfFour();
        const auto drawing = makeDrawing(figure, {}, kSize, Theme::of(themePalette(false)));
        const auto rows = drawing->valuesAt({0, 1});
        QCOMPARE(rows.front().first, QStringLiteral("context of 1000 bytes"));
        QVERIFY(rows[1].second.endsWith(QLatin1String("B")));
        QVERIFY(rows[2].second.startsWith(QLatin1String("90")));
    }

    void smallLossesAreSeenWhereTheAxisMagnifies()
    {
        const auto figure = figureOfFour();
        const auto apart = [&](bool magnified) {
            FigureView view;
            view.logarithmic = magnified;
            const auto spots = found(figure, view);
            return spots.at({0, 0}).y() - spots.at({0, 1}).y();
        };
        QVERIFY(apart(true) > 4 * std::max(apart(false), 1.0));
    }

    void namesTakeTheirRoomAboveThePoints()
    {
        auto figure = figureOfFour();
        const auto with = found(figure, {}).at({0, 1}).y();
        FigureView view;
        view.hidden.insert(QLatin1String(session::kNamedKey));
        QVERIFY(found(figure, view).at({0, 1}).y() < with - 40);
    }
};

QTEST_MAIN(TestFrontDrawing)
#include "tst_front_drawing.moc"
