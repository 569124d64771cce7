// SPDX-License-Identifier: GPL-3.0-or-later
// The edge's computation, shared by its devices: one thread that takes what waits in fair turns and merges what is alike.
#pragma once

#include "core/base/tensor.h"
#include "core/exec/fair_queue.h"

#include <memory>
#include <vector>

namespace splitscope::exec {

struct EdgeServiceOptions {
    int threads = 1;  ///< Torch threads
    int mostRows = wire::kMaxBatch;  ///< of a batch
};

/// What the service did so far.
struct EdgeServiceStatistics {
    std::uint64_t requests = 0, rows = 0;  ///< computed
    double busyMs = 0;  ///< decoding, computing and answering
    std::vector<std::uint64_t> batchesOfRows;  ///< [n]: batches of n rows
};

/// The same of one device.
struct EdgeDeviceStatistics {
    std::size_t waiting = 0;  ///< requests, now
    std::uint64_t served = 0;  ///< requests
    std::uint64_t crowdedOut = 0;  ///< requests refused because too many waited
    double computeMs = 0;  ///< its share of the batches that it was in, by rows
    double meanBatchRows = 0;  ///< of these batches, over its requests
    double recentBatchRows = 0;  ///< the same of late: a running mean; 0: none yet
};

/// A request's way through the service. Their sum is the time from its arrival until its answer began; what others of its batch
/// took of it is waiting.
struct EdgeTimes {
    double queueMs = 0;  ///< it waited so long: for its batch, and in it for the others
    double decodeMs = 0;  ///< its own
    double segmentMs = 0;  ///< its rows' share of the batch's
    std::int64_t answerNs = 0;  ///< when its answer began
};

/// What a request's rows were answered.
struct EdgeAnswers {
    base::Tensor logits;  ///< a row for each row that open() gave
    std::optional<std::uint64_t> early;  ///< bit i: the gate's exit answered row i; none without a gate of the edge's
};

class EdgeService {
public:
    using Device = FairQueue::Device;

    /// Whose requests are computed. All calls come on the service's thread.
    class Client {
    public:
        virtual ~Client() = default;
        /// Checks and decodes a request; no rows where there is nothing to compute. An Error refuses it.
        virtual base::Result<base::Tensor> open(const link::ArrivedRequest& arrived) = 0;
        virtual void answer(const wire::Request& request, const EdgeTimes& times, EdgeAnswers answers) = 0;
        virtual void refuse(const wire::Request& request, const base::Error& why) = 0;
    };

    explicit EdgeService(const EdgeServiceOptions& options = {});
    ~EdgeService();  ///< stops and joins; clients have left
    EdgeService(const EdgeService&) = delete;
    EdgeService& operator=(const EdgeService&) = delete;

    // Any thread but the service's.
    /// At most `mostWaiting` of its requests wait; over it the oldest is refused.
    Device join(Client& client, std::size_t mostWaiting);
    /// Returns when no call to the client will come any more; what it has waiting is forgotten.
    void leave(Device device);

    /// The suffix's network outlives the request. Any thread.
    void submit(Device device, const Suffix& suffix, link::ArrivedRequest request);
    [[nodiscard]] EdgeServiceStatistics statistics() const;
    [[nodiscard]] EdgeDeviceStatistics statistics(Device device) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace splitscope::exec
