// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace splitscope::base {

/// Bounded queue between one producer thread and one consumer thread, without locks.
/// A full ring drops the new item and counts it: the count is shown, so nothing disappears silently.
template <typename T>
class RingBuffer {
public:
    explicit RingBuffer(std::size_t capacity) : m_slots(std::bit_ceil(capacity)), m_mask(m_slots.size() - 1) {}

    /// Producer thread. False if the ring was full (the item is dropped and counted).
    bool push(T item)
    {
        const auto head = m_head.load(std::memory_order_relaxed);
        if (head - m_tail.load(std::memory_order_acquire) == m_slots.size()) {
            m_dropped.fetch_add(1, std::memory_order_relaxed);
            return false;
        }
        m_slots[head & m_mask] = std::move(item);
        m_head.store(head + 1, std::memory_order_release);
        return true;
    }

    /// Consumer thread. Empty if there is nothing.
    std::optional<T> pop()
    {
        const auto tail = m_tail.load(std::memory_order_relaxed);
        if (tail == m_head.load(std::memory_order_acquire))
            return std::nullopt;
        std::optional<T> item(std::move(m_slots[tail & m_mask]));
        m_tail.store(tail + 1, std::memory_order_release);
        return item;
    }

    /// Any thread.
    [[nodiscard]] std::uint64_t dropped() const { return m_dropped.load(std::memory_order_relaxed); }

private:
    std::vector<T> m_slots;
    std::size_t m_mask;
    alignas(64) std::atomic<std::size_t> m_head{0};
    alignas(64) std::atomic<std::size_t> m_tail{0};
    alignas(64) std::atomic<std::uint64_t> m_dropped{0};
};

}  // namespace splitscope::base
