// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/worker.h"

#include "core/base/threads.h"

namespace splitscope::session {

namespace {

constexpr auto kTick = std::chrono::milliseconds(50);

}  // namespace

void Worker::start(const char* name, Task tick, Task atEnd)
{
    m_thread = std::jthread([this, name, onTick = std::move(tick), onEnd = std::move(atEnd)] { run(name, onTick, onEnd); });
}

void Worker::post(Task task)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_stop.stop_requested())
            return;
        m_tasks.push_back(std::move(task));
    }
    m_changed.notify_one();  // unlocked: who is woken needs the lock
}

void Worker::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop.request_stop();
    }
    m_changed.notify_one();
    if (m_thread.joinable())
        m_thread.join();
}

void Worker::run(const char* name, const Task& tick, const Task& atEnd)
{
    base::nameThisThread(name);
    const auto token = m_stop.get_token();
    auto nextTick = std::chrono::steady_clock::now();
    std::vector<Task> tasks;
    while (!token.stop_requested()) {
        tasks.clear();
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait_until(lock, nextTick, [&] { return !m_tasks.empty() || token.stop_requested(); });
            tasks.swap(m_tasks);
        }
        for (const auto& task : tasks)
            if (!token.stop_requested())
                task();
        if (const auto now = std::chrono::steady_clock::now(); now >= nextTick && !token.stop_requested()) {
            tick();
            nextTick = now + kTick;
        }
    }
    atEnd();
}

}  // namespace splitscope::session
