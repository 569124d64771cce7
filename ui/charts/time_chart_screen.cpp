// SPDX-License-Identifier: GPL-3.0-or-later
// How a chart comes onto the screen. What seldom changes is an image, upon which a frame is drawn when samples come; the pointer
// is drawn over that one, so that moving it costs next to nothing.
#include "ui/charts/column_painter.h"
#include "ui/charts/time_chart.h"

#include <QPaintEvent>
#include <QPainter>

#include <cmath>
#include <cstring>

namespace splitscope::ui {

namespace {

QImage blankImage(const QSizeF& size, double scale)
{
    QImage image((size * scale).toSize(), QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    return image;
}

}  // namespace

void TimeChart::composeLayer()
{
    const double scale = viewport()->devicePixelRatioF();
    LayerKey key{QSizeF(viewport()->size()) * scale, valueTicks(), m_low, m_high, legendEntries()};
    if (m_layerKey == key)
        return;
    m_layerKey = std::move(key);
    m_layer = blankImage(viewport()->size(), scale);
    m_layer.fill(theme().panel);
    QPainter painter(&m_layer);
    drawValueAxis(painter);
    painter.setRenderHint(QPainter::Antialiasing);
    drawLegend(painter);
    drawDecorations(painter);
}

void TimeChart::compose()
{
    composeLayer();
    if (m_frame.size() != m_layer.size() || m_frame.devicePixelRatio() != m_layer.devicePixelRatio())
        m_frame = m_layer.copy();
    else
        std::memcpy(m_frame.bits(), m_layer.constBits(), static_cast<std::size_t>(m_layer.sizeInBytes()));
    {
        QPainter painter(&m_frame);
        drawTimeAxis(painter);
    }
    const double scale = m_frame.devicePixelRatio();
    const QRectF area = plotArea();
    const QRectF pixels(area.topLeft() * scale, area.size() * scale);
    // Dashes stand still upon what they are of while time moves on.
    const double phase = std::floor(m_shown.from / m_shown.span() * pixels.width());
    ColumnPainter columns(m_frame, pixels.toAlignedRect(), phase);
    paintSeries(columns);
    QPainter painter(&m_frame);
    drawReference(painter);
    drawEmptyText(painter);
    m_stale = false;
}

std::vector<QPointF> TimeChart::pixelsOf(const QLineSeries& line) const
{
    const double scale = m_paper ? 1 : m_frame.devicePixelRatio();
    const QPointF origin = toPixels(0, 0) * scale;
    const QRectF area = plotArea();
    const double perSecond = area.width() / m_shown.span() * scale, perUnit = area.height() / (m_high - m_low) * scale;
    std::vector<QPointF> points;
    points.reserve(static_cast<std::size_t>(line.count()));
    for (const QPointF& point : line.points())
        points.emplace_back(origin.x() + point.x() * perSecond, origin.y() - point.y() * perUnit);
    return points;
}

void TimeChart::paintLine(SeriesPainter& painter, const QLineSeries& line) const
{
    QPen pen = line.pen();
    if (!m_paper)
        pen.setWidthF(pen.widthF() * m_frame.devicePixelRatio());
    painter.line(pixelsOf(line), pen);
}

void TimeChart::paintSeries(SeriesPainter& painter) const
{
    for (const Band& band : m_bands)
        painter.band(pixelsOf(*band.low), pixelsOf(*band.high), band.area->brush().color());
    for (const QLineSeries* line : m_lines)
        paintLine(painter, *line);
}

void TimeChart::drawPointer(QPainter& painter) const
{
    const Theme colours = theme();
    const QRectF area = plotArea();
    if (m_drag && !m_drag->pans) {
        QColor shade = colours.colour(Quantity::Bandwidth);
        shade.setAlpha(40);
        painter.fillRect(
            QRectF(QPointF(m_drag->from.x(), area.top()), QPointF(m_drag->to.x(), area.bottom())).normalized() & area, shade);
    }
    if (!m_view.hover() || m_store.empty())
        return;
    const double x = std::round(toPixels(*m_view.hover(), 0).x()) + 0.5;
    if (x < area.left() || x > area.right())
        return;
    painter.setPen(QPen(colours.muted, 1));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
}

void TimeChart::paintEvent(QPaintEvent* event)
{
    if (m_paper) {
        QChartView::paintEvent(event);
        return;
    }
    if (m_stale)
        compose();
    QPainter painter(viewport());
    painter.drawImage(QPointF(0, 0), m_frame);
    drawPointer(painter);
}

}  // namespace splitscope::ui
