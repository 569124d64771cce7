// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/report_chart.h"

namespace splitscope::session {

/// One HTML page that needs no other, light, and fit for paper. `title` is text, `body` HTML.
std::string reportPage(const std::string& title, const std::string& body);

}  // namespace splitscope::session
