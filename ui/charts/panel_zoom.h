// SPDX-License-Identifier: GPL-3.0-or-later
// What part of a figure's axes is in sight: by panel, as shares of all that the axes span.
#pragma once

#include "ui/charts/chart_navigation.h"

#include <QRectF>

#include <vector>

namespace splitscope::ui {

/// Shares of what an axis spans at its widest.
struct AxisWindow {
    double from = 0, to = 1;

    [[nodiscard]] double span() const { return to - from; }
    [[nodiscard]] bool whole() const { return from <= 0 && to >= 1; }
    bool operator==(const AxisWindow&) const = default;
};

/// Of one pair of axes.
struct PanelWindow {
    AxisWindow x, y;

    [[nodiscard]] bool whole() const { return x.whole() && y.whole(); }
    bool operator==(const PanelWindow&) const = default;
};

/// A pair of axes as it is drawn.
struct ChartPanel {
    QRectF box;
    int group = 0;  ///< panels of one group have one x axis, and are zoomed together along it
    bool zoomsX = true, zoomsY = true;
};

/// By panel, in the order of the figure's; panels beyond the last are seen whole.
class PanelZoom {
public:
    [[nodiscard]] PanelWindow of(std::size_t panel) const { return panel < m_windows.size() ? m_windows[panel] : PanelWindow{}; }
    [[nodiscard]] bool whole() const;
    void showAll() { m_windows.clear(); }

    /// Each of these changes what `panel` shows, along x what its whole group shows, and keeps it within what there is.
    void set(const std::vector<ChartPanel>& panels, std::size_t panel, PanelWindow window);
    /// Around a place in shares of the panel's box, from its left and its bottom.
    void zoomBy(const std::vector<ChartPanel>& panels, std::size_t panel, double factor, double around, bool alongY);
    /// By so many times what is in sight.
    void panBy(const std::vector<ChartPanel>& panels, std::size_t panel, double x, double y);
    /// What a rectangle on the screen encloses; one that is flat leaves that axis alone.
    void zoomTo(const std::vector<ChartPanel>& panels, std::size_t panel, const QRectF& area);

    bool operator==(const PanelZoom&) const = default;

private:
    std::vector<PanelWindow> m_windows;
};

}  // namespace splitscope::ui
