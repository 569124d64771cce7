// SPDX-License-Identifier: GPL-3.0-or-later
// Energy as hardware counts it, where it does.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace splitscope::profile {

/// A counter of joules: powercap's (RAPL) as it is, hwmon's power integrated over time. One thread at a time.
class EnergyMeter {
public:
    virtual ~EnergyMeter() = default;
    [[nodiscard]] virtual std::string name() const = 0;  ///< "powercap package-0", "hwmon ina226 power1"
    /// Joules since the meter was made; counters that wrap are unwrapped. An Error where the file cannot be read.
    [[nodiscard]] virtual base::Result<double> joules() = 0;
};

/// The best one below `root`: powercap's packages, else a hwmon power sensor (ina2xx first). Null where there is none or
/// none may be read; `whyNot` then says which files were looked for and what to do.
std::unique_ptr<EnergyMeter> findEnergyMeter(const std::filesystem::path& root = "/", std::string* whyNot = nullptr);

}  // namespace splitscope::profile
