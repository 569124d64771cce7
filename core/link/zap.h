// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <atomic>
#include <cstdint>
#include <future>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

namespace splitscope::link {

/// Who may connect: answers ZeroMQ's authentication requests (RFC 27) of one context. Only exactly the given public keys are
/// let in; the key becomes the connection's User-Id. Without such a handler CURVE would admit anybody.
class ZapHandler {
public:
    struct Anybody {};

    explicit ZapHandler(const std::vector<std::string>& allowedKeys);
    /// For pairing alone: whoever has a key pair comes in, and is known by its key.
    explicit ZapHandler(Anybody) : m_anybody(true) {}

    /// From now on these; connections of others are not ended, so what comes over them must be asked about.
    void setAllowed(const std::vector<std::string>& keys);
    [[nodiscard]] bool allows(const std::string& publicKey) const;

    /// Binds the well-known address and says so (before then no server socket may be bound), serves until the context is shut
    /// down, then closes its socket. On a thread of its own. `context` is libzmq's.
    void serve(void* context, std::promise<base::Status>& bound);

    [[nodiscard]] std::uint64_t denied() const { return m_denied; }

private:
    bool answerOne(void* socket);

    const bool m_anybody = false;
    mutable std::mutex m_mutex;
    std::unordered_set<std::string> m_allowed;  ///< guarded
    std::atomic<std::uint64_t> m_denied{0};
};

}  // namespace splitscope::link
