// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/assembler.h"

#include "core/base/clock.h"

#include <algorithm>

namespace splitscope::link {

using base::Error;
using base::ErrorCode;

namespace {

constexpr std::size_t kMaxCurve = 1024;  ///< arrivals that are kept of one request
constexpr std::uint64_t kReportBytes = 64 * 1024;
constexpr double kReportMs = 250;
constexpr std::uint64_t kReserveAtMost = 4 << 20;  ///< a sender's word is no reason to allocate more

}  // namespace

Assembler::Outcome Assembler::open(wire::Request request, base::ByteView firstPiece, std::uint64_t wireBytes, std::int64_t nowNs)
{
    const Key key{request.run, request.firstFrame};
    if (const auto earlier = m_open.find(key); earlier != m_open.end())
        forget(earlier);  // the device began again
    makeRoom(firstPiece.size());
    auto& open = m_open[key];
    open.arrived.payload.reserve(std::min(request.payloadBytes, kReserveAtMost));
    open.arrived.request = std::move(request);
    open.reportedNs = nowNs;
    return grow(m_open.find(key), firstPiece, wireBytes, nowNs);
}

Assembler::Outcome Assembler::add(const wire::Chunk& chunk, base::ByteView piece, std::uint64_t wireBytes, std::int64_t nowNs)
{
    const auto found = m_open.find({chunk.run, chunk.firstFrame});
    if (found == m_open.end())
        return Error{ErrorCode::NotFound, "belongs to no open request", "chunk"};
    const auto have = found->second.arrived.payload.size();
    if (chunk.offset != have) {
        forget(found);
        return Error{ErrorCode::Mismatch,
                     "begins at byte " + std::to_string(chunk.offset) + " where byte " + std::to_string(have) + " was due",
                     "chunk.offset"};
    }
    if (piece.empty()) {
        forget(found);
        return Error{ErrorCode::InvalidInput, "is empty", "chunk payload"};
    }
    makeRoom(piece.size());
    const auto still = m_open.find({chunk.run, chunk.firstFrame});
    if (still == m_open.end())
        return Error{ErrorCode::TooLarge, "too many bytes of unfinished requests", "chunk"};
    return grow(still, piece, wireBytes, nowNs);
}

Assembler::Outcome Assembler::grow(std::map<Key, Open>::iterator open, base::ByteView piece, std::uint64_t wireBytes,
                                   std::int64_t nowNs)
{
    auto& arrived = open->second.arrived;
    const auto total = arrived.request.payloadBytes;
    if (piece.size() > total - arrived.payload.size()) {
        forget(open);
        return Error{ErrorCode::TooLarge, "more bytes than the " + std::to_string(total) + " that the request announced",
                     "request payload"};
    }
    arrived.payload.insert(arrived.payload.end(), piece.begin(), piece.end());
    arrived.wireBytes += wireBytes;
    if (arrived.curve.size() < kMaxCurve)
        arrived.curve.push_back({nowNs, arrived.wireBytes});
    else
        arrived.curve.back() = {nowNs, arrived.wireBytes};
    m_bytes += piece.size();
    open->second.movedNs = nowNs;
    if (arrived.payload.size() < total)
        return std::optional<ArrivedRequest>();
    arrived.completeNs = nowNs;
    std::optional<ArrivedRequest> complete(std::move(arrived));
    m_bytes -= complete->payload.size();
    m_open.erase(open);
    return complete;
}

std::vector<wire::Progress> Assembler::progress(std::int64_t nowNs)
{
    std::vector<wire::Progress> due;
    for (auto item = m_open.begin(); item != m_open.end();) {
        auto& open = item->second;
        const auto bytes = open.arrived.payload.size();
        if (base::toMs(nowNs - open.movedNs) > m_limits.staleMs) {
            forget(item++);
            continue;
        }
        const bool moved = bytes > open.reportedBytes;
        if (moved && (bytes - open.reportedBytes >= kReportBytes || base::toMs(nowNs - open.reportedNs) >= kReportMs)) {
            due.push_back({item->first.first, item->first.second, bytes});
            open.reportedBytes = bytes;
            open.reportedNs = nowNs;
        }
        ++item;
    }
    return due;
}

void Assembler::makeRoom(std::size_t bytes)
{
    while (!m_open.empty() && (m_open.size() >= m_limits.maxOpen || m_bytes + bytes > m_limits.maxBytes))
        forget(std::min_element(m_open.begin(), m_open.end(),
                                [](const auto& a, const auto& b) { return a.second.movedNs < b.second.movedNs; }));
}

void Assembler::forget(std::map<Key, Open>::iterator open)
{
    m_bytes -= open->second.arrived.payload.size();
    m_open.erase(open);
}

void Assembler::clear()
{
    m_open.clear();
    m_bytes = 0;
}

}  // namespace splitscope::link
