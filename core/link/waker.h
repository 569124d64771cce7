// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace splitscope::link {

/// Wakes a thread that sits in zmq::poll. Any thread may wake.
class Waker {
public:
    Waker() : m_fd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
    ~Waker() { ::close(m_fd); }
    Waker(const Waker&) = delete;
    Waker& operator=(const Waker&) = delete;

    void wake()
    {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(m_fd, &one, sizeof one);  // full means it is awake already
    }
    void clear()
    {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto got = ::read(m_fd, &count, sizeof count);
    }
    [[nodiscard]] int fd() const { return m_fd; }

private:
    int m_fd;
};

/// An alarm in the poll set: zmq::poll's own time-out counts whole milliseconds, too coarse for pacing chunks.
class Alarm {
public:
    Alarm() : m_fd(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {}
    ~Alarm() { ::close(m_fd); }
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

    /// Rings at base::nowNs() == atNs, at once if that is past.
    void set(std::int64_t atNs)
    {
        if (atNs == m_atNs)
            return;
        m_atNs = atNs;
        constexpr std::int64_t kSecond = 1'000'000'000;
        const auto at = atNs > 0 ? atNs : 1;
        const itimerspec when{{0, 0}, {at / kSecond, at % kSecond}};
        ::timerfd_settime(m_fd, TFD_TIMER_ABSTIME, &when, nullptr);
    }
    /// After it rang.
    void clear()
    {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto got = ::read(m_fd, &count, sizeof count);
        m_atNs = 0;
    }
    [[nodiscard]] int fd() const { return m_fd; }

private:
    int m_fd;
    std::int64_t m_atNs = 0;
};

}  // namespace splitscope::link
