// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verbs/policy_verbs.h"

#include "app/text_format.h"
#include "core/base/clock.h"

#include <cstdio>
#include <unistd.h>

namespace splitscope::app {

namespace {

constexpr double kRedrawMs = 200, kLineMs = 1000;

}  // namespace

PolicyProgress::PolicyProgress() : m_terminal(isatty(STDERR_FILENO) == 1) {}

void PolicyProgress::show(const rl::TrainingMetrics& metrics)
{
    const auto now = base::nowNs();
    if (m_startNs == 0) {
        m_startNs = now;
        m_startUpdate = metrics.update;
    }
    const bool last = metrics.update == metrics.updates;
    if (!last && metrics.gap < 0 && m_lastNs != 0 && base::toMs(now - m_lastNs) < (m_terminal ? kRedrawMs : kLineMs))
        return;
    m_lastNs = now;
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
    std::fprintf(stderr, m_terminal ? "\r\033[K%s" : "%s\n", line.c_str());
    m_open = m_terminal;
}

void PolicyProgress::end()
{
    if (m_open)
        std::fputc('\n', stderr);
    m_open = false;
}

}  // namespace splitscope::app
