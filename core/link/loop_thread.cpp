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
constexpr std::int64_t kRestNs = 50'000'000;  ///< the longest that a loop goes without a turn
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

void Summons::call()
{
    m_called = true;
    m_thread.wake();
}

void LinkLoop::round(std::int64_t nowNs)
{
    m_woken = false;
    turn();
    m_summons.heed();
    prepare();
    // Loops that rest are looked at together: one waking for all.
    m_roundNs = std::min(dueNs(), (nowNs / kRestNs + 1) * kRestNs);
}

LoopThread::LoopThread(const char* name)
{
    context.set(zmq::ctxopt::max_sockets, kMostSockets);
    sockets.add(m_waker.fd(), nullptr);
    sockets.add(m_alarm.fd(), &m_alarm);
    m_thread = std::jthread([this, name] { run(name); });
}

void LoopThread::wake()
{
    if (m_threadId.load() != std::this_thread::get_id() && !m_woken.exchange(true))
        m_waker.wake();
}

void LoopThread::stop()
{
    m_stopping = true;
    wake();
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
    wake();
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
    m_threadId = std::this_thread::get_id();
    while (!m_stopping) {
        runCalls();
        waitForTurn();
        const auto now = base::nowNs();
        for (auto* loop : loops)
            if (loop->roundNs() <= now)
                inLoop(*loop, [&] { loop->round(now); });
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
        dueNs = std::min(dueNs, loop->roundNs());
    if (dueNs > now)
        m_alarm.set(dueNs);
    sockets.wait(dueNs > now ? 2 * kMaxWaitMs : 0, [this](void* whose) {
        if (whose == nullptr) {
            m_waker.clear();
            m_woken = false;  // before anybody's orders are looked at
        } else if (whose == &m_alarm) {
            m_alarm.clear();
        } else {
            static_cast<SocketWatch*>(whose)->wake();
        }
    });
}

}  // namespace splitscope::link
