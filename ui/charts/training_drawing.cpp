// SPDX-License-Identifier: GPL-3.0-or-later
// How a training's curves are drawn, on the screen and on paper.
#include "ui/charts/axis_ticks.h"
#include "ui/charts/training_plot.h"
#include "ui/charts/training_scale.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr double kLabelWidth = 44;
constexpr double kHeadHeight = 22;
constexpr double kLegendHeight = 16;
constexpr double kFootHeight = 20;
constexpr double kGap = 14;
constexpr double kSwatch = 16;

struct Line {
    QString name;
    QColor colour;
    Qt::PenStyle style = Qt::SolidLine;
    std::vector<QPointF> points;  ///< epochs, value
};

QColor exitColour(const Theme& theme, int exit)
{
    static constexpr std::array kColours{Quantity::Bandwidth, Quantity::Device, Quantity::Edge, Quantity::Transfer,
                                         Quantity::Energy};
    return theme.colour(kColours[static_cast<std::size_t>(exit) % kColours.size()]);
}

/// One panel: a title, axes over epochs, and lines with a legend that tells their values at the pointer, or the last ones.
class Panel {
public:
    Panel(QPainter& painter, const QRectF& area, const TrainingDrawing& drawing, double epochs)
        : m_painter(painter), m_area(area), m_drawing(drawing), m_epochs(epochs), m_plot(trainingPlotArea(area))
    {
    }

    void draw(const QString& title, const std::vector<Line>& lines, double low, double high, const QString& unit, int decimals)
    {
        m_low = low;
        m_high = high;
        drawAxes();
        m_painter.setClipRect(m_plot.adjusted(-1, -1, 1, 1));
        for (const auto& line : lines)
            drawLine(line);
        m_painter.setClipping(false);
        drawHead(title, lines, unit, decimals);
    }

private:
    [[nodiscard]] QPointF toPixels(const QPointF& point) const
    {
        return {m_plot.left() + point.x() / m_epochs * m_plot.width(),
                m_plot.bottom() - (point.y() - m_low) / (m_high - m_low) * m_plot.height()};
    }

    void drawText(double x, double centre, const QString& text, const QColor& colour)
    {
        const QFontMetricsF metrics(m_painter.font());
        const QPointF baseline(x, centre + (metrics.ascent() - metrics.descent()) / 2);
        if (m_drawing.paper) {
            QPainterPath outlines;
            outlines.addText(baseline, m_painter.font(), text);
            m_painter.fillPath(outlines, colour);
        } else {
            m_painter.setPen(colour);
            m_painter.drawText(baseline, text);
        }
    }

    [[nodiscard]] double widthOf(const QString& text) const { return QFontMetricsF(m_painter.font()).horizontalAdvance(text); }

    void drawAxes()
    {
        m_painter.setFont(smallFont());
        QPen hairline(m_drawing.theme.hairline, 0);
        hairline.setCosmetic(true);
        constexpr double kPixelsPerTick = 36;
        for (const Tick& tick : linearTicks(m_low, m_high, std::max(2, static_cast<int>(m_plot.height() / kPixelsPerTick)))) {
            const double y = toPixels({0, tick.value}).y();
            m_painter.setPen(hairline);
            m_painter.drawLine(QPointF(m_plot.left(), y), QPointF(m_plot.right(), y));
            drawText(m_plot.left() - 6 - widthOf(tick.label), y, tick.label, m_drawing.theme.muted);
        }
        const QString caption = QStringLiteral("epoch");
        const double captionLeft = m_plot.right() - widthOf(caption);
        for (const Tick& tick : linearTicks(0, m_epochs, std::max(2, static_cast<int>(m_plot.width() / 64)))) {
            const double x = toPixels({tick.value, 0}).x();
            m_painter.setPen(hairline);
            m_painter.drawLine(QPointF(x, m_plot.top()), QPointF(x, m_plot.bottom()));
            const double left = x - widthOf(tick.label) / 2;
            if (left + widthOf(tick.label) < captionLeft - 6)
                drawText(left, m_plot.bottom() + 11, tick.label, m_drawing.theme.muted);
        }
        drawText(captionLeft, m_plot.bottom() + 11, caption, m_drawing.theme.muted);
    }

    void drawLine(const Line& line)
    {
        QPen pen(line.colour, 1.5, line.style);
        pen.setJoinStyle(Qt::RoundJoin);
        m_painter.setPen(pen);
        QPolygonF polygon;
        for (const auto& point : line.points)
            polygon << toPixels(point);
        if (polygon.size() == 1)
            m_painter.drawEllipse(polygon.first(), 2, 2);
        m_painter.drawPolyline(polygon);
    }

    /// The value at the pointer (that of the nearest point), or the last.
    [[nodiscard]] QString told(const Line& line, int decimals) const
    {
        if (line.points.empty())
            return {};
        auto point = line.points.back();
        if (m_drawing.hover)
            point = *std::min_element(line.points.begin(), line.points.end(), [&](const QPointF& a, const QPointF& b) {
                return std::abs(a.x() - *m_drawing.hover) < std::abs(b.x() - *m_drawing.hover);
            });
        return QString::number(point.y(), 'f', decimals);
    }

