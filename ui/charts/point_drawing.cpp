// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/point_drawing.h"

#include "ui/charts/strategy_look.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

using session::PlotMark;

namespace {

constexpr double kLeft = 8, kRight = 14, kHeading = 26, kPanelTitle = 20, kGap = 14, kAxisTitle = 18;
constexpr double kYLabels = 52, kXLabels = 18, kSign = 26;
constexpr double kLongestLevel = 110;

bool isLine(PlotMark mark) { return mark == PlotMark::Line || mark == PlotMark::Steps; }

}  // namespace

PointDrawing::PointDrawing(const session::Figure& figure, const FigureView& view, const QSizeF& size, const Theme& theme)
    : m_figure(figure), m_view(view), m_ink(theme, view.paper), m_size(size)
{
    collectLooks();
    placePanels();
}

PointDrawing::Look PointDrawing::lookOf(const session::PlotSeries& series, std::size_t unknown) const
{
    const Theme& theme = m_ink.theme();
    Look look{text(series.key), text(series.name), theme.text, Qt::SolidLine, Marker::Circle, series.mark, false};
    const QString name = text(series.look);
    if (name.isEmpty()) {
        look.neutral = true;
        look.line = Qt::DashLine;
        look.colour = isLine(series.mark) ? theme.muted : theme.text;
        return look;
    }
    if (const auto strategy = strategyLook(name, theme)) {
        look.colour = strategy->colour;
        look.line = strategy->line;
        look.marker = strategy->marker;
        return look;
    }
    const auto index = name.startsWith(QLatin1String("run:")) ? static_cast<std::size_t>(name.mid(4).toUInt()) : unknown;
    look.colour = seriesColour(index, theme);
    look.line = kSeriesLines[index % kSeriesLines.size()];
    look.marker = static_cast<Marker>(index % 6);
    return look;
}

void PointDrawing::collectLooks()
{
    std::size_t unknown = 0;
    for (const auto& panel : m_figure.plots)
        for (const auto& series : panel.series) {
            const auto same = [&](const Look& look) { return look.key == text(series.key); };
            if (std::none_of(m_looks.begin(), m_looks.end(), same))
                m_looks.push_back(lookOf(series, unknown++));
        }
}

const PointDrawing::Look& PointDrawing::foundLook(const session::PlotSeries& series) const
{
    return *std::find_if(m_looks.begin(), m_looks.end(), [&](const Look& look) { return look.key == text(series.key); });
}

FigureLegend PointDrawing::legend() const
{
    FigureLegend legend(kSign);
    for (const auto& look : m_looks) {
        if (look.name.isEmpty())
            continue;
        const QPen pen = look.mark == PlotMark::Points ? QPen(QBrush(look.colour), 0, Qt::NoPen)
                                                       : QPen(look.colour, 1.5, look.line, Qt::FlatCap);
        legend.add(look.name, legend.line(pen, look.neutral ? std::nullopt : std::optional(look.marker)));
    }
    return legend;
}

double PointDrawing::levelLabelHeight() const
{
    int columns = 1;
    for (const auto& panel : m_figure.plots)
        columns = std::max(columns, panel.column + 1);
    const QFontMetricsF metrics(smallFont());
    const double width = m_size.width() / columns - kYLabels - kGap;
    double widest = 0;
    bool fits = true;
    for (const auto& panel : m_figure.plots)
        for (const auto& level : panel.xLevels) {
            const double label = metrics.horizontalAdvance(text(level));
            fits = fits && label + 8 < width / static_cast<double>(panel.xLevels.size());
            widest = std::max(widest, label);
        }
    return fits ? 0 : std::min(widest, kLongestLevel) + 6;
}

