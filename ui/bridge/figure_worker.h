// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/figure_set.h"

#include <QObject>
#include <QTimer>

#include <mutex>
#include <thread>

namespace splitscope::ui {

/// Makes figures beside the GUI: its thread fills locked slots, which a timer empties. One request at a time; a newer one
/// takes the place of one that is under way.
class FigureWorker : public QObject {
    Q_OBJECT

public:
    explicit FigureWorker(QObject* parent = nullptr);
    ~FigureWorker() override;

    void start(session::FigureRequest request);
    /// finished() follows with an Error Cancelled.
    void cancel();
    /// From start() until finished().
    [[nodiscard]] bool active() const { return m_active; }

Q_SIGNALS:
    void progressed(const splitscope::session::FigureProgress& progress);
    void finished(const splitscope::base::Result<splitscope::session::FigureSet>& figures);

private:
    void begin();
    void look();

    std::mutex m_mutex;
    std::optional<session::FigureProgress> m_progress;  ///< guarded, as is the next
    std::optional<base::Result<session::FigureSet>> m_result;
    std::optional<session::FigureRequest> m_next;  ///< waits until the thread has stopped
    std::jthread m_thread;
    QTimer m_timer;
    bool m_active = false;
};

}  // namespace splitscope::ui
