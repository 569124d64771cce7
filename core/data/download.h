// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace splitscope::data {

/// Downloads `url` into `file` with the system's curl, run as a child process without a shell. `progress` is told the
/// bytes so far. An Error (Unreachable, with curl's own words; NotFound without curl; Cancelled) may leave part of the file.
base::Status download(const std::string& url, const std::filesystem::path& file, const std::stop_token& stop,
                      const std::function<void(std::uint64_t)>& progress);

}  // namespace splitscope::data
