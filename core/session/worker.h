// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace splitscope::session {

/// A thread that runs what is posted to it, in order, and a tick in between, so that a state machine on it needs no locks.
class Worker {
public:
    using Task = std::function<void()>;

    Worker() = default;
    ~Worker() { stop(); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// `tick` comes about every 50 ms; `atEnd` last, still on the thread.
    void start(const char* name, Task tick, Task atEnd);
    /// Any thread; after stop() tasks are dropped.
    void post(Task task);
    /// Tasks not yet begun are dropped. Joins.
    void stop();
    [[nodiscard]] std::stop_token token() const { return m_stop.get_token(); }

private:
    void run(const char* name, const Task& tick, const Task& atEnd);

    std::stop_source m_stop;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Task> m_tasks;
    std::jthread m_thread;
};

}  // namespace splitscope::session
