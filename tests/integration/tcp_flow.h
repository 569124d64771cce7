// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/link/host_pair.h"

#include <arpa/inet.h>
#include <atomic>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

/// Bytes over one TCP connection from the device of a pair to its edge, each end on a thread of its own.
class TcpFlow {
public:
    TcpFlow(const splitscope::link::HostPair& hosts, std::size_t bytes)
    {
        const auto edge = hosts.enterEdge();
        m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        auto address = addressOf(hosts.edgeAddress(), 0);
        socklen_t size = sizeof address;
        m_ready = edge.ok() && ::bind(m_listener, reinterpret_cast<sockaddr*>(&address), size) == 0
            && ::listen(m_listener, 1) == 0 && ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size) == 0;
        if (!m_ready)
            return;
        m_receiver = std::jthread([this](const std::stop_token& stop) { receive(stop); });
        m_sender = std::jthread([this, &hosts, address, bytes](const std::stop_token& stop) {
            const auto device = hosts.enterDevice();
            if (device.ok())
                send(address, bytes, stop);
        });
    }
    ~TcpFlow()
    {
        m_sender.request_stop();
        m_receiver.request_stop();
        if (m_sender.joinable())
            m_sender.join();
        if (m_receiver.joinable())
            m_receiver.join();
        ::close(m_listener);
    }
    TcpFlow(const TcpFlow&) = delete;
    TcpFlow& operator=(const TcpFlow&) = delete;

    [[nodiscard]] bool ready() const { return m_ready; }
    [[nodiscard]] std::size_t arrived() const { return m_arrived; }

private:
    static constexpr int kSliceMs = 10;

    static sockaddr_in addressOf(const std::string& host, int port)
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
        return address;
    }
    static bool waitFor(int socket, short events, const std::stop_token& stop)
    {
        while (!stop.stop_requested()) {
            pollfd waiting{socket, events, 0};
            if (::poll(&waiting, 1, kSliceMs) > 0)
                return true;
        }
        return false;
    }
    void receive(const std::stop_token& stop)
    {
        if (!waitFor(m_listener, POLLIN, stop))
            return;
        const int peer = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        std::vector<char> piece(65536);
        while (waitFor(peer, POLLIN, stop)) {
            const auto count = ::recv(peer, piece.data(), piece.size(), MSG_DONTWAIT);
            if (count <= 0)
                break;
            m_arrived += static_cast<std::size_t>(count);
        }
        ::close(peer);
    }
    static void send(const sockaddr_in& to, std::size_t bytes, const std::stop_token& stop)
    {
        const int sender = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        static_cast<void>(::connect(sender, reinterpret_cast<const sockaddr*>(&to), sizeof to));
        const std::vector<char> piece(16384);
        while (bytes > 0 && waitFor(sender, POLLOUT, stop)) {
            const auto count = ::send(sender, piece.data(), std::min(bytes, piece.size()), MSG_NOSIGNAL);
            if (count < 0 && errno != EAGAIN)
                break;
            bytes -= count > 0 ? static_cast<std::size_t>(count) : 0;
        }
        ::shutdown(sender, SHUT_WR);
        static_cast<void>(waitFor(sender, POLLIN, stop));  // until the other end has closed
        ::close(sender);
    }

    int m_listener = -1;
    bool m_ready = false;
    std::atomic<std::size_t> m_arrived = 0;
    std::jthread m_receiver, m_sender;
};
