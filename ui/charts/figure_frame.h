// SPDX-License-Identifier: GPL-3.0-or-later
// What figures with axes share: what an axis spans, its grid, and a legend that wraps.
#pragma once

#include "ui/charts/axis_ticks.h"
#include "ui/charts/figure_drawing.h"

#include <array>
#include <functional>
#include <vector>

namespace splitscope::ui {

/// Of series that have no line of their own: neighbours differ.
constexpr std::array<Qt::PenStyle, 3> kSeriesLines{Qt::SolidLine, Qt::DashLine, Qt::DashDotLine};

/// What an axis spans: values, or their exponents of ten where it is logarithmic.
struct AxisSpan {
    double low = 0, high = 1;
    bool logarithmic = false;

    /// A value where it stands along the axis: itself or its exponent.
    [[nodiscard]] static double along(double value, bool logarithmic);
    /// 0 at the low end, 1 at the high one; beyond them for what lies outside.
    [[nodiscard]] double share(double value) const;
    /// The part of it that is in sight.
    [[nodiscard]] AxisSpan seen(const AxisWindow& window) const
    {
        return {low + window.from * (high - low), low + window.to * (high - low), logarithmic};
    }
    /// About `count`; their values stand along the axis.
    [[nodiscard]] std::vector<Tick> ticks(int count) const;
    /// x of a tick in a box whose width the axis spans, y of one in a box whose height it spans.
    [[nodiscard]] double xOf(const Tick& tick, const QRectF& box) const;
    [[nodiscard]] double yOf(const Tick& tick, const QRectF& box) const;
};

/// Panels with an x axis of one span are zoomed along it together: the first such one's place, among the spans so far.
int groupOf(std::vector<AxisSpan>& spans, const AxisSpan& span);

/// A line across the box at height y, its name in so many pixels left of the box.
void paintLevel(QPainter& painter, const FigureInk& ink, const QRectF& box, double y, const QString& name, double labels);
/// Levels about every `pitch` pixels; zero stands out.
void paintYGrid(QPainter& painter, const FigureInk& ink, const QRectF& box, const AxisSpan& span, double pitch, double labels);
/// Lines down the box about every `pitch` pixels, their names below it where they are asked for.
void paintXGrid(QPainter& painter, const FigureInk& ink, const QRectF& box, const AxisSpan& span, double pitch,
                bool labelled = true);

/// What the series of a figure look like, in as many rows as they need.
class FigureLegend {
public:
    static constexpr double kRow = 16;
    /// Paints what stands before a name around the middle of its place.
    using Sign = std::function<void(QPainter&, const QPointF& middle)>;

    explicit FigureLegend(double signWidth) : m_signWidth(signWidth) {}

    void add(const QString& name, Sign sign);
    /// Of all entries beside each other.
    [[nodiscard]] double width() const;
    [[nodiscard]] double height(double width) const;
    void paint(QPainter& painter, const FigureInk& ink, const QPointF& topLeft, double width) const;

    /// A piece of the line, with its marker.
    [[nodiscard]] Sign line(const QPen& pen, std::optional<Marker> marker) const;

private:
    struct Entry {
        QString name;
        Sign sign;
        double width;
    };
    /// Calls place(entry, x, row) for each entry; the count of rows.
    template <typename Place>
    int layOut(double width, Place place) const;

    double m_signWidth;
    std::vector<Entry> m_entries;
};

}  // namespace splitscope::ui
