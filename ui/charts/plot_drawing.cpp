// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/plot_drawing.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr double kHead = 24, kLegendRow = 16, kFoot = 22, kRight = 12;
constexpr double kLaneLeft = 58, kLabelSpace = 12, kLeastLeft = 24;
constexpr double kSwatch = 16, kLegendGap = 10;
constexpr double kLaneFill = 0.66;  // of a lane's height; the rest separates lanes
constexpr double kPixelsPerTick = 34, kPixelsPerColumn = 64, kCompactPixelsPerColumn = 40;
constexpr double kNarrow = 420;

/// Each pixel column's first, lowest, highest and last point: what a line of more points than pixels looks like.
std::vector<QPointF> decimated(const std::vector<QPointF>& pixels)
{
    std::vector<QPointF> result;
    for (std::size_t i = 0; i < pixels.size();) {
        const double column = std::floor(pixels[i].x());
        std::size_t end = i, low = i, high = i;
        for (; end < pixels.size() && std::floor(pixels[end].x()) == column; ++end) {
            low = pixels[end].y() < pixels[low].y() ? end : low;
            high = pixels[end].y() > pixels[high].y() ? end : high;
        }
        std::array<std::size_t, 4> kept{i, std::min(low, high), std::max(low, high), end - 1};
        for (std::size_t k = 0; k < kept.size(); ++k)
            if (k == 0 || kept[k] != kept[k - 1])
                result.push_back(pixels[kept[k]]);
        i = end;
    }
    return result;
}

QPolygonF stepped(const std::vector<QPointF>& points)
{
    QPolygonF polygon;
    for (const QPointF& point : points) {
        if (!polygon.isEmpty())
            polygon << QPointF(point.x(), polygon.last().y());
        polygon << point;
    }
    return polygon;
}

}  // namespace

std::optional<double> valueAt(const PlotLine& line, double x)
{
    if (line.points.empty())
        return {};
    auto after = std::upper_bound(line.points.begin(), line.points.end(), x,
                                  [](double value, const QPointF& point) { return value < point.x(); });
    if (after == line.points.begin())
        return line.steps ? std::nullopt : std::optional(line.points.front().y());
    auto nearest = after - 1;
    if (!line.steps && after != line.points.end() && after->x() - x < x - nearest->x())
        nearest = after;
    return std::isnan(nearest->y()) ? std::nullopt : std::optional(nearest->y());
}

PlotDrawing::PlotDrawing(const Plot& plot, const QRectF& area, const Theme& theme, bool paper)
    : m_plot(plot), m_whole(area), m_ink(theme, paper), m_x(fit(plot.x, true)), m_y(fit(plot.y, false))
{
    const double top = kHead + (legendHasItsRow() ? kLegendRow : 4);
    m_area = area.adjusted(kLaneLeft, top, -kRight, -kFoot);
    if (plot.lanes.empty())
        m_area.setLeft(area.left() + labelWidth());
    m_area.setWidth(std::max(10.0, m_area.width()));
    m_area.setHeight(std::max(10.0, m_area.height()));
}

/// What the y axis' labels need.
double PlotDrawing::labelWidth() const
{
    const QFontMetricsF metrics(smallFont());
    double widest = kLeastLeft - kLabelSpace;
    for (const Tick& tick : m_y.ticks(rows()))
        widest = std::max(widest, metrics.horizontalAdvance(tick.label));
    return widest + kLabelSpace;
}

int PlotDrawing::rows() const
{
    return std::max(2, static_cast<int>(m_area.height() / kPixelsPerTick)) + (m_y.logarithmic ? 1 : 0);
}

AxisSpan PlotDrawing::fit(const PlotAxis& axis, bool x) const
{
    return wholeOf(axis, x).seen(x ? m_plot.window.x : m_plot.window.y);
}

