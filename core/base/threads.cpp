// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/threads.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace splitscope::base {

void nameThisThread(const std::string& name) { pthread_setname_np(pthread_self(), name.substr(0, 15).c_str()); }

void lowerThisThreadsPriority()
{
    constexpr int kTrainingNiceness = 10;
    setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kTrainingNiceness);
}

namespace {

int g_signalPipe[2] = {-1, -1};

void noteSignal(int)
{
    const int before = errno;
    const char any = 1;
    // Nothing could be done about a full or closed pipe here; a full one wakes the reader all the same.
    [[maybe_unused]] const auto written = ::write(g_signalPipe[1], &any, 1);
    errno = before;
}

/// Ends the waiting thread before the process's statics go.
struct PipeCloser {
    ~PipeCloser() { ::close(std::exchange(g_signalPipe[1], -1)); }
};

}  // namespace

std::stop_token stopOnSignals()
{
    static std::stop_source source;
    if (g_signalPipe[0] >= 0 || ::pipe2(g_signalPipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return source.get_token();
    // Handlers could not call request_stop safely, so a thread does. Blocking the signals and waiting for them is no
    // way: OpenBLAS starts threads while it is loaded, before main, and one of those would take them.
    static std::jthread waiter([] {
        nameThisThread("signals");
        pollfd pipe{g_signalPipe[0], POLLIN, 0};
        while (::poll(&pipe, 1, -1) < 0 && errno == EINTR) {}
        if (pipe.revents & POLLIN)
            source.request_stop();
    });
    static PipeCloser closer;  // destroyed first
    struct sigaction action {};
    action.sa_handler = noteSignal;
    action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);  // a second one kills a process that hangs while stopping
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    return source.get_token();
}

}  // namespace splitscope::base
