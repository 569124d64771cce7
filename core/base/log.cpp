// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <mutex>

namespace splitscope::base {

namespace {

std::mutex g_mutex;
std::atomic<LogLevel> g_lowest{LogLevel::Info};

/// Made when first asked for and never destroyed: what ends after main() may still log.
LogSink& currentSink()
{
    static auto* const made = new LogSink;
    return *made;
}

const char* name(LogLevel level)
{
    static constexpr std::array kNames{"debug", "info", "warning", "error"};
    return kNames[static_cast<std::size_t>(level)];
}

void writeToStandardError(LogLevel level, const std::string& component, const std::string& text)
{
    const auto now = std::chrono::system_clock::now();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
    const auto seconds = std::chrono::system_clock::to_time_t(now);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    std::array<char, 32> stamp{};
    std::strftime(stamp.data(), stamp.size(), "%Y-%m-%dT%H:%M:%S", &utc);
    std::fprintf(stderr, "%s.%03dZ %s %s: %s\n", stamp.data(), static_cast<int>(ms), name(level), component.c_str(),
                 text.c_str());
}

}  // namespace

void log(LogLevel level, const std::string& component, const std::string& text)
{
    if (level < g_lowest.load(std::memory_order_relaxed))
        return;
    const std::lock_guard lock(g_mutex);
    if (const auto& sink = currentSink())
        sink(level, component, text);
    else
        writeToStandardError(level, component, text);
}

void logError(const std::string& component, const Error& error) { log(LogLevel::Error, component, error.message()); }

void setLogSink(LogSink sink)
{
    const std::lock_guard lock(g_mutex);
    currentSink() = std::move(sink);
}

void setLogLevel(LogLevel lowest) { g_lowest = lowest; }

}  // namespace splitscope::base
