// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/device_pairing.h"

#include "core/base/host_name.h"

namespace splitscope::session {

base::Result<TcpAddress> parseDeviceAddress(std::string text)
{
    constexpr const char* kScheme = "tcp://";
    if (!text.starts_with(kScheme))
        text = kScheme + text;
    const auto hostAt = text.find("//") + 2;
    const auto colon = text.find(':', text.find(']', hostAt) == std::string::npos ? hostAt : text.find(']', hostAt));
    if (colon == std::string::npos && text.size() > hostAt)
        text += ":" + std::to_string(kUsualDevicePort);
    auto address = parseTcpAddress(text);
    if (!address)
        return base::Error{
            base::ErrorCode::InvalidInput,
            "is no address of a device: give its host name, as raspberrypi.local, or tcp://HOST:PORT with a port from "
            "1 to 65534",
            "'" + text.substr(hostAt) + "'"};
    return address;
}

base::Result<KnownDevice> pairWithDevice(const DevicePairing& pairing, link::PairingPeople& people, const std::stop_token& stop)
{
    const auto keys = link::edgeKeys();
    if (!keys)
        return keys.error();
    const auto& [host, port] = pairing.address;
    const auto peer = link::joinPairing({.host = host,
                                         .port = port + link::kPairingPortOffset,
                                         .keys = *keys,
                                         .name = base::hostName(),
                                         .windowMs = pairing.windowMs},
                                        people, stop);
    if (!peer)
        return peer.error();
    const auto& itsName = peer->name.empty() ? host : peer->name;
    return KnownDevice{pairing.name.empty() ? itsName : pairing.name, host, port, peer->publicKey};
}

}  // namespace splitscope::session
