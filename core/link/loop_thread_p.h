// SPDX-License-Identifier: GPL-3.0-or-later
// The thread that links live on: either end's, one link or many.
#pragma once

#include "core/link/wake_set.h"
#include "core/link/waker.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>
#include <zmq.hpp>

namespace splitscope::link {

class LoopThread;

/// By which callers on any thread ask for a loop's turn.
class Summons {
public:
    explicit Summons(LoopThread& thread) : m_thread(thread) {}

    void call();
    [[nodiscard]] bool called() const { return m_called.load(); }
    void heed() { m_called = false; }  ///< before looking at what it was called for

private:
    LoopThread& m_thread;
    std::atomic<bool> m_called{false};
};

/// One link on the thread. It has its turn when something may have arrived, when it was called and when it is due, and then
/// alone: what a round costs goes by the links that have something to do, not by how many there are. On that thread only.
class LinkLoop {
public:
    explicit LinkLoop(Summons& summons) : m_summons(summons) {}
    virtual ~LinkLoop() = default;
    LinkLoop(const LinkLoop&) = delete;
    LinkLoop& operator=(const LinkLoop&) = delete;

    /// A turn, then what can be sent.
    void round(std::int64_t nowNs);
    /// Its sockets failed: no further turn does anything.
    virtual void giveUp() = 0;
    /// Something may have arrived for it.
    void wake() { m_woken = true; }
    /// When it is to have its round; 0: at once.
    [[nodiscard]] std::int64_t roundNs() const { return m_woken || m_summons.called() ? 0 : m_roundNs; }

protected:
    /// Takes what has arrived, and does what time asks for.
    virtual void turn() = 0;
    /// Sends what can be sent.
    virtual void prepare() = 0;
    /// When it wants its next turn at the latest.
    [[nodiscard]] virtual std::int64_t dueNs() const = 0;

private:
    Summons& m_summons;
    bool m_woken = false;  ///< since its last round
    std::int64_t m_roundNs = 0;
};

/// One of a loop's sockets, as the thread watches it. ZeroMQ's descriptors tell of changes, once: whatever is done with a socket
/// may use a change up, so that one looks again then. At this socket alone, for a look costs system calls.
class SocketWatch {
public:
    explicit SocketWatch(LinkLoop& loop) : m_loop(loop) {}

    /// The descriptor told of something.
    void wake()
    {
        m_awake = true;
        m_loop.wake();
    }
    /// Something was done with the socket.
    void touch() { m_touched = true; }
    /// Before the thread waits.
    void look(zmq::socket_t& socket)
    {
        if (std::exchange(m_touched, false))
            m_awake = (socket.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0 || m_awake;
    }
    /// Something may have arrived.
    [[nodiscard]] bool awake() const { return m_awake; }
    /// It is being read, or is another one.
    void rest() { m_awake = false; }

private:
    LinkLoop& m_loop;
    bool m_awake = false, m_touched = true;
};

/// Polls the sockets of its loops and gives those their turn that have something to do.
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

    /// Wakes the thread, where the caller is another one.
    void wake();

    zmq::context_t context;
    // The thread's only:
    std::vector<LinkLoop*> loops;
    WakeSet sockets;  ///< the loops'

private:
    void run(const char* name);
    void runCalls();
    void waitForTurn();

    Waker m_waker;
    Alarm m_alarm;
    std::atomic<bool> m_woken{false};  ///< by one of many callers: the others need not
    std::atomic<std::thread::id> m_threadId{};
    std::atomic<bool> m_stopping{false};
    std::mutex m_mutex;
    std::vector<std::function<void()>> m_calls;
    std::jthread m_thread;
};

}  // namespace splitscope::link
