// SPDX-License-Identifier: GPL-3.0-or-later
// A device and an edge on loopback that keep what they hear; the device answers pings as the daemon does.
#pragma once

#include "core/base/clock.h"
#include "core/link/edge_link.h"

#include <QTest>

#include <mutex>

namespace splitscope::link::testing {

inline constexpr int kPatienceMs = 10'000;

class Device : public DeviceLinkHandler {
public:
    struct HandedOver {
        std::uint64_t firstFrame = 0;
        std::int64_t firstNs = 0, lastNs = 0;
        std::uint64_t wireBytes = 0;
    };

    base::Status start(const DeviceLinkOptions& options, std::shared_ptr<DeviceHub> hub = {})
    {
        auto started = DeviceLink::start(options, *this, std::move(hub));
        if (!started)
            return started.error();
        const std::lock_guard lock(m_mutex);
        m_link = std::move(*started);
        return {};
    }
    void stop()
    {
        std::unique_ptr<DeviceLink> ending;
        {
            const std::lock_guard lock(m_mutex);
            ending = std::move(m_link);
        }
    }
    ~Device() override { stop(); }
    DeviceLink& link() { return *m_link; }

    std::vector<wire::Message> controls() const { return locked(m_controls); }
    std::vector<wire::Message> data() const { return locked(m_data); }
    std::vector<Handover> handedOver() const { return locked(m_handedOver); }
    std::vector<std::string> events() const { return locked(m_events); }
    std::string peer() const { return locked(m_peer); }
    std::size_t payloadBytes() const { return locked(m_payloadBytes); }

    void onControl(const std::string& peer, const wire::Message& message, base::ByteView payload) override
    {
        const std::lock_guard lock(m_mutex);
        m_peer = peer;
        m_payloadBytes += payload.size();
        if (const auto* ping = std::get_if<wire::Ping>(&message.body)) {
            if (m_link)
                static_cast<void>(m_link->sendControl(peer, {message.id, wire::Pong{ping->sequence, {}, {}}}));
        } else {
            m_controls.push_back(message);
        }
    }
    void onData(const std::string&, const wire::Message& message) override
    {
        const std::lock_guard lock(m_mutex);
        m_data.push_back(message);
    }
    void onHandedOver(const Handover& handover) override
    {
        const std::lock_guard lock(m_mutex);
        m_handedOver.push_back(handover);
    }
    void onPeerAlive(const std::string& peer) override { event("alive " + peer); }
    void onPeerSilent(const std::string& peer) override { event("silent " + peer); }
    void onTick() override {}

private:
    template <typename T>
    T locked(const T& value) const
    {
        const std::lock_guard lock(m_mutex);
        return value;
    }
    void event(const std::string& text)
    {
        const std::lock_guard lock(m_mutex);
        m_events.push_back(text);
    }

    mutable std::mutex m_mutex;
    std::unique_ptr<DeviceLink> m_link;
    std::vector<wire::Message> m_controls, m_data;
    std::vector<Handover> m_handedOver;
    std::vector<std::string> m_events;
    std::string m_peer;
    std::size_t m_payloadBytes = 0;
};

class Edge : public EdgeLinkHandler {
public:
    base::Status start(const EdgeLinkOptions& options, std::shared_ptr<EdgeHub> hub = {})
    {
        auto started = EdgeLink::start(options, *this, std::move(hub));
        if (!started)
            return started.error();
        m_link = std::move(*started);
        return {};
    }
    void stop() { m_link.reset(); }
    ~Edge() override { stop(); }
    EdgeLink& link() { return *m_link; }

    std::vector<wire::Message> controls() const { return locked(m_controls); }
    std::vector<ArrivedRequest> requests() const { return locked(m_requests); }
    std::vector<std::string> states() const { return locked(m_states); }
    std::vector<std::vector<Arrival>> probes() const { return locked(m_probes); }
    std::size_t roundTrips() const { return locked(m_roundTrips); }

    void onControl(const wire::Message& message) override
    {
        const std::lock_guard lock(m_mutex);
        if (!std::holds_alternative<wire::Pong>(message.body))
            m_controls.push_back(message);
    }
    void onRequest(ArrivedRequest request) override
    {
        const std::lock_guard lock(m_mutex);
        m_requests.push_back(std::move(request));
    }
    void onProbe(const std::vector<Arrival>& curve) override
    {
        const std::lock_guard lock(m_mutex);
        m_probes.push_back(curve);
    }
    void onState(LinkState state, const std::string& why) override
    {
        const std::lock_guard lock(m_mutex);
        m_states.push_back(std::to_string(static_cast<int>(state)) + " " + why);
    }
    void onRoundTrip(double) override
    {
        const std::lock_guard lock(m_mutex);
        ++m_roundTrips;
    }

private:
    template <typename T>
    T locked(const T& value) const
    {
        const std::lock_guard lock(m_mutex);
        return value;
    }

    mutable std::mutex m_mutex;
    std::unique_ptr<EdgeLink> m_link;
    std::vector<wire::Message> m_controls;
    std::vector<ArrivedRequest> m_requests;
    std::vector<std::vector<Arrival>> m_probes;
    std::vector<std::string> m_states;
    std::size_t m_roundTrips = 0;
};

/// Keys of both sides and the options that go with them.
struct Pair {
    KeyPair deviceKeys = newKeyPair();
    KeyPair edgeKeys = newKeyPair();

    [[nodiscard]] DeviceLinkOptions deviceOptions() const
    {
        DeviceLinkOptions options;
        options.keys = deviceKeys;
        options.allowedKeys = {edgeKeys.publicKey};
        return options;
    }
    [[nodiscard]] EdgeLinkOptions edgeOptions(const DeviceLink& device) const
    {
        EdgeLinkOptions options;
        options.controlPort = device.controlPort();
        options.dataPort = device.dataPort();
        options.deviceKey = deviceKeys.publicKey;
        options.keys = edgeKeys;
        return options;
    }
};

inline std::shared_ptr<const base::Bytes> patternBytes(std::size_t size)
{
    auto bytes = std::make_shared<base::Bytes>(size);
    std::uint32_t state = 12345;
    for (auto& byte : *bytes) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<std::uint8_t>(state >> 24U);
    }
    return bytes;
}

inline wire::Request requestOf(std::uint64_t firstFrame, std::size_t bytes)
{
    wire::Request request;
    request.run = 7;
    request.firstFrame = firstFrame;
    request.decision = {3, 5, {codec::CodingKind::Quantized, 8}};
    request.sizes = {static_cast<std::uint32_t>(bytes)};
    return request;
}

}  // namespace splitscope::link::testing
