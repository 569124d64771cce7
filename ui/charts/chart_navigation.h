// SPDX-License-Identifier: GPL-3.0-or-later
// How people move about in charts, over time and of figures alike: what mouse and keys ask for.
#pragma once

#include <QPointF>

#include <optional>

class QKeyEvent;
class QMouseEvent;
class QWheelEvent;

namespace splitscope::ui {

/// A range moved, or cut, so that it lies within all that there is.
template <typename Range>
Range keptWithin(Range range, const Range& all)
{
    if (range.to - range.from >= all.to - all.from)
        return all;
    const double below = all.from - range.from, above = range.to - all.to;
    const double shift = (below > 0 ? below : 0) - (above > 0 ? above : 0);
    return {range.from + shift, range.to + shift};
}

template <typename Range>
Range zoomed(const Range& range, double factor, double around)
{
    return {around - (around - range.from) * factor, around + (range.to - around) * factor};
}

/// What a key asks for.
enum class ChartMove {
    ZoomIn,
    ZoomOut,
    Left,
    Right,
    Up,
    Down,
    ScreenLeft,
    ScreenRight,
    Beginning,
    End,
    Whole,
    PointLeft,  ///< the crosshair, to the next value
    PointRight,
    PointUp,
    PointDown,
    NoPoint
};
std::optional<ChartMove> chartMove(const QKeyEvent& event);

inline constexpr double kKeyZoom = 1.5;
inline constexpr double kKeyPan = 1.0 / 8;  ///< of what is in sight

/// What a wheel asks for: to pan by so many screens, or to zoom by a factor.
struct WheelTurn {
    double pan = 0;
    double zoom = 1;
};
WheelTurn wheelTurn(const QWheelEvent& event);

/// A button held down in a plot: the left one zooms to a stretch, with Shift, or the middle one, it pans.
struct ChartDrag {
    static constexpr double kShortest = 6;  ///< pixels: less is a click

    bool pans = false;
    QPointF from, to;

    /// None where the event's button begins no drag.
    static std::optional<ChartDrag> begun(const QMouseEvent& event);
    /// Whether the event's button ends one.
    static bool ends(const QMouseEvent& event);
};

}  // namespace splitscope::ui
