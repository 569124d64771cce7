// SPDX-License-Identifier: GPL-3.0-or-later
// The daemon on a device that ssh reaches: installed, started, stopped, upgraded and taken away from here.
#pragma once

#include "core/remote/ssh.h"

#include <filesystem>
#include <functional>
#include <stop_token>

namespace splitscope::remote {

/// Where a piece of work stands.
struct StepReport {
    enum class State { Running, Done, Failed };
    std::size_t number = 1, total = 1;
    std::string title;  ///< "copies the daemon"
    State state = State::Running;
    std::string detail;  ///< how far it is, what was found, or what went wrong
};
using Tell = std::function<void(const StepReport&)>;

/// What `add` needs to know beyond where the device is.
struct AddOptions {
    std::string name;  ///< among the known devices; empty: the device's own
    std::string host;  ///< where the edge connects to; empty: the host that ssh goes to
    std::string bind = "0.0.0.0";  ///< what the daemon listens on
    int port = 47610;
    std::string dataRoot;  ///< images there may be read by runs; empty: none
    std::filesystem::path daemon;  ///< a program or Debian package; empty: looked for
    double connectMs = 10'000;  ///< how long the daemon may take to answer this edge
};

/// Steps: log in, look at the system, copy the daemon, try it there, exchange keys, start it, connect. Each Error says which step
/// failed and what to try by hand; what was there before still stands then. Blocks; the token cancels at any moment. All of
/// them use this edge's keys in the configuration folder. What is returned is not remembered yet.
base::Result<session::KnownDevice> addDevice(const session::SshPlace& place, const AddOptions& options, const Tell& tell,
                                             const std::stop_token& stop);

enum class Action { Start, Stop, Restart, Status };
/// The last report's detail says what was found or done.
base::Status controlDevice(const session::SshPlace& place, Action action, const Tell& tell, const std::stop_token& stop);

/// Starts the daemon at tcp://HOST:PORT again, where that is a known device whose daemon was started from here; null where it is
/// not. For session::ExperimentOptions.
std::function<base::Status(const std::stop_token&)> restarterOf(const std::string& device);

/// Another daemon takes the running one's place; where it does not start, the earlier one comes back.
base::Status upgradeDevice(const session::SshPlace& place, const std::filesystem::path& daemon, const Tell& tell,
                           const std::stop_token& stop);

/// Stops the daemon and takes away what addDevice() brought. Keys of other edges, and then the device's own, stay.
base::Status removeDevice(const session::SshPlace& place, const Tell& tell, const std::stop_token& stop);

/// Hands on the daemon's last lines and, where it is to follow, those to come, until it is stopped (Cancelled).
base::Status readLog(const session::SshPlace& place, int lines, bool follow, const std::function<void(std::string_view)>& heard,
                     const std::stop_token& stop);

}  // namespace splitscope::remote
