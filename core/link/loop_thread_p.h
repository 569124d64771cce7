// SPDX-License-Identifier: GPL-3.0-or-later
// The thread that links live on: either end's, one link or many.
#pragma once

#include "core/link/wake_set.h"
#include "core/link/waker.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>
#include <zmq.hpp>

namespace splitscope::link {

/// One link's part in the thread's rounds: all prepare(), the thread waits, then each has its turn(). On that thread only.
class LinkLoop {
public:
    LinkLoop() = default;
    virtual ~LinkLoop() = default;
    LinkLoop(const LinkLoop&) = delete;
    LinkLoop& operator=(const LinkLoop&) = delete;

    /// Sends what can be sent.
    virtual void prepare() = 0;
    /// When it wants its turn at the latest.
    [[nodiscard]] virtual std::int64_t dueNs() const = 0;
    /// Takes what has arrived.
    virtual void turn() = 0;
    /// Its sockets failed: no further turn does anything.
    virtual void giveUp() = 0;
    /// One of its sockets woke the thread.
    void wake() { m_awake = true; }

protected:
    bool m_awake = false;  ///< something may have arrived
};

/// Polls the sockets of its loops and gives each its turn.
class LoopThread {
public:
    explicit LoopThread(const char* name);
    ~LoopThread() { stop(); }
    LoopThread(const LoopThread&) = delete;
    LoopThread& operator=(const LoopThread&) = delete;

    /// Runs it on the thread, between two rounds, and waits for it. Not on the thread.
    void call(const std::function<void()>& task);
    /// Joins, and shuts the context down: whoever else waits in it is woken. No loop is left. Idempotent.
    void stop();

    zmq::context_t context;
    Waker waker;
    std::atomic<std::thread::id> threadId{};
    // The thread's only:
    std::vector<LinkLoop*> loops;
    WakeSet sockets;  ///< the loops'

private:
    void run(const char* name);
    void runCalls();
    void waitForTurn();

    Alarm m_alarm;
    std::atomic<bool> m_stopping{false};
    std::mutex m_mutex;
    std::vector<std::function<void()>> m_calls;
    std::jthread m_thread;
};

}  // namespace splitscope::link
