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

/// The same for work that tells how far it is: the latest that it tells reaches progressed(), on the GUI's thread. Nothing more
/// is heard of work that was asked to stop.
template <typename Outcome, typename Progress>
class WatchedBackground {
public:
    using Tell = std::function<void(const Progress& progress)>;
    using Work = std::function<Outcome(const std::stop_token& stop, const Tell& tell)>;

    explicit WatchedBackground(Tell progressed) : m_progressed(std::move(progressed))
    {
        m_timer.setInterval(kLookMs);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { look(); });
    }
    ~WatchedBackground() { m_timer.stop(); }
    WatchedBackground(const WatchedBackground&) = delete;
    WatchedBackground& operator=(const WatchedBackground&) = delete;

    void start(Work work, std::function<void(Outcome outcome)> done)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_latest.reset();
        }
        m_timer.start();
        m_work.start(
            [this, work = std::move(work)](const std::stop_token& stop) {
                return work(stop, [this, stop](const Progress& progress) {
                    const std::lock_guard lock(m_mutex);
                    if (!stop.stop_requested())
                        m_latest = progress;
                });
            },
            [this, done = std::move(done)](Outcome outcome) {
                m_timer.stop();
                m_latest.reset();
                done(std::move(outcome));
            });
    }
    /// done() still comes, with what the work returns.
    void cancel() { m_work.cancel(); }
    [[nodiscard]] bool active() const { return m_work.active(); }

private:
    static constexpr int kLookMs = 50;

    void look()
    {
        std::optional<Progress> latest;
        {
            const std::lock_guard lock(m_mutex);
            latest.swap(m_latest);
        }
        if (latest)
            m_progressed(*latest);
    }

    const Tell m_progressed;
    std::mutex m_mutex;
    std::optional<Progress> m_latest;  ///< guarded
    QTimer m_timer;
    Background<Outcome> m_work;  ///< last: its thread uses all of the above
};

}  // namespace splitscope::ui
