// SPDX-License-Identifier: GPL-3.0-or-later
// The edge's half of co-inference for one device: decode, layers p+1..N_e with a gate on the way where it is the edge's, label,
// and the next decision.
#pragma once

#include "core/codec/codebook.h"
#include "core/exec/edge_service.h"
#include "core/model/executor.h"

#include <functional>
#include <memory>

namespace splitscope::exec {

struct EdgeRuntimeOptions {
    int threads = 1;  ///< Torch threads, of a service of its own
    bool replyLogits = false;
    std::shared_ptr<const codec::Codebook> codebook;  ///< for requests whose coder needs one
    std::size_t maxQueued = 64;  ///< requests; over it the oldest is answered with RequestFailed
    std::shared_ptr<EdgeService> service;  ///< what computes, for other devices as well; null: one of its own
};

/// Serves the requests of one device on its service's compute thread. A request that makes no sense (sizes, decision,
/// undecodable rows) is answered with RequestFailed and counted.
class EdgeRuntime {
public:
    /// The decision for the next request; called on the compute thread.
    using Decide = std::function<std::optional<decision::Decision>()>;
    /// Sends a Reply or RequestFailed; called on the compute thread.
    using Send = std::function<void(const wire::Message&)>;
    /// Logits of a served request, before it is answered; optional, for verification. Compute thread.
    using Observe = std::function<void(const wire::Request&, const base::Tensor& logits)>;

    EdgeRuntime(std::shared_ptr<const model::Executor> executor, const EdgeRuntimeOptions& options, Decide decide, Send send,
                Observe observe = {});
    ~EdgeRuntime();  ///< returns when nothing is called any more. Not on the compute thread
    EdgeRuntime(const EdgeRuntime&) = delete;
    EdgeRuntime& operator=(const EdgeRuntime&) = delete;

    /// Any thread.
    void submit(link::ArrivedRequest request);

    struct Counters {
        std::uint64_t served = 0;  ///< requests
        std::uint64_t failed = 0;
    };
    [[nodiscard]] Counters counters() const;
    [[nodiscard]] EdgeDeviceStatistics statistics() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace splitscope::exec
