// SPDX-License-Identifier: GPL-3.0-or-later
// The device's reports of itself, their way in and out: the table `health`, and what requests hold of them.
#include "core/session/record_columns_p.h"
#include "core/session/record_store_p.h"

#include <cmath>
#include <limits>
#include <type_traits>

namespace splitscope::session {

namespace {

std::int64_t toInteger(std::uint64_t value) { return static_cast<std::int64_t>(value); }

/// From its first column on; null is what was not told.
wire::Health readMachine(const Statement& row, int column)
{
    const auto next = [&](auto& value) {
        using Value = typename std::decay_t<decltype(value)>::value_type;
        if (row.isNull(column))
            value.reset();
        else if constexpr (std::is_same_v<Value, double>)
            value = row.real(column);
        else if constexpr (std::is_same_v<Value, bool>)
            value = row.integer(column) != 0;
        else
            value = static_cast<Value>(row.integer(column));
        ++column;
    };
    wire::Health health;
    next(health.temperatureC);
    next(health.load);
    next(health.busy);
    next(health.memoryUsedBytes);
    next(health.memoryBytes);
    next(health.daemonMemoryBytes);
    next(health.clockHz);
    next(health.fullClockHz);
    next(health.throttled);
    next(health.underVoltage);
    next(health.powerWatts);
    return health;
}

constexpr double kMostBytes = 1e18;

double numberOf(const auto& told) { return told ? static_cast<double>(*told) : std::numeric_limits<double>::quiet_NaN(); }

}  // namespace

HealthFields healthOf(const Sample& sample)
{
    const auto health = sample.health.value_or(wire::Health());
    return {numberOf(health.temperatureC),    numberOf(health.load),      numberOf(health.busy),
            numberOf(health.memoryUsedBytes), numberOf(health.clockHz),   numberOf(health.throttled),
            numberOf(health.underVoltage),    numberOf(health.powerWatts)};
}

std::optional<wire::Health> healthFrom(const HealthFields& told)
{
    const auto known = [&told](std::size_t i) { return std::isnan(told[i]) ? std::nullopt : std::optional(told[i]); };
    const auto flag = [&known](std::size_t i) {
        const auto value = known(i);
        return value ? std::optional(*value != 0) : std::nullopt;
    };
    wire::Health health;
    health.temperatureC = known(0);
    health.load = known(1);
    health.busy = known(2);
    if (const auto used = known(3); used && *used >= 0 && *used < kMostBytes)  // a damaged file may say anything
        health.memoryUsedBytes = static_cast<std::uint64_t>(*used);
    health.clockHz = known(4);
    health.throttled = flag(5);
    health.underVoltage = flag(6);
    health.powerWatts = known(7);
    return health == wire::Health() ? std::nullopt : std::optional(health);
}

int RecordWriter::write(std::uint64_t run, const RunHealth& health)
{
    int column = 1;
    m_health.bind(1, toInteger(run));
    const auto put = [&](const auto& value) { m_health.bind(++column, value); };
    put(health.atMs);
    put(health.wallMs);
    put(health.link);
    put(health.rttMs);
    for (std::uint64_t count :
         {health.nextFrame, health.done, health.fallback, health.lost, health.discarded, health.unacknowledged})
        put(toInteger(count));
    put(std::int64_t{health.paused ? 1 : 0});
    put(health.estimatedBytesPerSecond);
    put(health.estimateLow);
    put(health.estimateHigh);
    put(health.device);
    const auto putKnown = [&](const auto& value) {
        ++column;
        if (!value)
            m_health.bindNull(column);
        else if constexpr (std::is_same_v<std::decay_t<decltype(*value)>, double>)
            m_health.bind(column, *value);
        else
            m_health.bind(column, static_cast<std::int64_t>(*value));
    };
    const auto& machine = health.machine;
    putKnown(machine.temperatureC);
    putKnown(machine.load);
    putKnown(machine.busy);
    putKnown(machine.memoryUsedBytes);
    putKnown(machine.memoryBytes);
    putKnown(machine.daemonMemoryBytes);
    putKnown(machine.clockHz);
    putKnown(machine.fullClockHz);
    putKnown(machine.throttled);
    putKnown(machine.underVoltage);
    putKnown(machine.powerWatts);
    return m_health.run();
}

std::vector<RunHealth> readHealthRows(const Database& database, int schema, std::uint64_t run)
{
    std::vector<RunHealth> found;
    const std::string sql = "SELECT " + columnList(kHealthColumns, schema) + " FROM health WHERE run = ?1 ORDER BY at_ms, id";
    auto rows = database.prepare(sql.c_str());
    rows.bind(1, toInteger(run));
    const auto whole = [&rows](int column) { return static_cast<std::uint64_t>(rows.integer(column)); };
    while (rows.next())
        found.push_back({rows.real(0), rows.integer(1), rows.text(2), rows.real(3), whole(4), whole(5), whole(6), whole(7),
                         whole(8), whole(9), rows.integer(10) != 0, rows.real(11), rows.real(12), rows.real(13), rows.text(14),
                         readMachine(rows, 15)});
    return found;
}

}  // namespace splitscope::session
