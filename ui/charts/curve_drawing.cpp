// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/curve_drawing.h"

#include "core/base/units.h"
#include "ui/charts/strategy_look.h"

#include <QFontMetricsF>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr double kLeft = 8, kRight = 12, kHeading = 42, kPanelTitle = 18, kGap = 10, kBottom = 36;
constexpr double kYLabels = 52, kSign = 26;
constexpr int kMarkers = 7;  ///< of a line, about

}  // namespace

CurveDrawing::CurveDrawing(const session::Figure& figure, const FigureView& view, const QSizeF& size, const Theme& theme)
    : m_figure(figure), m_view(view), m_ink(theme, view.paper), m_size(size)
{
    collectLooks();
    placePanels();
}

/// The optimum is what the others are held against: a wide, pale band below them.
void CurveDrawing::collectLooks()
{
    const Theme& theme = m_ink.theme();
    std::size_t next = 0;
    for (const auto& panel : m_figure.panels)
        for (const auto& series : panel.series) {
            const QString key = text(series.key);
            if (std::any_of(m_looks.begin(), m_looks.end(), [&](const Look& look) { return look.key == key; }))
                continue;
            if (key == QLatin1String("optimum")) {
                QColor band = theme.muted;
                band.setAlphaF(0.45F);
                m_looks.push_back({key, text(series.name), band, Qt::SolidLine, 5, Marker::Circle});
                continue;
            }
            if (const auto strategy = strategyLook(key, theme)) {
                m_looks.push_back({key, text(series.name), strategy->colour, strategy->line, 1.5, strategy->marker});
                continue;
            }
            m_looks.push_back({key, text(series.name), seriesColour(next, theme), kSeriesLines[next % kSeriesLines.size()], 1.5,
                               static_cast<Marker>((next + 1) % 6)});
            ++next;
        }
}

const CurveDrawing::Look& CurveDrawing::lookOf(const std::string& key) const
{
    return *std::find_if(m_looks.begin(), m_looks.end(), [&](const Look& look) { return look.key == text(key); });
}

FigureLegend CurveDrawing::legend() const
{
    FigureLegend legend(kSign);
    for (const auto& look : m_looks) {
        const auto marker = look.key == QLatin1String("optimum") ? std::nullopt : std::optional(look.marker);
        if (!m_view.hidden.contains(look.key))
            legend.add(look.name, legend.line(QPen(look.colour, look.width, look.line, Qt::FlatCap), marker));
    }
    return legend;
}

void CurveDrawing::placePanels()
{
    std::vector<AxisSpan> spans;
    int rows = 1, columns = 1;
    for (const auto& panel : m_figure.panels) {
        rows = std::max(rows, panel.row + 1);
        columns = std::max(columns, panel.column + 1);
    }
    const double top = kHeading + legend().height(m_size.width() - kLeft - kRight) + 2;
    const double width = (m_size.width() - kLeft - kRight - kGap * (columns - 1)) / columns;
    const double height = (m_size.height() - top - kBottom) / rows;
    for (const auto& panel : m_figure.panels) {
        Place place;
        place.box = {kLeft + panel.column * (width + kGap) + kYLabels, top + panel.row * height + kPanelTitle,
                     std::max(20.0, width - kYLabels), std::max(20.0, height - kPanelTitle - 16)};
        place.lowest = std::none_of(m_figure.panels.begin(), m_figure.panels.end(), [&](const session::CurvePanel& other) {
            return other.column == panel.column && other.row > panel.row;
        });
        chooseRange(panel, place);
        m_panels.push_back({place.box, groupOf(spans, place.x)});
        const PanelWindow window = m_view.zoom.of(m_places.size());
        place.x = place.x.seen(window.x);
        place.y = place.y.seen(window.y);
        m_places.push_back(place);
    }
}

