// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace splitscope::daemon {

/// One thread for everything that takes long, in order: the link's thread must not wait.
class TaskQueue {
public:
    /// Tasks weigh so many bytes together, at most.
    explicit TaskQueue(std::size_t maxBytes);
    ~TaskQueue();
    TaskQueue(const TaskQueue&) = delete;
    TaskQueue& operator=(const TaskQueue&) = delete;

    /// False if it is full or stopped; the task is dropped. Any thread.
    [[nodiscard]] bool post(std::function<void()> task, std::size_t bytes = 0);
    /// Lets the current task end, drops the others, joins. Idempotent; not from a task.
    void stop();

private:
    struct Task {
        std::function<void()> run;
        std::size_t bytes = 0;
    };
    void serve();

    const std::size_t m_maxBytes;
    std::mutex m_mutex;
    std::condition_variable m_posted;
    std::deque<Task> m_tasks;
    std::size_t m_bytes = 0;
    bool m_stopping = false;
    std::once_flag m_joined;
    std::jthread m_thread;  ///< last: it uses all of the above
};

}  // namespace splitscope::daemon
