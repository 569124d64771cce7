// SPDX-License-Identifier: GPL-3.0-or-later
// Has a device measure itself, and fetches the profile.
#pragma once

#include "core/profile/profiler.h"

#include <filesystem>
#include <stop_token>

namespace splitscope::session {

struct DeviceProfileOptions {
    std::string device = "loopback";  ///< or tcp://HOST:PORT
    std::string deviceKey;  ///< empty: looked up among the known devices
    std::filesystem::path daemonProgram;  ///< of a loopback device; empty: splitscoped beside this program
    std::string model = "alexnet3";
    std::string weights;  ///< empty: those shipped for model and data
    std::string codebook;  ///< likewise, for coders that need one
    std::string data = "patterns";  ///< a source that the device can open
    std::string split = "table";
    std::string actionSet = "standard";  ///< whose codings are measured: decision::parseSpaceOptions
    profile::ProfilerOptions profiler;  ///< batches, threads, coder, budget and interval; the rest does not travel
};

struct DeviceProfile {
    profile::ComputeProfile profile;
    std::string deviceName;
    double rttMs = 0;  ///< median over the pings meanwhile
    int pings = 0;
};

/// Connects, pushes the model where the device does not have it, has the device measure, and waits for the result. On the
/// calling thread. The observer is called on it too. Cancelled → the device stops measuring. An Error says what the device or
/// the link said; Busy where a run is active there.
base::Result<DeviceProfile> profileDevice(const DeviceProfileOptions& options, const std::stop_token& stop,
                                          const profile::ProfilerObserver& observer = {});

}  // namespace splitscope::session
