// SPDX-License-Identifier: GPL-3.0-or-later
// What an experiment is made to suffer: faults of its scenario when their frame has come, and those that somebody injects. The
// link's are the edge's end of it, so that they work with every device.
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/threads.h"
#include "core/session/experiment_p.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>

namespace splitscope::session {

namespace {

constexpr double kSlowestDevice = 1'000;  ///< the most that a device can be told

base::Error refusal(const Fault& fault, base::ErrorCode code, const std::string& why)
{
    return {code, why, std::string("fault ") + infoOf(fault.kind).name};
}

}  // namespace

base::Status Experiment::inject(const Fault& fault)
{
    if (auto status = check(fault); !status)
        return status;
    if (auto status = d->canInject(fault); !status)
        return status;
    d->worker.post([p = d.get(), fault] { p->inject(fault); });
    return {};
}

base::Status Experiment::Private::canInject(const Fault& fault) const
{
    {
        const std::lock_guard lock(stateMutex);
        if (status.phase != Phase::Running && status.phase != Phase::Paused)
            return refusal(fault, base::ErrorCode::Busy,
                           "is for a run that is under way; this one is " + toString(status.phase) + ": wait until it runs");
    }
    if (fault.kind == FaultKind::Restart && scenario.device != "loopback" && !options.restartDaemon)
        return refusal(fault, base::ErrorCode::Unsupported,
                       "the daemon of " + scenario.device
                           + " was not started from here; restart it there, or install it with `splitscope-cli device add`");
    return {};
}

/// --- worker's thread ---

/// Those of the scenario whose frame has begun; while the run is interrupted, the next ones wait.
void Experiment::Private::injectDue()
{
    const auto begun = std::max<std::uint64_t>(requestedEnd, books.highest());
    for (auto next = faultsToCome.begin(); next != faultsToCome.end() && runStarted;) {
        const auto can = canInject(next->fault);
        if (next->frame >= begun || (!can && can.error().code == base::ErrorCode::Busy)) {
            ++next;
            continue;
        }
        const auto fault = next->fault;
        next = faultsToCome.erase(next);
        if (can)
            inject(fault, true);
        else
            tellTrouble(can.error());
    }
}

void Experiment::Private::inject(const Fault& fault, bool scheduled)
{
    const auto& info = infoOf(fault.kind);
    tellFault(fault, info.lasts() ? "begin" : "", scheduled);
    if (info.lasts())
        lastingFaults.emplace_back(base::nowNs() + base::fromMs(fault.ms), fault);
    const auto suffer = [&](link::LinkFault what) {
        const std::lock_guard lock(linkMutex);
        if (link)
            link->suffer(what, fault.ms);
    };
    switch (fault.kind) {
    case FaultKind::Stall: return suffer(link::LinkFault::Stall);
    case FaultKind::Cut: return suffer(link::LinkFault::Cut);
    case FaultKind::Corrupt: return suffer(link::LinkFault::Damage);
    case FaultKind::Restart: return restartDaemon();
    case FaultKind::SlowCpu: return tellSlowdown();
    case FaultKind::ClockJump: wallClockOffMs += fault.ms; clockJumpsByMs += fault.ms;
    }
}

/// A loopback daemon that ends is noticed and started again as after any other end.
void Experiment::Private::restartDaemon()
{
    if (daemon)
        return daemon->kill();
    if (daemonRestarts.exchange(true))
        return;  // is being restarted already
    restarting = std::jthread([this](const std::stop_token& stop) {
        base::nameThisThread("restarter");
        if (const auto restarted = options.restartDaemon(stop); !restarted && !stop.stop_requested())
            tellTrouble(restarted.error());
        daemonRestarts = false;
    });
}

void Experiment::Private::endFaults()
{
    const auto now = base::nowNs();
    bool slowed = false;
    for (auto lasting = lastingFaults.begin(); lasting != lastingFaults.end();) {
        if (lasting->first > now) {
            ++lasting;
            continue;
        }
        const auto over = lasting->second;
        lasting = lastingFaults.erase(lasting);
        slowed = slowed || over.kind == FaultKind::SlowCpu;
        tellFault(over, "end", false);
    }
    if (slowed)
        tellSlowdown();
}

void Experiment::Private::tellSlowdown()
{
    wire::UpdateRun change;
    change.slowdown = settings.slowdown;
    update(change);
}

double Experiment::Private::slowdownNow() const
{
    const bool slowCpu = std::any_of(lastingFaults.begin(), lastingFaults.end(),
                                     [](const auto& lasting) { return lasting.second.kind == FaultKind::SlowCpu; });
    return std::min(kSlowestDevice, settings.slowdown.value_or(1) * (slowCpu ? kSlowCpuFactor : 1));
}

void Experiment::Private::tellFault(const Fault& fault, const char* state, bool scheduled)
{
    const auto& info = infoOf(fault.kind);
    const bool over = std::string_view(state) == "end";
    const auto frame = std::max<std::uint64_t>(requestedEnd, books.highest());
    const auto text = toString(fault) + (over ? " is over" : ": " + std::string(info.text));
    base::log(over ? base::LogLevel::Info : base::LogLevel::Warning, "fault", text);
    QJsonObject detail{{"fault", QString::fromStdString(toString(fault))}, {"frame", static_cast<qint64>(frame)}};
    if (*state)
        detail["state"] = state;
    if (!over)
        detail["scheduled"] = scheduled;
    recordEvent("fault", text, QJsonDocument(detail).toJson(QJsonDocument::Compact).toStdString());
}

// --- any thread ---

std::int64_t Experiment::Private::wallClockMs() const { return base::wallClockMs() + std::llround(wallClockOffMs.load()); }

/// The clock jumped while this answer was computed: the time that it says is off by so much.
void Experiment::Private::jumpClock(wire::Reply& reply) { reply.edgeSegmentMs += clockJumpsByMs.exchange(0); }

}  // namespace splitscope::session
