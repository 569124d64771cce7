// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/reason.h"

#include "core/base/units.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace splitscope::session {

namespace {

/// Where a request's time can go, as people think of it.
struct Share {
    double ms = 0;
    const char* name = "";
    const char* where = "";
};

/// "8.1 of 9.4 ms": as many decimals as the whole needs for two digits.
std::string ofTotal(double ms, double totalMs)
{
    const int decimals = totalMs >= 100 ? 0 : totalMs >= 1 ? 1 : 2;
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f of %.*f ms", decimals, ms, decimals, totalMs);
    return text.data();
}

std::string lostOr(const wire::FrameRecord& record, const char* what)
{
    return std::string(what) + (record.reason.empty() ? "" : ": " + record.reason);
}

/// ", 3 of 8 frames answered at exit 1", where a gate answered any.
std::string answeredEarly(const wire::FrameRecord& record)
{
    const int early = record.count - record.goingOn();
    if (!record.decision.gate || early == 0)
        return {};
    const auto exit = " at exit " + std::to_string(record.decision.gate->exit);
    if (early == record.count)
        return ", answered" + exit;
    return ", " + std::to_string(early) + " of " + std::to_string(record.count) + " frames answered" + exit;
}

}  // namespace

std::string reasonOf(const wire::FrameRecord& record)
{
    const auto& s = record.stages;
    if (record.outcome == wire::Outcome::Lost)
        return lostOr(record, "lost");
    if (record.outcome == wire::Outcome::Fallback)
        return lostOr(record, "finished by the device alone") + " (" + ofTotal(s.fallback, s.total) + " for the rest of the path)"
            + answeredEarly(record);
    const std::array<Share, 4> shares{{
        {s.transfer, "link-bound", "in transfer"},
        {s.capture + s.deviceSegment + s.encode, "device-bound", "on the device"},
        {s.decode + s.edgeSegment + s.reply, "edge-bound", "on the edge"},
        {s.sendQueue + s.edgeQueue, "waiting in the queue",
         s.sendQueue >= s.edgeQueue ? "behind earlier requests" : "at the edge"},
    }};
    const auto most = std::max_element(shares.begin(), shares.end(), [](const Share& a, const Share& b) { return a.ms < b.ms; });
    if (!(s.total > 0) || !(most->ms > 0))
        return {};
    const bool isHalf = most->ms >= s.total / 2;
    return std::string(isHalf ? most->name : "balanced") + ": " + ofTotal(most->ms, s.total) + " "
        + (isHalf ? most->where : std::string("at most ") + most->where) + answeredEarly(record);
}

}  // namespace splitscope::session
