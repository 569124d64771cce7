// SPDX-License-Identifier: GPL-3.0-or-later
// How a chart draws what Qt Charts does not: axes, grid, legend, crosshair.
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

void TimeChart::drawBackground(QPainter* painter, const QRectF&)
{
    const Theme colours = theme();
    const QRectF area = plotArea();
    painter->save();
    painter->resetTransform();
    if (!m_paper)
        painter->fillRect(viewport()->rect(), colours.panel);
    painter->restore();
    painter->save();
    painter->setFont(smallFont());
    QPen hairline(colours.hairline, 0);
    hairline.setCosmetic(true);
    painter->setRenderHint(QPainter::Antialiasing, m_paper);
    for (const Tick& tick : valueTicks()) {
        const double y = std::round(toPixels(0, tick.value).y());
        painter->setPen(hairline);
        painter->drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter->setPen(colours.muted);
        drawLabel(*painter, {area.left() - 56, y - 8, 50, 16}, Qt::AlignRight | Qt::AlignVCenter, tick.label);
    }
    const TimeRange range = m_view.range();
    const double titleWidth = QFontMetricsF(painter->font()).horizontalAdvance(QStringLiteral("time (s)"));
    const int count = std::max(2, static_cast<int>(area.width() / 64));
    for (const Tick& tick : linearTicks(range.from, range.to, count)) {
        const double x = std::round(toPixels(tick.value, 0).x());
        painter->setPen(hairline);
        painter->drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        painter->setPen(colours.muted);
        if (x < area.right() - titleWidth - 24)
            drawLabel(*painter, {x - 40, area.bottom() + 3, 80, 16}, Qt::AlignHCenter | Qt::AlignVCenter, tick.label);
    }
    drawLabel(*painter, {area.right() - 100, area.bottom() + 3, 100, 16}, Qt::AlignRight | Qt::AlignVCenter,
              QStringLiteral("time (s)"));
    painter->restore();
}

void TimeChart::drawLegend(QPainter& painter)
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

void TimeChart::drawForeground(QPainter* painter, const QRectF&)
{
    const Theme colours = theme();
    const QRectF area = plotArea();
    painter->save();
    drawLegend(*painter);
    drawDecorations(*painter);
    if (m_reference && !m_store.empty()) {
        const double y = toPixels(0, *m_reference).y();
        painter->setPen(QPen(colours.text, 1, Qt::DashLine));
        painter->drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        drawLabel(*painter, {area.left() + 4, y - 16, 200, 14}, Qt::AlignLeft | Qt::AlignVCenter, m_referenceCaption);
    }
    if (showsNothing()) {
        painter->setPen(colours.muted);
        painter->setFont(smallFont());
        if (m_paper)
            drawLabel(*painter, area, Qt::AlignCenter, m_spec.emptyText);
        else
            painter->drawText(area, Qt::AlignCenter | Qt::TextWordWrap, m_spec.emptyText);
    }
    if (m_paper) {
        painter->restore();
        return;
    }
    if (m_dragFrom && m_view.hover()) {
        const double from = toPixels(*m_dragFrom, 0).x();
        const double to = toPixels(*m_view.hover(), 0).x();
        QColor shade = colours.colour(Quantity::Bandwidth);
        shade.setAlpha(40);
        painter->fillRect(QRectF(QPointF(from, area.top()), QPointF(to, area.bottom())).normalized(), shade);
    }
    if (m_view.hover() && !m_store.empty()) {
        const double x = std::round(toPixels(*m_view.hover(), 0).x()) + 0.5;
        if (x >= area.left() && x <= area.right()) {
            painter->setPen(QPen(colours.muted, 1));
            painter->drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        }
    }
    painter->restore();
}

}  // namespace splitscope::ui