void CurveDrawing::chooseRange(const session::CurvePanel& panel, Place& place) const
{
    place.x.logarithmic = panel.x.logarithmic;
    place.x.low = AxisSpan::along(panel.xs.front(), panel.x.logarithmic);
    place.x.high = std::max(AxisSpan::along(panel.xs.back(), panel.x.logarithmic), place.x.low + 1e-9);
    if (!panel.levels.empty()) {
        place.y = {-0.5, static_cast<double>(panel.levels.size()) - 0.5, false};
        return;
    }
    const bool logarithmic = m_view.logarithmic.value_or(panel.y.logarithmic);
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const auto& series : panel.series)
        for (const double value : series.values)
            if (shown(series) && std::isfinite(value) && (!logarithmic || value > 0)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
    if (low > high)
        low = logarithmic ? 1 : 0, high = 1;
    if (logarithmic) {
        const double room = std::max(0.03 * std::log10(high / low), 0.05);
        place.y = {std::log10(low) - room, std::log10(high) + room, true};
    } else {
        const double room = high > low ? 0.06 * (high - low) : std::max(1e-6, 0.05 * std::abs(high));
        place.y = {low >= 0 ? std::max(0.0, low - room) : low - room, high + room, false};
    }
}

double CurveDrawing::xOf(std::size_t panel, double x) const
{
    const Place& place = m_places[panel];
    return place.box.left() + place.x.share(x) * place.box.width();
}

double CurveDrawing::yOf(std::size_t panel, double y) const
{
    const Place& place = m_places[panel];
    constexpr double kFar = 20;  // boxes away: beyond it painters lose their precision
    return place.box.bottom() - std::clamp(place.y.share(y), -kFar, kFar) * place.box.height();
}

void CurveDrawing::paint(QPainter& painter) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    m_ink.heading(painter, m_figure, m_size.width(), text(m_figure.y.title));
    legend().paint(painter, m_ink, {kLeft, kHeading}, m_size.width() - kLeft - kRight);
    for (std::size_t panel = 0; panel < m_figure.panels.size(); ++panel) {
        paintAxes(painter, panel);
        painter.save();
        painter.setClipRect(m_places[panel].box.adjusted(-5, -5, 5, 5));
        for (std::size_t series = 0; series < m_figure.panels[panel].series.size(); ++series)
            if (shown(m_figure.panels[panel].series[series]))
                paintSeries(painter, panel, series);
        painter.restore();
    }
    painter.setFont(smallFont());
    painter.setPen(m_ink.theme().muted);
    m_ink.label(painter, {kLeft, m_size.height() - 18, m_size.width() - kLeft - kRight, 16}, Qt::AlignRight | Qt::AlignVCenter,
                text(m_figure.xTitle));
    paintHover(painter);
    painter.restore();
}

void CurveDrawing::paintAxes(QPainter& painter, std::size_t index) const
{
    const auto& panel = m_figure.panels[index];
    const Place& place = m_places[index];
    const QRectF& box = place.box;
    painter.setFont(smallFont());
    painter.setPen(m_ink.theme().text);
    const QFontMetricsF metrics(painter.font());
    m_ink.label(painter, {box.left() - kYLabels, box.top() - kPanelTitle, box.width() + kYLabels, 16},
                Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(text(panel.title), Qt::ElideRight, box.width() + kYLabels));
    const auto levels = static_cast<int>(panel.levels.size());
    const int every = std::max(1, static_cast<int>(std::ceil((place.y.high - place.y.low) * 12 / box.height())));
    for (int level = 0; level < levels; level += every)
        if (level >= place.y.low && level <= place.y.high)
            paintLevel(painter, m_ink, box, yOf(index, level), text(panel.levels[static_cast<std::size_t>(level)]), kYLabels);
    if (levels == 0)
        paintYGrid(painter, m_ink, box, place.y, 30, kYLabels);
    paintXGrid(painter, m_ink, box, place.x, 44, place.lowest);
}

