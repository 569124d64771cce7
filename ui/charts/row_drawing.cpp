// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/row_drawing.h"

#include "ui/charts/strategy_look.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr double kLeft = 8, kRight = 14, kHeading = 28, kPanelTitle = 20, kTicks = 22, kGap = 16, kBottom = 4;
constexpr double kLabelGap = 8, kRow = 15, kWhisker = 2.5, kSign = 12;

int rowsOfPanels(const session::Figure& figure)
{
    int rows = 1;
    for (const auto& panel : figure.rowPanels)
        rows = std::max(rows, panel.row + 1);
    return rows;
}

Qt::PenStyle lineOf(const session::FigureMark& mark) { return mark.key == "bound" ? Qt::SolidLine : Qt::DashLine; }

}  // namespace

RowDrawing::RowDrawing(const session::Figure& figure, const FigureView& view, const QSizeF& size, const Theme& theme)
    : m_figure(figure), m_view(view), m_ink(theme, view.paper), m_size(size)
{
    const QFontMetricsF metrics(smallFont());
    for (const auto& category : figure.categories)
        m_labels = std::max(m_labels, metrics.horizontalAdvance(text(category.name)) + kLabelGap);
    for (const auto& panel : figure.rowPanels)
        for (const auto& series : panel.series)
            if (panel.series.size() > 1 && std::find(m_keys.begin(), m_keys.end(), series.key) == m_keys.end())
                m_keys.push_back(series.key);
    int columns = 1;
    for (const auto& panel : figure.rowPanels)
        columns = std::max(columns, panel.column + 1);
    const double top = kHeading + legend().height(size.width() - kLeft - kRight) + 2;
    const double width = (size.width() - kLeft - kRight - m_labels - kGap * (columns - 1)) / columns;
    const double height = (size.height() - top - kBottom) / rowsOfPanels(figure);
    for (const auto& panel : figure.rowPanels) {
        Place place;
        place.box = {kLeft + m_labels + panel.column * (width + kGap), top + panel.row * height + kPanelTitle,
                     std::max(20.0, width), std::max(20.0, height - kPanelTitle - kTicks)};
        chooseRange(panel, place);
        place.x = place.x.seen(view.zoom.of(m_places.size()).x);
        m_places.push_back(place);
    }
}

/// Quantities of their own, each zoomed for itself; rows are all there.
std::vector<ChartPanel> RowDrawing::panels() const
{
    std::vector<ChartPanel> all;
    for (const auto& place : m_places)
        all.push_back({place.box, static_cast<int>(all.size()), true, false});
    return all;
}

double RowDrawing::heightFor(const session::Figure& figure)
{
    const double panel = kPanelTitle + kTicks + kRow * static_cast<double>(std::max<std::size_t>(2, figure.categories.size()));
    return kHeading + FigureLegend::kRow + rowsOfPanels(figure) * panel + kBottom;
}

void RowDrawing::chooseRange(const session::RowPanel& panel, Place& place) const
{
    double low = std::numeric_limits<double>::infinity(), high = -low;
    const auto take = [&](double value) {
        if (!std::isfinite(value) || (panel.x.logarithmic && value <= 0))
            return;
        low = std::min(low, AxisSpan::along(value, panel.x.logarithmic));
        high = std::max(high, AxisSpan::along(value, panel.x.logarithmic));
    };
    for (const auto& series : panel.series)
        for (const auto* values : {&series.values, &series.low, &series.high})
            std::for_each(values->begin(), values->end(), take);
    for (const auto& mark : panel.marks)
        take(mark.value);
    if (panel.fromZero)
        low = std::min(low, 0.0);
    if (low > high)
        low = 0, high = 1;
    const double least = panel.x.logarithmic ? 0.3 : std::max(1e-9, 1e-3 * std::abs(high));
    const double room = std::max(0.05 * (high - low), least / 2);
    place.x = {panel.fromZero && low >= 0 ? 0 : low - room, panel.fromZero && high <= 0 ? 1 : high + room, panel.x.logarithmic};
}

double RowDrawing::xOf(std::size_t panel, double value) const
{
    const Place& place = m_places[panel];
    constexpr double kFar = 20;  // boxes away: beyond it painters lose their precision
    return place.box.left() + std::clamp(place.x.share(value), -kFar, kFar) * place.box.width();
}

double RowDrawing::rowHeight(std::size_t panel) const
{
    return m_places[panel].box.height() / static_cast<double>(std::max<std::size_t>(1, m_figure.categories.size()));
}

double RowDrawing::yOf(std::size_t panel, std::size_t row) const
{
    return m_places[panel].box.top() + (static_cast<double>(row) + 0.5) * rowHeight(panel);
}

QColor RowDrawing::colourOf(std::size_t row) const
{
    const auto look = strategyLook(text(m_figure.categories[row].name), m_ink.theme());
    return look ? look->colour : seriesColour(row, m_ink.theme());
}