AxisSpan PlotDrawing::wholeOf(const PlotAxis& axis, bool x) const
{
    double low = INFINITY, high = -INFINITY;
    for (const auto& line : m_plot.lines)
        for (const QPointF& point : line.points) {
            const double value = x ? point.x() : point.y();
            if (!std::isfinite(value) || (axis.logarithmic && value <= 0))
                continue;
            low = std::min(low, value);
            high = std::max(high, value);
        }
    if (!x && m_plot.yMark && low <= high) {
        low = std::min(low, m_plot.yMark->value);
        high = std::max(high, m_plot.yMark->value);
    }
    low = axis.low.value_or(low <= high ? low : axis.logarithmic ? 0.1 : 0);
    high = axis.high.value_or(high >= low ? high : low + 1);
    if (axis.logarithmic) {
        AxisSpan scale{std::log10(low), std::log10(high), true};
        if (scale.high - scale.low < 0.3) {
            scale.low -= 0.2;
            scale.high += 0.2;
        }
        return scale;
    }
    const double spare = x ? 0 : std::max((high - low) * 0.06, std::abs(high) * 1e-6 + 1e-9);
    AxisSpan scale{axis.low ? low : low >= 0 && low < 0.4 * high ? 0 : low - spare, axis.high ? high : high + spare, false};
    if (scale.high <= scale.low)
        scale.high = scale.low + 1;
    return scale;
}

bool PlotDrawing::legendHasItsRow() const
{
    return m_plot.lines.size() > 2 || (m_plot.lines.size() > 1 && m_whole.width() < kNarrow);
}

QPointF PlotDrawing::toPixels(double x, double y, std::size_t lane) const
{
    double share = m_y.share(y);
    if (lane < m_plot.lanes.size()) {
        const PlotLane& l = m_plot.lanes[lane];
        const double within = std::clamp((y - l.low) / (l.high - l.low), 0.0, 1.0);
        const double count = static_cast<double>(m_plot.lanes.size());
        share = (count - 1 - static_cast<double>(lane) + (1 - kLaneFill) / 2 + within * kLaneFill) / count;
    }
    return {m_area.left() + m_x.share(x) * m_area.width(), m_area.bottom() - share * m_area.height()};
}

std::optional<double> PlotDrawing::xAt(const QPointF& pixel) const
{
    if (!m_area.adjusted(-2, -m_area.top(), 2, kFoot).contains(pixel))
        return {};
    const double share = std::clamp((pixel.x() - m_area.left()) / m_area.width(), 0.0, 1.0);
    const double at = m_x.low + share * (m_x.high - m_x.low);
    return m_x.logarithmic ? std::pow(10.0, at) : at;
}

void PlotDrawing::paint(QPainter& painter, std::optional<double> hover) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    if (m_plot.empty()) {
        paintHead(painter, {});
        paintEmpty(painter);
        painter.restore();
        return;
    }
    paintAxes(painter);
    paintLanes(painter);
    painter.save();
    painter.setClipRect(m_area.adjusted(-1, -2, 1, 2));
    for (const auto& line : m_plot.lines)
        paintLine(painter, line);
    painter.restore();
    paintMarks(painter);
    paintHead(painter, hover);
    const double x = hover ? std::round(toPixels(*hover, 0).x()) + 0.5 : 0;
    if (hover && !m_ink.paper() && x >= m_area.left() && x <= m_area.right() + 1) {
        painter.setPen(QPen(m_ink.theme().muted, 1));
        painter.drawLine(QPointF(x, m_area.top()), QPointF(x, m_area.bottom()));
    }
    painter.restore();
}

void PlotDrawing::paintAxes(QPainter& painter) const
{
    painter.setFont(smallFont());
    const QFontMetricsF metrics(painter.font());
    const Theme& theme = m_ink.theme();
    for (const Tick& tick : m_plot.lanes.empty() ? m_y.ticks(rows()) : std::vector<Tick>{}) {
        const double y = m_area.bottom() - (tick.value - m_y.low) / (m_y.high - m_y.low) * m_area.height();
        painter.setPen(m_ink.hairline());
        painter.drawLine(QPointF(m_area.left(), y), QPointF(m_area.right(), y));
        painter.setPen(theme.muted);
        m_ink.label(painter, {m_whole.left(), y - 8, m_area.left() - m_whole.left() - 6, 16}, Qt::AlignRight | Qt::AlignVCenter,
                    tick.label);
    }
    const double captionLeft = m_area.right() - metrics.horizontalAdvance(m_plot.x.title);
    const double wanted = m_plot.compact ? kCompactPixelsPerColumn : kPixelsPerColumn;
    const int columns = std::max(2, static_cast<int>(m_area.width() / wanted)) + (m_x.logarithmic ? 1 : 0);
    for (const Tick& tick : m_x.ticks(columns)) {
        const double x = m_area.left() + (tick.value - m_x.low) / (m_x.high - m_x.low) * m_area.width();
        painter.setPen(m_ink.hairline());
        painter.drawLine(QPointF(x, m_area.top()), QPointF(x, m_area.bottom()));
        painter.setPen(theme.muted);
        if (x + metrics.horizontalAdvance(tick.label) / 2 < captionLeft - 6)
            m_ink.label(painter, {x - 40, m_area.bottom() + 3, 80, 16}, Qt::AlignHCenter | Qt::AlignVCenter, tick.label);
    }
    m_ink.label(painter, {captionLeft, m_area.bottom() + 3, m_area.right() - captionLeft, 16}, Qt::AlignRight | Qt::AlignVCenter,
                m_plot.x.title);
}

