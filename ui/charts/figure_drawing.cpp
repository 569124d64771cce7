// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/figure_drawing.h"

#include "ui/charts/category_drawing.h"
#include "ui/charts/curve_drawing.h"
#include "ui/charts/front_drawing.h"
#include "ui/charts/point_drawing.h"
#include "ui/charts/region_drawing.h"
#include "ui/charts/row_drawing.h"

#include <QFontMetricsF>
#include <QPainterPath>

#include <array>

namespace splitscope::ui {

namespace {

/// Bit widths are a ladder: shades of one colour, 4 bits the faintest.
using Shades = std::array<QRgb, 4>;
constexpr Shades kSizeShadesLight{0x8cc4e6, 0x3f97cd, 0x0072b2, 0x00344f};
constexpr Shades kSizeShadesDark{0x1f6a98, 0x2f93d0, 0x85c8ee, 0xdcf0fb};
constexpr Shades kLossShadesLight{0xdb9dc0, 0xc2659a, 0x94406f, 0x4d1a38};
constexpr Shades kLossShadesDark{0x8a4f71, 0xcc79a7, 0xe6b3cf, 0xfae6f0};

std::size_t rungOf(const session::Figure& figure, const QString& key)
{
    // Widths are compared as numbers: "bits12" comes after "bits8".
    const int width = key.mid(4).toInt();
    std::size_t below = 0, all = 0;
    for (const auto& series : figure.series) {
        const QString other = text(series.key);
        if (!other.startsWith(QLatin1String("bits")))
            continue;
        ++all;
        below += other.mid(4).toInt() < width ? 1 : 0;
    }
    return all <= 4 ? std::min<std::size_t>(below, 3) : below * 4 / all;
}

}  // namespace

void FigureInk::label(QPainter& painter, const QRectF& box, Qt::Alignment alignment, const QString& string) const
{
    if (!m_paper) {
        painter.drawText(box, static_cast<int>(alignment) | Qt::TextDontClip | Qt::TextSingleLine, string);
        return;
    }
    const QFontMetricsF metrics(painter.font());
    const double width = metrics.horizontalAdvance(string);
    double x = box.left();
    if (alignment & Qt::AlignRight)
        x = box.right() - width;
    else if (alignment & Qt::AlignHCenter)
        x = box.center().x() - width / 2;
    QPainterPath outlines;
    outlines.addText(x, box.center().y() + (metrics.ascent() - metrics.descent()) / 2, painter.font(), string);
    painter.fillPath(outlines, painter.pen().color());
}

void FigureInk::risingLabel(QPainter& painter, const QPointF& end, const QString& string) const
{
    constexpr double kBox = 200;
    painter.save();
    painter.translate(end);
    painter.rotate(-90);
    label(painter, {-kBox, -8, kBox, 16}, Qt::AlignRight | Qt::AlignVCenter, string);
    painter.restore();
}

QPen FigureInk::hairline() const
{
    QPen pen(m_theme.hairline, 0);
    pen.setCosmetic(true);
    return pen;
}

QColor FigureInk::colour(const session::Figure& figure, const QString& key) const
{
    if (key == QLatin1String("device"))
        return m_theme.colour(Quantity::Device);
    if (key == QLatin1String("edge"))
        return m_theme.colour(Quantity::Edge);
    if (key.startsWith(QLatin1String("bits"))) {
        const bool loss = figure.y.unit == "points";
        const Shades& shades
            = loss ? (m_theme.dark ? kLossShadesDark : kLossShadesLight) : (m_theme.dark ? kSizeShadesDark : kSizeShadesLight);
        return shades[rungOf(figure, key)];
    }
    if (key == QLatin1String("float32"))
        return m_theme.muted;
    return colour(key == QLatin1String("raw")            ? session::DecisionKind::RawFrame
                      : key == QLatin1String("lossless") ? session::DecisionKind::LosslessFrame
                                                         : session::DecisionKind::JpegFrame);
}

QColor FigureInk::colour(session::DecisionKind kind) const
{
    switch (kind) {
    case session::DecisionKind::OnDevice: return m_theme.colour(Quantity::Device);
    case session::DecisionKind::InteriorCut: return m_theme.colour(Quantity::Transfer);
    case session::DecisionKind::RawFrame: return m_theme.dark ? QColor(0x00694d) : QColor(0x00543d);
    case session::DecisionKind::LosslessFrame: return QColor(0x86d6bd);
    case session::DecisionKind::JpegFrame: break;
    }
    return m_theme.colour(Quantity::Edge);
}

void FigureInk::heading(QPainter& painter, const session::Figure& figure, double width, const QString& axisTitle) const
{
    constexpr double kLeft = 8;
    painter.setFont(boldFont());
    painter.setPen(m_theme.text);
    const QString title = text(figure.title);
    const double titleWidth = QFontMetricsF(painter.font()).horizontalAdvance(title);
    label(painter, {kLeft, 4, titleWidth + 2, 18}, Qt::AlignLeft | Qt::AlignVCenter, title);
    painter.setFont(smallFont());
    painter.setPen(m_theme.muted);
    const QFontMetricsF metrics(painter.font());
    const double left = kLeft + titleWidth + 10;
    label(painter, {left, 4, width - left, 18}, Qt::AlignLeft | Qt::AlignVCenter,
          metrics.elidedText(text(figure.subtitle), Qt::ElideRight, std::max(0.0, width - left - 8)));
    label(painter, {kLeft, 24, width - 2 * kLeft, 16}, Qt::AlignLeft | Qt::AlignVCenter, axisTitle);
}

void drawMarker(QPainter& painter, Marker marker, const QPointF& at, const QColor& colour)
{
    constexpr double kRadius = 3.6;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    const auto polygon = [&](std::initializer_list<QPointF> corners) {
        QPolygonF points;
        for (const QPointF& corner : corners)
            points << at + corner * kRadius;
        painter.drawPolygon(points);
    };
    switch (marker) {
    case Marker::Circle: painter.drawEllipse(at, kRadius * 0.95, kRadius * 0.95); break;
    case Marker::Square: polygon({{-0.85, -0.85}, {0.85, -0.85}, {0.85, 0.85}, {-0.85, 0.85}}); break;
    case Marker::Diamond: polygon({{0, -1.2}, {1.2, 0}, {0, 1.2}, {-1.2, 0}}); break;
    case Marker::TriangleUp: polygon({{0, -1.1}, {1.1, 0.85}, {-1.1, 0.85}}); break;
    case Marker::TriangleDown: polygon({{0, 1.1}, {1.1, -0.85}, {-1.1, -0.85}}); break;
    case Marker::Cross:
        painter.setPen(QPen(colour, 1.7));
        painter.drawLine(at + QPointF(-kRadius, -kRadius) * 0.85, at + QPointF(kRadius, kRadius) * 0.85);
        painter.drawLine(at + QPointF(-kRadius, kRadius) * 0.85, at + QPointF(kRadius, -kRadius) * 0.85);
        break;
    }
    painter.setBrush(Qt::NoBrush);
}

std::unique_ptr<FigureDrawing> makeDrawing(const session::Figure& figure, const FigureView& view, const QSizeF& size,
                                           const Theme& theme)
{
    if (figure.kind == session::FigureKind::Regions)
        return std::make_unique<RegionDrawing>(figure, view, size, theme);
    if (figure.kind == session::FigureKind::Front && !figure.plots.empty())
        return std::make_unique<FrontDrawing>(figure, view, size, theme);
    if (figure.kind == session::FigureKind::Curves)
        return std::make_unique<CurveDrawing>(figure, view, size, theme);
    if (figure.kind == session::FigureKind::Plots)
        return std::make_unique<PointDrawing>(figure, view, size, theme);
    if (figure.kind == session::FigureKind::Rows)
        return std::make_unique<RowDrawing>(figure, view, size, theme);
    return std::make_unique<CategoryDrawing>(figure, view, size, theme);
}

}  // namespace splitscope::ui
