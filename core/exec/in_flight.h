// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/tensor.h"
#include "core/link/device_link.h"
#include "core/wire/messages.h"

#include <map>
#include <optional>
#include <string>

namespace splitscope::exec {

/// A request that waits for its answer, with what is needed to finish it here.
struct Pending {
    wire::FrameRecord record;
    base::Tensor held;  ///< the tensor at the cut (the input for p = 0), of the frames that go on
    std::int64_t capturedNs = 0;
    std::int64_t codedNs = 0;
    std::int64_t firstHandedNs = 0;  ///< 0: not handed over yet
    std::int64_t lastSignNs = 0;  ///< of life concerning this request
    double failoverMs = 0;
    std::string failure;  ///< why it must be finished here at once; empty: it waits
};

/// Stage times of the way through link and edge; transfer is what the edge's own times leave over.
struct RemoteTimes {
    double edgeMs = 0;  ///< queue, decode, compute and reply
    double transferMs = 0;
    bool credible = true;  ///< the edge's times fit into what passed here; else they are left out, for its clock jumped
};
RemoteTimes fillRemoteStages(Pending& pending, const wire::Reply& reply, std::int64_t receivedNs);

/// The requests in flight, by first frame. Not thread-safe.
class InFlight {
public:
    void add(Pending pending);
    [[nodiscard]] bool empty() const { return m_waiting.empty(); }
    [[nodiscard]] std::size_t size() const { return m_waiting.size(); }
    [[nodiscard]] Pending* find(std::uint64_t firstFrame);
    std::optional<Pending> take(std::uint64_t firstFrame);

    void handedOver(const link::Handover& handover);
    /// Something about this request arrived: those behind it wait for their turn, so their time begins anew, too.
    /// Those before it gain nothing: an answer overtook them.
    void signOfLife(std::uint64_t firstFrame, std::int64_t ns);
    void fail(std::uint64_t firstFrame, const std::string& reason);

    /// The next request to be finished here, because it failed or its time is up; its `failure` says why.
    std::optional<Pending> takeOverdue(std::int64_t nowNs);
    /// Any request, because of `reason`.
    std::optional<Pending> takeFirst(const std::string& reason);
    /// When takeOverdue() may have one; nullopt: nothing waits.
    [[nodiscard]] std::optional<std::int64_t> nextDeadlineNs() const;
    /// Payload bytes that have not left yet.
    [[nodiscard]] std::uint64_t unsentBytes() const;
    [[nodiscard]] int unsentRequests() const;

private:
    std::map<std::uint64_t, Pending> m_waiting;
};

}  // namespace splitscope::exec
