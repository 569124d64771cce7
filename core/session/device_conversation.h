// SPDX-License-Identifier: GPL-3.0-or-later
// Question and answer with a device, for work that needs no run: one thread asks and waits.
#pragma once

#include "core/link/edge_link.h"
#include "core/session/loopback_daemon.h"
#include "core/session/model_package.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>

namespace splitscope::session {

/// A link to one device and what it says. Made, used and destroyed on one thread; waits end early when the token stops.
class DeviceConversation final : private link::EdgeLinkHandler {
public:
    /// Starts a loopback daemon where the device is "loopback", connects and greets: an Error when nobody answers for 20 s.
    static base::Result<std::unique_ptr<DeviceConversation>> open(const std::string& device, const std::string& deviceKey,
                                                                  const std::filesystem::path& daemonProgram,
                                                                  std::stop_token stop);
    ~DeviceConversation() override;
    DeviceConversation(const DeviceConversation&) = delete;
    DeviceConversation& operator=(const DeviceConversation&) = delete;

    /// Sends, and waits for the answer; a Failure comes as its Error.
    base::Result<wire::Message> ask(const char* what, wire::Body body, base::Bytes payload = {});
    /// The two halves of ask(): sending, which gives the id, and waiting for what answers it.
    base::Result<std::uint64_t> tell(wire::Body body, base::Bytes payload = {});
    base::Result<wire::Message> answerTo(std::uint64_t id, const char* what);
    /// The next message that answers no question. An Error where the device was restarted, is silent for 15 s, or
    /// tells nothing for ten minutes.
    base::Result<wire::Message> next();
    /// Pushes what the device does not have of it.
    base::Status bringModel(const ModelPackage& package);

    [[nodiscard]] const wire::Welcome& welcome() const { return m_welcome; }
    [[nodiscard]] std::vector<double> roundTripsMs() const;
    /// From now on waits do not end when the token stops: for last words.
    void ignoreStop() { m_stop = {}; }

private:
    base::Status bring(const Parcel& parcel);
    DeviceConversation(std::string device, std::stop_token stop) : m_device(std::move(device)), m_stop(std::move(stop)) {}

    base::Result<link::EdgeLinkOptions> findDevice(const std::string& deviceKey, const std::filesystem::path& daemonProgram);
    base::Status waitUntilConnected();
    base::Status greet();
    base::Status watchDevice();
    /// Waits until take() gives something, 100 ms at most.
    template <typename Take>
    auto waitFor(const Take& take);

    void onControl(const wire::Message& message) override;
    void onRequest(link::ArrivedRequest) override {}
    void onState(link::LinkState state, const std::string& why) override;
    void onRoundTrip(double rttMs) override;

    const std::string m_device;
    std::stop_token m_stop;
    std::optional<LoopbackDaemon> m_daemon;
    wire::Welcome m_welcome;
    std::uint64_t m_lastId = 0;

    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    // Guarded by m_mutex:
    std::deque<wire::Message> m_inbox;
    link::LinkState m_state = link::LinkState::Connecting;
    bool m_reconnected = false;
    std::int64_t m_silentSinceNs = 0;
    std::vector<double> m_roundTripsMs;

    std::unique_ptr<link::EdgeLink> m_link;  ///< last: its thread uses all of the above
};

}  // namespace splitscope::session
