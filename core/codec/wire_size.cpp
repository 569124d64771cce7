// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/wire_size.h"

#include <algorithm>

namespace splitscope::codec {

namespace {

constexpr std::size_t kMinChunkBytes = 512;
constexpr double kChunkSeconds = 0.02;
constexpr std::size_t kChunksOfAPayload = 4;
constexpr std::size_t kChunksOfFiller = 8;
constexpr std::size_t kLeastFillerBytes = 1280;  ///< a chunk of it fills a segment: how TCP packs them does not matter then
constexpr std::size_t kLeastChunkBytes = 4096;  ///< but no smaller: each adds its framing

}  // namespace

std::uint64_t wireBytesOf(std::size_t headerBytes, std::size_t payloadBytes)
{
    const auto framed = headerBytes + payloadBytes + 2 * kFrameOverheadBytes;
    return framed + (framed + kSegmentBytes - 1) / kSegmentBytes * kSegmentOverheadBytes;
}

std::size_t chunkBytesAt(double bytesPerSecond)
{
    if (bytesPerSecond <= 0)
        return kMaxChunkBytes;
    const auto bytes = std::min(bytesPerSecond * kChunkSeconds, static_cast<double>(kMaxChunkBytes));
    return std::max(static_cast<std::size_t>(bytes), kMinChunkBytes);
}

std::size_t chunkBytesOf(std::size_t payloadBytes, double bytesPerSecond)
{
    return std::min(chunkBytesAt(bytesPerSecond), std::max(payloadBytes / kChunksOfAPayload + 1, kLeastChunkBytes));
}

std::size_t fillerChunkBytesOf(std::size_t fillerBytes, double bytesPerSecond)
{
    return std::min(chunkBytesAt(bytesPerSecond), std::max(fillerBytes / kChunksOfFiller + 1, kLeastFillerBytes));
}

RequestOnWire requestOnWire(int rows, std::size_t payloadBytes, double pacedBytesPerSecond)
{
    const auto header = kRequestHeaderBytes + static_cast<std::size_t>(rows) * kRowHeaderBytes;
    const auto piece = chunkBytesOf(payloadBytes, pacedBytesPerSecond);
    if (payloadBytes <= piece)
        return {1, wireBytesOf(header, payloadBytes)};
    const auto chunks = (payloadBytes + piece - 1) / piece;
    const auto last = payloadBytes - (chunks - 1) * piece;
    return {chunks,
            wireBytesOf(header, piece) + (chunks - 2) * wireBytesOf(kChunkHeaderBytes, piece)
                + wireBytesOf(kChunkHeaderBytes, last)};
}

}  // namespace splitscope::codec
