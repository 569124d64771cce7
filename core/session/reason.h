// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/wire/frame_record.h"

#include <string>

namespace splitscope::session {

/// What a request's time went into, in words, from its stages: "link-bound: 8.1 of 9.4 ms in transfer", "device-bound: …",
/// "edge-bound: …", "waiting in the queue: …", "balanced: …" where nothing takes half of it, or why the device was left alone.
std::string reasonOf(const wire::FrameRecord& record);

}  // namespace splitscope::session
