// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/kernel_shaper.h"

#include "core/base/log.h"
#include "core/base/process.h"
#include "core/link/network_namespace.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace splitscope::link {

using base::Error;
using base::ErrorCode;

base::Result<std::unique_ptr<KernelShaper>> KernelShaper::open(const std::string& interface, const std::string& inNamespace)
{
    if (base::findProgram("tc").empty())
        return Error{ErrorCode::NotFound, "the program tc, which shapes links, is missing; install iproute2", "tc"};
    if (!mayConfigureNetworks())
        return Error{ErrorCode::Refused,
                     "shaping in the kernel takes root or CAP_NET_ADMIN (`setcap cap_net_admin+ep` on this program); shaping in "
                     "user space takes neither",
                     interface};
    std::unique_ptr<NamespaceEntry> entry;
    if (!inNamespace.empty()) {
        auto entered = NamespaceEntry::enter(inNamespace);
        if (!entered)
            return entered.error();
        entry = *std::move(entered);
    }
    auto stats = QdiscStats::open(interface);
    if (!stats)
        return stats.error();
    const auto now = (*stats)->read();
    if (!now)
        return now.error();
    if (now->chosen && now->kind != "tbf")  // a tbf is what a killed predecessor leaves behind
        return Error{ErrorCode::Busy,
                     "has a queueing discipline of its own (" + now->kind + "); remove it with `tc qdisc del dev "
                         + interface + " root` if nobody needs it",
                     interface};
    return std::unique_ptr<KernelShaper>(new KernelShaper(interface, inNamespace, *std::move(stats)));
}

KernelShaper::KernelShaper(std::string interface, std::string inNamespace, std::unique_ptr<QdiscStats> stats)
    : m_interface(std::move(interface)), m_namespace(std::move(inNamespace)), m_stats(std::move(stats))
{
}

KernelShaper::~KernelShaper()
{
    if (const auto removed = setRate(INFINITY); !removed)
        base::logError("shaper", removed.error());
}

std::vector<std::string> KernelShaper::tc(const std::string& verb) const
{
    std::vector<std::string> command{"tc"};
    if (!m_namespace.empty())
        command.insert(command.end(), {"-n", m_namespace});
    command.insert(command.end(), {"qdisc", verb, "dev", m_interface, "root"});
    return command;
}

base::Status KernelShaper::setRate(double bytesPerSecond, double burstBytes)
{
    if (std::isnan(bytesPerSecond) || bytesPerSecond < 0 || std::isnan(burstBytes))
        return Error{ErrorCode::InvalidInput, "a rate is 0 or more bytes per second", m_interface};
    const std::lock_guard lock(m_mutex);
    if (std::isinf(bytesPerSecond)) {
        if (!std::exchange(m_shaping, false))
            return {};
        const auto removed = base::runProcessOrFail(tc("del"));
        return removed ? base::Status() : base::Status(removed.error());
    }
    // tc reads "bit" as bits per second ("bps" would be bytes); the rate fits 64 bits, the burst 32.
    constexpr double kMostBitsPerSecond = 1e13, kMostBurstBytes = 1e9;
    const double bits = std::clamp(std::round(bytesPerSecond * 8), 8.0, kMostBitsPerSecond);
    const double burst = std::clamp(std::ceil(burstBytes), kLeastBurstBytes, kMostBurstBytes);
    auto command = tc("replace");
    command.insert(command.end(),
                   {"tbf", "rate", std::to_string(static_cast<std::uint64_t>(bits)) + "bit", "burst",
                    std::to_string(static_cast<std::uint64_t>(burst)) + "b", "limit", std::to_string(kQueueBytes) + "b"});
    if (const auto set = base::runProcessOrFail(command); !set)
        return set.error();
    m_shaping = true;
    return {};
}

base::Result<std::uint64_t> KernelShaper::sentBytes()
{
    const auto values = m_stats->read();
    if (!values)
        return values.error();
    return values->sentBytes;
}

}  // namespace splitscope::link
