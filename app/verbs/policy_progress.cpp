// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verbs/policy_verbs.h"

#include "app/text_format.h"
#include "core/base/clock.h"

namespace splitscope::app {

void PolicyProgress::show(const rl::TrainingMetrics& metrics)
{
    const auto now = base::nowNs();
    if (m_startNs == 0) {
        m_startNs = now;
        m_startUpdate = metrics.update;
    }
    const bool due = m_line.due();
    if (!due && metrics.gap < 0 && metrics.update != metrics.updates)
        return;
    const double seconds = base::toMs(now - m_startNs) / 1000;
    const int done = metrics.update - m_startUpdate;
    auto line
        = format("update %d/%d  reward %.4f  regret %.4f  critic %.2e  actor %+.3f  entropy %.2f  alpha %.4f  rate %.1e  "
                 "%.0f updates/s",
                 metrics.update, metrics.updates, metrics.reward, metrics.regret, metrics.losses.critic, metrics.losses.actor,
                 metrics.losses.entropy, metrics.losses.temperature, metrics.learningRate, metrics.updatesPerSecond);
    if (done > 0)
        line += format("  ETA %.0f s", seconds / done * (metrics.updates - metrics.update));
    if (metrics.gap >= 0)
        line += format("  gap %.3f %%", 100 * metrics.gap);
    m_line.show(line);
}

void PolicyProgress::end() const { m_line.keep(); }

}  // namespace splitscope::app
