// SPDX-License-Identifier: GPL-3.0-or-later
// The thread that device links live on, and who may connect to them. A device has one of its own; many stubs share one.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace splitscope::link {

/// Polls the sockets of its links, gives each its turn, and answers ZeroMQ's questions for keys. Links keep it alive; where none
/// is named a link makes one for itself.
class DeviceHub {
public:
    /// Only edges with these public keys are let in.
    explicit DeviceHub(const std::vector<std::string>& allowedKeys);
    ~DeviceHub();  ///< stops and joins; no link is left
    DeviceHub(const DeviceHub&) = delete;
    DeviceHub& operator=(const DeviceHub&) = delete;

private:
    friend class DeviceLink;
    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace splitscope::link
