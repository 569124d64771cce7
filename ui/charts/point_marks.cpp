// SPDX-License-Identifier: GPL-3.0-or-later
// How the series of a PointDrawing are painted.
#include "ui/charts/axis_ticks.h"
#include "ui/charts/point_drawing.h"

#include <QFontMetricsF>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

using session::PlotMark;

namespace {

constexpr double kBarShare = 0.56, kWidestBar = 64;
constexpr double kRing = 8;
constexpr int kLineMarkers = 7;  ///< of a line, about
constexpr std::size_t kDense = 150;  ///< more points are drawn small and lightly

}  // namespace

void PointDrawing::paintSeries(QPainter& painter, std::size_t panel, std::size_t which) const
{
    const auto& series = m_figure.plots[panel].series[which];
    const Look& look = foundLook(series);
    if (series.mark == PlotMark::Bars) {
        paintBars(painter, panel, series, look);
        return;
    }
    if (series.mark == PlotMark::Line && !series.low.empty())
        paintBand(painter, panel, series, look.colour);
    if (series.mark != PlotMark::Points)
        paintLine(painter, panel, series, look);
    if (!look.neutral || series.mark == PlotMark::Points)
        paintMarkers(painter, panel, which);
    else
        for (std::size_t i = 0; i < series.labels.size(); ++i)  // rings around what a neutral line singles out
            painter.drawEllipse(pixelOf(panel, series.xs[i], series.ys[i]), kRing, kRing);
}

void PointDrawing::paintBand(QPainter& painter, std::size_t panel, const session::PlotSeries& series, const QColor& colour) const
{
    QColor light = colour;
    light.setAlphaF(0.13F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(light);
    QPolygonF above, below;
    const auto flush = [&] {
        std::reverse(below.begin(), below.end());
        if (above.size() > 1)
            painter.drawPolygon(above + below);
        above.clear();
        below.clear();
    };
    for (std::size_t i = 0; i < series.xs.size(); ++i) {
        if (!std::isfinite(series.low[i]) || !std::isfinite(series.high[i])) {
            flush();
            continue;
        }
        above << pixelOf(panel, series.xs[i], series.high[i]);
        below << pixelOf(panel, series.xs[i], series.low[i]);
    }
    flush();
    painter.setBrush(Qt::NoBrush);
}

void PointDrawing::paintLine(QPainter& painter, std::size_t panel, const session::PlotSeries& series, const Look& look) const
{
    QPainterPath path;
    std::optional<QPointF> before;
    for (std::size_t i = 0; i < series.xs.size(); ++i) {
        if (!std::isfinite(series.ys[i])) {
            before.reset();
            continue;
        }
        const QPointF at = pixelOf(panel, series.xs[i], series.ys[i]);
        if (!before)
            path.moveTo(at);
        else if (series.mark == PlotMark::Steps)
            path.lineTo(at.x(), before->y());
        path.lineTo(at);
        before = at;
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(look.colour, look.neutral ? 1.2 : 1.5, look.line, Qt::FlatCap, Qt::RoundJoin));
    painter.drawPath(path);
    if (look.neutral)
        painter.setPen(QPen(look.colour, 1.2));
}

void PointDrawing::paintMarkers(QPainter& painter, std::size_t panel, std::size_t which) const
{
    const auto& all = m_figure.plots[panel].series;
    const auto& series = all[which];
    const Look& look = foundLook(series);
    const auto count = series.xs.size();
    const bool line = series.mark == PlotMark::Line || series.mark == PlotMark::Steps;
    // Markers of lines that lie on each other stand at different places.
    const auto every = line ? std::max<std::size_t>(1, count / kLineMarkers) : 1;
    const auto first = line ? which * every / std::max<std::size_t>(1, all.size()) : 0;
    const bool dense = !line && count > kDense;
    QColor colour = look.colour;
    if (dense)
        colour.setAlphaF(0.5F);
    for (std::size_t i = first; i < count; i += every) {
        if (!std::isfinite(series.ys[i]))
            continue;
        if (!line) {
            painter.setPen(QPen(look.colour, 1));
            paintWhisker(painter, panel, series, i);
        }
        painter.save();
        painter.translate(pixelOf(panel, series.xs[i], series.ys[i]));
        const double size = dense ? 0.5 : look.neutral ? 0.55 : series.mark == PlotMark::Points ? 1.25 : 1;
        painter.scale(size, size);
        drawMarker(painter, look.marker, {}, colour);
        painter.restore();
    }
}

void PointDrawing::paintBars(QPainter& painter, std::size_t panel, const session::PlotSeries& series, const Look& look) const
{
    const Place& place = m_places[panel];
    const auto levels = static_cast<double>(std::max<std::size_t>(1, m_figure.plots[panel].xLevels.size()));
    const double width = std::min(kWidestBar, kBarShare * place.box.width() / levels);
    for (std::size_t i = 0; i < series.xs.size(); ++i) {
        if (!std::isfinite(series.ys[i]))
            continue;
        const QPointF top = pixelOf(panel, series.xs[i], series.ys[i]);
        const double foot = place.y.logarithmic ? place.box.bottom() : pixelOf(panel, 0, 0).y();
        QColor fill = look.colour;
        fill.setAlphaF(0.72F);
        painter.fillRect(QRectF(QPointF(top.x() - width / 2, top.y()), QPointF(top.x() + width / 2, foot)).normalized(), fill);
        painter.setPen(QPen(look.colour, 2, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(QPointF(top.x() - width / 2, top.y()), QPointF(top.x() + width / 2, top.y()));
        painter.setPen(QPen(m_ink.theme().text, 1.2));
        paintWhisker(painter, panel, series, i);
        const bool interval = !series.low.empty() && std::isfinite(series.low[i]);
        const bool down = series.ys[i] < 0;
        const double end = pixelOf(panel, 0, interval ? (down ? series.low[i] : series.high[i]) : series.ys[i]).y();
        painter.setFont(smallFont());
        const QString value = threeDigits(series.ys[i]);
        const double length = QFontMetricsF(painter.font()).horizontalAdvance(value);
        if (length + 4 < place.box.width() / levels)
            m_ink.label(painter, {top.x() - 60, down ? end + 3 : end - 17, 120, 14}, Qt::AlignHCenter | Qt::AlignVCenter, value);
        else  // beside its neighbours there is no room: it stands upright, above the bar or the line that the bar hangs from
            m_ink.risingLabel(painter, {top.x(), (down ? foot : end) - 4 - length}, value);
    }
}

void PointDrawing::paintWhisker(QPainter& painter, std::size_t panel, const session::PlotSeries& series, std::size_t i) const
{
    constexpr double kHalf = 3.5;
    if (series.low.empty() || !std::isfinite(series.low[i]) || !std::isfinite(series.high[i]))
        return;
    const QPointF low = pixelOf(panel, series.xs[i], series.low[i]), high = pixelOf(panel, series.xs[i], series.high[i]);
    painter.drawLine(low, high);
    for (const QPointF& end : {low, high})
        painter.drawLine(end - QPointF(kHalf, 0), end + QPointF(kHalf, 0));
}

}  // namespace splitscope::ui
