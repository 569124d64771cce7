// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <functional>
#include <string>

namespace splitscope::base {

enum class LogLevel { Debug, Info, Warning, Error };

/// One line "2026-11-21T10:42:50.123Z info link: text" to the sink (standard error unless set). Thread-safe.
void log(LogLevel level, const std::string& component, const std::string& text);
void logError(const std::string& component, const Error& error);

using LogSink = std::function<void(LogLevel level, const std::string& component, const std::string& text)>;

/// Replaces the sink; an empty function restores standard error. The sink may be called from any thread.
void setLogSink(LogSink sink);
void setLogLevel(LogLevel lowest);

}  // namespace splitscope::base
