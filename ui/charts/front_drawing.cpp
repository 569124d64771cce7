// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/front_drawing.h"

#include "core/session/figures.h"

#include <QFontMetricsF>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr double kLeft = 8, kYLabels = 44, kRight = 14, kHeading = 42, kBottom = 40;
constexpr double kSign = 20;
constexpr double kNameGap = 8, kNameStep = 12.5, kRing = 5.6, kReach = 14;

struct SeriesLook {
    const char* key;
    QRgb light, dark;
    Marker marker;
};
/// The weaker a coder, the paler.
constexpr std::array<SeriesLook, 8> kLooks{{{"none", 0x9a9a9a, 0x8a8a8a, Marker::Cross},
                                            {"huffman-adaptive", 0x8cc4e6, 0x2f6f98, Marker::Square},
                                            {"zstd", 0xc79a2b, 0xb8923a, Marker::TriangleDown},
                                            {"huffman", 0x0072b2, 0x56b4e9, Marker::Diamond},
                                            {"context", 0xd55e00, 0xff8c42, Marker::Circle},
                                            {"float32", 0x5a626b, 0xb0b0b0, Marker::Cross},
                                            {"frames", 0x00543d, 0x86d6bd, Marker::TriangleUp},
                                            {"jpeg", 0x009e73, 0x2fc79a, Marker::TriangleDown}}};

bool isPoints(const session::PlotSeries& series) { return series.key != session::kFrontKey && series.key != session::kNamedKey; }

/// Places for names in the points' order: never nearer than a name is high, all within the plot where they fit.
std::vector<double> nameplaces(const std::vector<double>& xs, double left, double right)
{
    std::vector<double> places = xs;
    for (std::size_t i = 0; i < places.size(); ++i)
        places[i] = std::max(places[i], i == 0 ? left : places[i - 1] + kNameStep);
    double most = right;
    for (std::size_t i = places.size(); i-- > 0; most -= kNameStep)
        places[i] = std::min(places[i], most);
    return places;
}

}  // namespace

FrontDrawing::FrontDrawing(const session::Figure& figure, const FigureView& view, const QSizeF& size, const Theme& theme)
    : m_figure(figure), m_panel(figure.plots.front()), m_view(view), m_ink(theme, view.paper), m_size(size),
      m_magnified(view.logarithmic.value_or(m_panel.y.logarithmic))
{
    const auto* front = find(session::kFrontKey);
    m_magnified = m_magnified && front && !front->ys.empty();
    m_best = m_magnified ? front->ys.back() : 0;
    const QFontMetricsF metrics(smallFont());
    double names = 0;
    if (const auto* named = find(session::kNamedKey); named && shown(*named))
        for (const auto& name : named->labels)
            names = std::max(names, metrics.horizontalAdvance(text(name)) + 2 * kNameGap);
    const double top = kHeading + legend().height(size.width() - kLeft - kRight) + names + 4;
    const double left = kLeft + kYLabels;
    m_plot = {left, top, std::max(60.0, size.width() - left - kRight), std::max(60.0, size.height() - top - kBottom)};
    chooseRange();
}

const session::PlotSeries* FrontDrawing::find(const char* key) const
{
    for (const auto& series : m_panel.series)
        if (series.key == key)
            return &series;
    return nullptr;
}

FrontDrawing::Look FrontDrawing::lookOf(std::size_t index) const
{
    const auto& key = m_panel.series[index].key;
    for (const auto& look : kLooks)
        if (key == look.key)
            return {QColor(m_ink.theme().dark ? look.dark : look.light), look.marker};
    return {m_ink.theme().text, static_cast<Marker>(index % 6)};
}

void FrontDrawing::chooseRange()
{
    double left = std::numeric_limits<double>::infinity(), right = -left, low = left, high = -left;
    for (const auto& series : m_panel.series)
        for (std::size_t i = 0; i < series.xs.size(); ++i)
            if (shown(series) && std::isfinite(series.ys[i]) && (!m_panel.x.logarithmic || series.xs[i] > 0)) {
                left = std::min(left, series.xs[i]);
                right = std::max(right, series.xs[i]);
                low = std::min(low, scaled(series.ys[i]));
                high = std::max(high, scaled(series.ys[i]));
            }
    if (left > right)
        left = 1, right = 10, low = 0, high = 1;
    m_x.logarithmic = m_panel.x.logarithmic;
    m_x.low = m_x.logarithmic ? std::log10(left) : 0;
    m_x.high = m_x.logarithmic ? std::log10(right) : right;
    const double room = 0.03 * std::max(m_x.high - m_x.low, 1e-3);
    m_x.low -= m_x.logarithmic ? room : 0;
    m_x.high += room;
    const double space = 0.05 * std::max(high - low, 0.1);
    const PanelWindow window = m_view.zoom.of(0);
    m_x = m_x.seen(window.x);
    const AxisSpan y = AxisSpan{low - space, high + space, false}.seen(window.y);
    m_low = y.low;
    m_high = y.high;
}

