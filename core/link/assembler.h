// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/link/edge_link.h"

#include <map>
#include <optional>
#include <utility>

namespace splitscope::link {

/// Puts requests together from their chunks. Nothing that arrives is trusted: offsets must follow each other, totals must agree,
/// and open requests are bounded in number and bytes (the one that has not moved for longest goes). One thread, time passed in.
class Assembler {
public:
    struct Limits {
        std::size_t maxOpen = 64;
        std::uint64_t maxBytes = 2 * wire::kMaxPayloadBytes;
        double staleMs = 15'000;  ///< without a chunk
    };
    Assembler() : Assembler(Limits()) {}
    explicit Assembler(const Limits& limits) : m_limits(limits) {}

    /// A request if this piece completed it, nothing if it is still open, an Error if the piece does not belong.
    using Outcome = base::Result<std::optional<ArrivedRequest>>;
    Outcome open(wire::Request request, base::ByteView firstPiece, std::uint64_t wireBytes, std::int64_t nowNs);
    Outcome add(const wire::Chunk& chunk, base::ByteView piece, std::uint64_t wireBytes, std::int64_t nowNs);

    /// Progress messages that are due: every 64 KiB or 250 ms of an open request. Stale requests are forgotten.
    std::vector<wire::Progress> progress(std::int64_t nowNs);

    [[nodiscard]] std::size_t openCount() const { return m_open.size(); }
    void clear();

private:
    using Key = std::pair<std::uint64_t, std::uint64_t>;  ///< run, first frame
    struct Open {
        ArrivedRequest arrived;
        std::int64_t movedNs = 0;
        std::int64_t reportedNs = 0;
        std::uint64_t reportedBytes = 0;
    };
    Outcome grow(std::map<Key, Open>::iterator open, base::ByteView piece, std::uint64_t wireBytes, std::int64_t nowNs);
    void makeRoom(std::size_t bytes);
    void forget(std::map<Key, Open>::iterator open);

    Limits m_limits;
    std::map<Key, Open> m_open;
    std::uint64_t m_bytes = 0;
};

}  // namespace splitscope::link
