// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/link/kernel_shaper.h"

#include <condition_variable>
#include <functional>
#include <optional>
#include <thread>

namespace splitscope::link {

/// Hands rates to the kernel's shaper on a thread of its own, since each takes milliseconds: the latest one wins. Thread-safe.
class KernelRate {
public:
    /// `onTrouble` is called on that thread where the kernel refuses a rate.
    KernelRate(std::unique_ptr<KernelShaper> shaper, std::function<void(const base::Error&)> onTrouble);
    ~KernelRate();  ///< takes the shaping away
    KernelRate(const KernelRate&) = delete;
    KernelRate& operator=(const KernelRate&) = delete;

    /// Returns at once. As KernelShaper::setRate(); 0 stands for unshaped, as in wire::Shaping.
    void want(double bytesPerSecond, double burstBytes);

private:
    struct Wanted {
        double bytesPerSecond = 0;
        double burstBytes = 0;
        bool operator==(const Wanted&) const = default;
    };
    void follow(const std::stop_token& stop);

    const std::unique_ptr<KernelShaper> m_shaper;
    const std::function<void(const base::Error&)> m_onTrouble;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::optional<Wanted> m_wanted;
    std::jthread m_thread;  ///< last: it uses all of the above
};

}  // namespace splitscope::link
