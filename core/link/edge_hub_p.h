// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/link/edge_hub.h"
#include "core/link/edge_loop_p.h"
#include "core/link/wake_set.h"

#include <functional>

namespace splitscope::link {

struct EdgeHub::Private {
    Private();
    ~Private();

    /// Runs it on the hub's thread, between two turns, and waits for it. Not on the hub's thread.
    void call(const std::function<void()>& task);

    zmq::context_t context;
    Waker waker;
    std::atomic<std::thread::id> threadId{};
    std::vector<EdgeLoop*> loops;  ///< the hub's thread only
    WakeSet sockets;  ///< the hub's thread only: the loops'

private:
    void run();
    void runCalls();
    void waitForTurn();

    std::atomic<bool> m_stopping{false};
    std::mutex m_mutex;
    std::vector<std::function<void()>> m_calls;
    std::jthread m_thread;
};

}  // namespace splitscope::link
