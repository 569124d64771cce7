// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/host_pair.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/process.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <thread>
#include <unistd.h>

namespace splitscope::link {

namespace {

using base::Error;
using base::ErrorCode;

constexpr const char* kInterface = "uplink0";  ///< on both hosts
constexpr const char* kDevicePrefix = "sscope-dev-";
constexpr const char* kEdgePrefix = "sscope-edge-";
constexpr const char* kNamespaces = "/run/netns";

base::Status ip(const std::vector<std::string>& arguments)
{
    std::vector<std::string> command{"ip"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const auto done = base::runProcessOrFail(command);
    return done ? base::Status() : base::Status(done.error());
}

base::Status all(const std::vector<std::vector<std::string>>& commands)
{
    for (const auto& command : commands)
        if (auto status = ip(command); !status)
            return status;
    return {};
}

void sleepMs(double ms) { std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(ms)); }

/// The process that a namespace's name tells; 0: it is none of ours.
pid_t ownerOf(const std::string& name)
{
    for (const std::string_view prefix : {kDevicePrefix, kEdgePrefix}) {
        pid_t owner = 0;
        if (name.starts_with(prefix)
            && std::from_chars(name.data() + prefix.size(), name.data() + name.size(), owner).ec == std::errc())
            return owner;
    }
    return 0;
}

void removeLeftovers()
{
    std::error_code missing;
    std::vector<std::string> dead;
    for (const auto& entry : std::filesystem::directory_iterator(kNamespaces, missing)) {
        const auto name = entry.path().filename().string();
        const auto owner = ownerOf(name);
        if (owner > 0 && ::kill(owner, 0) != 0 && errno == ESRCH)
            dead.push_back(name);
    }
    for (const auto& name : dead) {
        base::log(base::LogLevel::Info, "bench", "removing " + name + ", which a process that is gone has left");
        static_cast<void>(ip({"netns", "del", name}));  // another pair may have been faster
    }
}

}  // namespace

std::string HostPair::unavailableReason()
{
    const auto pair = create();
    return pair ? std::string() : pair.error().message();
}

base::Result<std::unique_ptr<HostPair>> HostPair::create()
{
    for (const char* program : {"ip", "tc"})
        if (base::findProgram(program).empty())
            return Error{ErrorCode::NotFound, "is missing, and two hosts on one machine take it; install iproute2", program};
    if (!mayEnterNamespaces())
        return Error{ErrorCode::Refused, "two hosts on one machine take root (CAP_NET_ADMIN and CAP_SYS_ADMIN)",
                     "network namespaces"};
    removeLeftovers();
    std::unique_ptr<HostPair> pair(new HostPair);
    if (const auto status = pair->build(); !status)
        return status.error();
    return pair;
}

base::Status HostPair::build()
{
    static std::atomic<int> number = 0;
    const int n = number++;
    const auto suffix = std::to_string(::getpid()) + "-" + std::to_string(n);
    // The namespaces keep all of it apart from the machine's own networks and from other pairs; the addresses tell pairs apart
    // for people.
    const auto id = static_cast<unsigned int>(::getpid()) * 8 + static_cast<unsigned int>(n % 8);
    const auto network = "10." + std::to_string(id >> 16 & 0x7f) + "." + std::to_string(id >> 8 & 0xff) + ".";
    const auto first = (id & 0x3f) * 4;
    std::array<char, 16> middle{};
    std::snprintf(middle.data(), middle.size(), "%02x:%02x:%02x", id >> 16 & 0xff, id >> 8 & 0xff, id & 0xff);
    const std::string hardware = std::string("02:5c:") + middle.data() + ":";
    m_device = {kDevicePrefix + suffix, network + std::to_string(first + 1), hardware + "01"};
    m_edge = {kEdgePrefix + suffix, network + std::to_string(first + 2), hardware + "02"};
    if (auto status = connectHosts(); !status)
        return status;
    auto shaper = KernelShaper::open(kInterface, m_device.name);
    if (!shaper)
        return shaper.error();
    m_shaper = *std::move(shaper);
    constexpr double kTrial = 1e6;
    if (auto shaped = shape(kTrial); !shaped)  // a kernel may lack tbf
        return shaped;
    return shape(INFINITY);
}

base::Status HostPair::connectHosts() const
{
    if (auto status = all({{"netns", "add", m_device.name},
                           {"netns", "add", m_edge.name},
                           {"link", "add", kInterface, "address", m_device.hardwareAddress, "netns", m_device.name, "type",
                            "veth", "peer", "name", kInterface, "address", m_edge.hardwareAddress, "netns", m_edge.name}});
        !status)
        return status;
    if (auto status = bringUp(m_device, m_edge); !status)
        return status;
    return bringUp(m_edge, m_device);
}

/// No packets but those of the programs under test: neighbours are known, and nobody speaks IPv6.
base::Status HostPair::bringUp(const Host& host, const Host& other)
{
    const std::vector<std::string> on{"-n", host.name};
    std::vector<std::vector<std::string>> commands{
        {"link", "set", "dev", "lo", "up"},
        {"link", "set", "dev", kInterface, "addrgenmode", "none"},
        {"address", "add", host.address + "/30", "dev", kInterface},
        {"link", "set", "dev", kInterface, "up"},
        {"neighbour", "replace", other.address, "lladdr", other.hardwareAddress, "nud", "permanent", "dev", kInterface}};
    for (auto& command : commands)
        command.insert(command.begin(), on.begin(), on.end());
    return all(commands);
}

HostPair::~HostPair()
{
    m_shaper.reset();
    // The cable by itself, too: sockets can keep a namespace alive for a while.
    static_cast<void>(ip({"-n", m_device.name, "link", "del", "dev", kInterface}));
    for (const auto* host : {&m_device, &m_edge})
        static_cast<void>(ip({"netns", "del", host->name}));
}

std::string HostPair::deviceInterface() { return kInterface; }

base::Status HostPair::shape(double bytesPerSecond, double burstBytes)
{
    if (auto status = m_shaper->setRate(bytesPerSecond, burstBytes); !status)
        return status;
    if (!std::isinf(bytesPerSecond)) {
        m_refillMs = burstBytes / std::max(bytesPerSecond, 1.0) * 1e3;
        return {};
    }
    m_refillMs = 0;
    // A plain queue counts as the token bucket does: each segment of what TCP hands over in one piece with its headers.
    const auto plain = base::runProcessOrFail(
        {"tc", "-n", m_device.name, "qdisc", "replace", "dev", kInterface, "root", "pfifo", "limit", "10000"});
    return plain ? base::Status() : base::Status(plain.error());
}

base::Status HostPair::leaveUplink() const
{
    const auto left = base::runProcessOrFail({"tc", "-n", m_device.name, "qdisc", "del", "dev", kInterface, "root"});
    return left ? base::Status() : base::Status(left.error());
}

base::Status HostPair::drainBucket()
{
    constexpr double kPatienceMs = 20'000, kLookAgainMs = 1;
    const auto deadlineNs = base::nowNs() + base::fromMs(kPatienceMs + m_refillMs);
    while (base::nowNs() < deadlineNs) {
        const auto before = m_shaper->stats();
        if (!before)
            return before.error();
        if (before->backlogBytes > 0) {
            sleepMs(kLookAgainMs);
            continue;
        }
        sleepMs(m_refillMs);
        const auto after = m_shaper->stats();
        if (after && after->backlogBytes == 0 && after->sentPackets == before->sentPackets)
            return {};
    }
    return Error{ErrorCode::Busy, "traffic never paused long enough for the bucket to fill", m_device.name};
}

}  // namespace splitscope::link
