// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/category_drawing.h"

#include <QFontMetricsF>

#include <cmath>

namespace splitscope::ui {

namespace {

constexpr double kLeft = 56, kRight = 12, kHeading = 42, kGroupHeight = 20, kAxisTitle = 18;
constexpr double kBarsShare = 0.72;  ///< of a category's width
constexpr double kWidestBar = 26;
constexpr double kSign = 14;
constexpr double kWhisker = 2.5;

bool isProduct(const session::FigureCategory& category) { return category.kind == "conv" || category.kind == "fc"; }

}  // namespace

CategoryDrawing::CategoryDrawing(const session::Figure& figure, const FigureView& view, const QSizeF& size, const Theme& theme)
    : m_figure(figure), m_view(view), m_ink(theme, view.paper), m_size(size), m_columns(view.zoom.of(0).x),
      m_logarithmic(view.logarithmic.value_or(figure.y.logarithmic))
{
    const QFontMetricsF metrics(smallFont());
    const double width = std::max(40.0, size.width() - kLeft - kRight);
    double widest = 0;
    bool groups = false;
    for (std::size_t i = 0; i < figure.categories.size(); ++i) {
        widest = std::max(widest, metrics.horizontalAdvance(categoryLabel(i)));
        groups = groups || !figure.categories[i].group.empty();
    }
    m_risingLabels
        = widest + 6 > width / static_cast<double>(std::max<std::size_t>(1, figure.categories.size())) / m_columns.span();
    const double labels = m_risingLabels ? widest + 8 : 18;
    const auto legend = this->legend();
    const double axisTitle = metrics.horizontalAdvance(text(figure.y.title)) + 32;
    const bool beside = legend.width() < size.width() - axisTitle - kRight;  // the axis' title
    m_legendAt
        = beside ? QPointF(size.width() - kRight - legend.width(), kHeading - FigureLegend::kRow) : QPointF(kLeft, kHeading);
    const double top = kHeading + (beside ? 4 : legend.height(width));
    const double bottom = labels + (groups ? kGroupHeight : 0) + kAxisTitle;
    m_plot = {kLeft, top, width, std::max(40.0, size.height() - top - bottom)};
    chooseRange();
    const AxisSpan seen = AxisSpan{m_low, m_high, m_logarithmic}.seen(view.zoom.of(0).y);
    m_low = seen.low;
    m_high = seen.high;
}

void CategoryDrawing::chooseRange()
{
    double low = std::numeric_limits<double>::infinity(), high = -low, smallest = low;
    for (const auto& series : m_figure.series) {
        if (!shown(series))
            continue;
        for (const double value : series.values) {
            if (!std::isfinite(value))
                continue;
            low = std::min(low, value);
            high = std::max(high, value);
            if (value > 0)
                smallest = std::min(smallest, value);
        }
    }
    // Intervals are seen whole, unless one would press all values down.
    const double lowest = std::min(low, 0.0) - (high - low) / 2, highest = high + (high - low) / 2;
    for (const auto& series : m_figure.series) {
        if (!shown(series))
            continue;
        for (const double value : series.low)
            low = std::isfinite(value) ? std::min(low, std::max(value, lowest)) : low;
        for (const double value : series.high)
            high = std::isfinite(value) ? std::max(high, std::min(value, highest)) : high;
    }
    if (low > high)
        low = 0, high = smallest = 1;
    if (m_logarithmic) {
        const double floor = m_figure.y.logFloor > 0 ? m_figure.y.logFloor : std::isfinite(smallest) ? smallest : 1e-3;
        m_low = std::floor(std::log10(floor) * 3 - 0.2) / 3;
        m_high = std::max(m_low + 1, std::ceil(std::log10(std::max(high, floor)) * 3 + 0.2) / 3);
    } else {
        const double top = std::max(high, 0.0);
        m_high = top > 0 ? roundUp(top * 1.04) : 0.0;
        m_low = low < 0 ? -roundUp(-low * 1.04) : 0.0;
        if (m_high <= m_low)
            m_high = m_low + 1;
    }
}

double CategoryDrawing::columnWidth() const
{
    return m_plot.width() / static_cast<double>(std::max<std::size_t>(1, m_figure.categories.size())) / m_columns.span();
}

double CategoryDrawing::xOf(std::size_t category) const
{
    const double from = m_columns.from * static_cast<double>(m_figure.categories.size());
    return m_plot.left() + (static_cast<double>(category) + 0.5 - from) * columnWidth();
}

bool CategoryDrawing::inSight(std::size_t category) const
{
    return xOf(category) > m_plot.left() && xOf(category) < m_plot.right();
}

double CategoryDrawing::yOf(double value) const
{
    constexpr double kFar = 20;  // plots away: beyond it painters lose their precision
    const double at = m_logarithmic ? std::log10(std::max(value, std::pow(10.0, m_low))) : value;
    return m_plot.bottom() - std::clamp((at - m_low) / (m_high - m_low), -kFar, kFar) * m_plot.height();
}

Marker CategoryDrawing::markerOf(std::size_t series) const { return static_cast<Marker>(series % 6); }

/// A head's layers are named by the bracket below them.
QString CategoryDrawing::categoryLabel(std::size_t category) const
{
    const auto& entry = m_figure.categories[category];
    const QString name = text(entry.name);
    return entry.group.empty() ? name : name.mid(name.indexOf(QLatin1Char('/')) + 1);
}

void CategoryDrawing::paint(QPainter& painter) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    m_ink.heading(painter, m_figure, m_size.width(), text(m_figure.y.title));
    paintGrid(painter);
    paintCategories(painter);
    painter.save();
    painter.setClipRect(m_plot.adjusted(-5, -5, 5, 1));
    if (m_figure.kind == session::FigureKind::Bars && !m_logarithmic)
        paintBars(painter);
    else
        paintPoints(painter);
    painter.restore();
    legend().paint(painter, m_ink, m_legendAt, m_size.width() - kRight - m_legendAt.x() + 1);
    painter.restore();
}

