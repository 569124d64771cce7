// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/pending_requests.h"

#include "core/base/clock.h"

#include <vector>

namespace splitscope::session {

std::uint64_t PendingRequests::add(std::string what, double deadlineMs, OnAnswer onAnswer)
{
    const auto id = m_nextId++;
    m_open[id] = {std::move(what), base::nowNs() + base::fromMs(deadlineMs), std::move(onAnswer)};
    return id;
}

bool PendingRequests::resolve(const wire::Message& message)
{
    const auto found = m_open.find(message.id);
    if (message.id == 0 || found == m_open.end())
        return false;
    const auto open = std::move(found->second);
    m_open.erase(found);
    if (const auto* failure = std::get_if<wire::Failure>(&message.body))
        open.onAnswer(toError(*failure));
    else
        open.onAnswer(message);
    return true;
}

void PendingRequests::expire()
{
    const auto now = base::nowNs();
    std::vector<Open> late;
    for (auto it = m_open.begin(); it != m_open.end();) {
        if (it->second.deadlineNs > now) {
            ++it;
            continue;
        }
        late.push_back(std::move(it->second));
        it = m_open.erase(it);
    }
    // Called last: an answer may well ask the next question.
    for (const auto& open : late)
        open.onAnswer(base::Error{base::ErrorCode::Unreachable, "the device did not answer in time", open.what});
}

base::Error toError(const wire::Failure& failure)
{
    constexpr int kCodes = static_cast<int>(base::ErrorCode::Internal) + 1;
    base::Error error{base::ErrorCode::Refused, failure.text, "device: " + failure.where};
    for (int i = 0; i < kCodes; ++i)
        if (failure.code == base::name(static_cast<base::ErrorCode>(i)))
            error.code = static_cast<base::ErrorCode>(i);
    return error;
}

}  // namespace splitscope::session
