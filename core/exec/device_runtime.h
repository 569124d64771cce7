// SPDX-License-Identifier: GPL-3.0-or-later
// The device's half of co-inference: frame source, layers 1..p, quantize, code, send; and finish alone when the edge is silent.
#pragma once

#include "core/codec/codebook.h"
#include "core/data/data_set.h"
#include "core/exec/journal.h"
#include "core/link/device_link.h"
#include "core/model/executor.h"

#include <memory>

namespace splitscope::exec {

/// Records that the edge has not acknowledged: over this many the run holds its breath until some are.
inline constexpr std::size_t kMaxUnacknowledged = 1'000'000;

/// What the runtime needs of the device around it: its link, and what its system tells. send() and cancel() are called on the
/// runtime's compute thread.
class Uplink {
public:
    virtual ~Uplink() = default;
    virtual base::Status send(wire::Request request, std::shared_ptr<const base::Bytes> payload) = 0;
    virtual void cancel(std::uint64_t run, std::uint64_t firstFrame) = 0;
    /// The shaper's rate now, in bytes per second; 0: unshaped. For requests that do not cross.
    [[nodiscard]] virtual double setBytesPerSecond() const { return 0; }
    /// The device's newest report of itself, once; nothing until there is another one. On the compute thread.
    virtual std::optional<wire::Health> healthNews() { return std::nullopt; }
    /// A record was added to the journal, or the run ended. On the compute thread or the caller's of onReply().
    virtual void changed() {}
};

/// One run on the device. A compute thread makes requests (up to `depth` in flight); every request ends in exactly one
/// journal record. Methods are thread-safe and return at once, except stop().
class DeviceRuntime {
public:
    /// Checks the run against the model, the data set and the codebook (null: none) and starts the compute thread.
    static base::Result<std::unique_ptr<DeviceRuntime>>
    start(const wire::StartRun& run, std::shared_ptr<const model::Executor> executor, std::shared_ptr<const data::DataSet> images,
          Uplink& uplink, std::shared_ptr<Journal> journal, std::shared_ptr<const codec::Codebook> codebook = nullptr);
    ~DeviceRuntime();
    DeviceRuntime(const DeviceRuntime&) = delete;
    DeviceRuntime& operator=(const DeviceRuntime&) = delete;

    base::Status update(const wire::UpdateRun& change);
    /// Makes no new frames; those in flight end as done or fallback. Idempotent; joins.
    void stop();

    // What the link reports, on the link's thread.
    void onReply(const wire::Reply& reply, std::int64_t receivedNs);
    void onRequestFailed(const wire::RequestFailed& failed);
    void onProgress(const wire::Progress& progress);
    void onHandedOver(const link::Handover& handover);
    /// While the edge is known to be silent new frames are finished on the device at once (done, not fallback).
    void onEdgeAlive(bool alive);

    [[nodiscard]] wire::RunState state() const;

private:
    struct Private;
    explicit DeviceRuntime(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

}  // namespace splitscope::exec
