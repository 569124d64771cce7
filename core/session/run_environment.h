// SPDX-License-Identifier: GPL-3.0-or-later
// What a run was made with, and whether the process that records it still lives.
#pragma once

#include <string>

namespace splitscope::session {

/// JSON object: host, machine, processor, architecture, cores, memory_bytes, system, program, libtorch, sqlite, device (what it
/// says of its machine; empty where unknown).
std::string environmentJson(const std::string& device);

/// This process on this host, so that others can tell later whether it lives: "host:pid:start".
std::string thisWriter();
/// False for a process of another host, and for a text that names none.
bool isAlive(const std::string& writer);

}  // namespace splitscope::session
