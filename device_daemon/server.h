// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exec/model_store.h"
#include "device_daemon/config.h"
#include "device_daemon/health_monitor.h"
#include "device_daemon/run_slot.h"
#include "device_daemon/schedule_inbox.h"
#include "device_daemon/task_queue.h"

#include <condition_variable>
#include <latch>
#include <optional>
#include <set>
#include <stop_token>

namespace splitscope::daemon {

/// The daemon: the link, the models, the current run and those whose records the edge does not have yet. What is quick is
/// done on the link's thread, everything else in order on the worker's.
class Server final : public link::DeviceLinkHandler {
public:
    static base::Result<std::unique_ptr<Server>> start(const Config& config, const link::KeyPair& keys,
                                                       const std::vector<std::string>& allowedKeys);
    ~Server() override;  ///< stops runs, gives their last records a moment to arrive, closes the link
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] int controlPort() const { return m_link->controlPort(); }
    [[nodiscard]] int dataPort() const { return m_link->dataPort(); }

    /// Who may connect from now on. Any thread.
    void setAllowedKeys(const std::vector<std::string>& keys) { m_link->setAllowedKeys(keys); }

    // link::DeviceLinkHandler
    void onControl(const std::string& peer, const wire::Message& message, base::ByteView payload) override;
    void onData(const std::string& peer, const wire::Message& message) override;
    void onHandedOver(const link::Handover& handover) override;
    void onPeerAlive(const std::string& peer) override;
    void onPeerSilent(const std::string& peer) override;
    void onTick() override;

private:
    /// Who asked, and the id that the answer repeats.
    struct Asked {
        std::string peer;
        std::uint64_t id = 0;
    };
    using Slot = std::shared_ptr<RunSlot>;

    explicit Server(const Config& config);

    // One handler for each message; those of the link's thread first (handlers_*.cpp).
    void on(const Asked& asked, const wire::Hello& hello);
    void on(const Asked& asked, const wire::Ping& ping);
    void on(const Asked& asked, const wire::JournalAck& ack);
    void on(const Asked& asked, const wire::ModelQuery& query);
    void on(const Asked& asked, const wire::ModelPush& push, base::ByteView piece);
    void on(const Asked& asked, const wire::Probe& probe);
    void on(const Asked& asked, const wire::Profile& profile);
    void on(const Asked& asked, const wire::ProfileCancel& cancel);
    void on(const Asked& asked, const wire::Schedule& piece);
    void on(const Asked& asked, const wire::StartRun& run);
    void on(const Asked& asked, const wire::UpdateRun& change);
    void on(const Asked& asked, const wire::StopRun& stop);
    // Their long parts, on the worker's thread.
    /// Null where neither the coder needs one nor the edge names one.
    base::Result<std::shared_ptr<const codec::Codebook>> findCodebook(codec::EntropyCoder coder, const std::string& hash,
                                                                      const char* where);
    base::Status startRun(const std::string& peer, wire::StartRun run);
    base::Status makeRoom(const std::string& peer);
    base::Status takeSchedule(const std::string& peer, const wire::Schedule& piece);
    base::Status updateRun(const std::string& peer, const wire::UpdateRun& change);
    base::Status stopRun(const std::string& peer, const wire::StopRun& stop);
    /// The profile's JSON; acknowledges when it begins to measure.
    base::Result<std::string> measureProfile(const Asked& asked, const wire::Profile& profile, const std::stop_token& stop);
    base::Status sendProfile(const Asked& asked, const std::string& json);

    void answer(const Asked& asked, wire::Body body);
    void answer(const Asked& asked, const base::Status& status);
    /// Later, on the worker's thread; tells the peer where there is no room, or where a profile is being measured.
    void post(const Asked& asked, std::function<void()> task, std::size_t bytes = 0);

    [[nodiscard]] std::vector<Slot> slots() const;
    [[nodiscard]] std::vector<Slot> slotsOf(const std::string& peer) const;
    [[nodiscard]] Slot findSlot(std::uint64_t run) const;
    base::Result<Slot> ownSlot(const std::string& peer, std::uint64_t run, const std::string& where) const;
    [[nodiscard]] wire::RunState latestState(const std::string& peer) const;
    void dropSettledSlots();
    /// The worker is measuring for an edge, and how to end it.
    struct Profiling {
        Asked asked;
        std::stop_source stop;
        std::int64_t silentSinceNs = 0;  ///< of that edge; 0 while it is heard
    };
    void watchProfiling();
    void noteProfilingPeer(const std::string& peer, bool silent);
    void waitForAcknowledgements();

    const Config m_config;
    const std::uint64_t m_bootId;
    HealthMonitor m_health;
    exec::ModelStore m_models;  ///< worker's thread only
    ScheduleInbox m_schedules;  ///< worker's thread only

    mutable std::mutex m_mutex;
    std::condition_variable m_acknowledged;
    std::set<std::string> m_silentPeers;
    std::vector<Slot> m_slots;  ///< oldest first; at most one is active
    std::optional<Profiling> m_profiling;

    std::latch m_listening{1};  ///< m_link is set: the link's first calls come while it starts
    std::unique_ptr<link::DeviceLink> m_link;
    TaskQueue m_worker;
};

}  // namespace splitscope::daemon
