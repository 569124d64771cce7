// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/device_address.h"

#include "core/session/known_devices.h"
#include "core/session/scenario.h"

namespace splitscope::session {

base::Result<link::EdgeLinkOptions> tcpDeviceAddress(const std::string& device, const std::string& deviceKey)
{
    const auto tcp = parseTcpAddress(device);
    if (!tcp)
        return tcp.error();
    link::EdgeLinkOptions address;
    address.host = tcp->host;
    address.controlPort = tcp->port;
    address.dataPort = tcp->port + 1;
    address.deviceKey = deviceKey;
    if (address.deviceKey.empty()) {
        const auto devices = loadKnownDevices(knownDevicesPath());
        if (!devices)
            return devices.error();
        for (const auto& known : *devices)
            if (known.host == tcp->host && known.port == tcp->port)
                address.deviceKey = known.key;
    }
    if (address.deviceKey.empty())
        return base::Error{base::ErrorCode::NotFound,
                           "its public key is not known; give it with --device-key (splitscoped prints it when it starts)",
                           device};
    const auto keys = link::edgeKeys();
    if (!keys)
        return keys.error();
    address.keys = *keys;
    return address;
}

link::EdgeLinkOptions loopbackDeviceAddress(const LoopbackDaemon& daemon, const LoopbackDaemon::Ports& ports,
                                            const link::KeyPair& edgeKeys)
{
    link::EdgeLinkOptions address;
    address.host = daemon.address();
    address.controlPort = ports.control;
    address.dataPort = ports.data;
    address.deviceKey = daemon.keys().publicKey;
    address.keys = edgeKeys;
    return address;
}

}  // namespace splitscope::session
