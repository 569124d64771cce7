// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/threads.h"

#include <QTimer>

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace splitscope::ui {

/// One piece of work beside the GUI: its thread fills a locked slot, which a timer empties on the GUI's thread. A newer piece
/// takes the place of one under way.
template <typename Outcome>
class Background {
public:
    using Work = std::function<Outcome(const std::stop_token& stop)>;
    using Done = std::function<void(Outcome outcome)>;

    Background()
    {
        m_timer.setInterval(kLookMs);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { look(); });
    }
    ~Background() { m_timer.stop(); }  // the thread is asked to stop, and joined, by its own destructor
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    void start(Work work, Done done)
    {
        m_next = std::pair(std::move(work), std::move(done));
        if (m_active)
            m_thread.request_stop();
        else
            begin();
    }
    /// The work is asked to stop; done() still comes, with what it returns.
    void cancel()
    {
        m_next.reset();
        if (m_active)
            m_thread.request_stop();
    }
    /// From start() until done() of the last piece.
    [[nodiscard]] bool active() const { return m_active; }

private:
    static constexpr int kLookMs = 30;

    void begin()
    {
        m_active = true;
        auto [work, done] = *std::exchange(m_next, std::nullopt);
        m_done = std::move(done);
        m_thread = std::jthread([this, work = std::move(work)](const std::stop_token& stop) {
            base::nameThisThread("background");
            Outcome outcome = work(stop);
            const std::lock_guard lock(m_mutex);
            m_outcome.emplace(std::move(outcome));
        });
        m_timer.start();
    }

    void look()
    {
        std::optional<Outcome> outcome;
        {
            const std::lock_guard lock(m_mutex);
            outcome.swap(m_outcome);
        }
        if (!outcome)
            return;
        m_thread.join();
        if (m_next)
            return begin();
        m_timer.stop();
        m_active = false;
        m_done(std::move(*outcome));
    }

    std::mutex m_mutex;
    std::optional<Outcome> m_outcome;  ///< guarded
    std::optional<std::pair<Work, Done>> m_next;  ///< waits until the thread has stopped
    Done m_done;
    QTimer m_timer;
    bool m_active = false;
    std::jthread m_thread;  ///< last: it is joined before what it uses goes
};

}  // namespace splitscope::ui
