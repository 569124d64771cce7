// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/network_namespace.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <linux/capability.h>
#include <sched.h>
#include <unistd.h>

namespace splitscope::link {

namespace {

bool hasCapability(int capability)
{
    std::ifstream status("/proc/thread-self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("CapEff:"))
            return (std::stoull(line.substr(7), nullptr, 16) >> capability & 1) != 0;
    return false;
}

base::Error osError(const std::string& what, const std::string& where)
{
    return {base::ErrorCode::Io, what + " (" + std::strerror(errno) + ")", where};
}

}  // namespace

bool mayConfigureNetworks() { return hasCapability(CAP_NET_ADMIN); }
bool mayEnterNamespaces() { return mayConfigureNetworks() && hasCapability(CAP_SYS_ADMIN); }

base::Result<std::unique_ptr<NamespaceEntry>> NamespaceEntry::enter(const std::string& name)
{
    const auto path = "/run/netns/" + name;
    const int previous = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (previous < 0)
        return osError("this thread's network namespace cannot be told", "/proc/thread-self/ns/net");
    std::unique_ptr<NamespaceEntry> entry(new NamespaceEntry(previous));
    const int wanted = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (wanted < 0)
        return osError("there is no such network namespace", path);
    const int entered = ::setns(wanted, CLONE_NEWNET);
    const int failure = errno;
    ::close(wanted);
    errno = failure;
    if (entered != 0)
        return osError("cannot be entered; it takes root or CAP_SYS_ADMIN", path);
    return entry;
}

NamespaceEntry::~NamespaceEntry()
{
    static_cast<void>(::setns(m_previous, CLONE_NEWNET));
    ::close(m_previous);
}

}  // namespace splitscope::link
