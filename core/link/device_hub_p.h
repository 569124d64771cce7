// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/link/device_hub.h"
#include "core/link/loop_thread_p.h"
#include "core/link/zap.h"

namespace splitscope::link {

struct DeviceHub::Private {
    explicit Private(const std::vector<std::string>& allowedKeys);
    ~Private();

    ZapHandler zap;
    LoopThread thread{"device-link"};
    base::Status authenticates;  ///< an Error: no socket may be bound

private:
    std::jthread m_zapThread;
};

}  // namespace splitscope::link
