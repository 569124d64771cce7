// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/edge_hub.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/threads.h"
#include "core/link/edge_hub_p.h"

#include <algorithm>
#include <cmath>
#include <future>

namespace splitscope::link {

namespace {

constexpr double kMaxWaitMs = 50;

/// A link whose sockets fail is over; the others are not.
template <typename Part>
void inLoop(EdgeLoop& loop, Part part)
{
    try {
        part();
    } catch (const zmq::error_t& error) {
        base::logError("link", {base::ErrorCode::Internal, error.what(), "edge link"});
        loop.giveUp();
    }
}

}  // namespace

EdgeHub::EdgeHub() : d(std::make_unique<Private>()) {}

EdgeHub::~EdgeHub() = default;

EdgeHub::Private::Private()
{
    sockets.add(waker.fd(), nullptr);
    m_thread = std::jthread([this] { run(); });
}

EdgeHub::Private::~Private()
{
    m_stopping = true;
    waker.wake();
    m_thread.join();
    context.shutdown();
    context.close();
}

void EdgeHub::Private::call(const std::function<void()>& task)
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

void EdgeHub::Private::runCalls()
{
    std::vector<std::function<void()>> calls;
    {
        const std::lock_guard lock(m_mutex);
        calls.swap(m_calls);
    }
    for (const auto& call : calls)
        call();
}

void EdgeHub::Private::run()
{
    base::nameThisThread("edge-link");
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

/// Until something arrives or somebody calls, or a loop has to do something by itself.
void EdgeHub::Private::waitForTurn()
{
    const auto now = base::nowNs();
    auto dueNs = now + base::fromMs(kMaxWaitMs);
    for (const auto* loop : loops)
        dueNs = std::min(dueNs, loop->dueNs());
    const auto ms = static_cast<int>(std::ceil(std::max(0.0, base::toMs(dueNs - now))));
    sockets.wait(ms, [this](void* loop) {
        if (loop)
            static_cast<EdgeLoop*>(loop)->wake();
        else
            waker.clear();
    });
}

}  // namespace splitscope::link
