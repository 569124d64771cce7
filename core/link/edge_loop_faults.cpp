// SPDX-License-Identifier: GPL-3.0-or-later
// What a link is made to suffer, on its own thread: nothing passes, there are no connections, or a message arrives damaged.
#include "core/base/clock.h"
#include "core/link/edge_loop_p.h"

#include <algorithm>

namespace splitscope::link {

void EdgeShared::suffer(LinkFault fault, double ms)
{
    const auto untilNs = base::nowNs() + base::fromMs(ms);
    switch (fault) {
    case LinkFault::Stall: stalledUntilNs = untilNs; break;
    case LinkFault::Cut: cutUntilNs = untilNs; break;
    case LinkFault::Damage: damages = kEveryWay; break;
    }
}

/// True while a fault lets nothing pass. A cut's sockets are closed when it begins, and others opened when it is over.
bool EdgeLoop::heldBack(std::int64_t nowNs)
{
    const bool cut = nowNs < m_shared.cutUntilNs;
    if (cut && m_data)
        closeSockets();
    if (!cut && !m_data)
        openSockets(nowNs);
    return !m_data || nowNs < m_shared.stalledUntilNs;
}

/// A turn in which nothing is read or sent. Silence is noticed as ever, but fresh sockets would not help.
void EdgeLoop::sitOut()
{
    collect();
    m_lastTurnNs = base::nowNs();
    m_nextRenewalNs = std::max(m_nextRenewalNs, m_lastTurnNs + base::fromMs(m_options.silenceMs));
    watchSilence(m_lastTurnNs);
}

/// Damages the header where the next message this way is to arrive so. Of the same size, but no CBOR map, and so no message.
void EdgeLoop::damage(Way way, std::span<std::uint8_t> header)
{
    if ((m_shared.damages.load(std::memory_order_relaxed) & way) == 0)
        return;
    m_shared.damages.fetch_and(~static_cast<unsigned>(way));
    for (auto& byte : header)
        byte = static_cast<std::uint8_t>(~byte);
}

}  // namespace splitscope::link