void CategoryDrawing::paintGrid(QPainter& painter) const
{
    const Theme& theme = m_ink.theme();
    for (std::size_t i = 0; i < m_figure.categories.size(); ++i) {
        if (!isProduct(m_figure.categories[i]))
            continue;
        QColor shade = theme.hairline;
        shade.setAlphaF(0.42F);
        painter.fillRect(QRectF(xOf(i) - columnWidth() / 2, m_plot.top(), columnWidth(), m_plot.height()) & m_plot, shade);
    }
    if (m_view.hover && m_view.hover->map < 0) {
        QColor shade = theme.colour(Quantity::Bandwidth);
        shade.setAlpha(36);
        painter.fillRect(
            QRectF(xOf(m_view.hover->index) - columnWidth() / 2, m_plot.top(), columnWidth(), m_plot.height()) & m_plot, shade);
    }
    paintYGrid(painter, m_ink, m_plot, {m_low, m_high, m_logarithmic}, 34, kLeft);
}

void CategoryDrawing::paintCategories(QPainter& painter) const
{
    painter.setFont(smallFont());
    for (std::size_t i = 0; i < m_figure.categories.size(); ++i) {
        if (!inSight(i))
            continue;
        painter.setPen(isProduct(m_figure.categories[i]) ? m_ink.theme().text : m_ink.theme().muted);
        if (m_risingLabels)
            m_ink.risingLabel(painter, {xOf(i), m_plot.bottom() + 5}, categoryLabel(i));
        else
            m_ink.label(painter, {xOf(i) - 60, m_plot.bottom() + 2, 120, 16}, Qt::AlignCenter, categoryLabel(i));
    }
    painter.setPen(m_ink.theme().muted);
    m_ink.label(painter, {m_plot.left(), m_size.height() - kAxisTitle, m_plot.width(), 16}, Qt::AlignRight | Qt::AlignVCenter,
                text(m_figure.xTitle));
    paintGroups(painter);
}

void CategoryDrawing::paintGroups(QPainter& painter) const
{
    const auto& categories = m_figure.categories;
    const double y = m_size.height() - kAxisTitle - kGroupHeight;
    for (std::size_t from = 0; from < categories.size();) {
        std::size_t to = from;
        while (to < categories.size() && categories[to].group == categories[from].group)
            ++to;
        if (!categories[from].group.empty()) {
            const double left = std::max(xOf(from) - columnWidth() / 2 + 2, m_plot.left());
            const double right = std::min(xOf(to - 1) + columnWidth() / 2 - 2, m_plot.right());
            from = to;
            if (right <= left)
                continue;
            painter.setPen(QPen(m_ink.theme().muted, 1));
            painter.drawLine(QPointF(left, y + 2), QPointF(right, y + 2));
            m_ink.label(painter, {left, y + 3, right - left, 16}, Qt::AlignCenter, text(categories[to - 1].group));
        }
        from = to;
    }
}

FigureLegend CategoryDrawing::legend() const
{
    FigureLegend legend(kSign);
    const auto box = [](const QColor& colour) {
        return [colour](QPainter& painter, const QPointF& middle) {
            painter.fillRect(QRectF(middle.x() - 5, middle.y() - 5, 10, 10), colour);
        };
    };
    const bool bars = m_figure.kind == session::FigureKind::Bars && !m_logarithmic;
    for (std::size_t i = 0; i < m_figure.series.size(); ++i) {
        const auto& series = m_figure.series[i];
        const QColor colour = m_ink.colour(m_figure, text(series.key));
        if (shown(series))
            legend.add(text(series.name), bars ? box(colour) : legend.line(QPen(colour, 1.2), markerOf(i)));
    }
    legend.add(QStringLiteral("conv and fc layers"), box(m_ink.theme().hairline));
    return legend;
}

