// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/fleet.h"
#include "ui/bridge/background.h"

#include <QObject>

#include <memory>

namespace splitscope::ui {

/// A fleet's experiments beside the GUI, one fleet at a time: begun, looked at twice a second and ended on a thread of its own.
class FleetRunner : public QObject {
    Q_OBJECT

public:
    explicit FleetRunner(QObject* parent = nullptr);

    /// measured() and ended() follow. Nothing while a fleet runs.
    void start(std::vector<session::FleetMember> members);
    /// Every experiment; ended() follows when the last one has.
    void stop() { m_work.cancel(); }
    // One device's alone, the others go on; within a look. Nothing once the fleet has ended.
    void stop(std::size_t device);
    void startAgain(std::size_t device);  ///< where it has ended
    [[nodiscard]] bool active() const { return m_work.active(); }

Q_SIGNALS:
    /// `seconds` since the fleet began; the last one comes before ended() and holds how all ended.
    void measured(double seconds, const splitscope::session::FleetStatistics& statistics);
    /// `where` of it begins with the device's name.
    void troubleArose(const splitscope::base::Error& error);
    void ended();

private:
    class Told;

    void drain();

    std::shared_ptr<Told> m_told;
    QTimer m_timer;
    Background<base::Status> m_work;  ///< last: its thread uses what is told
};

}  // namespace splitscope::ui