void PlotDrawing::paintLanes(QPainter& painter) const
{
    const Theme& theme = m_ink.theme();
    for (std::size_t i = 0; i < m_plot.lanes.size(); ++i) {
        const PlotLane& lane = m_plot.lanes[i];
        std::vector<double> taken;
        for (const Tick& tick : lane.ticks) {
            const double y = toPixels(1, tick.value, i).y();
            const bool fits = std::ranges::all_of(taken, [&](double other) { return std::abs(other - y) >= 12; });
            if (!fits)
                continue;
            taken.push_back(y);
            painter.setPen(m_ink.hairline());
            painter.drawLine(QPointF(m_area.left(), y), QPointF(m_area.right(), y));
            painter.setPen(theme.muted);
            m_ink.label(painter, {m_whole.left(), y - 8, m_area.left() - m_whole.left() - 6, 16},
                        Qt::AlignRight | Qt::AlignVCenter, tick.label);
        }
        const double middle = (toPixels(1, lane.low, i).y() + toPixels(1, lane.high, i).y()) / 2;
        painter.setPen(theme.muted);
        m_ink.label(painter, {m_whole.left() + 6, middle - 8, 60, 16}, Qt::AlignLeft | Qt::AlignVCenter, lane.name);
    }
}

void PlotDrawing::paintLine(QPainter& painter, const PlotLine& line) const
{
    QPen pen(m_ink.theme().colour(line.quantity), line.width, line.style, Qt::FlatCap, Qt::RoundJoin);
    if (line.style == Qt::DotLine)
        pen.setDashPattern({1.5, 2});
    painter.setPen(pen);
    std::vector<QPointF> run;
    const auto flush = [&] {
        if (run.size() == 1)
            painter.drawEllipse(run.front(), 1.5, 1.5);
        const auto points = decimated(run);
        painter.drawPolyline(line.steps ? stepped(points) : QPolygonF(QList<QPointF>(points.begin(), points.end())));
        run.clear();
    };
    for (const QPointF& point : line.points) {
        if (std::isfinite(point.y()))
            run.push_back(toPixels(point.x(), point.y(), line.lane));
        else if (!run.empty())
            flush();
    }
    if (!run.empty())
        flush();
}