Marker RowDrawing::markerOf(std::size_t row) const
{
    const auto look = strategyLook(text(m_figure.categories[row].name), m_ink.theme());
    return look ? look->marker : static_cast<Marker>(row % 6);
}

void RowDrawing::paint(QPainter& painter) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    m_ink.heading(painter, m_figure, m_size.width(), {});
    legend().paint(painter, m_ink, {kLeft, kHeading}, m_size.width() - kLeft - kRight);
    for (std::size_t panel = 0; panel < m_places.size(); ++panel) {
        paintBands(painter, panel);
        paintAxis(painter, panel);
        painter.save();
        painter.setClipRect(m_places[panel].box.adjusted(-5, -5, 5, 5));
        paintMarks(painter, panel);
        for (std::size_t row = 0; row < m_figure.categories.size(); ++row)
            paintRow(painter, panel, row);
        painter.restore();
    }
    painter.restore();
}

/// What marks and several values of a row stand for; each once.
FigureLegend RowDrawing::legend() const
{
    FigureLegend legend(kSign);
    const QColor ink = m_ink.theme().text;
    QStringList told;
    const auto entry = [&](const std::string& name, FigureLegend::Sign sign) {
        if (told.contains(text(name)))
            return;
        told << text(name);
        legend.add(text(name), std::move(sign));
    };
    for (std::size_t index = 0; index < m_figure.rowPanels.size(); ++index) {
        const auto& panel = m_figure.rowPanels[index];
        for (const auto& mark : panel.marks)
            entry(mark.name, [pen = QPen(ink, 1, lineOf(mark))](QPainter& painter, const QPointF& at) {
                painter.setPen(pen);
                painter.drawLine(at - QPointF(0, 6), at + QPointF(0, 6));
            });
        for (std::size_t i = 0; panel.series.size() > 1 && i < panel.series.size(); ++i)
            entry(panel.series[i].name, [this, ink, sign = signOf(index, i)](QPainter& painter, const QPointF& at) {
                paintSign(painter, sign, Marker::Circle, at, ink);
            });
    }
    entry("95 % interval", [ink](QPainter& painter, const QPointF& at) {
        painter.setPen(QPen(ink, 1));
        painter.drawLine(at - QPointF(6, 0), at + QPointF(6, 0));
        painter.drawLine(at - QPointF(6, kWhisker), at - QPointF(6, -kWhisker));
        painter.drawLine(at + QPointF(6, -kWhisker), at + QPointF(6, kWhisker));
    });
    return legend;
}

/// Every other row has a ground, on which the eye goes along; names stand before the first panel.
void RowDrawing::paintBands(QPainter& painter, std::size_t index) const
{
    const Theme& theme = m_ink.theme();
    const QRectF& box = m_places[index].box;
    const bool first = m_figure.rowPanels[index].column == 0;
    painter.setFont(smallFont());
    for (std::size_t row = 0; row < m_figure.categories.size(); ++row) {
        const double height = rowHeight(index), y = yOf(index, row);
        const double left = box.left() - (first ? m_labels : kGap);
        if (row % 2 == 0)
            painter.fillRect(QRectF(left, y - height / 2, box.right() - left, height), theme.window);
        if (!first)
            continue;
        painter.setPen(theme.text);
        m_ink.label(painter, {kLeft, y - 8, m_labels - kLabelGap, 16}, Qt::AlignRight | Qt::AlignVCenter,
                    text(m_figure.categories[row].name));
    }
}

void RowDrawing::paintAxis(QPainter& painter, std::size_t index) const
{
    const auto& panel = m_figure.rowPanels[index];
    const Place& place = m_places[index];
    const QRectF& box = place.box;
    painter.setFont(smallFont());
    painter.setPen(m_ink.theme().text);
    const QFontMetricsF metrics(painter.font());
    m_ink.label(painter, {box.left(), box.top() - kPanelTitle, box.width(), 16}, Qt::AlignLeft | Qt::AlignVCenter,
                metrics.elidedText(text(panel.title), Qt::ElideRight, box.width() + kGap - 4));
    paintXGrid(painter, m_ink, box, place.x, 36);
}

void RowDrawing::paintMarks(QPainter& painter, std::size_t index) const
{
    const QRectF& box = m_places[index].box;
    for (const auto& mark : m_figure.rowPanels[index].marks) {
        if (!std::isfinite(mark.value))
            continue;
        painter.setPen(QPen(m_ink.theme().text, 1, lineOf(mark), Qt::FlatCap));
        const double x = xOf(index, mark.value);
        painter.drawLine(QPointF(x, box.top() - 2), QPointF(x, box.bottom() + 2));
    }
}

