// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace splitscope::ui {

/// Values that only come at the end and go at the beginning, in chunks that never move: appending costs the same at any length,
/// forgetting frees whole chunks, and a copy shares all chunks that are full, so that another thread can read it.
template <typename T, std::size_t kChunk>
class ChunkedList {
public:
    ChunkedList() = default;
    ChunkedList(ChunkedList&&) noexcept = default;
    ChunkedList& operator=(ChunkedList&&) noexcept = default;
    ~ChunkedList() = default;
    ChunkedList(const ChunkedList& other) : m_chunks(other.m_chunks), m_first(other.m_first), m_end(other.m_end)
    {
        if (m_end % kChunk != 0)  // the other goes on writing into it
            m_chunks.back() = std::make_shared<Chunk>(*m_chunks.back());
    }
    ChunkedList& operator=(const ChunkedList& other)
    {
        *this = ChunkedList(other);
        return *this;
    }

    void append(const T& value)
    {
        if (m_end % kChunk == 0)
            m_chunks.push_back(std::make_shared<Chunk>());
        (*m_chunks.back())[m_end % kChunk] = value;
        ++m_end;
    }
    /// At most size() of them.
    void dropFirst(std::size_t count)
    {
        m_first += count;
        const std::size_t chunks = m_first / kChunk;
        m_chunks.erase(m_chunks.begin(), m_chunks.begin() + static_cast<std::ptrdiff_t>(chunks));
        m_first -= chunks * kChunk;
        m_end -= chunks * kChunk;
    }
    void clear() { *this = {}; }

    [[nodiscard]] std::size_t size() const { return m_end - m_first; }
    [[nodiscard]] bool empty() const { return m_end == m_first; }
    const T& operator[](std::size_t i) const { return (*m_chunks[(i + m_first) / kChunk])[(i + m_first) % kChunk]; }
    [[nodiscard]] const T& back() const { return (*this)[size() - 1]; }
    [[nodiscard]] std::size_t bytes() const { return m_chunks.size() * sizeof(Chunk); }

private:
    using Chunk = std::array<T, kChunk>;

    std::vector<std::shared_ptr<Chunk>> m_chunks;
    std::size_t m_first = 0;  ///< in the first chunk
    std::size_t m_end = 0;  ///< behind the last value, counted from the first chunk's beginning
};

}  // namespace splitscope::ui