void CurveDrawing::paintSeries(QPainter& painter, std::size_t index, std::size_t which) const
{
    const auto& panel = m_figure.panels[index];
    const auto& series = panel.series[which];
    const Look& look = lookOf(series.key);
    QPainterPath path;
    bool open = false;
    const auto count = panel.xs.size();
    const auto middle = [&](std::size_t i) { return (xOf(index, panel.xs[i]) + xOf(index, panel.xs[i + 1])) / 2; };
    for (std::size_t i = 0; i < count; ++i) {
        if (!std::isfinite(series.values[i])) {
            open = false;
            continue;
        }
        const double x = xOf(index, panel.xs[i]), y = yOf(index, series.values[i]);
        const double from = panel.steps && i > 0 ? middle(i - 1) : x;
        const double to = panel.steps && i + 1 < count ? middle(i) : x;
        if (open)
            path.lineTo(from, y);
        else
            path.moveTo(from, y);
        path.lineTo(to, y);
        open = true;
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(look.colour, look.width, look.line, Qt::FlatCap, Qt::RoundJoin));
    painter.drawPath(path);
    if (look.key == QLatin1String("optimum"))
        return;
    // Markers of lines that lie on each other stand at different places.
    const auto every = std::max<std::size_t>(1, count / kMarkers);
    for (std::size_t i = which * every / std::max<std::size_t>(1, panel.series.size()); i < count; i += every)
        if (std::isfinite(series.values[i]))
            drawMarker(painter, look.marker, {xOf(index, panel.xs[i]), yOf(index, series.values[i])}, look.colour);
}

void CurveDrawing::paintHover(QPainter& painter) const
{
    if (!m_view.hover || m_view.hover->map < 0 || static_cast<std::size_t>(m_view.hover->map) >= m_places.size())
        return;
    const auto panel = static_cast<std::size_t>(m_view.hover->map);
    const double x = xOf(panel, m_figure.panels[panel].xs[m_view.hover->index]);
    painter.setPen(QPen(m_ink.theme().text, 1));
    painter.drawLine(QPointF(x, m_places[panel].box.top()), QPointF(x, m_places[panel].box.bottom()));
}

std::optional<FigureSpot> CurveDrawing::spotAt(const QPointF& at) const
{
    for (std::size_t panel = 0; panel < m_places.size(); ++panel) {
        if (!m_places[panel].box.adjusted(-2, 0, 2, 0).contains(at))
            continue;
        const auto& xs = m_figure.panels[panel].xs;
        const auto nearer
            = [&](double a, double b) { return std::abs(xOf(panel, a) - at.x()) < std::abs(xOf(panel, b) - at.x()); };
        const auto nearest = std::min_element(xs.begin(), xs.end(), nearer);
        const double share = m_places[panel].x.share(*nearest);
        if (share < -1e-9 || share > 1 + 1e-9)
            return std::nullopt;  // zoomed in between two
        return FigureSpot{static_cast<int>(panel), static_cast<std::size_t>(nearest - xs.begin())};
    }
    return std::nullopt;
}

QList<QPair<QString, QString>> CurveDrawing::valuesAt(const FigureSpot& spot) const
{
    const auto& panel = m_figure.panels[static_cast<std::size_t>(spot.map)];
    const double x = panel.xs[spot.index];
    const QString at = panel.x.unit == "MB/s" ? text(base::formatBytesPerSecond(x * 1e6))
                                              : threeDigits(x) + QLatin1Char(' ') + text(panel.x.unit);
    QList<QPair<QString, QString>> rows{{text(panel.title), at}};
    for (const auto& series : panel.series) {
        const double value = series.values[spot.index];
        if (!shown(series) || !std::isfinite(value))
            continue;
        const auto level = static_cast<std::size_t>(std::max(0.0, value));
        rows.append({text(series.name),
                     level < panel.levels.size() ? text(panel.levels[level])
                                                 : threeDigits(value) + QLatin1Char(' ') + text(panel.y.unit)});
    }
    return rows;
}

}  // namespace splitscope::ui
