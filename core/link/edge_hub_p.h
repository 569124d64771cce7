// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/link/edge_hub.h"
#include "core/link/loop_thread_p.h"

namespace splitscope::link {

struct EdgeHub::Private {
    LoopThread thread{"edge-link"};
};

}  // namespace splitscope::link
