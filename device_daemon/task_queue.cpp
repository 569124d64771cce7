// SPDX-License-Identifier: GPL-3.0-or-later
#include "device_daemon/task_queue.h"

#include "core/base/log.h"
#include "core/base/threads.h"

#include <exception>

namespace splitscope::daemon {

namespace {

constexpr std::size_t kTaskBytes = 1024;  ///< what a task weighs at least

}  // namespace

TaskQueue::TaskQueue(std::size_t maxBytes) : m_maxBytes(maxBytes), m_thread([this] { serve(); }) {}

TaskQueue::~TaskQueue() { stop(); }

bool TaskQueue::post(std::function<void()> task, std::size_t bytes)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping || m_bytes + bytes + kTaskBytes > m_maxBytes)
            return false;
        m_bytes += bytes + kTaskBytes;
        m_tasks.push_back({std::move(task), bytes + kTaskBytes});
    }
    m_posted.notify_one();
    return true;
}

void TaskQueue::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_posted.notify_one();
    std::call_once(m_joined, [this] { m_thread.join(); });
}

void TaskQueue::serve()
{
    base::nameThisThread("daemon-work");
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_posted.wait(lock, [this] { return m_stopping || !m_tasks.empty(); });
        if (m_stopping)
            return;
        auto task = std::move(m_tasks.front());
        m_tasks.pop_front();
        lock.unlock();
        try {
            task.run();
        } catch (const std::exception& thrown) {
            base::log(base::LogLevel::Error, "daemon", thrown.what());
        }
        task.run = nullptr;  // frees what it held before it stops weighing
        lock.lock();
        m_bytes -= task.bytes;
    }
}

}  // namespace splitscope::daemon
