// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/figure_frame.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>
#include <utility>

namespace splitscope::ui {

namespace {

constexpr double kSignGap = 5, kEntryGap = 14;
constexpr double kLabelGap = 5, kTickLength = 3;

}  // namespace

double AxisSpan::along(double value, bool logarithmic) { return logarithmic ? std::log10(std::max(value, 1e-300)) : value; }

double AxisSpan::share(double value) const { return (along(value, logarithmic) - low) / (high - low); }

std::vector<Tick> AxisSpan::ticks(int count) const
{
    return logarithmic ? logTicks(low, high, count) : linearTicks(low, high, count);
}

double AxisSpan::xOf(const Tick& tick, const QRectF& box) const
{
    return box.left() + (tick.value - low) / (high - low) * box.width();
}

double AxisSpan::yOf(const Tick& tick, const QRectF& box) const
{
    return box.bottom() - (tick.value - low) / (high - low) * box.height();
}

int groupOf(std::vector<AxisSpan>& spans, const AxisSpan& span)
{
    const auto same = [&](const AxisSpan& other) {
        return other.low == span.low && other.high == span.high && other.logarithmic == span.logarithmic;
    };
    const auto found = std::find_if(spans.begin(), spans.end(), same);
    const auto group = static_cast<int>(found - spans.begin());
    if (found == spans.end())
        spans.push_back(span);
    return group;
}

void paintLevel(QPainter& painter, const FigureInk& ink, const QRectF& box, double y, const QString& name, double labels)
{
    const QFontMetricsF metrics(painter.font());
    painter.setPen(ink.hairline());
    painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y));
    painter.setPen(ink.theme().muted);
    ink.label(painter, {box.left() - labels, y - 8, labels - kLabelGap, 16}, Qt::AlignRight | Qt::AlignVCenter,
              metrics.elidedText(name, Qt::ElideRight, labels - kLabelGap));
}

void paintYGrid(QPainter& painter, const FigureInk& ink, const QRectF& box, const AxisSpan& span, double pitch, double labels)
{
    painter.setFont(smallFont());
    const int count = std::max(2, static_cast<int>(box.height() / pitch)) + (span.logarithmic ? 1 : 0);
    for (const Tick& tick : span.ticks(count)) {
        // On a screen a hairline lies on pixels, not between them.
        const double y = ink.paper() ? span.yOf(tick, box) : std::round(span.yOf(tick, box)) + 0.5;
        paintLevel(painter, ink, box, y, tick.label, labels);
        if (span.logarithmic || std::abs(tick.value) > 1e-12)
            continue;
        painter.setPen(QPen(ink.theme().muted, 1));
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y));
    }
}

void paintXGrid(QPainter& painter, const FigureInk& ink, const QRectF& box, const AxisSpan& span, double pitch, bool labelled)
{
    painter.setFont(smallFont());
    for (const Tick& tick : span.ticks(std::max(2, static_cast<int>(box.width() / pitch)))) {
        const double x = span.xOf(tick, box);
        painter.setPen(ink.hairline());
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()));
        painter.setPen(ink.theme().muted);
        painter.drawLine(QPointF(x, box.bottom()), QPointF(x, box.bottom() + kTickLength));
        if (labelled)
            ink.label(painter, {x - pitch, box.bottom() + kTickLength, 2 * pitch, 14}, Qt::AlignHCenter | Qt::AlignVCenter,
                      tick.label);
    }
}

void FigureLegend::add(const QString& name, Sign sign)
{
    const double nameWidth = QFontMetricsF(smallFont()).horizontalAdvance(name);
    m_entries.push_back({name, std::move(sign), m_signWidth + kSignGap + nameWidth + kEntryGap});
}

double FigureLegend::width() const
{
    double width = -kEntryGap;
    for (const auto& entry : m_entries)
        width += entry.width;
    return std::max(0.0, width);
}

template <typename Place>
int FigureLegend::layOut(double width, Place place) const
{
    int rows = 0;
    double x = 0;
    for (const auto& entry : m_entries) {
        if (rows == 0 || x + entry.width - kEntryGap > width) {
            ++rows;
            x = 0;
        }
        place(entry, x, rows - 1);
        x += entry.width;
    }
    return rows;
}

double FigureLegend::height(double width) const
{
    return kRow * layOut(width, [](const Entry&, double, int) {});
}

void FigureLegend::paint(QPainter& painter, const FigureInk& ink, const QPointF& topLeft, double width) const
{
    painter.setFont(smallFont());
    layOut(width, [&](const Entry& entry, double x, int row) {
        const QPointF middle = topLeft + QPointF(x + m_signWidth / 2, row * kRow + 6);
        painter.setBrush(Qt::NoBrush);
        entry.sign(painter, middle);
        painter.setPen(ink.theme().text);
        ink.label(painter, {middle.x() + m_signWidth / 2 + kSignGap, middle.y() - 8, entry.width, 16},
                  Qt::AlignLeft | Qt::AlignVCenter, entry.name);
    });
}

FigureLegend::Sign FigureLegend::line(const QPen& pen, std::optional<Marker> marker) const
{
    return [pen, marker, half = m_signWidth / 2](QPainter& painter, const QPointF& middle) {
        painter.setPen(pen);
        painter.drawLine(middle - QPointF(half, 0), middle + QPointF(half, 0));
        if (marker)
            drawMarker(painter, *marker, middle, pen.color());
    };
}

}  // namespace splitscope::ui
