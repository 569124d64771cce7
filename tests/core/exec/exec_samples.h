// SPDX-License-Identifier: GPL-3.0-or-later
// A small network with random weights, its images, and an edge that does what a test tells it.
#pragma once

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/exec/device_runtime.h"
#include "core/exec/frame_source.h"
#include "core/exec/row_coding.h"
#include "core/model/executor.h"
#include "tests/core/model/model_samples.h"

#include <atomic>
#include <functional>
#include <mutex>

namespace splitscope::exec::samples {

inline const model::NetworkSpec& spec()
{
    static const auto tiny = model::samples::tinySpec();
    return tiny;
}

inline std::shared_ptr<const model::Executor> executor()
{
    static const std::shared_ptr<const model::Executor> shared
        = std::move(model::Executor::create(spec(), model::samples::randomWeights(spec(), 3))).value();
    return shared;
}

/// Noise, 40 images of the network's size; image `broken` cannot be read.
class Noise : public data::DataSet {
public:
    explicit Noise(std::size_t broken = SIZE_MAX) : m_broken(broken) {}
    std::string name() const override { return "noise"; }
    data::ImageSize imageSize() const override { return model::frameSize(spec()); }
    const std::vector<std::string>& classNames() const override { return m_classes; }
    std::size_t size() const override { return 40; }
    int label(std::size_t index) const override { return static_cast<int>(index % 2); }
    base::Result<data::Image> image(std::size_t index) const override
    {
        if (index == m_broken)
            return base::Error{base::ErrorCode::InvalidInput, "cannot be decoded", "noise"};
        data::Image image{imageSize(), base::Bytes(imageSize().byteCount())};
        base::Random random(index);
        for (auto& pixel : image.pixels)
            pixel = static_cast<std::uint8_t>(random.below(256));
        return image;
    }

private:
    std::size_t m_broken;
    std::vector<std::string> m_classes{"even", "odd"};
};

inline wire::StartRun startRun(std::uint64_t frames, const decision::Decision& decision)
{
    wire::StartRun run;
    run.run = 77;
    run.data = "noise";
    run.split = "evaluation";
    run.frames = frames;
    run.seed = 5;
    run.decision = decision;
    run.minFailoverMs = 20;
    return run;
}

inline const decision::Decision kExactMiddle{2, 3, {codec::CodingKind::Float32, 0}};

/// What the whole network answers to frames of a run.
inline std::vector<int> unsplitLabels(const wire::StartRun& run, const wire::FrameRecord& record)
{
    FrameSource source(std::make_shared<Noise>(), run.seed);
    const auto frames = source.read(record.firstFrame, record.count);
    const auto input = model::toInput(spec(), *frames);
    const int exit = record.decision.exit;
    return labelsOf(*executor()->run(exit, 0, decision::onDevice(spec(), exit).partition, *input));
}

/// What a device would send for the frames `first` and following.
inline link::ArrivedRequest request(const decision::Decision& decision, std::uint64_t first = 0, int count = 2)
{
    FrameSource source(std::make_shared<Noise>(), 5);
    const auto frames = *source.read(first, count);
    link::ArrivedRequest arrived;
    arrived.request.run = 77;
    arrived.request.firstFrame = first;
    arrived.request.count = count;
    arrived.request.decision = decision;
    arrived.completeNs = base::nowNs();
    const auto held = *executor()->run(decision.exit, 0, decision.partition, *model::toInput(spec(), frames));
    if (decision.coding.kind == codec::CodingKind::LabelOnly) {
        arrived.request.labels = labelsOf(held);
        return arrived;
    }
    const auto coded = codesFrames(decision.coding) ? encodeFrames(frames, decision.coding)
                                                    : encodeRows(held, decision.coding, codec::EntropyCoder::None);
    arrived.request.sizes = coded->sizes;
    arrived.request.payloadBytes = coded->payload.size();
    arrived.payload = coded->payload;
    return arrived;
}

/// An uplink whose other end is a function. Everything is counted; hands over at once.
class FakeUplink : public Uplink {
public:
    using OnRequest = std::function<void(const wire::Request&, const base::Bytes&)>;

    base::Status send(wire::Request request, std::shared_ptr<const base::Bytes> payload) override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_requests.push_back(request);
        }
        if (refuse)
            return base::Error{base::ErrorCode::Refused, "the queue is full", "fake link"};
        if (handsOver)
            device().onHandedOver({request.run, request.firstFrame, base::nowNs(), base::nowNs(), payload->size() + 100, 0});
        if (onRequest)
            onRequest(request, *payload);
        return {};
    }
    std::optional<wire::Health> healthNews() override { return onHealth ? onHealth() : std::nullopt; }
    void cancel(std::uint64_t, std::uint64_t firstFrame) override
    {
        const std::lock_guard lock(m_mutex);
        m_cancelled.push_back(firstFrame);
    }
    std::vector<wire::Request> requests() const
    {
        const std::lock_guard lock(m_mutex);
        return m_requests;
    }
    std::vector<std::uint64_t> cancelled() const
    {
        const std::lock_guard lock(m_mutex);
        return m_cancelled;
    }
    void connect(DeviceRuntime* to)
    {
        m_device = to;
        m_device.notify_all();
    }
    /// Waits for connect(): the first request may be quicker.
    DeviceRuntime& device()
    {
        m_device.wait(nullptr);
        return *m_device.load();
    }

    OnRequest onRequest;  ///< set before the run starts
    std::function<std::optional<wire::Health>()> onHealth;  ///< set before the run starts
    bool refuse = false;  ///< set before the run starts
    bool handsOver = true;  ///< set before the run starts; else bytes wait on the device for ever

private:
    mutable std::mutex m_mutex;
    std::atomic<DeviceRuntime*> m_device{nullptr};
    std::vector<wire::Request> m_requests;
    std::vector<std::uint64_t> m_cancelled;
};

}  // namespace splitscope::exec::samples
