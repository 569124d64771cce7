// SPDX-License-Identifier: GPL-3.0-or-later
// One run against a fake link, and what its records must hold.
#pragma once

#include "core/exec/edge_runtime.h"
#include "tests/core/exec/exec_samples.h"

#include <QTest>

namespace splitscope::exec::samples {

inline constexpr int kPatienceMs = 60'000;
inline constexpr double kForever = 600'000;

/// One run against a fake link.
struct Rig {
    explicit Rig(const wire::StartRun& startRun, std::shared_ptr<const data::DataSet> images = std::make_shared<Noise>())
        : run(startRun), journal(std::make_shared<Journal>(startRun.run)), m_images(std::move(images))
    {
    }
    ~Rig()
    {
        edge.reset();  // first: it calls the device
        if (device)
            device->stop();
    }
    void start()
    {
        auto started = DeviceRuntime::start(run, executor(), m_images, uplink, journal);
        QVERIFY2(started.ok(), started.ok() ? "" : started.error().message().c_str());
        device = std::move(*started);
        uplink.connect(device.get());
    }
    /// An edge that answers everything.
    void serve(
        EdgeRuntime::Decide decide = [] { return std::nullopt; }, bool logits = false)
    {
        EdgeRuntimeOptions options;
        options.replyLogits = logits;
        edge = std::make_unique<EdgeRuntime>(executor(), options, std::move(decide), [this](const wire::Message& message) {
            if (const auto* reply = std::get_if<wire::Reply>(&message.body))
                toDevice([&](DeviceRuntime& to) { to.onReply(*reply, base::nowNs()); });
            else if (const auto* failed = std::get_if<wire::RequestFailed>(&message.body))
                toDevice([&](DeviceRuntime& to) { to.onRequestFailed(*failed); });
        });
        uplink.onRequest = [this](const wire::Request& request, const base::Bytes& payload) {
            edge->submit({request, payload, base::nowNs(), payload.size()});
        };
    }
    void toDevice(const std::function<void(DeviceRuntime&)>& call) { call(uplink.device()); }
    bool ended() const { return !device->state().active; }
    /// All records, in the order of their frames. Only once.
    std::vector<wire::FrameRecord> records() const { return journal->due(base::nowNs(), 0, SIZE_MAX); }

    const wire::StartRun run;
    FakeUplink uplink;
    std::shared_ptr<Journal> journal;
    std::unique_ptr<EdgeRuntime> edge;
    std::unique_ptr<DeviceRuntime> device;

private:
    std::shared_ptr<const data::DataSet> m_images;
};

inline wire::Reply replyTo(const wire::Request& request, std::optional<decision::Decision> next = {})
{
    wire::Reply reply;
    reply.run = request.run;
    reply.firstFrame = request.firstFrame;
    reply.labels.assign(static_cast<std::size_t>(request.count), 0);
    reply.next = next;
    return reply;
}

/// Frame ids 0, 1, 2 … end − 1 lie in exactly one record each.
inline bool coverExactly(const std::vector<wire::FrameRecord>& records, std::uint64_t end)
{
    std::uint64_t next = 0;
    for (const auto& record : records) {
        if (record.firstFrame != next || record.labels.size() != static_cast<std::size_t>(record.count)
            || record.truths.size() != record.labels.size())
            return false;
        next += static_cast<std::uint64_t>(record.count);
    }
    return next == end;
}

}  // namespace splitscope::exec::samples
