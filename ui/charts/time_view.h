// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/sample_store.h"

#include <QObject>

#include <optional>

namespace splitscope::ui {

/// The one time axis that linked charts share: the range that they show, and where the mouse points.
class TimeView : public QObject {
    Q_OBJECT

public:
    static constexpr double kDefaultSpan = 30;  ///< seconds shown while following
    static constexpr double kShortestSpan = 0.02;

    using QObject::QObject;

    [[nodiscard]] TimeRange range() const { return m_range; }
    [[nodiscard]] bool following() const { return m_following; }
    [[nodiscard]] std::optional<double> hover() const { return m_hover; }

    /// The newest sample's time; moves the range while following.
    void setLatest(double seconds);
    /// Shows a fixed range; following ends.
    void zoomTo(TimeRange range);
    /// Zooms by a factor around a time.
    void zoomBy(double factor, double around);
    /// Back to the newest samples.
    void follow();
    void setHover(std::optional<double> seconds);
    void reset();

Q_SIGNALS:
    void rangeChanged();
    void followingChanged(bool following);
    void hoverChanged();

private:
    void showLatest();

    TimeRange m_range{0, 10};
    double m_span = kDefaultSpan;
    double m_latest = 0;
    bool m_following = true;
    std::optional<double> m_hover;
};

}  // namespace splitscope::ui
