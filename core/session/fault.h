// SPDX-License-Identifier: GPL-3.0-or-later
// What an experiment can be made to suffer while it runs, so that one sees what it does then. The one table of faults: command
// line, scenario files, dashboard and soak read it.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace splitscope::session {

enum class FaultKind { Stall, Cut, Restart, SlowCpu, Corrupt, ClockJump };

/// So many times slower computes a device under FaultKind::SlowCpu.
inline constexpr double kSlowCpuFactor = 8;

/// One fault: what it is called, what it does, and how long it lasts.
struct FaultInfo {
    FaultKind kind;
    const char* name;  ///< in files and on the command line: "slow-cpu"
    const char* title;  ///< in a menu: "Slow processor"
    const char* text;  ///< what it does, for people
    /// How long it lasts, or how far a clock jumps; all 0: it takes no time.
    double usualMs = 0, leastMs = 0, mostMs = 0;

    [[nodiscard]] bool takesTime() const { return mostMs > 0; }
    [[nodiscard]] bool lasts() const { return leastMs > 0; }  ///< and is over then
};

/// All of them, in the order of a menu.
const std::vector<FaultInfo>& faults();
const FaultInfo& infoOf(FaultKind kind);

struct Fault {
    FaultKind kind = FaultKind::Stall;
    double ms = 0;  ///< as long as it lasts or as far as the clock jumps (below 0: back); 0 where it takes no time

    bool operator==(const Fault&) const = default;
};

/// As a menu injects it: for the usual time.
Fault usualFault(FaultKind kind);
/// An Error says which times its kind takes.
base::Status check(const Fault& fault);
std::string toString(const Fault& fault);  ///< "stall:500ms", "restart"

/// A fault that comes as soon as a run has begun a frame.
struct ScheduledFault {
    std::uint64_t frame = 0;
    Fault fault;

    bool operator==(const ScheduledFault&) const = default;
};

/// `KIND@FRAME` or `KIND@FRAME:TIME`, as "stall@200:500ms", "restart@300", "clock-jump@400:-1h"; the usual time where none is
/// written. An Error quotes what is wrong and says what is allowed.
base::Result<ScheduledFault> parseFault(const std::string& text);
/// Several, with commas or spaces between them; an empty text means none.
base::Result<std::vector<ScheduledFault>> parseFaults(const std::string& text);
std::string toString(const ScheduledFault& fault);  ///< that parseFault() reads back
std::string toString(const std::vector<ScheduledFault>& faults);

}  // namespace splitscope::session
