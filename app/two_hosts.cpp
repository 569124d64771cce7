// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/two_hosts.h"

namespace splitscope::app {

base::Result<TwoHosts> TwoHosts::create()
{
    auto hosts = link::HostPair::create();
    if (!hosts)
        return hosts.error();
    if (const auto left = (*hosts)->leaveUplink(); !left)
        return left.error();
    auto edge = (*hosts)->enterEdge();
    if (!edge)
        return edge.error();
    return TwoHosts(*std::move(hosts), *std::move(edge));
}

session::LoopbackPlace TwoHosts::devicePlace() const
{
    return {m_hosts->deviceCommandPrefix(), m_hosts->deviceAddress(), link::HostPair::deviceInterface()};
}

}  // namespace splitscope::app
