// SPDX-License-Identifier: GPL-3.0-or-later
// The daemon as it is carried to a device: a program, or a Debian package that holds one.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace splitscope::remote {

/// What a device's system is, as far as it decides which daemon runs there.
struct DeviceSystem {
    std::string machine;  ///< of its programs: "x86_64", "aarch64", "armv7l" (also a 32-bit system on a 64-bit kernel)
    std::string kernel;  ///< "Linux"
    std::string distribution;  ///< "Debian GNU/Linux 12 (bookworm)"
};

struct DaemonFile {
    std::filesystem::path path;
    bool isPackage = false;  ///< a .deb
    std::string machine;  ///< that it runs on, as `uname -m` says it
};

/// Reads what a file is; an Error where it is neither a Linux program nor a Debian package.
base::Result<DaemonFile> readDaemonFile(const std::filesystem::path& path);

/// The named file, or where none is named the best one at hand for that machine: a package in one of the folders, else the
/// program beside this one. An Error says which machine has none.
base::Result<DaemonFile> chooseDaemonFile(const std::filesystem::path& named, const DeviceSystem& device,
                                          const std::vector<std::filesystem::path>& folders);
/// Where packages and programs for devices are looked for: beside this program, and in the installed resources' "devices".
std::vector<std::filesystem::path> daemonFolders();

/// Which Debian packages hold these shared libraries ("libzmq.so.5" → "libzmq5"), as far as the daemon's are known.
std::vector<std::string> packagesOf(const std::vector<std::string>& libraries);

}  // namespace splitscope::remote
