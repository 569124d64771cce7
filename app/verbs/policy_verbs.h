// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs of `splitscope-cli policy`.
#pragma once

#include "app/progress_line.h"
#include "core/rl/trainer.h"

#include <stop_token>
#include <string>
#include <vector>

namespace splitscope::app {

int policyTrain(const std::vector<std::string>& arguments, std::stop_token stop);
int policyInspect(const std::vector<std::string>& arguments, std::stop_token stop);

/// Progress with the time that is left on standard error: one line that is rewritten where that is a terminal, else a line a
/// second at most.
class PolicyProgress {
public:
    void show(const rl::TrainingMetrics& metrics);
    void end() const;

private:
    ProgressLine m_line{200, 1000};
    std::int64_t m_startNs = 0;
    int m_startUpdate = 0;
};

}  // namespace splitscope::app
