// SPDX-License-Identifier: GPL-3.0-or-later
// What a PointDrawing tells of the place under the pointer.
#include "ui/charts/axis_ticks.h"
#include "ui/charts/point_drawing.h"

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

using session::PlotMark;

namespace {

bool isLine(PlotMark mark) { return mark == PlotMark::Line || mark == PlotMark::Steps; }

}  // namespace

void PointDrawing::paintHover(QPainter& painter) const
{
    if (!m_view.hover)
        return;
    const auto value = valueAt(*m_view.hover);
    if (!value)
        return;
    const auto panel = static_cast<std::size_t>(m_view.hover->map);
    const QPointF at = pixelOf(panel, value->series->xs[value->index], value->series->ys[value->index]);
    painter.setPen(QPen(m_ink.theme().text, 1));
    painter.setBrush(Qt::NoBrush);
    if (isLine(value->series->mark) && value->series->labels.empty())
        painter.drawLine(QPointF(at.x(), m_places[panel].box.top()), QPointF(at.x(), m_places[panel].box.bottom()));
    else if (value->series->mark != PlotMark::Bars)
        painter.drawEllipse(at, 7, 7);
}

std::optional<PointDrawing::Value> PointDrawing::valueAt(const FigureSpot& spot) const
{
    if (spot.map < 0 || static_cast<std::size_t>(spot.map) >= m_figure.plots.size())
        return std::nullopt;
    std::size_t index = spot.index;
    for (const auto& series : m_figure.plots[static_cast<std::size_t>(spot.map)].series) {
        if (index < series.xs.size())
            return Value{&series, index};
        index -= series.xs.size();
    }
    return std::nullopt;
}

std::optional<FigureSpot> PointDrawing::spotAt(const QPointF& at) const
{
    constexpr double kReach = 26;
    for (std::size_t panel = 0; panel < m_places.size(); ++panel) {
        const Place& place = m_places[panel];
        if (!place.box.adjusted(-4, -4, 4, 4).contains(at))
            continue;
        std::optional<FigureSpot> nearest;
        double least = INFINITY;
        std::size_t offset = 0;
        for (const auto& series : m_figure.plots[panel].series) {
            for (std::size_t i = 0; i < series.xs.size(); ++i) {
                if (!std::isfinite(series.ys[i]))
                    continue;
                const QPointF pixel = pixelOf(panel, series.xs[i], series.ys[i]), to = pixel - at;
                if (pixel.x() < place.box.left() - 1 || pixel.x() > place.box.right() + 1)
                    continue;  // out of sight
                const bool alongX = series.mark == PlotMark::Bars || (isLine(series.mark) && series.labels.empty());
                const bool inReach
                    = alongX ? std::abs(to.x()) < std::max(kReach, place.box.width()) : std::hypot(to.x(), to.y()) < kReach;
                const double distance = alongX ? std::abs(to.x()) + 1e-3 * std::abs(to.y()) : std::hypot(to.x(), to.y());
                if (inReach && distance < least) {
                    least = distance;
                    nearest = FigureSpot{static_cast<int>(panel), offset + i};
                }
            }
            offset += series.xs.size();
        }
        return nearest;
    }
    return std::nullopt;
}

QList<QPair<QString, QString>> PointDrawing::valuesAt(const FigureSpot& spot) const
{
    const auto value = valueAt(spot);
    if (!value)
        return {};
    const auto& panel = m_figure.plots[static_cast<std::size_t>(spot.map)];
    const auto& [series, at] = *value;
    const auto withUnit = [](double number, const session::FigureAxis& axis) {
        return threeDigits(number) + (axis.unit.empty() ? QString() : QLatin1Char(' ') + text(axis.unit));
    };
    const auto spread = [&](const session::PlotSeries& one, std::size_t i) {
        return one.low.empty() || !std::isfinite(one.low[i])
            ? QString()
            : QStringLiteral("  (%1 … %2)").arg(threeDigits(one.low[i]), threeDigits(one.high[i]));
    };
    QList<QPair<QString, QString>> rows;
    if (isLine(series->mark) && series->labels.empty()) {
        const double x = series->xs[at];
        rows.append({text(panel.x.title), withUnit(x, panel.x)});
        for (const auto& other : panel.series) {
            auto next = std::upper_bound(other.xs.begin(), other.xs.end(), x);
            if (next == other.xs.begin())
                continue;
            const auto i = static_cast<std::size_t>(next - other.xs.begin()) - 1;
            if (std::isfinite(other.ys[i]))
                rows.append({text(other.name), withUnit(other.ys[i], panel.y) + spread(other, i)});
        }
        return rows;
    }
    rows.append({text(at < series->labels.size() ? series->labels[at] : series->name), {}});
    if (panel.xLevels.empty())
        rows.append({text(panel.x.title), withUnit(series->xs[at], panel.x)});
    rows.append({text(panel.y.title), withUnit(series->ys[at], panel.y) + spread(*series, at)});
    return rows;
}

}  // namespace splitscope::ui