    /// Below the title; of many lines with names shortened to their last word.
    void drawLegend(const std::vector<Line>& lines, const QString& unit, int decimals)
    {
        constexpr double kBetween = 12;
        const double centre = m_area.top() + kHeadHeight + kLegendHeight / 2;
        const auto texts = [&](bool whole) {
            QStringList all;
            for (const auto& line : lines)
                all << QStringLiteral("%1 %2%3")
                           .arg(whole ? line.name : line.name.section(' ', -1), told(line, decimals), unit)
                           .trimmed();
            return all;
        };
        const auto width = [&](const QStringList& all) {
            double sum = 0;
            for (const QString& text : all)
                sum += widthOf(text) + kSwatch + 4 + kBetween;
            return sum - kBetween;
        };
        QStringList all = texts(true);
        if (width(all) > m_plot.width())
            all = texts(false);
        double x = m_plot.left();
        for (qsizetype i = 0; i < all.size(); ++i) {
            const auto& line = lines[static_cast<std::size_t>(i)];
            m_painter.setPen(QPen(line.colour, 2, line.style));
            m_painter.drawLine(QPointF(x, centre), QPointF(x + kSwatch, centre));
            drawText(x + kSwatch + 4, centre, all[i], m_drawing.theme.text);
            x += kSwatch + 4 + widthOf(all[i]) + kBetween;
        }
    }

    void drawHead(const QString& title, const std::vector<Line>& lines, const QString& unit, int decimals)
    {
        const double centre = m_area.top() + kHeadHeight / 2;
        m_painter.setFont(boldFont());
        drawText(m_area.left() + 2, centre, title, m_drawing.theme.text);
        m_painter.setFont(smallFont());
        drawLegend(lines, unit, decimals);
        if (!m_drawing.hover || m_drawing.paper)
            return;
        const double at = toPixels({*m_drawing.hover, 0}).x();
        m_painter.setPen(QPen(m_drawing.theme.muted, 1));
        m_painter.drawLine(QPointF(at, m_plot.top()), QPointF(at, m_plot.bottom()));
    }

    QPainter& m_painter;
    const QRectF m_area;
    const TrainingDrawing& m_drawing;
    const double m_epochs;
    const QRectF m_plot;
    double m_low = 0, m_high = 1;
};

void drawLoss(Panel panel, const model::TrainingCurves& curves, const Theme& theme)
{
    Line line{{}, theme.text, Qt::SolidLine, {}};
    double highest = 0;
    for (const auto& point : curves.points) {
        line.points.emplace_back(point.position(), point.loss);
        highest = std::max(highest, point.loss);
    }
    panel.draw(QStringLiteral("Training loss"), {line}, 0, highest > 0 ? highest * 1.05 : 1, {}, 3);
}

void drawAccuracy(Panel panel, const model::TrainingCurves& curves, const Theme& theme)
{
    constexpr double kStep = 10;  // per cent that the axis ends at
    std::vector<Line> lines;
    double low = 100, high = 0;
    for (int exit = 0; exit < curves.exits; ++exit) {
        Line line{
            QStringLiteral("exit %1").arg(exit + 1), exitColour(theme, exit), exit % 2 == 0 ? Qt::SolidLine : Qt::DashLine, {}};
        for (const auto& point : curves.points) {
            if (point.accuracy.empty())
                continue;
            const double value = 100 * point.accuracy[static_cast<std::size_t>(exit)];
            line.points.emplace_back(point.position(), value);
            low = std::min(low, value);
            high = std::max(high, value);
        }
        lines.push_back(std::move(line));
    }
    if (low > high) {
        low = 0;
        high = 100;
    }
    panel.draw(QStringLiteral("Held-out accuracy (%)"), lines, std::floor(low / kStep) * kStep,
               std::max(std::ceil(high / kStep), std::floor(low / kStep) + 1) * kStep, {}, 1);
}

}  // namespace

QRectF trainingPlotArea(const QRectF& panel)
{
    return panel.adjusted(kLabelWidth, kHeadHeight + kLegendHeight + 4, -8, -kFootHeight);
}

double trainingEpochs(const model::TrainingCurves& curves)
{
    return curves.points.empty() ? 1 : std::max(1.0, std::ceil(curves.points.back().position()));
}

std::pair<QRectF, QRectF> trainingPanels(const QRectF& area, bool hasTitle)
{
    constexpr double kNarrow = 560;
    const QRectF rest = area.adjusted(6, hasTitle ? kHeadHeight : 4, -4, -2);
    QRectF first = rest, second = rest;
    if (rest.width() < kNarrow && rest.height() > rest.width() / 2) {
        first.setHeight((rest.height() - kGap) / 2);
        second.setTop(first.bottom() + kGap);
    } else {
        first.setWidth((rest.width() - kGap) / 2);
        second.setLeft(first.right() + kGap);
    }
    return {first, second};
}

void drawTraining(QPainter& painter, const QRectF& area, const model::TrainingCurves& curves, const TrainingDrawing& drawing)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (!drawing.title.isEmpty()) {
        painter.setFont(boldFont());
        painter.setPen(drawing.theme.text);
        const QFontMetricsF metrics(painter.font());
        const QPointF baseline(area.left() + 8, area.top() + 4 + metrics.ascent());
        const QString title = metrics.elidedText(drawing.title, Qt::ElideMiddle, area.width() - 16);
        if (drawing.paper) {
            QPainterPath outlines;
            outlines.addText(baseline, painter.font(), title);
            painter.fillPath(outlines, drawing.theme.text);
        } else {
            painter.drawText(baseline, title);
        }
    }
    const auto [left, right] = trainingPanels(area, !drawing.title.isEmpty());
    const double epochs = trainingEpochs(curves);
    drawLoss(Panel(painter, left, drawing, epochs), curves, drawing.theme);
    drawAccuracy(Panel(painter, right, drawing, epochs), curves, drawing.theme);
    painter.restore();
}

}  // namespace splitscope::ui