QPointF FrontDrawing::at(double x, double y) const
{
    return {m_plot.left() + m_x.share(x) * m_plot.width(),
            m_plot.bottom() - (scaled(y) - m_low) / (m_high - m_low) * m_plot.height()};
}

double FrontDrawing::scaled(double y) const
{
    if (!m_magnified)
        return y;
    const double floor = m_panel.y.logFloor > 0 ? m_panel.y.logFloor : 1;
    return std::copysign(std::log10(1 + std::abs(y - m_best) / floor), y - m_best);
}

std::vector<std::pair<double, QString>> FrontDrawing::yTicks() const
{
    std::vector<std::pair<double, QString>> ticks;
    if (!m_magnified) {
        for (const Tick& tick : linearTicks(m_low, m_high, std::max(3, static_cast<int>(m_plot.height() / 34))))
            ticks.emplace_back(tick.value, tick.label);
        return ticks;
    }
    constexpr double kNearest = 15;  // a label's height
    const auto add = [&](double y) {
        const bool free = std::none_of(ticks.begin(), ticks.end(), [&](const auto& other) {
            return std::abs(at(1, other.first).y() - at(1, y).y()) < kNearest;
        });
        if (free && scaled(y) > m_low && scaled(y) < m_high)
            ticks.emplace_back(y, QString::number(y, 'f', 1));
    };
    add(m_best);
    for (const double away : {1.0, 10.0, 0.1, 2.0, 5.0, 20.0, 50.0, 0.5, 0.2}) {
        add(m_best - away);
        add(m_best + away);
    }
    return ticks;
}

FigureLegend FrontDrawing::legend() const
{
    FigureLegend legend(kSign);
    const QPen pen(m_ink.theme().text, 1.4);
    for (std::size_t i = 0; i < m_panel.series.size(); ++i) {
        const auto& series = m_panel.series[i];
        if (!shown(series))
            continue;
        if (series.key == session::kFrontKey)
            legend.add(text(series.name), legend.line(pen, std::nullopt));
        else if (series.key == session::kNamedKey)
            legend.add(text(series.name), [pen](QPainter& painter, const QPointF& middle) {
                painter.setPen(pen);
                painter.drawEllipse(middle, kRing, kRing);
            });
        else
            legend.add(text(series.name), [look = lookOf(i)](QPainter& painter, const QPointF& middle) {
                drawMarker(painter, look.marker, middle, look.colour);
            });
    }
    return legend;
}

void FrontDrawing::paint(QPainter& painter) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    m_ink.heading(painter, m_figure, m_size.width(),
                  text(m_panel.y.title)
                      + (m_magnified ? QStringLiteral(", differences from %1 magnified").arg(m_best, 0, 'f', 1) : QString()));
    legend().paint(painter, m_ink, {kLeft, kHeading}, m_size.width() - kLeft - kRight);
    paintAxes(painter);
    painter.save();
    painter.setClipRect(m_plot.adjusted(-5, -5, 5, 5));
    paintFront(painter);
    paintPoints(painter);
    painter.restore();
    paintNames(painter);
    painter.restore();
}

void FrontDrawing::paintAxes(QPainter& painter) const
{
    painter.setFont(smallFont());
    for (const auto& [value, label] : yTicks())
        paintLevel(painter, m_ink, m_plot, at(1, value).y(), label, kYLabels);
    paintXGrid(painter, m_ink, m_plot, m_x, 60);
    m_ink.label(painter, {m_plot.left(), m_size.height() - 19, m_plot.width(), 16}, Qt::AlignRight | Qt::AlignVCenter,
                text(m_figure.xTitle));
}

