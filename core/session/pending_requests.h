// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/wire/messages.h"

#include <functional>
#include <map>

namespace splitscope::session {

/// Control requests on their way: each has an id, a deadline, and a function that gets the answer or the Error.
/// Single-threaded.
class PendingRequests {
public:
    using OnAnswer = std::function<void(const base::Result<wire::Message>&)>;

    /// The id to send the request with.
    std::uint64_t add(std::string what, double deadlineMs, OnAnswer onAnswer);
    /// True if the message answers a request; a Failure arrives as an Error.
    bool resolve(const wire::Message& message);
    /// Ends those whose time is over with Unreachable.
    void expire();
    /// Forgets all, without a call: the conversation begins anew.
    void clear() { m_open.clear(); }

private:
    struct Open {
        std::string what;
        std::int64_t deadlineNs = 0;
        OnAnswer onAnswer;
    };
    std::uint64_t m_nextId = 1;
    std::map<std::uint64_t, Open> m_open;
};

/// The device's Failure as an Error of ours.
base::Error toError(const wire::Failure& failure);

}  // namespace splitscope::session
