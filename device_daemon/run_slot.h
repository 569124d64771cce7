// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exec/device_runtime.h"
#include "core/link/device_link.h"
#include "device_daemon/health_monitor.h"

#include <atomic>

namespace splitscope::daemon {

/// One run on this device from its start until the edge has all its records: the runtime, its books, and how both reach
/// the edge that owns the run. Thread-safe.
class RunSlot final : public exec::Uplink {
public:
    RunSlot(const wire::StartRun& run, std::string owner, link::DeviceLink& link, HealthMonitor& health,
            std::shared_ptr<exec::Journal> journal);

    base::Status begin(std::shared_ptr<const model::Executor> executor, std::shared_ptr<const data::DataSet> images,
                       std::shared_ptr<const codec::Codebook> codebook);
    base::Status update(const wire::UpdateRun& change);
    /// The uplink follows this rate from startMs on, until the shaping is changed.
    base::Status follow(std::shared_ptr<const sim::Trace> rate, double startMs);
    void stop();  ///< joins; not on the link's thread

    [[nodiscard]] std::uint64_t run() const { return m_run.run; }
    [[nodiscard]] const std::string& owner() const { return m_owner; }
    [[nodiscard]] const std::shared_ptr<exec::Journal>& journal() const { return m_journal; }
    [[nodiscard]] bool active() const { return state().active; }
    /// Over, and the edge has every record.
    [[nodiscard]] bool settled() const;
    /// How long its owner has been silent; 0 while it is not.
    [[nodiscard]] double ownerSilentMs() const;
    [[nodiscard]] wire::RunState state() const;

    void onData(const wire::Message& message);
    void onHandedOver(const link::Handover& handover);
    void onOwnerAlive(bool alive);
    void acknowledge(const std::vector<std::uint64_t>& firstFrames);
    /// Sends every unacknowledged record again: the owner may have been restarted.
    void resendAll();
    /// Sends the records that are due.
    void flush();
    /// With each Pong: until everything is acknowledged, and for a while at least.
    void tellEndAgain();

    // exec::Uplink
    base::Status send(wire::Request request, std::shared_ptr<const base::Bytes> payload) override;
    void cancel(std::uint64_t run, std::uint64_t firstFrame) override;
    [[nodiscard]] double setBytesPerSecond() const override { return m_link.setBytesPerSecond(); }
    std::optional<wire::Health> healthNews() override { return m_health.news(); }
    void changed() override;

private:
    exec::DeviceRuntime* runtime() const;
    void tellEnd();

    const wire::StartRun m_run;
    const std::string m_owner;
    link::DeviceLink& m_link;
    HealthReader m_health;
    const std::shared_ptr<exec::Journal> m_journal;
    std::mutex m_shapingMutex;
    wire::Shaping m_shaping;
    std::atomic<double> m_delayMs;  ///< of the shaped link: acknowledgements take longer by it
    std::atomic<std::int64_t> m_silentSinceNs{0};
    std::atomic<std::int64_t> m_endedNs{0};

    mutable std::mutex m_mutex;  ///< guards the pointer while begin() makes it; never held while the runtime is called
    std::unique_ptr<exec::DeviceRuntime> m_runtime;  ///< last: its thread uses all of the above
};

}  // namespace splitscope::daemon
