// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/queue_model.h"

#include <QObject>
#include <QTimer>

namespace splitscope::session {
class Summary;
struct ExperimentStatus;
struct Sample;
}  // namespace splitscope::session

namespace splitscope::ui {

class ExperimentBridge;

/// Runs a queue over the window's bridge, one after the other. One that fails says why in its row, and the next one begins.
class QueueRunner : public QObject {
    Q_OBJECT

public:
    QueueRunner(QueueModel& model, ExperimentBridge& bridge, QObject* parent = nullptr);

    /// Begins with the first one that waits, once no other experiment runs.
    void start();
    /// The device pauses, and nothing else is begun; or both go on.
    void pause(bool paused);
    /// This run alone, then the next one.
    void cancelRun();
    /// The running scenario's other seeds as well.
    void skipScenario();
    void cancelAll();
    /// Nothing is begun while something else runs that is no experiment of the bridge.
    void waitFor(bool something);

    /// From start() until nothing waits.
    [[nodiscard]] bool active() const { return m_active; }
    [[nodiscard]] bool paused() const { return m_model.queue().held(); }
    /// The experiment that runs now is the queue's.
    [[nodiscard]] bool runs() const { return m_model.queue().running(); }

Q_SIGNALS:
    /// The window is to start it now.
    void startRequested(const splitscope::session::QueueJob& job);
    void changed();
    void finished();  ///< nothing waits any more

private:
    void advance();
    void onStatus(const session::ExperimentStatus& status);
    void onSamples(const std::vector<session::Sample>& samples);
    void onEnded(const session::Summary& summary);

    QueueModel& m_model;
    ExperimentBridge& m_bridge;
    QTimer m_clock;  ///< times left
    std::uint64_t m_frames = 0;
    session::RunKey m_record;  ///< of what runs, as the queue knows it
    bool m_active = false, m_waiting = false;
};

}  // namespace splitscope::ui
