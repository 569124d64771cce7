// SPDX-License-Identifier: GPL-3.0-or-later
// This edge pairs with a device that it does not know yet.
#pragma once

#include "core/link/pairing.h"
#include "core/session/known_devices.h"
#include "core/session/scenario.h"

namespace splitscope::session {

/// splitscoped's control port where nobody chose another one.
inline constexpr int kUsualDevicePort = 47610;

/// A device as people name it: "raspberrypi.local", "10.0.0.7:47610", "tcp://[fe80::1]:47610".
base::Result<TcpAddress> parseDeviceAddress(std::string text);

struct DevicePairing {
    TcpAddress address;  ///< the device's control port; it pairs link::kPairingPortOffset further
    std::string name;  ///< how it is to be called here; empty: as it calls itself
    double windowMs = 120'000;  ///< everything is over by then
};

/// The edge's side of pairing (link::joinPairing), with this edge's own keys. Blocks; the token cancels at any moment. What is
/// returned is not remembered yet.
base::Result<KnownDevice> pairWithDevice(const DevicePairing& pairing, link::PairingPeople& people, const std::stop_token& stop);

}  // namespace splitscope::session
