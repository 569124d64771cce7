// SPDX-License-Identifier: GPL-3.0-or-later
// hello, ping, probe, journal-ack: answered at once.
#include "core/base/files.h"
#include "core/model/executor.h"
#include "core/model/versions.h"
#include "core/profile/machine.h"
#include "device_daemon/server.h"

#include <algorithm>
#include <sys/utsname.h>
#include <thread>

namespace splitscope::daemon {

namespace {

/// "x86_64, 2 cores"
std::string describeMachine()
{
    utsname names{};
    const std::string machine = ::uname(&names) == 0 ? names.machine : "unknown machine";
    const auto cores = std::thread::hardware_concurrency();
    return machine + ", " + std::to_string(cores) + (cores == 1 ? " core" : " cores");
}

/// At most as long as a message may say it, between two UTF-8 characters.
std::string shortened(std::string text)
{
    constexpr std::size_t kMostBytes = 128;
    const auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; };
    auto size = std::min(kMostBytes, text.size());
    while (size > 0 && size < text.size() && continues(size))
        --size;
    text.resize(size);
    return text;
}

void tellMachine(wire::Welcome& welcome)
{
    static const auto machine = profile::describeMachine();
    welcome.board = shortened(machine.name);
    welcome.system = shortened(machine.system);
    const auto backends = model::availableBackends();
    const bool hasOneDnn = std::find(backends.begin(), backends.end(), model::Backend::OneDnn) != backends.end();
    welcome.backend
        = shortened((hasOneDnn ? std::string(name(model::Backend::OneDnn)) + ", " : "") + "LibTorch " + model::torchVersion());
    if (machine.cores > 0)
        welcome.cores = machine.cores;
    welcome.gates = true;
    welcome.edgeGates = true;
}

std::string hostName()
{
    utsname names{};
    return ::uname(&names) == 0 ? names.nodename : "device";
}

}  // namespace

void Server::on(const Asked& asked, const wire::Hello& hello)
{
    if (hello.version != wire::kProtocolVersion) {
        answer(asked,
               base::Error{base::ErrorCode::Mismatch,
                           "you speak version " + std::to_string(hello.version) + ", this device "
                               + std::to_string(wire::kProtocolVersion) + "; install the same release on both",
                           "hello"});
        return;
    }
    wire::Welcome welcome;
    welcome.program = "splitscoped " + base::programVersion();
    welcome.deviceName = m_config.name.empty() ? hostName() : m_config.name;
    welcome.machine = describeMachine();
    welcome.bootId = m_bootId;
    welcome.state = latestState(asked.peer);
    tellMachine(welcome);
    welcome.meter = shortened(m_health.meterName());
    m_health.forget(asked.peer);
    answer(asked, std::move(welcome));
    for (const auto& slot : slotsOf(asked.peer))
        slot->resendAll();
}

void Server::on(const Asked& asked, const wire::Ping& ping)
{
    answer(asked, wire::Pong{ping.sequence, latestState(asked.peer), m_health.newsFor(asked.peer)});
    for (const auto& slot : slotsOf(asked.peer))
        slot->tellEndAgain();
}

void Server::on(const Asked& asked, const wire::Probe& probe)
{
    if (const auto sent = m_link->sendProbe(asked.peer, asked.id, probe.bytes); !sent)
        answer(asked, sent);  // otherwise the filler is the answer
}

void Server::on(const Asked& asked, const wire::JournalAck& ack)
{
    const auto slot = ownSlot(asked.peer, ack.run, "journal-ack");
    if (slot)
        (*slot)->acknowledge(ack.firstFrames);
    // A run that was forgotten has no records to acknowledge: nothing is wrong.
    answer(asked, base::Status{});
    m_acknowledged.notify_all();
}

}  // namespace splitscope::daemon
