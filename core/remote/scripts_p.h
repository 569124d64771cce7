// SPDX-License-Identifier: GPL-3.0-or-later
// What is done on a device, as POSIX shell scripts for Ssh::run() and ask().
#pragma once

#include "core/link/keys.h"

#include <string>

namespace splitscope::remote {

/// Where things are on a device, by what `lookScript()` said of it.
struct DevicePaths {
    std::string folder;  ///< HOME/.local/share/splitscope/daemon: program, settings, log, pid
    std::string config;  ///< ~/.config/splitscope: keys and allow-list
    std::string units;  ///< ~/.config/systemd/user
    bool systemd = false;  ///< the account has its own systemd

    [[nodiscard]] std::string program() const { return folder + "/splitscoped"; }
    [[nodiscard]] std::string arrived() const { return folder + "/splitscoped.arrived"; }
    [[nodiscard]] std::string package() const { return folder + "/splitscoped.deb"; }
    [[nodiscard]] std::string log() const { return folder + "/splitscoped.log"; }
    [[nodiscard]] std::string settings() const { return folder + "/daemon.json"; }
};

/// Says machine, kernel, os, home, config, host, bits, root ("root", "sudo", "none"), systemd ("yes", "no"), free (KB).
std::string lookScript();

/// Makes the daemon's folder; says busy where another installation is under way.
std::string prepareScript(const DevicePaths& paths);
/// Says each missing library ("missing", several in one line), or the version of what arrived.
std::string tryScript(const DevicePaths& paths);
/// Unpacks the package that arrived, by apt where the account may install packages, else into its own folder; what can be run
/// then lies at paths.arrived().
std::string unpackScript(const DevicePaths& paths, const std::string& root);
/// The arrived program takes the place of the earlier one, which is kept beside it.
std::string replaceScript(const DevicePaths& paths);
/// The kept one comes back.
std::string restoreScript(const DevicePaths& paths);

/// Writes the settings and lets the edge in; says the device's public key.
std::string keysScript(const DevicePaths& paths, const std::string& settingsJson, const std::string& edgeKey,
                       const std::string& edgeName);
/// Starts the daemon, or starts it again, and waits until it listens. Says how ("systemd", "process") and lasting ("yes", "no":
/// whether it comes back after the device was switched off). Fails with what the daemon said last.
std::string startScript(const DevicePaths& paths);
/// Says was ("running", "stopped").
std::string stopScript(const DevicePaths& paths);
/// Says state ("running", "stopped"), how, version.
std::string statusScript(const DevicePaths& paths);
/// Writes the last lines of the log, and goes on with what is added.
std::string logScript(const DevicePaths& paths, int lines, bool follow);
/// Takes away everything that was installed, the keys too, unless other edges are allowed as well.
std::string removeScript(const DevicePaths& paths, const std::string& edgeKey, const std::string& root);

}  // namespace splitscope::remote
