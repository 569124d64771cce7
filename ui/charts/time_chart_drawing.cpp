// SPDX-License-Identifier: GPL-3.0-or-later
// How a chart draws what Qt Charts does not: axes, grid, legend, crosshair.
#include "ui/charts/series_painter.h"
#include "ui/charts/time_chart.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace splitscope::ui {

namespace {

constexpr double kSwatch = 18;
constexpr double kBox = 10;
constexpr double kLegendGap = 10;

double symbolWidth(const LegendEntry& entry) { return (entry.brush.style() == Qt::NoBrush ? kSwatch : kBox) + 5; }

}  // namespace

void TimeChart::drawLabel(QPainter& painter, const QRectF& box, Qt::Alignment alignment, const QString& text) const
{
    if (!m_paper) {
        painter.drawText(box, static_cast<int>(alignment) | Qt::TextDontClip | Qt::TextSingleLine, text);
        return;
    }
    const QFontMetricsF metrics(painter.font());
    const double width = metrics.horizontalAdvance(text);
    double x = box.left();
    if (alignment & Qt::AlignRight)
        x = box.right() - width;
    else if (alignment & Qt::AlignHCenter)
        x = box.center().x() - width / 2;
    double baseline = box.center().y() + (metrics.ascent() - metrics.descent()) / 2;
    if (alignment & Qt::AlignTop)
        baseline = box.top() + metrics.ascent();
    QPainterPath outlines;
    outlines.addText(x, baseline, painter.font(), text);
    painter.fillPath(outlines, painter.pen().color());
}

void TimeChart::drawValueAxis(QPainter& painter) const
{
    const Theme colours = theme();
    const QRectF area = plotArea();
    painter.setFont(smallFont());
    QPen hairline(colours.hairline, 0);
    hairline.setCosmetic(true);
    for (const Tick& tick : valueTicks()) {
        const double y = std::round(toPixels(0, tick.value).y());
        painter.setPen(hairline);
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(colours.muted);
        drawLabel(painter, {area.left() - 56, y - 8, 50, 16}, Qt::AlignRight | Qt::AlignVCenter, tick.label);
    }
}

void TimeChart::drawTimeAxis(QPainter& painter) const
{
    const Theme colours = theme();
    const QRectF area = plotArea();
    painter.setFont(smallFont());
    const QFontMetricsF metrics(painter.font());
    QPen hairline(colours.hairline, 0);
    hairline.setCosmetic(true);
    const auto [title, ticks] = timeTicks(m_shown.from, m_shown.to, std::max(2, static_cast<int>(area.width() / 64)));
    const double titleWidth = metrics.horizontalAdvance(title);
    painter.setPen(colours.muted);
    drawLabel(painter, {area.right() - titleWidth, area.bottom() + 3, titleWidth, 16}, Qt::AlignRight | Qt::AlignVCenter, title);
    double until = area.left() - 40;  // labels of a narrow range have many digits: where they would overlap, some are left out
    for (const Tick& tick : ticks) {
        const double x = std::round(toPixels(tick.value, 0).x());
        painter.setPen(hairline);
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        const double half = metrics.horizontalAdvance(tick.label) / 2;
        if (x + half >= area.right() - titleWidth - 8 || x - half < until)
            continue;
        until = x + half + 4;
        painter.setPen(colours.muted);
        drawLabel(painter, {x - 40, area.bottom() + 3, 80, 16}, Qt::AlignHCenter | Qt::AlignVCenter, tick.label);
    }
}

void TimeChart::drawBackground(QPainter* painter, const QRectF&)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, m_paper);
    drawValueAxis(*painter);
    drawTimeAxis(*painter);
    painter->restore();
}

void TimeChart::drawLegend(QPainter& painter) const
{
    const Theme colours = theme();
    const QRectF area = plotArea();
    painter.setPen(colours.text);
    painter.setFont(boldFont());
    const double titleWidth = QFontMetricsF(painter.font()).horizontalAdvance(m_spec.title);
    drawLabel(painter, {8, 5, titleWidth + 2, 18}, Qt::AlignLeft | Qt::AlignVCenter, m_spec.title);
    painter.setFont(smallFont());
    const QFontMetricsF metrics(painter.font());
    const auto entries = legendEntries();
    double legendWidth = 0;
    for (const auto& entry : entries)
        legendWidth += metrics.horizontalAdvance(entry.name) + symbolWidth(entry) + kLegendGap;
    QString axisTitle = m_spec.axisTitle;  // of a narrow chart: the unit alone
    const double space = area.right() - legendWidth - 16 - titleWidth;
    if (metrics.horizontalAdvance(axisTitle) > space && axisTitle.contains('('))
        axisTitle = axisTitle.mid(axisTitle.lastIndexOf('('));
    painter.setPen(colours.muted);
    drawLabel(painter, {8 + titleWidth + 8, 5, 200, 18}, Qt::AlignLeft | Qt::AlignVCenter,
              metrics.elidedText(axisTitle, Qt::ElideRight, std::max(0.0, space)));
    double x = area.right();
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        const double width = metrics.horizontalAdvance(entry->name);
        x -= width;
        painter.setPen(colours.text);
        drawLabel(painter, {x, 5, width + 2, 18}, Qt::AlignLeft | Qt::AlignVCenter, entry->name);
        x -= symbolWidth(*entry);
        painter.setPen(entry->pen);
        if (entry->brush.style() == Qt::NoBrush)
            painter.drawLine(QPointF(x, 14), QPointF(x + kSwatch, 14));
        else {
            painter.fillRect(QRectF(x, 9, kBox, kBox), entry->brush);
        }
        x -= kLegendGap;
    }
}

void TimeChart::drawReference(QPainter& painter) const
{
    if (!m_reference || m_store.empty())
        return;
    const QRectF area = plotArea();
    const double y = toPixels(0, *m_reference).y();
    if (y < area.top() || y > area.bottom())
        return;
    painter.setPen(QPen(theme().text, 1, Qt::DashLine));
    painter.setFont(smallFont());
    painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    drawLabel(painter, {area.left() + 4, y - 16, 200, 14}, Qt::AlignLeft | Qt::AlignVCenter, m_referenceCaption);
}

void TimeChart::drawEmptyText(QPainter& painter) const
{
    if (!showsNothing())
        return;
    painter.setPen(theme().muted);
    painter.setFont(smallFont());
    if (m_paper)
        drawLabel(painter, plotArea(), Qt::AlignCenter, m_spec.emptyText);
    else
        painter.drawText(plotArea(), Qt::AlignCenter | Qt::TextWordWrap, m_spec.emptyText);
}

void TimeChart::drawForeground(QPainter* painter, const QRectF&)
{
    painter->save();
    PathPainter paths(*painter, plotArea());
    paintSeries(paths);
    drawLegend(*painter);
    drawDecorations(*painter);
    drawReference(*painter);
    drawEmptyText(*painter);
    painter->restore();
}

}  // namespace splitscope::ui