void PointDrawing::placePanels()
{
    std::vector<AxisSpan> spans;
    int rows = 1, columns = 1;
    for (const auto& panel : m_figure.plots) {
        rows = std::max(rows, panel.row + 1);
        columns = std::max(columns, panel.column + 1);
    }
    const double top = kHeading + legend().height(m_size.width() - kLeft - kRight) + 2;
    const double bottom = std::max(kXLabels, levelLabelHeight()) + kAxisTitle;
    const double width = (m_size.width() - kLeft - kRight - kGap * (columns - 1)) / columns;
    const double height = (m_size.height() - top - bottom + kXLabels) / rows;
    for (const auto& panel : m_figure.plots) {
        Place place;
        place.box = {kLeft + panel.column * (width + kGap) + kYLabels, top + panel.row * height + kPanelTitle,
                     std::max(20.0, width - kYLabels), std::max(20.0, height - kPanelTitle - kXLabels)};
        place.lowest = std::none_of(m_figure.plots.begin(), m_figure.plots.end(), [&](const session::PlotPanel& other) {
            return other.column == panel.column && other.row > panel.row;
        });
        chooseRanges(panel, place);
        m_panels.push_back({place.box, groupOf(spans, place.x)});
        const PanelWindow window = m_view.zoom.of(m_places.size());
        place.x = place.x.seen(window.x);
        place.y = place.y.seen(window.y);
        m_places.push_back(place);
    }
}

AxisSpan PointDrawing::rangeOf(const session::PlotPanel& panel, bool x) const
{
    double low = INFINITY, high = -INFINITY, smallest = INFINITY;
    const auto take = [&](double value) {
        if (!std::isfinite(value))
            return;
        low = std::min(low, value);
        high = std::max(high, value);
        smallest = value > 0 ? std::min(smallest, value) : smallest;
    };
    for (const auto& series : panel.series)
        for (const auto* values : {x ? &series.xs : &series.ys, x ? nullptr : &series.low, x ? nullptr : &series.high})
            if (values)
                std::for_each(values->begin(), values->end(), take);
    if (low > high)
        low = 0, high = 1;
    const bool positive = low > 0;
    if (!x && panel.fromZero) {  // room is left in proportion to what is drawn
        low = std::min(low, 0.0);
        high = std::max(high, 0.0);
    }
    const auto& axis = x ? panel.x : panel.y;
    const bool isShare = panel.y.key == "share_percent";
    const bool asked = panel.diagonal || x == isShare;
    AxisSpan range;
    range.logarithmic = asked ? m_view.logarithmic.value_or(axis.logarithmic) : axis.logarithmic;
    range.logarithmic = range.logarithmic && smallest < INFINITY && (positive || !panel.fromZero);
    if (range.logarithmic) {
        range.low = std::log10(low > 0 ? low : smallest);
        range.high = std::log10(high);
        const double room = std::max(0.04 * (range.high - range.low), x ? 0.06 : 0.02);
        return {range.low - room, range.high + room, true};
    }
    if (!x && isShare)
        return {0, 100, false};
    const bool course = x && !panel.diagonal
        && std::all_of(panel.series.begin(), panel.series.end(), [](const auto& series) { return isLine(series.mark); });
    const double room = course ? 0 : high > low ? 0.07 * (high - low) : std::max(1e-6, 0.1 * std::abs(high));
    const bool zero = (!x && panel.fromZero) || course;
    range.low = zero ? std::min(0.0, low < 0 ? low - room : low) : low >= 0 ? std::max(0.0, low - room) : low - room;
    range.high = zero ? std::max(0.0, high > 0 ? high + 1.6 * room : high) : high + room;
    if (range.high <= range.low)
        range.high = range.low + 1;
    return range;
}

void PointDrawing::chooseRanges(const session::PlotPanel& panel, Place& place) const
{
    place.x = rangeOf(panel, true);
    place.y = rangeOf(panel, false);
    if (!panel.xLevels.empty())
        place.x = {-0.5, static_cast<double>(panel.xLevels.size()) - 0.5, false};
    if (panel.diagonal) {
        const double low = std::min(place.x.low, place.y.low), high = std::max(place.x.high, place.y.high);
        place.x = place.y = {low, high, place.x.logarithmic && place.y.logarithmic};
    }
}

