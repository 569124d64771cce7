// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/zap.h"

#include "core/base/log.h"
#include "core/base/threads.h"

#include <algorithm>
#include <array>
#include <zmq.h>

namespace splitscope::link {

namespace {

constexpr std::size_t kRawKeyBytes = 32;
constexpr std::size_t kMaxFrames = 8;

/// The frames of a ZAP request; only as many and as long as one has.
std::vector<std::string> receiveAll(void* socket)
{
    std::vector<std::string> frames;
    std::array<char, 256> buffer{};
    int more = 1;
    while (more) {
        const int size = zmq_recv(socket, buffer.data(), buffer.size(), 0);
        if (size < 0)
            return {};
        if (frames.size() < kMaxFrames)
            frames.emplace_back(buffer.data(), std::min(static_cast<std::size_t>(size), buffer.size()));
        std::size_t length = sizeof more;
        zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &length);
    }
    return frames;
}

void sendAll(void* socket, const std::vector<std::string>& frames)
{
    for (std::size_t i = 0; i < frames.size(); ++i)
        zmq_send(socket, frames[i].data(), frames[i].size(), i + 1 < frames.size() ? ZMQ_SNDMORE : 0);
}

}  // namespace

ZapHandler::ZapHandler(const std::vector<std::string>& allowedKeys) : m_allowed(allowedKeys.begin(), allowedKeys.end()) {}

void ZapHandler::setAllowed(const std::vector<std::string>& keys)
{
    const std::lock_guard lock(m_mutex);
    m_allowed = {keys.begin(), keys.end()};
}

bool ZapHandler::allows(const std::string& publicKey) const
{
    const std::lock_guard lock(m_mutex);
    return m_anybody || m_allowed.contains(publicKey);
}

void ZapHandler::serve(void* context, std::promise<base::Status>& bound)
{
    base::nameThisThread("zap");
    constexpr int kNoLinger = 0;
    void* const socket = zmq_socket(context, ZMQ_REP);
    if (!socket || zmq_setsockopt(socket, ZMQ_LINGER, &kNoLinger, sizeof kNoLinger) != 0
        || zmq_bind(socket, "inproc://zeromq.zap.01") != 0) {
        bound.set_value(base::Error{base::ErrorCode::Internal, zmq_strerror(zmq_errno()), "authentication"});
    } else {
        bound.set_value({});
        while (answerOne(socket)) {}
    }
    if (socket)
        zmq_close(socket);
}

bool ZapHandler::answerOne(void* socket)
{
    const auto request = receiveAll(socket);
    if (request.empty())
        return zmq_errno() == EINTR;  // else the context ends
    // version, request id, domain, address, identity, mechanism, credentials: the raw public key
    std::string key(41, '\0');
    const bool isCurve = request.size() == 7 && request[0] == "1.0" && request[5] == "CURVE" && request[6].size() == kRawKeyBytes
        && zmq_z85_encode(key.data(), reinterpret_cast<const std::uint8_t*>(request[6].data()), kRawKeyBytes);
    key.resize(40);
    const bool allowed = isCurve && allows(key);
    if (!allowed) {
        // Said once: whoever knocks every 50 ms must not fill the log.
        if (m_denied.fetch_add(1) == 0)
            base::log(base::LogLevel::Warning, "link",
                      "refused a peer" + (isCurve ? " with key " + key : std::string())
                          + " that is not in the allow-list (further ones are only counted)");
    }
    const auto id = request.size() > 1 ? request[1] : std::string();
    sendAll(socket,
            {"1.0", id, allowed ? "200" : "400", allowed ? "OK" : "not in the allow-list", allowed ? key : std::string(), ""});
    return true;
}

}  // namespace splitscope::link