void CategoryDrawing::paintWhisker(QPainter& painter, const session::FigureSeries& series, std::size_t category, double x) const
{
    if (series.low.empty() || !std::isfinite(series.low[category]) || !std::isfinite(series.high[category]))
        return;
    const double low = yOf(series.low[category]), high = yOf(series.high[category]);
    if (low - high < 1)
        return;
    // An interval that leaves the plot has no end there.
    painter.drawLine(QPointF(x, std::min(low, m_plot.bottom())), QPointF(x, std::max(high, m_plot.top())));
    for (const double end : {low, high})
        if (end <= m_plot.bottom() && end >= m_plot.top())
            painter.drawLine(QPointF(x - kWhisker, end), QPointF(x + kWhisker, end));
}

void CategoryDrawing::paintBars(QPainter& painter) const
{
    std::vector<const session::FigureSeries*> visible;
    for (const auto& series : m_figure.series)
        if (shown(series))
            visible.push_back(&series);
    if (visible.empty())
        return;
    const double width = std::min(kWidestBar, columnWidth() * kBarsShare / static_cast<double>(visible.size()));
    for (std::size_t s = 0; s < visible.size(); ++s) {
        const QColor colour = m_ink.colour(m_figure, text(visible[s]->key));
        for (std::size_t i = 0; i < m_figure.categories.size(); ++i) {
            const double value = visible[s]->values[i];
            if (!std::isfinite(value))
                continue;
            const double left = xOf(i) + (static_cast<double>(s) - static_cast<double>(visible.size()) / 2) * width;
            painter.fillRect(QRectF(QPointF(left, yOf(value)), QPointF(left + width - 1, yOf(0))), colour);
            painter.setPen(QPen(m_ink.theme().text, 1));
            paintWhisker(painter, *visible[s], i, left + (width - 1) / 2);
        }
    }
}

void CategoryDrawing::paintPoints(QPainter& painter) const
{
    const auto count = static_cast<double>(m_figure.series.size());
    for (std::size_t s = 0; s < m_figure.series.size(); ++s) {
        const auto& series = m_figure.series[s];
        if (!shown(series))
            continue;
        const QColor colour = m_ink.colour(m_figure, text(series.key));
        // Whiskers stand beside each other.
        const double shift
            = series.low.empty() ? 0 : (static_cast<double>(s) - (count - 1) / 2) * std::min(5.0, columnWidth() / 8);
        const bool dashed = series.key == "float32";
        std::optional<QPointF> before;
        for (std::size_t i = 0; i < m_figure.categories.size(); ++i) {
            if (!std::isfinite(series.values[i])) {
                before.reset();
                continue;
            }
            const QPointF at(xOf(i) + shift, yOf(series.values[i]));
            painter.setPen(QPen(colour, 1.2, dashed ? Qt::DashLine : Qt::SolidLine));
            const bool sameGroup = i > 0 && m_figure.categories[i].group == m_figure.categories[i - 1].group;
            if (before && sameGroup && m_figure.kind == session::FigureKind::Points)
                painter.drawLine(*before, at);
            painter.setPen(QPen(colour, 1));
            paintWhisker(painter, series, i, at.x());
            before = at;
        }
        for (std::size_t i = 0; i < m_figure.categories.size(); ++i)
            if (std::isfinite(series.values[i]))
                drawMarker(painter, markerOf(s), {xOf(i) + shift, yOf(series.values[i])}, colour);
    }
}

std::optional<FigureSpot> CategoryDrawing::spotAt(const QPointF& at) const
{
    if (at.x() < m_plot.left() || at.x() >= m_plot.right() || at.y() < m_plot.top() || m_figure.categories.empty())
        return std::nullopt;
    const auto index = static_cast<std::size_t>((at.x() - xOf(0)) / columnWidth() + 0.5);
    return FigureSpot{-1, std::min(index, m_figure.categories.size() - 1)};
}

QList<QPair<QString, QString>> CategoryDrawing::valuesAt(const FigureSpot& spot) const
{
    const auto& category = m_figure.categories[spot.index];
    QList<QPair<QString, QString>> rows{{text(category.name), category.kind == category.name ? QString() : text(category.kind)}};
    const QString unit = QLatin1Char(' ') + text(m_figure.y.unit);
    for (const auto& series : m_figure.series) {
        if (!shown(series) || !std::isfinite(series.values[spot.index]))
            continue;
        QString value = threeDigits(series.values[spot.index]) + unit;
        if (!series.low.empty() && std::isfinite(series.low[spot.index]))
            value += QStringLiteral("  (%1 … %2)").arg(threeDigits(series.low[spot.index]), threeDigits(series.high[spot.index]));
        rows.append({text(series.name), value});
    }
    return rows;
}

}  // namespace splitscope::ui