QPointF PointDrawing::pixelOf(std::size_t panel, double x, double y) const
{
    const Place& place = m_places[panel];
    return {place.box.left() + place.x.share(x) * place.box.width(), place.box.bottom() - place.y.share(y) * place.box.height()};
}

void PointDrawing::paint(QPainter& painter) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    m_ink.heading(painter, m_figure, m_size.width(), {});
    legend().paint(painter, m_ink, {kLeft, kHeading}, m_size.width() - kLeft - kRight);
    for (std::size_t panel = 0; panel < m_figure.plots.size(); ++panel) {
        paintAxes(painter, panel);
        paintXAxis(painter, panel);
        painter.save();
        painter.setClipRect(m_places[panel].box.adjusted(-5, -5, 5, 5));
        if (m_figure.plots[panel].diagonal)
            paintDiagonal(painter, panel);
        for (std::size_t series = 0; series < m_figure.plots[panel].series.size(); ++series)
            paintSeries(painter, panel, series);
        painter.restore();
    }
    paintHover(painter);
    painter.restore();
}

void PointDrawing::paintAxes(QPainter& painter, std::size_t index) const
{
    const auto& panel = m_figure.plots[index];
    const Place& place = m_places[index];
    const QRectF& box = place.box;
    painter.setFont(smallFont());
    const QFontMetricsF metrics(painter.font());
    painter.setPen(m_ink.theme().muted);
    const QString title = text(panel.y.title);
    const QString about
        = panel.title.empty() || panel.title == panel.y.title ? title : text(panel.title) + QStringLiteral(": ") + title;
    m_ink.label(painter, {box.left() - kYLabels, box.top() - kPanelTitle, box.width() + kYLabels, 16},
                Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(about, Qt::ElideRight, box.width() + kYLabels));
    paintYGrid(painter, m_ink, box, place.y, 32, kYLabels);
}

void PointDrawing::paintXAxis(QPainter& painter, std::size_t index) const
{
    const auto& panel = m_figure.plots[index];
    const Place& place = m_places[index];
    const QRectF& box = place.box;
    const QFontMetricsF metrics(painter.font());
    const double rising = levelLabelHeight();
    painter.setPen(m_ink.theme().text);
    for (std::size_t level = 0; level < panel.xLevels.size(); ++level) {
        const double x = pixelOf(index, static_cast<double>(level), 1).x();
        if (x < box.left() || x > box.right())
            continue;
        const QString name = metrics.elidedText(text(panel.xLevels[level]), Qt::ElideMiddle, kLongestLevel);
        if (rising > 0)
            m_ink.risingLabel(painter, {x, box.bottom() + 5}, name);
        else
            m_ink.label(painter, {x - 100, box.bottom() + 3, 200, 14}, Qt::AlignHCenter | Qt::AlignVCenter, name);
    }
    if (!panel.xLevels.empty())
        return;
    paintXGrid(painter, m_ink, box, place.x, 60);
    painter.setPen(m_ink.theme().muted);
    if (place.lowest)
        m_ink.label(painter, {box.left(), box.bottom() + kXLabels, box.width(), 16}, Qt::AlignRight | Qt::AlignVCenter,
                    text(panel.x.title));
}

void PointDrawing::paintDiagonal(QPainter& painter, std::size_t panel) const
{
    const QRectF& box = m_places[panel].box;
    painter.setPen(QPen(m_ink.theme().text, 1, Qt::DashLine));
    const AxisSpan &x = m_places[panel].x, &y = m_places[panel].y;
    const auto value = [&](double along) { return x.logarithmic ? std::pow(10.0, along) : along; };
    const double low = value(std::min(x.low, y.low)), high = value(std::max(x.high, y.high));
    painter.drawLine(pixelOf(panel, low, low), pixelOf(panel, high, high));
    painter.setPen(m_ink.theme().muted);
    painter.setFont(smallFont());
    m_ink.label(painter, {box.right() - 190, box.top() + 30, 184, 14}, Qt::AlignRight | Qt::AlignVCenter,
                QStringLiteral("as predicted"));
}

}  // namespace splitscope::ui
