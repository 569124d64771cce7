// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>
#include <zmq.hpp>

namespace splitscope::link {

/// What becomes of a socket's connection to somebody, as ZeroMQ tells it. For the thread that owns the socket; made before it
/// connects, gone before it closes.
class ConnectionWatch {
public:
    enum class Event {
        Made,  ///< with the handshake behind it
        Failed,  ///< nobody listens there, or no peer of ours; ZeroMQ tries again
        Lost  ///< one that was made; ZeroMQ tries again
    };

    ConnectionWatch(zmq::context_t& context, zmq::socket_t& socket);
    ~ConnectionWatch();
    ConnectionWatch(const ConnectionWatch&) = delete;
    ConnectionWatch& operator=(const ConnectionWatch&) = delete;

    /// What happened since the last call, oldest first. Does not wait.
    std::vector<Event> take();

private:
    zmq::socket_t& m_watched;
    zmq::socket_t m_events;
    bool m_made = false;
};

}  // namespace splitscope::link
