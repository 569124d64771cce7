// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/device_hub_p.h"

namespace splitscope::link {

DeviceHub::DeviceHub(const std::vector<std::string>& allowedKeys) : d(std::make_unique<Private>(allowedKeys)) {}

DeviceHub::~DeviceHub() = default;

DeviceHub::Private::Private(const std::vector<std::string>& allowedKeys) : zap(allowedKeys)
{
    std::promise<base::Status> bound;
    m_zapThread = std::jthread([&] { zap.serve(thread.context.handle(), bound); });
    authenticates = bound.get_future().get();
}

DeviceHub::Private::~Private()
{
    thread.stop();  // ends the authentication thread
    m_zapThread.join();
}

}  // namespace splitscope::link
