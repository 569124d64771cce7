// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/connection_watch_p.h"

#include <cstdint>
#include <cstring>

namespace splitscope::link {

namespace {

constexpr const char* kEndpoint = "inproc://connection-watch";  // within the context, which has one watch

}  // namespace

ConnectionWatch::ConnectionWatch(zmq::context_t& context, zmq::socket_t& socket)
    : m_watched(socket), m_events(context, zmq::socket_type::pair)
{
    zmq_socket_monitor(m_watched.handle(), kEndpoint,
                       ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_DISCONNECTED);
    m_events.connect(kEndpoint);
}

ConnectionWatch::~ConnectionWatch() { zmq_socket_monitor(m_watched.handle(), nullptr, 0); }

std::vector<ConnectionWatch::Event> ConnectionWatch::take()
{
    std::vector<Event> events;
    zmq::message_t number, address;
    try {
        while (m_events.recv(number, zmq::recv_flags::dontwait) && m_events.recv(address, zmq::recv_flags::dontwait)) {
            std::uint16_t event = 0;
            std::memcpy(&event, number.data(), sizeof event);
            if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
                m_made = true;
                events.push_back(Event::Made);
            } else if (m_made) {  // its retries follow
                m_made = false;
                events.push_back(Event::Lost);
            } else if (event == ZMQ_EVENT_CONNECT_RETRIED) {
                events.push_back(Event::Failed);
            }
        }
    } catch (const zmq::error_t&) {
        // interrupted by a signal: the rest comes with the next call
    }
    return events;
}

}  // namespace splitscope::link
