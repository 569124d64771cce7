// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/kernel_rate.h"

#include "core/base/threads.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace splitscope::link {

KernelRate::KernelRate(std::unique_ptr<KernelShaper> shaper, std::function<void(const base::Error&)> onTrouble)
    : m_shaper(std::move(shaper)), m_onTrouble(std::move(onTrouble)),
      m_thread([this](const std::stop_token& stop) { follow(stop); })
{
}

KernelRate::~KernelRate() = default;

void KernelRate::want(double bytesPerSecond, double burstBytes)
{
    {
        const std::lock_guard lock(m_mutex);
        m_wanted = Wanted{bytesPerSecond, burstBytes};
    }
    m_changed.notify_one();
}

void KernelRate::follow(const std::stop_token& stop)
{
    base::nameThisThread("kernel-rate");
    Wanted applied{-1, -1};
    while (true) {
        Wanted next;
        {
            std::unique_lock lock(m_mutex);
            if (!m_changed.wait(lock, stop, [this] { return m_wanted.has_value(); }))
                return;
            next = *std::exchange(m_wanted, std::nullopt);
        }
        if (next == applied)
            continue;  // setting it again would fill the bucket
        const double rate = next.bytesPerSecond > 0 ? next.bytesPerSecond : std::numeric_limits<double>::infinity();
        const auto status = m_shaper->setRate(rate, std::max(next.burstBytes, KernelShaper::kLeastBurstBytes));
        if (!status)
            m_onTrouble(status.error());
        applied = next;
    }
}

}  // namespace splitscope::link
