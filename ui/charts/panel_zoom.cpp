// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/panel_zoom.h"

#include <algorithm>

namespace splitscope::ui {

namespace {

constexpr double kLeastSpan = 1e-4;  ///< of an axis: closer, ticks run out of digits
constexpr double kFlat = 12;  ///< pixels: a rectangle that is less high or wide was meant along one axis

AxisWindow kept(AxisWindow window)
{
    if (window.span() < kLeastSpan) {
        const double middle = (window.from + window.to) / 2;
        window = {middle - kLeastSpan / 2, middle + kLeastSpan / 2};
    }
    return keptWithin(window, AxisWindow{});
}

}  // namespace

bool PanelZoom::whole() const
{
    return std::all_of(m_windows.begin(), m_windows.end(), [](const PanelWindow& window) { return window.whole(); });
}

void PanelZoom::set(const std::vector<ChartPanel>& panels, std::size_t panel, PanelWindow window)
{
    m_windows.resize(panels.size());
    if (panels[panel].zoomsY)
        m_windows[panel].y = kept(window.y);
    for (std::size_t i = 0; i < panels.size(); ++i)
        if (panels[i].zoomsX && panels[i].group == panels[panel].group)
            m_windows[i].x = kept(window.x);
}

void PanelZoom::zoomBy(const std::vector<ChartPanel>& panels, std::size_t panel, double factor, double around, bool alongY)
{
    PanelWindow window = of(panel);
    AxisWindow& axis = alongY ? window.y : window.x;
    axis = zoomed(axis, factor, axis.from + around * axis.span());
    set(panels, panel, window);
}

void PanelZoom::panBy(const std::vector<ChartPanel>& panels, std::size_t panel, double x, double y)
{
    PanelWindow window = of(panel);
    const auto shift = [](AxisWindow& axis, double screens) {
        const double by = screens * axis.span();
        axis = {axis.from + by, axis.to + by};
    };
    shift(window.x, x);
    shift(window.y, y);
    set(panels, panel, window);
}

void PanelZoom::zoomTo(const std::vector<ChartPanel>& panels, std::size_t panel, const QRectF& area)
{
    const QRectF& box = panels[panel].box;
    PanelWindow window = of(panel);
    const auto part = [](const AxisWindow& axis, double from, double to) {
        return AxisWindow{axis.from + from * axis.span(), axis.from + to * axis.span()};
    };
    if (area.width() >= kFlat || !panels[panel].zoomsY)
        window.x = part(window.x, (area.left() - box.left()) / box.width(), (area.right() - box.left()) / box.width());
    if (area.height() >= kFlat || !panels[panel].zoomsX)
        window.y = part(window.y, (box.bottom() - area.bottom()) / box.height(), (box.bottom() - area.top()) / box.height());
    set(panels, panel, window);
}

}  // namespace splitscope::ui
