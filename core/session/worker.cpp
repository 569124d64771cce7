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
    const std::lock_guard lock(m_mutex);
    if (m_stop.stop_requested())
        return;
    m_tasks.push_back(std::move(task));
    m_changed.notify_all();
}

void Worker::stop()
{
    m_stop.request_stop();
    if (m_thread.joinable())
        m_thread.join();
}

void Worker::run(const char* name, const Task& tick, const Task& atEnd)
{
    base::nameThisThread(name);
    const auto token = m_stop.get_token();
    auto nextTick = std::chrono::steady_clock::now();
    while (!token.stop_requested()) {
        Task task;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait_until(lock, token, nextTick, [this] { return !m_tasks.empty(); });
            if (!m_tasks.empty()) {
                task = std::move(m_tasks.front());
                m_tasks.pop_front();
            }
        }
        if (task && !token.stop_requested())
            task();
        if (const auto now = std::chrono::steady_clock::now(); now >= nextTick && !token.stop_requested()) {
            tick();
            nextTick = now + kTick;
        }
    }
    atEnd();
}

}  // namespace splitscope::session