/// Up at each point, then along until the next.
void FrontDrawing::paintFront(QPainter& painter) const
{
    const auto* front = find(session::kFrontKey);
    if (!front || !shown(*front) || front->xs.empty())
        return;
    QPainterPath path(QPointF(at(front->xs[0], front->ys[0]).x(), m_plot.bottom()));
    for (std::size_t i = 0; i < front->xs.size(); ++i) {
        path.lineTo(at(front->xs[i], front->ys[i]));
        const double end = i + 1 < front->xs.size() ? at(front->xs[i + 1], 0).x() : m_plot.right();
        path.lineTo(end, at(1, front->ys[i]).y());
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_ink.theme().text, 1.4, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
    painter.drawPath(path);
}

void FrontDrawing::paintPoints(QPainter& painter) const
{
    constexpr float kPale = 0.6F;
    for (std::size_t i = 0; i < m_panel.series.size(); ++i) {
        const auto& series = m_panel.series[i];
        if (!isPoints(series) || !shown(series))
            continue;
        Look look = lookOf(i);
        look.colour.setAlphaF(kPale);
        for (std::size_t point = 0; point < series.xs.size(); ++point)
            drawMarker(painter, look.marker, at(series.xs[point], series.ys[point]), look.colour);
    }
    if (!m_view.hover || m_view.hover->map < 0)
        return;
    const auto& series = m_panel.series[static_cast<std::size_t>(m_view.hover->map)];
    painter.setPen(QPen(m_ink.theme().text, 1));
    painter.drawEllipse(at(series.xs[m_view.hover->index], series.ys[m_view.hover->index]), kRing + 2, kRing + 2);
}

void FrontDrawing::paintNames(QPainter& painter) const
{
    const auto* named = find(session::kNamedKey);
    if (!named || !shown(*named))
        return;
    std::vector<double> xs;
    std::vector<std::size_t> seen;
    for (std::size_t i = 0; i < named->xs.size(); ++i)
        if (m_plot.adjusted(-1, -1, 1, 1).contains(at(named->xs[i], named->ys[i]))) {
            xs.push_back(at(named->xs[i], named->ys[i]).x());
            seen.push_back(i);
        }
    const auto places = nameplaces(xs, m_plot.left() + kNameStep / 2, m_plot.right() - kNameStep / 2);
    painter.setFont(smallFont());
    for (std::size_t i = 0; i < xs.size(); ++i) {
        const QPointF point = at(named->xs[seen[i]], named->ys[seen[i]]);
        const QPointF foot(places[i], m_plot.top() - kNameGap / 2);
        painter.setPen(QPen(m_ink.theme().muted, 0.6));
        QPainterPath leader(foot);
        leader.lineTo(point.x(), std::min(m_plot.top() + kNameGap, point.y() - kRing));
        leader.lineTo(point.x(), point.y() - kRing);
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(leader);
        painter.setPen(QPen(m_ink.theme().text, 1.2));
        painter.drawEllipse(point, kRing, kRing);
        painter.save();
        painter.translate(foot - QPointF(0, 2));
        painter.rotate(-90);
        m_ink.label(painter, {0, -8, 300, 16}, Qt::AlignLeft | Qt::AlignVCenter, text(named->labels[seen[i]]));
        painter.restore();
    }
}

std::optional<FigureSpot> FrontDrawing::spotAt(const QPointF& pointer) const
{
    std::optional<FigureSpot> nearest;
    double least = kReach;
    for (std::size_t i = 0; i < m_panel.series.size(); ++i) {
        const auto& series = m_panel.series[i];
        if (!isPoints(series) || !shown(series))
            continue;
        for (std::size_t point = 0; point < series.xs.size(); ++point) {
            const QPointF place = at(series.xs[point], series.ys[point]), away = place - pointer;
            if (!m_plot.adjusted(-1, -1, 1, 1).contains(place))
                continue;  // out of sight
            if (const double distance = std::hypot(away.x(), away.y()); distance < least) {
                least = distance;
                nearest = FigureSpot{static_cast<int>(i), point};
            }
        }
    }
    return nearest;
}

QList<QPair<QString, QString>> FrontDrawing::valuesAt(const FigureSpot& spot) const
{
    const auto& series = m_panel.series[static_cast<std::size_t>(spot.map)];
    const auto value
        = [](double number, const session::FigureAxis& axis) { return threeDigits(number) + QLatin1Char(' ') + text(axis.unit); };
    QList<QPair<QString, QString>> rows{
        {spot.index < series.labels.size() ? text(series.labels[spot.index]) : text(series.name), QString()},
        {QStringLiteral("size"), value(series.xs[spot.index], m_panel.x)},
        {QStringLiteral("accuracy"), value(series.ys[spot.index], m_panel.y)}};
    if (!series.low.empty())
        rows.append({QStringLiteral("95 % interval"),
                     threeDigits(series.low[spot.index]) + QStringLiteral(" … ") + value(series.high[spot.index], m_panel.y)});
    return rows;
}

}  // namespace splitscope::ui
