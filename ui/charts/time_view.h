// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/sample_store.h"

#include <QObject>

#include <optional>

namespace splitscope::ui {

/// The one time axis that linked charts share: the range that they show, and where the crosshair is.
class TimeView : public QObject {
    Q_OBJECT

public:
    static constexpr double kDefaultSpan = 30;  ///< seconds shown while following
    static constexpr double kShortestSpan = 0.02;

    using QObject::QObject;

    [[nodiscard]] TimeRange range() const { return m_range; }
    [[nodiscard]] bool following() const { return m_following; }
    [[nodiscard]] std::optional<double> hover() const { return m_hover; }

    /// From the first sample to the newest; moves the range while following. What is zoomed or panned stays within it.
    void setExtent(TimeRange extent);
    /// Shows a fixed range; following ends.
    void zoomTo(TimeRange range);
    /// Zooms by a factor around a time; following ends.
    void zoomBy(double factor, double around);
    /// Around the middle; while following, the newest samples stay in sight.
    void zoomBy(double factor);
    /// Shows what lies so many seconds later (earlier: negative); following ends where there is anything to be seen.
    void panBy(double seconds);
    void showBeginning();
    void showAll();
    /// Back to the newest samples; again: with the usual span.
    void follow();
    void setHover(std::optional<double> seconds);
    void reset();

Q_SIGNALS:
    void rangeChanged();
    void followingChanged(bool following);
    void hoverChanged();

private:
    void showLatest();
    [[nodiscard]] TimeRange within(TimeRange range) const;

    TimeRange m_range{0, 10};
    TimeRange m_extent{0, 0};
    double m_span = kDefaultSpan;
    bool m_following = true;
    std::optional<double> m_hover;
};

}  // namespace splitscope::ui
