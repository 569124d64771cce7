// SPDX-License-Identifier: GPL-3.0-or-later
// A device without a network: it speaks the whole protocol, and sends what another one recorded.
#pragma once

#include "core/exec/failover_predictor.h"
#include "core/exec/in_flight.h"
#include "core/exec/journal.h"
#include "device_stub/recorded_requests.h"

#include <latch>

namespace splitscope::stub {

/// Serves one edge and one run at a time, on its hub's thread alone. Its books are a device's: one record for each request, kept
/// until it is acknowledged; falling back it tells the recorded labels. Decisions are recorded, so what the edge decides changes
/// nothing. It refuses what it cannot do (shaping, a slowdown, schedules, profiles, other batches), and begins nothing while the
/// edge is silent.
class DeviceStub final : public link::DeviceLinkHandler {
public:
    /// Where the options name no port: on a free one whose neighbour is free, too, for an edge that is told one port takes the
    /// next one for data. On the thread of a hub that it shares with others; null: of one of its own.
    static base::Result<std::unique_ptr<DeviceStub>> start(const link::DeviceLinkOptions& options, std::string name,
                                                           std::shared_ptr<const Recording> recording,
                                                           std::shared_ptr<link::DeviceHub> hub = {});
    ~DeviceStub() override;
    DeviceStub(const DeviceStub&) = delete;
    DeviceStub& operator=(const DeviceStub&) = delete;

    [[nodiscard]] int controlPort() const { return m_link->controlPort(); }

    // link::DeviceLinkHandler
    void onControl(const std::string& peer, const wire::Message& message, base::ByteView payload) override;
    void onData(const std::string& peer, const wire::Message& message) override;
    void onHandedOver(const link::Handover& handover) override;
    void onPeerAlive(const std::string& peer) override;
    void onPeerSilent(const std::string& peer) override;
    void onTick() override;

private:
    /// A run as it stands.
    struct Run {
        explicit Run(const wire::StartRun& start);

        wire::StartRun asked;
        exec::Journal journal;
        exec::FailoverPredictor predictor;
        exec::InFlight inFlight;
        std::uint64_t nextFrame = 0;
        std::int64_t startedNs = 0, nextBeginNs = 0;
        bool paused = false, stopped = false, toldEnd = false;
    };

    DeviceStub(std::string name, std::shared_ptr<const Recording> recording);
    wire::Body answerTo(const std::string& peer, const wire::Body& asked);
    base::Status startRun(const std::string& peer, const wire::StartRun& start);
    base::Status updateRun(const wire::UpdateRun& change);
    void acknowledge(const wire::JournalAck& ack);
    [[nodiscard]] wire::RunState state() const;
    [[nodiscard]] const RecordedRequest& recordedFor(std::uint64_t firstFrame) const;

    void proceed();  ///< begins what may begin, tells what is to be told
    void begin();
    void onReply(const wire::Reply& reply);
    void fallBack(exec::Pending pending);
    void flush();
    void tellEnd();
    void tell(wire::Body body);

    const std::string m_name;
    const std::shared_ptr<const Recording> m_recording;
    const std::uint64_t m_bootId;
    std::string m_edge;  ///< whose run it is
    bool m_edgeAlive = false;
    std::unique_ptr<Run> m_run;
    std::latch m_listening{1};  ///< m_link is set: the link's first calls come while it starts
    std::unique_ptr<link::DeviceLink> m_link;
};

}  // namespace splitscope::stub
