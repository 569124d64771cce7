// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/experiment.h"

#include <QWidget>

class QAction;
class QLabel;

namespace splitscope::ui {

class ElidedLabel;

/// What the counters of the title row show.
struct Counters {
    std::uint64_t frames = 0;
    std::uint64_t ofFrames = 0;
    std::uint64_t fallback = 0;
    std::uint64_t lost = 0;
    std::uint64_t dropped = 0;  ///< samples that the charts missed
};

/// Actions at the left, link and scenario in the middle, counters at the right. Places never move.
class TitleRow : public QWidget {
    Q_OBJECT

public:
    TitleRow(const QList<QAction*>& runActions, const QList<QAction*>& otherActions, QWidget* parent = nullptr);

    void setStatus(const session::ExperimentStatus& status, bool active);
    void setScenario(const session::Scenario& scenario);
    void setCounters(const Counters& counters);
    [[nodiscard]] QString statusText() const;
    [[nodiscard]] QString countersText() const;

private:
    QLabel* m_link;
    ElidedLabel* m_scenario;
    QLabel* m_counters;
};

}  // namespace splitscope::ui
