// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/threads.h"

#include <csignal>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace splitscope::base {

void nameThisThread(const std::string& name) { pthread_setname_np(pthread_self(), name.substr(0, 15).c_str()); }

void lowerThisThreadsPriority()
{
    constexpr int kTrainingNiceness = 10;
    setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kTrainingNiceness);
}

std::stop_token stopOnSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    static std::stop_source source;
    // A thread of its own waits for the signals: handlers could not call request_stop safely. Restored
    // defaults let a second signal end a process that hangs while stopping.
    static std::jthread waiter([signals](std::stop_token ending) {
        nameThisThread("signals");
        while (!ending.stop_requested()) {
            const timespec tick{0, 100'000'000};
            if (sigtimedwait(&signals, nullptr, &tick) > 0) {
                source.request_stop();
                pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
                while (!ending.stop_requested()) {
                    const timespec pause{0, 100'000'000};
                    nanosleep(&pause, nullptr);
                }
            }
        }
    });
    return source.get_token();
}

}  // namespace splitscope::base
