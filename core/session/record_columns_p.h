// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of the records, once: the database's tables, the exports and RECORDS.md go by this table.
#pragma once

#include "core/session/run_columns.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace splitscope::session {

enum class ColumnKind { Whole, Real, Text };

struct RecordColumn {
    const char* name;
    ColumnKind kind;
    const char* unit;  ///< empty: a number, a share or a text
    const char* about;
    int since = 1;  ///< the schema that brought it
    const char* missing = "0";  ///< what stands for it, in SQL, where the database is older
};

/// Places in kRequestColumns.
enum class Field {
    FirstFrame,
    Count,
    Outcome,
    Reason,
    Exit,
    Partition,
    Coding,
    DecisionAge,
    Capture,
    DeviceSegment,
    Encode,
    SendQueue,
    Transfer,
    EdgeQueue,
    Decode,
    EdgeSegment,
    Reply,
    Fallback,
    Total,
    CapturedAt,
    PayloadBytes,
    WireBytes,
    SetRate,
    AchievedRate,
    Energy,
    Rtt,
    EstimatedRate,
    EstimateLow,
    EstimateHigh,
    Reward,
    Regret,
    ExpectedAccuracy,
    OptimumExit,
    OptimumPartition,
    OptimumCoding,
    UplinkChanged,
    StrategyReason,
    Gate,
    AnsweredEarly,
    OptimumGate,
    DeviceTemperature,
    DeviceLoad,
    DeviceBusy,
    DeviceMemoryUsed,
    DeviceClock,
    DeviceThrottled,
    DeviceUnderVoltage,
    DevicePower,
    End
};
inline constexpr std::size_t kFieldCount = static_cast<std::size_t>(Field::End);

/// Of the table `requests`, behind `run`; columns are only ever added at the end.
extern const std::array<RecordColumn, kFieldCount> kRequestColumns;
/// What the exports of requests add of the table `frames`: labels, truths, correct.
extern const std::array<RecordColumn, 3> kGatheredColumns;
/// Of the tables `frames`, `events` and `health`, behind `run`.
extern const std::array<RecordColumn, 4> kFrameColumns;
extern const std::array<RecordColumn, 5> kEventColumns;
extern const std::array<RecordColumn, 26> kHealthColumns;

/// What a request holds of the device's report, from Field::DeviceTemperature on; NaN where it was not told.
using HealthFields = std::array<double, kHealthFields>;
HealthFields healthOf(const Sample& sample);
/// The way back; nothing where nothing was told.
std::optional<wire::Health> healthFrom(const HealthFields& told);

/// "a,b,c"; with `schema`, columns that it lacks are replaced: "0 AS c".
std::string columnList(std::span<const RecordColumn> columns, int schema);

}  // namespace splitscope::session
