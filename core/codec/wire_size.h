// SPDX-License-Identifier: GPL-3.0-or-later
// What a payload costs on the wire: the one count that the device's shaper uses and predictions are made with.
#pragma once

#include <cstddef>
#include <cstdint>

namespace splitscope::codec {

/// What ZeroMQ, CURVE and TCP add, so that a set rate means bytes on the wire, as `tc` counts them: each frame becomes a CURVE
/// MESSAGE command (8 name, 8 nonce, 16 authentication, 1 flags) in a ZMTP frame (9); each TCP segment of up to 1448 bytes
/// has Ethernet, IP and TCP headers (14 + 20 + 32).
inline constexpr std::size_t kFrameOverheadBytes = 42;
inline constexpr std::size_t kSegmentOverheadBytes = 66;
inline constexpr std::size_t kSegmentBytes = 1448;

inline constexpr std::size_t kMaxChunkBytes = 16 * 1024;  ///< payload of one message

/// Headers as they are encoded, give or take the length of some numbers: for predictions.
inline constexpr std::size_t kRequestHeaderBytes = 104;
inline constexpr std::size_t kRowHeaderBytes = 3;  ///< more for each row of a request
inline constexpr std::size_t kChunkHeaderBytes = 50;

/// Estimated wire bytes of a message of two frames.
std::uint64_t wireBytesOf(std::size_t headerBytes, std::size_t payloadBytes);

/// Payload bytes of one chunk at the rate that the device paces with: at most about 20 ms of it; 0 (not paced) or infinite is a
/// whole chunk.
std::size_t chunkBytesAt(double bytesPerSecond);

/// The same for a request's payload: cut into a few pieces at least, so that their spacing tells the link's rate.
std::size_t chunkBytesOf(std::size_t payloadBytes, double bytesPerSecond);
/// The same of filler, which is there for its chunks' spacing: a little of it tells, in more and smaller chunks.
std::size_t fillerChunkBytesOf(std::size_t fillerBytes, double bytesPerSecond);

/// A request whose headers are of the sizes above.
struct RequestOnWire {
    std::size_t chunks = 1;
    std::uint64_t wireBytes = 0;
};
RequestOnWire requestOnWire(int rows, std::size_t payloadBytes, double pacedBytesPerSecond);

}  // namespace splitscope::codec