void RowDrawing::paintRow(QPainter& painter, std::size_t index, std::size_t row) const
{
    const auto& panel = m_figure.rowPanels[index];
    const double y = yOf(index, row);
    QColor pale = colourOf(row);
    pale.setAlphaF(0.35F);
    if (panel.fromZero && panel.series.size() == 1 && std::isfinite(panel.series.front().values[row])) {
        const double zero = xOf(index, 0), height = std::min(8.0, 0.55 * rowHeight(index));
        painter.fillRect(QRectF(zero, y - height / 2, xOf(index, panel.series.front().values[row]) - zero, height), pale);
    }
    double left = std::numeric_limits<double>::infinity(), right = -left;
    for (const auto& series : panel.series)
        if (std::isfinite(series.values[row])) {
            left = std::min(left, xOf(index, series.values[row]));
            right = std::max(right, xOf(index, series.values[row]));
        }
    if (panel.series.size() > 1 && right > left) {
        painter.setPen(QPen(pale, 1));
        painter.drawLine(QPointF(left, y), QPointF(right, y));
    }
    for (std::size_t series = panel.series.size(); series-- > 0;)
        paintValue(painter, index, row, series);
    if (m_view.hover && m_view.hover->index == row) {
        painter.setPen(m_ink.hairline());
        const QRectF& box = m_places[index].box;
        painter.drawRect(QRectF(box.left(), y - rowHeight(index) / 2, box.width(), rowHeight(index)));
    }
}

void RowDrawing::paintValue(QPainter& painter, std::size_t index, std::size_t row, std::size_t which) const
{
    const auto& series = m_figure.rowPanels[index].series[which];
    if (!std::isfinite(series.values[row]))
        return;
    const double y = yOf(index, row);
    const QColor colour = colourOf(row);
    if (!series.low.empty() && std::isfinite(series.low[row]) && std::isfinite(series.high[row])) {
        const double low = xOf(index, series.low[row]), high = xOf(index, series.high[row]);
        painter.setPen(QPen(colour, 1.1, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(QPointF(low, y), QPointF(high, y));
        for (const double x : {low, high})
            painter.drawLine(QPointF(x, y - kWhisker), QPointF(x, y + kWhisker));
    }
    paintSign(painter, signOf(index, which), markerOf(row), {xOf(index, series.values[row]), y}, colour);
}

std::size_t RowDrawing::signOf(std::size_t panel, std::size_t series) const
{
    const auto& all = m_figure.rowPanels[panel].series;
    if (all.size() < 2)
        return 0;
    return static_cast<std::size_t>(std::find(m_keys.begin(), m_keys.end(), all[series].key) - m_keys.begin());
}

/// The first value of a row has the strategy's marker, the second a stroke, further ones a ring.
void RowDrawing::paintSign(QPainter& painter, std::size_t sign, Marker marker, const QPointF& at, const QColor& colour) const
{
    constexpr double kRadius = 3;
    if (sign == 0) {
        drawMarker(painter, marker, at, colour);
        return;
    }
    painter.setPen(QPen(colour, 1.3, Qt::SolidLine, Qt::FlatCap));
    painter.setBrush(m_ink.theme().panel);
    if (sign == 1)
        painter.drawLine(at - QPointF(0, kRadius + 1), at + QPointF(0, kRadius + 1));
    else
        painter.drawEllipse(at, kRadius, kRadius);
    painter.setBrush(Qt::NoBrush);
}

std::optional<FigureSpot> RowDrawing::spotAt(const QPointF& at) const
{
    for (std::size_t panel = 0; panel < m_places.size(); ++panel) {
        const double before = m_figure.rowPanels[panel].column == 0 ? m_labels : kGap;
        const QRectF& box = m_places[panel].box;
        if (!box.adjusted(-before, 0, 0, 0).contains(at))
            continue;
        const auto row = static_cast<std::size_t>((at.y() - box.top()) / rowHeight(panel));
        return FigureSpot{static_cast<int>(panel), std::min(row, m_figure.categories.size() - 1)};
    }
    return std::nullopt;
}

QList<QPair<QString, QString>> RowDrawing::valuesAt(const FigureSpot& spot) const
{
    QList<QPair<QString, QString>> rows{{text(m_figure.categories[spot.index].name), {}}};
    for (const auto& panel : m_figure.rowPanels)
        for (const auto& series : panel.series) {
            const double value = series.values[spot.index];
            if (!std::isfinite(value))
                continue;
            QString shown = threeDigits(value);
            if (!series.low.empty() && std::isfinite(series.low[spot.index]))
                shown += QStringLiteral(" (%1 – %2)")
                             .arg(threeDigits(series.low[spot.index]), threeDigits(series.high[spot.index]));
            rows.append(
                {text(panel.title) + (panel.series.size() > 1 ? QLatin1Char(' ') + text(series.name) : QString()), shown});
        }
    return rows;
}

}  // namespace splitscope::ui
