// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/remote/remote_device.h"

#include "core/remote/work_p.h"
#include "core/session/scenario.h"

namespace splitscope::remote {

base::Result<session::KnownDevice> addDevice(const session::SshPlace& place, const AddOptions& options, const Tell& tell,
                                             const std::stop_token& stop)
{
    Work work(place, tell, stop);
    const auto done = work.run({work.look(), work.copy(options.daemon), work.tryOut(), work.replace(), work.exchangeKeys(options),
                                work.start(), work.connect(options)});
    if (!done)
        return done.error();
    return work.device();
}

base::Status controlDevice(const session::SshPlace& place, Action action, const Tell& tell, const std::stop_token& stop)
{
    Work work(place, tell, stop);
    std::vector<Work::Step> steps{work.look()};
    if (action == Action::Stop)
        steps.push_back(work.stop());
    else if (action == Action::Status)
        steps.push_back(work.status());
    else if (action == Action::Restart)
        steps.insert(steps.end(), {work.stop(), work.start()});
    else
        steps.push_back(work.startUnlessRunning());
    return work.run(steps);
}

std::function<base::Status(const std::stop_token&)> restarterOf(const std::string& device)
{
    const auto address = session::parseTcpAddress(device);
    const auto devices = session::loadKnownDevices(session::knownDevicesPath());
    if (!address || !devices)
        return {};
    for (const auto& known : *devices)
        if (known.ssh && known.host == address->host && known.port == address->port)
            return [place = *known.ssh](const std::stop_token& stop) { return controlDevice(place, Action::Restart, {}, stop); };
    return {};
}

base::Status upgradeDevice(const session::SshPlace& place, const std::filesystem::path& daemon, const Tell& tell,
                           const std::stop_token& stop)
{
    Work work(place, tell, stop);
    auto done = work.run({work.look(), work.copy(daemon), work.tryOut(), work.replace(), work.start(), work.status()});
    if (done || !work.replaced())
        return done;
    // Whoever cancels here wants the device as it was, too: that takes a connection of its own.
    Work back(place, {}, {});
    if (back.run({back.look()}))
        back.restore();
    return done;
}

base::Status removeDevice(const session::SshPlace& place, const Tell& tell, const std::stop_token& stop)
{
    Work work(place, tell, stop);
    return work.run({work.look(), work.takeAway()});
}

base::Status readLog(const session::SshPlace& place, int lines, bool follow, const std::function<void(std::string_view)>& heard,
                     const std::stop_token& stop)
{
    Work work(place, {}, stop);
    if (auto seen = work.run({work.look()}); !seen)
        return seen;
    return work.ssh().follow(logScript(work.paths(), lines, follow), heard);
}

}  // namespace splitscope::remote
