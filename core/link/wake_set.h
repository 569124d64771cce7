// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <sys/epoll.h>
#include <unistd.h>

namespace splitscope::link {

/// Waits for any of many descriptors, in time that goes by those that wake, not by how many there are. One thread.
class WakeSet {
public:
    WakeSet() : m_fd(::epoll_create1(EPOLL_CLOEXEC)) {}
    ~WakeSet() { ::close(m_fd); }
    WakeSet(const WakeSet&) = delete;
    WakeSet& operator=(const WakeSet&) = delete;

    /// Wakes once for each time that there is something new to read; `whose` is what wait() tells.
    void add(int fd, void* whose)
    {
        epoll_event event{};
        event.events = EPOLLIN | EPOLLET;  // what is left unread on purpose does not wake again
        event.data.ptr = whose;
        ::epoll_ctl(m_fd, EPOLL_CTL_ADD, fd, &event);
    }
    /// Before it is closed.
    void remove(int fd) { ::epoll_ctl(m_fd, EPOLL_CTL_DEL, fd, nullptr); }

    /// At most so long; calls `woken` with whose descriptor each is. A signal ends it, too.
    template <typename Woken>
    void wait(int ms, Woken woken)
    {
        std::array<epoll_event, 64> events{};
        const int n = ::epoll_wait(m_fd, events.data(), static_cast<int>(events.size()), ms);
        for (int i = 0; i < n; ++i)
            woken(events[static_cast<std::size_t>(i)].data.ptr);
    }

private:
    int m_fd;
};

}  // namespace splitscope::link
