// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/column_painter.h"

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr int kOpaque = 256;
constexpr double kNothing = 0.02;  // pixels high: not drawn
constexpr double kSteep = 3;  // pixels up or down within a column

/// `alpha` of kOpaque parts of the colour upon what is there.
QRgb mixed(QRgb ground, QRgb colour, int alpha)
{
    const auto a = static_cast<std::uint32_t>(alpha);
    const std::uint32_t redBlue = ((ground & 0xff00ffU) * (kOpaque - a) + (colour & 0xff00ffU) * a) >> 8;
    const std::uint32_t green = ((ground & 0x00ff00U) * (kOpaque - a) + (colour & 0x00ff00U) * a) >> 8;
    return 0xff000000U | (redBlue & 0xff00ffU) | (green & 0x00ff00U);
}

}  // namespace

ColumnPainter::ColumnPainter(QImage& image, const QRect& clip, double phase)
    : m_pixels(reinterpret_cast<QRgb*>(image.bits())), m_stride(image.bytesPerLine() / static_cast<qsizetype>(sizeof(QRgb))),
      m_clip(clip & image.rect()), m_phase(phase)
{
}

void ColumnPainter::reach(std::span<const QPointF> points, std::vector<Reach>& reaches) const
{
    const int columns = std::max(0, m_clip.width());
    reaches.assign(static_cast<std::size_t>(columns), {1e9F, -1e9F});
    const double left = m_clip.left();
    const auto touch = [&](int column, double y) {
        Reach& at = reaches[static_cast<std::size_t>(column)];
        at.top = std::min(at.top, static_cast<float>(y));
        at.bottom = std::max(at.bottom, static_cast<float>(y));
    };
    for (std::size_t i = 1; i < points.size(); ++i) {
        const double x0 = points[i - 1].x() - left, x1 = points[i].x() - left;
        const double y0 = points[i - 1].y(), y1 = points[i].y();
        if (x1 < 0 || x0 >= columns)
            continue;
        const int first = static_cast<int>(std::max(0.0, x0));  // std::floor() is a call
        const int last = static_cast<int>(std::min(columns - 1.0, x1));
        const double slope = x1 > x0 ? (y1 - y0) / (x1 - x0) : 0;
        for (int column = first; column <= last; ++column) {
            touch(column, x0 >= column ? y0 : y0 + (column - x0) * slope);
            touch(column, x1 <= column + 1 ? y1 : y0 + (column + 1 - x0) * slope);
        }
    }
}

/// Full between top and bottom; at both ends it fades over a ramp, half of which lies outside.
void ColumnPainter::paintColumn(int x, double top, double topRamp, double bottom, double bottomRamp, QRgb colour, int alpha)
{
    const int first = std::max(m_clip.top(), static_cast<int>(top - topRamp / 2));
    const int last = std::min(m_clip.bottom(), static_cast<int>(bottom + bottomRamp / 2));
    if (first > last)
        return;
    auto* pixel = m_pixels + first * m_stride + x;
    const qsizetype stride = m_stride;
    const double fullFrom = top + topRamp / 2, fullTo = bottom - bottomRamp / 2;
    const auto fade = [&](int y) {
        const double middle = y + 0.5;
        const double above = std::clamp(0.5 + (middle - top) / topRamp, 0.0, 1.0);
        const double below = std::clamp(0.5 + (bottom - middle) / bottomRamp, 0.0, 1.0);
        *pixel = mixed(*pixel, colour, static_cast<int>(alpha * std::max(0.0, above + below - 1)));
    };
    int y = first;
    for (; y <= last && y + 0.5 < fullFrom; ++y, pixel += stride)
        fade(y);
    const int full = std::min(last, static_cast<int>(std::max(-1.0, fullTo - 0.5)));
    if (alpha == kOpaque)
        for (; y <= full; ++y, pixel += stride)
            *pixel = colour;
    else
        for (; y <= full; ++y, pixel += stride)
            *pixel = mixed(*pixel, colour, alpha);
    for (; y <= last; ++y, pixel += stride)
        fade(y);
}

void ColumnPainter::line(std::span<const QPointF> points, const QPen& pen)
{
    reach(points, m_reaches);
    const double width = std::max(1.0, pen.widthF());
    const QRgb colour = pen.color().rgb();
    const int alpha = pen.color().alpha() * kOpaque / 255;
    const QList<qreal> dashes = pen.style() == Qt::SolidLine ? QList<qreal>() : pen.dashPattern();
    const double on = dashes.isEmpty() ? 1 : dashes[0] * width;
    const double period = dashes.isEmpty() ? 1 : (dashes[0] + dashes[1]) * width;
    for (std::size_t i = 0; i < m_reaches.size(); ++i) {
        const Reach at = m_reaches[i];
        if (!at.any())
            continue;
        const double rise = static_cast<double>(at.bottom - at.top);
        const double along = static_cast<double>(i) + m_phase;
        const int x = m_clip.left() + static_cast<int>(i);
        if (!dashes.isEmpty() && rise >= kSteep) {  // dashes are counted along what is steep, too
            const auto top = static_cast<double>(at.top), bottom = static_cast<double>(at.bottom);
            for (double y = std::floor(top / period) * period; y < bottom; y += period)
                if (y + on > top)
                    paintColumn(x, std::max(y, top), 1, std::min(y + on, bottom), 1, colour, alpha);
            continue;
        }
        if (!dashes.isEmpty() && along - std::floor(along / period) * period >= on)
            continue;
        // The line's thickness across, seen along the column; what is steep is no wider than it would be at a slope of about 1.
        const double half = width / 2 * std::sqrt(1 + std::min(rise * rise, 1.5));
        const double ramp = std::min(rise, 2 * half);
        paintColumn(x, static_cast<double>(at.top) - half + ramp / 2, std::max(1.0, ramp),
                    static_cast<double>(at.bottom) + half - ramp / 2, std::max(1.0, ramp), colour, alpha);
    }
}

void ColumnPainter::paintBetween(std::span<const QPointF> upper, std::span<const QPointF> lower, double below,
                                 const QColor& colour)
{
    reach(upper, m_reaches);
    reach(lower, m_others);
    const int alpha = colour.alpha() * kOpaque / 255;
    for (std::size_t i = 0; i < m_reaches.size(); ++i) {
        const Reach above = m_reaches[i], under = m_others[i];
        if (!above.any() || !under.any())
            continue;
        const double top = static_cast<double>(above.top + above.bottom) / 2;
        const double bottom = static_cast<double>(below > 0 ? under.bottom : (under.top + under.bottom) / 2) + below;
        if (bottom - below - top > kNothing)
            paintColumn(m_clip.left() + static_cast<int>(i), top, std::max(1.0, static_cast<double>(above.bottom - above.top)),
                        bottom, 1, colour.rgb(), alpha);
    }
}

void ColumnPainter::fill(std::span<const QPointF> upper, std::span<const QPointF> lower, const QColor& colour)
{
    paintBetween(upper, lower, 1, colour);
}

void ColumnPainter::band(std::span<const QPointF> lower, std::span<const QPointF> upper, const QColor& colour)
{
    paintBetween(upper, lower, 0, colour);
}

}  // namespace splitscope::ui
