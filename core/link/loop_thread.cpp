// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/loop_thread_p.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/threads.h"

#include <algorithm>
#include <future>

namespace splitscope::link {

namespace {

constexpr int kMaxWaitMs = 50;
constexpr int kMostSockets = 4'096;  ///< ZeroMQ allows 1,023 unless asked for more

/// A link whose sockets fail is over; the others are not.
template <typename Part>
void inLoop(LinkLoop& loop, Part part)
{
    try {
        part();
    } catch (const zmq::error_t& error) {
        base::logError("link", {base::ErrorCode::Internal, error.what(), "sockets"});
        loop.giveUp();
    }
}

}  // namespace

LoopThread::LoopThread(const char* name)
{
    context.set(zmq::ctxopt::max_sockets, kMostSockets);
    sockets.add(waker.fd(), nullptr);
    sockets.add(m_alarm.fd(), &m_alarm);
    m_thread = std::jthread([this, name] { run(name); });
}

void LoopThread::stop()
{
    m_stopping = true;
    waker.wake();
    if (m_thread.joinable())
        m_thread.join();
    context.shutdown();
}

void LoopThread::call(const std::function<void()>& task)
{
    std::promise<void> done;
    {
        const std::lock_guard lock(m_mutex);
        m_calls.emplace_back([&] {
            task();
            done.set_value();
        });
    }
    waker.wake();
    done.get_future().wait();
}

void LoopThread::runCalls()
{
    std::vector<std::function<void()>> calls;
    {
        const std::lock_guard lock(m_mutex);
        calls.swap(m_calls);
    }
    for (const auto& call : calls)
        call();
}

void LoopThread::run(const char* name)
{
    base::nameThisThread(name);
    threadId = std::this_thread::get_id();
    while (!m_stopping) {
        runCalls();
        for (auto* loop : loops)
            inLoop(*loop, [&] { loop->prepare(); });
        waitForTurn();
        for (auto* loop : loops)
            inLoop(*loop, [&] { loop->turn(); });
    }
    runCalls();
}

/// Until something arrives or somebody calls, or a loop has to do something by itself: by the alarm, for pacing chunks takes
/// finer time than the milliseconds of a wait.
void LoopThread::waitForTurn()
{
    const auto now = base::nowNs();
    auto dueNs = now + base::fromMs(kMaxWaitMs);
    for (const auto* loop : loops)
        dueNs = std::min(dueNs, loop->dueNs());
    if (dueNs > now)
        m_alarm.set(dueNs);
    sockets.wait(dueNs > now ? 2 * kMaxWaitMs : 0, [this](void* whose) {
        if (whose == nullptr)
            waker.clear();
        else if (whose == &m_alarm)
            m_alarm.clear();
        else
            static_cast<LinkLoop*>(whose)->wake();
    });
}

}  // namespace splitscope::link
