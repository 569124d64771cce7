// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/qdisc_stats.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <linux/gen_stats.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <optional>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace splitscope::link {

namespace {

using base::Error;
using base::ErrorCode;

constexpr std::size_t kReplyBytes = 32 * 1024;  ///< the kernel's largest piece of a dump

template <typename T>
T valueOf(const rtattr* attribute)
{
    T value{};
    std::memcpy(&value, RTA_DATA(attribute), std::min<std::size_t>(sizeof value, RTA_PAYLOAD(attribute)));
    return value;
}

/// What lies so many bytes behind. The kernel aligns it; the system's own macros for this cast from char*, which clang warns of.
template <typename T>
const T* behind(const void* at, std::size_t bytes)
{
    return static_cast<const T*>(static_cast<const void*>(static_cast<const std::byte*>(at) + bytes));
}

template <typename Visit>
void forEachAttribute(const rtattr* at, std::size_t left, Visit visit)
{
    while (RTA_OK(at, left)) {
        visit(at);
        const auto step = std::min<std::size_t>(RTA_ALIGN(at->rta_len), left);
        at = behind<rtattr>(at, step);
        left -= step;
    }
}

void readStats(const rtattr* stats, QdiscValues& values)
{
    forEachAttribute(static_cast<const rtattr*>(RTA_DATA(stats)), RTA_PAYLOAD(stats), [&](const rtattr* attribute) {
        if (attribute->rta_type == TCA_STATS_BASIC) {
            const auto basic = valueOf<gnet_stats_basic>(attribute);
            values.sentBytes = basic.bytes;
            values.sentPackets = basic.packets;
        } else if (attribute->rta_type == TCA_STATS_QUEUE) {
            const auto queue = valueOf<gnet_stats_queue>(attribute);
            values.backlogBytes = queue.backlog;
            values.droppedPackets = queue.drops;
        }
    });
}

/// The root discipline of the interface, if that is what the message tells.
std::optional<QdiscValues> readQdisc(const nlmsghdr* message, int interfaceIndex)
{
    if (message->nlmsg_type != RTM_NEWQDISC || message->nlmsg_len < NLMSG_LENGTH(sizeof(tcmsg)))
        return std::nullopt;
    const auto* const head = static_cast<const tcmsg*>(NLMSG_DATA(message));
    if (head->tcm_ifindex != interfaceIndex || head->tcm_parent != TC_H_ROOT)
        return std::nullopt;
    QdiscValues values;
    values.chosen = TC_H_MAJ(head->tcm_handle) != 0;
    forEachAttribute(behind<rtattr>(head, NLMSG_ALIGN(sizeof(tcmsg))), message->nlmsg_len - NLMSG_LENGTH(sizeof(tcmsg)),
                     [&](const rtattr* attribute) {
                         if (attribute->rta_type == TCA_KIND)
                             values.kind = static_cast<const char*>(RTA_DATA(attribute));
                         else if (attribute->rta_type == TCA_STATS2)
                             readStats(attribute, values);
                     });
    return values;
}

/// Waits no longer than this for the kernel, which answers at once.
void limitWaiting(int socket)
{
    const timeval limit{2, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

}  // namespace

base::Result<std::unique_ptr<QdiscStats>> QdiscStats::open(const std::string& interface)
{
    const auto index = static_cast<int>(::if_nametoindex(interface.c_str()));
    if (index == 0)
        return Error{ErrorCode::NotFound, "there is no such network interface; `ip link` lists them", interface};
    const int socket = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (socket < 0)
        return Error{ErrorCode::Io, std::string("the kernel cannot be asked over netlink (") + std::strerror(errno) + ")",
                     interface};
    limitWaiting(socket);
    return std::unique_ptr<QdiscStats>(new QdiscStats(interface, index, socket));
}

QdiscStats::~QdiscStats() { ::close(m_socket); }

base::Result<QdiscValues> QdiscStats::read()
{
    const std::lock_guard lock(m_mutex);
    struct {
        nlmsghdr header;
        tcmsg body;
    } request{};
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = RTM_GETQDISC;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.header.nlmsg_seq = ++m_sequence;
    request.body.tcm_ifindex = m_index;
    const auto failed = [this](const std::string& what) {
        return Error{ErrorCode::Io, what + " (" + std::strerror(errno) + ")", m_interface};
    };
    if (::send(m_socket, &request, sizeof request, 0) < 0)
        return failed("the kernel cannot be asked for its queue");

    std::optional<QdiscValues> found;
    alignas(nlmsghdr) std::array<char, kReplyBytes> reply;
    for (;;) {
        const auto received = ::recv(m_socket, reply.data(), reply.size(), 0);
        if (received < 0 && errno == EINTR)
            continue;
        if (received < 0)
            return failed("the kernel does not tell its queue");
        auto left = static_cast<std::size_t>(received);
        const auto* message = behind<nlmsghdr>(reply.data(), 0);
        for (std::size_t step = 0; NLMSG_OK(message, left); message = behind<nlmsghdr>(message, step), left -= step) {
            step = std::min<std::size_t>(NLMSG_ALIGN(message->nlmsg_len), left);
            if (message->nlmsg_seq != m_sequence)
                continue;  // of a question that was given up
            if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) {
                if (!found)
                    return Error{ErrorCode::NotFound, "has no queueing discipline; is it still there?", m_interface};
                return *std::move(found);
            }
            if (auto values = readQdisc(message, m_index))
                found = std::move(values);
        }
    }
}

}  // namespace splitscope::link
