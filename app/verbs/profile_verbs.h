// SPDX-License-Identifier: GPL-3.0-or-later
// What `splitscope-cli profile` does beyond measuring and showing.
#pragma once

#include "app/verbs/verbs.h"

namespace splitscope::app {

int profileRegression(const std::vector<std::string>& arguments, std::stop_token stop);
int profileEmulate(const std::vector<std::string>& arguments, std::stop_token stop);
int profileMeter(const std::vector<std::string>& arguments, std::stop_token stop);

}  // namespace splitscope::app
