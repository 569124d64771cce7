// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace splitscope::session {

/// A device that experiments may run on.
struct KnownDevice {
    std::string name;
    std::string host;
    int port = 0;  ///< control
    std::string key;  ///< its public key

    bool operator==(const KnownDevice&) const = default;
};

/// link::configFolder()/devices.json
std::filesystem::path knownDevicesPath();

/// {"devices": [{"name", "host", "port", "key"}, …]}; a missing file means none. An Error names the entry and the field.
base::Result<std::vector<KnownDevice>> loadKnownDevices(const std::filesystem::path& path);
base::Status saveKnownDevices(const std::vector<KnownDevice>& devices, const std::filesystem::path& path);

}  // namespace splitscope::session