void PlotDrawing::paintMarks(QPainter& painter) const
{
    const Theme& theme = m_ink.theme();
    painter.setFont(smallFont());
    if (m_plot.yMark) {
        const double y = toPixels(1, m_plot.yMark->value).y();
        painter.setPen(QPen(theme.text, 1, Qt::DashLine));
        if (y >= m_area.top() - 1 && y <= m_area.bottom() + 1) {
            painter.drawLine(QPointF(m_area.left(), y), QPointF(m_area.right(), y));
            m_ink.label(painter, {m_area.left() + 4, y - 16, 200, 14}, Qt::AlignLeft | Qt::AlignVCenter, m_plot.yMark->caption);
        }
    }
    if (!m_plot.xMark)
        return;
    const double x = toPixels(m_plot.xMark->value, 0).x();
    if (x < m_area.left() - 1 || x > m_area.right() + 1)
        return;
    painter.setPen(QPen(theme.colour(Quantity::Bandwidth), 1, Qt::DashLine));
    painter.drawLine(QPointF(x, m_area.top()), QPointF(x, m_area.bottom()));
    const bool leftOfIt = x > m_area.center().x();
    painter.setPen(theme.colour(Quantity::Bandwidth));
    m_ink.label(painter, {leftOfIt ? x - 204 : x + 4, m_area.top(), 200, 14},
                (leftOfIt ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, m_plot.xMark->caption);
    for (const auto& line : m_plot.lines)
        if (const auto value = valueAt(line, m_plot.xMark->value); value && m_plot.lanes.empty())
            if (const QPointF at = toPixels(m_plot.xMark->value, *value); m_area.adjusted(-1, -1, 1, 1).contains(at))
                drawMarker(painter, Marker::Circle, at, theme.colour(line.quantity));
}

QString PlotDrawing::legendText(const PlotLine& line, std::optional<double> hover) const
{
    if (m_ink.paper() || !m_plot.lanes.empty() || line.points.empty())
        return line.name;
    const auto value = hover ? valueAt(line, *hover) : std::optional(line.points.back().y());
    if (!value || !std::isfinite(*value) || (m_plot.compact && !hover))
        return line.name;
    const QString unit = m_plot.y.unit.isEmpty() ? QString() : QChar(0x2009) + m_plot.y.unit;
    return QStringLiteral("%1 %2%3").arg(line.name, threeDigits(*value), unit);
}

void PlotDrawing::paintHead(QPainter& painter, std::optional<double> hover) const
{
    const Theme& theme = m_ink.theme();
    painter.setFont(boldFont());
    painter.setPen(theme.text);
    const double left = m_whole.left() + (m_plot.compact ? 2 : 8);
    const double titleWidth = m_plot.title.isEmpty() ? -8 : QFontMetricsF(painter.font()).horizontalAdvance(m_plot.title);
    m_ink.label(painter, {left, m_whole.top() + 4, titleWidth + 2, 18}, Qt::AlignLeft | Qt::AlignVCenter, m_plot.title);
    painter.setFont(smallFont());
    painter.setPen(theme.muted);
    const QFontMetricsF metrics(painter.font());
    QString told = m_plot.y.title;
    if (hover && !m_plot.x.unit.isEmpty())
        told = QStringLiteral("%1 %2").arg(threeDigits(*hover), m_plot.x.unit);
    const double from = left + titleWidth + 8;
    const double space = (legendHasItsRow() || m_plot.lines.size() < 2 ? m_area.right() : m_area.center().x()) - from;
    m_ink.label(painter, {from, m_whole.top() + 4, space, 18}, Qt::AlignLeft | Qt::AlignVCenter,
                metrics.elidedText(told, Qt::ElideRight, std::max(0.0, space)));
    if (!m_plot.empty())
        paintLegend(painter, hover, left);
}

void PlotDrawing::paintLegend(QPainter& painter, std::optional<double> hover, double left) const
{
    if (m_plot.lines.size() < 2 && !hover && m_plot.lines.front().name.isEmpty())
        return;
    const Theme& theme = m_ink.theme();
    const QFontMetricsF metrics(painter.font());
    std::vector<std::pair<const PlotLine*, QString>> entries;
    double width = -kLegendGap;
    for (const auto& line : m_plot.lines) {
        const bool told = std::ranges::any_of(entries, [&](const auto& entry) { return entry.first->name == line.name; });
        if (line.name.isEmpty() || told)
            continue;
        entries.emplace_back(&line, legendText(line, hover));
        width += kSwatch + 4 + metrics.horizontalAdvance(entries.back().second) + kLegendGap;
    }
    const bool ownRow = legendHasItsRow();
    double x = ownRow ? left : m_area.right() - width;
    const double y = m_whole.top() + (ownRow ? kHead - 2 : 5);
    for (const auto& [line, name] : entries) {
        painter.setPen(QPen(theme.colour(line->quantity), std::min(line->width, 5.0), line->style, Qt::FlatCap));
        painter.drawLine(QPointF(x, y + 8), QPointF(x + kSwatch, y + 8));
        painter.setPen(theme.text);
        const double nameWidth = metrics.horizontalAdvance(name);
        m_ink.label(painter, {x + kSwatch + 4, y, nameWidth + 2, 16}, Qt::AlignLeft | Qt::AlignVCenter, name);
        x += kSwatch + 4 + nameWidth + kLegendGap;
    }
}

void PlotDrawing::paintEmpty(QPainter& painter) const
{
    painter.setPen(m_ink.theme().muted);
    painter.setFont(smallFont());
    if (m_ink.paper())
        m_ink.label(painter, m_whole, Qt::AlignCenter, m_plot.emptyText);
    else
        painter.drawText(m_whole.adjusted(16, kHead, -16, -8), Qt::AlignCenter | Qt::TextWordWrap, m_plot.emptyText);
}

}  // namespace splitscope::ui
