// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/echo.h"
#include "core/base/clock.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace splitscope::app {

namespace {

constexpr int kWarmUpRounds = 2;

class Socket {
public:
    explicit Socket(int descriptor) : m_descriptor(descriptor)
    {
        const int on = 1;
        const timeval patience{5, 0};
        ::setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~Socket() { ::close(m_descriptor); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    [[nodiscard]] int get() const { return m_descriptor; }

private:
    int m_descriptor;
};

/// Answers every `bytes` bytes with one, until the other side closes.
void serve(int listener, std::size_t bytes)
{
    const Socket peer(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    std::vector<char> piece(1 << 16);
    for (std::size_t got = 0;;) {
        const auto count = ::recv(peer.get(), piece.data(), std::min(piece.size(), bytes - got), 0);
        if (count <= 0)
            return;
        got += static_cast<std::size_t>(count);
        if (got == bytes && ::send(peer.get(), piece.data(), 1, MSG_NOSIGNAL) != 1)
            return;
        got %= bytes;
    }
}

bool sendAll(int socket, const std::vector<char>& data)
{
    for (std::size_t sent = 0; sent < data.size();) {
        const auto count = ::send(socket, data.data() + sent, data.size() - sent, MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        sent += static_cast<std::size_t>(count);
    }
    return true;
}

base::Error failure(const std::string& what) { return {base::ErrorCode::Io, what + ": " + std::strerror(errno), "TCP echo"}; }

}  // namespace

base::Result<std::vector<double>> tcpRoundTripsMs(const link::HostPair& hosts, std::size_t bytes, int rounds, double gapMs,
                                                  const std::stop_token& stop)
{
    const auto edge = hosts.enterEdge();
    if (!edge)
        return edge.error();
    const Socket listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    ::inet_pton(AF_INET, hosts.edgeAddress().c_str(), &address.sin_addr);
    socklen_t size = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener.get(), raw, size) != 0 || ::listen(listener.get(), 1) != 0
        || ::getsockname(listener.get(), raw, &size) != 0)
        return failure("no port");
    const std::jthread server([&] { serve(listener.get(), bytes); });

    const auto device = hosts.enterDevice();
    if (!device)
        return device.error();
    const Socket client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(client.get(), raw, size) != 0)
        return failure("the other host does not answer");
    const std::vector<char> data(bytes);
    std::vector<double> times;
    for (int round = 0; round < kWarmUpRounds + rounds && !stop.stop_requested(); ++round) {
        std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(gapMs));
        char answer = 0;
        const auto beganNs = base::nowNs();
        if (!sendAll(client.get(), data) || ::recv(client.get(), &answer, 1, 0) != 1)
            return failure("no answer");
        if (round >= kWarmUpRounds)
            times.push_back(base::toMs(base::nowNs() - beganNs));
    }
    return times;
}

}  // namespace splitscope::app
