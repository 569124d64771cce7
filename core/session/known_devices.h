// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace splitscope::session {

/// How ssh reaches the account on a device that its daemon was installed for.
struct SshPlace {
    std::string destination;  ///< `user@host`, or a name of ssh's own configuration
    std::vector<std::string> options;  ///< words before it: {"-p", "2222"}

    bool operator==(const SshPlace&) const = default;
};

/// A device that experiments may run on.
struct KnownDevice {
    std::string name;
    std::string host;
    int port = 0;  ///< control
    std::string key;  ///< its public key
    std::optional<SshPlace> ssh = {};  ///< where this edge started its daemon

    bool operator==(const KnownDevice&) const = default;
};

/// "tcp://HOST:PORT", as scenarios name it.
std::string addressOf(const KnownDevice& device);

/// link::configFolder()/devices.json
std::filesystem::path knownDevicesPath();

/// {"devices": [{"name", "host", "port", "key", "ssh": {"destination", "options": […]}}, …]}, "ssh" where there is one; a missing
/// file means none. An Error names the entry and the field.
base::Result<std::vector<KnownDevice>> loadKnownDevices(const std::filesystem::path& path);
base::Status saveKnownDevices(const std::vector<KnownDevice>& devices, const std::filesystem::path& path);
std::string knownDevicesJson(const std::vector<KnownDevice>& devices);  ///< the file's text
/// Adds it, or takes the place of the one of that name or at that address.
base::Status rememberDevice(const KnownDevice& device, const std::filesystem::path& path);
base::Status forgetDevice(const std::string& name, const std::filesystem::path& path);

}  // namespace splitscope::session
