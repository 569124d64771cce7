// SPDX-License-Identifier: GPL-3.0-or-later
// What both ends do with their sockets. Every function is for the thread that owns the socket.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/link/device_link.h"

#include <atomic>
#include <string>
#include <zmq.hpp>

namespace splitscope::link {

/// Frames over it end the connection inside ZeroMQ; between kMaxPieceBytes and it they are refused politely.
inline constexpr std::int64_t kMaxFrameBytes = 1 << 20;

/// A message as its frames: the sender's identity (ROUTER only), header, payload.
struct Incoming {
    std::string identity;
    std::string userId;  ///< the sender's public key, as the ZAP handler has it
    zmq::message_t header;
    zmq::message_t payload;
    bool wellFormed = false;  ///< exactly a header and perhaps a payload

    [[nodiscard]] base::ByteView headerView() const { return view(header); }
    [[nodiscard]] base::ByteView payloadView() const { return view(payload); }
    [[nodiscard]] std::span<std::uint8_t> mutableHeader() { return {static_cast<std::uint8_t*>(header.data()), header.size()}; }
    [[nodiscard]] std::size_t bytes() const { return header.size() + payload.size(); }

private:
    static base::ByteView view(const zmq::message_t& message)
    {
        return {static_cast<const std::uint8_t*>(message.data()), message.size()};
    }
};

enum class Sent { Yes, Full, NoPeer };

/// LinkCounters that one thread writes and any reads.
struct AtomicCounters {
    std::atomic<std::uint64_t> sentBytes{0}, receivedBytes{0}, sentMessages{0}, receivedMessages{0}, malformed{0},
        refusedSends{0}, tooFast{0};

    [[nodiscard]] LinkCounters values() const
    {
        return {sentBytes, receivedBytes, sentMessages, receivedMessages, malformed, refusedSends, 0, tooFast};
    }
    void sent(std::size_t bytes)
    {
        sentBytes.fetch_add(bytes, std::memory_order_relaxed);
        sentMessages.fetch_add(1, std::memory_order_relaxed);
    }
    void received(std::size_t bytes)
    {
        receivedBytes.fetch_add(bytes, std::memory_order_relaxed);
        receivedMessages.fetch_add(1, std::memory_order_relaxed);
    }
};

/// Sizes, high-water mark, TCP keep-alive, no lingering: what every socket gets.
void setCommonOptions(zmq::socket_t& socket, int highWaterMark);

/// Takes one message without waiting. False: there is none.
bool receive(zmq::socket_t& socket, bool router, Incoming& message);

/// Sends without waiting; `identity` is the receiver (ROUTER) or null. One copy of the payload is made.
Sent sendFrames(zmq::socket_t& socket, const std::string* identity, base::ByteView header, base::ByteView payload);

/// "tcp://[::1]:5555"; IPv6 addresses get their brackets.
std::string endpoint(const std::string& host, const std::string& port);
inline bool isIpv6(const std::string& host) { return host.find(':') != std::string::npos; }

}  // namespace splitscope::link
