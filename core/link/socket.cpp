// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/socket_p.h"

namespace splitscope::link {

namespace {

std::string userIdOf(zmq::message_t& message)
{
    const char* value = zmq_msg_gets(message.handle(), "User-Id");
    return value ? value : "";
}

Sent reasonOf(int error) { return error == EHOSTUNREACH ? Sent::NoPeer : Sent::Full; }

}  // namespace

void setCommonOptions(zmq::socket_t& socket, int highWaterMark)
{
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::sndhwm, highWaterMark);
    socket.set(zmq::sockopt::rcvhwm, highWaterMark);
    socket.set(zmq::sockopt::maxmsgsize, kMaxFrameBytes);
    // Dead connections are found by TCP's keep-alive, not by ZMTP heartbeats: those would starve behind a payload that crawls
    // through a slow link, and end a connection that works.
    socket.set(zmq::sockopt::tcp_keepalive, 1);
    socket.set(zmq::sockopt::tcp_keepalive_idle, 10);
    socket.set(zmq::sockopt::tcp_keepalive_intvl, 5);
    socket.set(zmq::sockopt::tcp_keepalive_cnt, 3);
}

bool receive(zmq::socket_t& socket, bool router, Incoming& message)
{
    message.wellFormed = false;
    message.payload.rebuild();
    try {
        if (router) {
            zmq::message_t identity;
            if (!socket.recv(identity, zmq::recv_flags::dontwait))
                return false;
            message.identity = identity.to_string();
            if (!identity.more())
                return true;
        }
        if (!socket.recv(message.header, zmq::recv_flags::dontwait))
            return false;
        message.userId = router ? userIdOf(message.header) : std::string();
        message.wellFormed = true;
        if (!message.header.more())
            return true;
        static_cast<void>(socket.recv(message.payload, zmq::recv_flags::dontwait));
        // Further frames are read off, so that the next message begins where it should.
        for (bool more = message.payload.more(); more;) {
            zmq::message_t extra;
            static_cast<void>(socket.recv(extra, zmq::recv_flags::dontwait));
            more = extra.more();
            message.wellFormed = false;
        }
        return true;
    } catch (const zmq::error_t&) {
        return false;  // interrupted by a signal, or the context ends: the caller's loop goes on or sees why not
    }
}

Sent sendFrames(zmq::socket_t& socket, const std::string* identity, base::ByteView header, base::ByteView payload)
{
    constexpr int kMore = ZMQ_DONTWAIT | ZMQ_SNDMORE;
    void* const s = socket.handle();
    // Only the first frame can be refused: ZeroMQ takes a message whole.
    if (identity && zmq_send(s, identity->data(), identity->size(), kMore) < 0)
        return reasonOf(zmq_errno());
    if (zmq_send(s, header.data(), header.size(), payload.empty() ? ZMQ_DONTWAIT : kMore) < 0)
        return reasonOf(zmq_errno());
    if (!payload.empty() && zmq_send(s, payload.data(), payload.size(), ZMQ_DONTWAIT) < 0)
        return reasonOf(zmq_errno());
    return Sent::Yes;
}

std::string endpoint(const std::string& host, const std::string& port)
{
    return "tcp://" + (isIpv6(host) && host.front() != '[' ? "[" + host + "]" : host) + ":" + port;
}

}  // namespace splitscope::link
