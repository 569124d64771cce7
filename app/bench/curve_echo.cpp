// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/echo.h"
#include "core/base/clock.h"
#include "core/link/keys.h"

#include <thread>
#include <zmq.hpp>

namespace splitscope::app {

namespace {

constexpr int kPatienceMs = 5'000;
constexpr int kWarmUpRounds = 50;

/// Answers `rounds` messages.
void serve(zmq::socket_t& router, std::size_t replyBytes, int rounds)
{
    try {
        for (int round = 0; round < rounds; ++round) {
            zmq::message_t identity, header, payload;
            if (!router.recv(identity) || !router.recv(header) || !router.recv(payload))
                return;  // the other side has given up
            const zmq::message_t reply(replyBytes);
            zmq_send(router.handle(), identity.data(), identity.size(), ZMQ_SNDMORE);
            zmq_send(router.handle(), reply.data(), reply.size(), 0);
        }
    } catch (const zmq::error_t&) {
        return;
    }
}

/// One round trip; negative: no answer.
double askMs(zmq::socket_t& dealer, const std::vector<char>& header, const std::vector<char>& payload)
{
    const auto beganNs = base::nowNs();
    zmq_send(dealer.handle(), header.data(), header.size(), ZMQ_SNDMORE);
    zmq_send(dealer.handle(), payload.data(), payload.size(), 0);
    zmq::message_t reply;
    if (!dealer.recv(reply))
        return -1;
    return base::toMs(base::nowNs() - beganNs);
}

}  // namespace

base::Result<std::vector<double>> curveEchoMs(const EchoBytes& bytes, int rounds, const std::stop_token& stop)
{
    std::vector<double> times;
    try {
        zmq::context_t serverContext, clientContext;
        zmq::socket_t router(serverContext, zmq::socket_type::router), dealer(clientContext, zmq::socket_type::dealer);
        const auto serverKeys = link::newKeyPair(), clientKeys = link::newKeyPair();
        for (auto* socket : {&router, &dealer}) {
            socket->set(zmq::sockopt::linger, 0);
            socket->set(zmq::sockopt::rcvtimeo, kPatienceMs);
        }
        router.set(zmq::sockopt::curve_server, true);
        router.set(zmq::sockopt::curve_secretkey, serverKeys.secretKey);
        router.bind("tcp://127.0.0.1:*");
        dealer.set(zmq::sockopt::curve_serverkey, serverKeys.publicKey);
        dealer.set(zmq::sockopt::curve_publickey, clientKeys.publicKey);
        dealer.set(zmq::sockopt::curve_secretkey, clientKeys.secretKey);
        dealer.connect(router.get(zmq::sockopt::last_endpoint));
        const std::jthread server([&] { serve(router, bytes.reply, kWarmUpRounds + rounds); });
        const std::vector<char> header(bytes.header), payload(bytes.payload);
        for (int round = 0; round < kWarmUpRounds + rounds && !stop.stop_requested(); ++round) {
            const double ms = askMs(dealer, header, payload);
            if (ms < 0)
                return base::Error{base::ErrorCode::Unreachable, "did not answer within 5 s", "bare ZeroMQ echo"};
            if (round >= kWarmUpRounds)
                times.push_back(ms);
        }
    } catch (const zmq::error_t& error) {
        return base::Error{base::ErrorCode::Io, error.what(), "bare ZeroMQ echo"};
    }
    return times;
}

}  // namespace splitscope::app
