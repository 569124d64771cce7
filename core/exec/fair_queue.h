// SPDX-License-Identifier: GPL-3.0-or-later
// Requests of many devices that wait to be computed: bounded for each, taken in fair turns, alike ones together.
#pragma once

#include "core/link/edge_link.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace splitscope::model {
class Executor;
}

namespace splitscope::exec {

/// What is left to compute of a request. Rows of equal suffixes may share one batch, whatever they were coded with.
struct Suffix {
    const model::Executor* network = nullptr;  ///< experiments of one model share one
    int exit = 0;
    int partition = 0;
    int gateExit = 0;  ///< whose head the edge asks on the way; 0: none. Thresholds may differ

    bool operator==(const Suffix&) const = default;
};

/// Fair queueing by compute time: the device that was served least so far goes first, and is charged what its rows took. One that
/// comes back from a rest begins where the others are: rest is no credit. No thread of its own, no clock: one thread at a time.
class FairQueue {
public:
    using Device = std::uint64_t;
    struct Waiting {
        Device device = 0;
        Suffix suffix;
        link::ArrivedRequest arrived;
    };

    /// A batch has at most so many rows, but for a single request of more.
    explicit FairQueue(std::size_t mostRows) : m_mostRows(mostRows) {}

    void join(Device device, std::size_t mostWaiting);
    /// What it has waiting is forgotten.
    void leave(Device device);
    /// Behind the device's others. Where too many of it wait the oldest must go, and is given back. The device has joined.
    std::optional<link::ArrivedRequest> push(Waiting waiting);
    /// The next batch: the head of the device that was served least, then as many of the same suffix as are there and fit: one of
    /// each device, another of each, and so on. A device's requests stay in order. Empty where nothing waits.
    std::vector<Waiting> take();
    /// The device's share of what a batch took. Nothing where it has left.
    void charge(Device device, double computeMs);

    [[nodiscard]] bool empty() const;
    [[nodiscard]] std::size_t waiting(Device device) const;

private:
    struct Line {
        std::size_t mostWaiting = 1;
        double servedMs = 0;
        std::uint64_t turn = 0;  ///< when it was last pushed to while it was empty: settles ties
        std::deque<Waiting> queue;
    };
    std::vector<Line*> inFairOrder();

    std::size_t m_mostRows;
    std::map<Device, Line> m_lines;
    double m_clockMs = 0;  ///< served to whom it was last the turn of
    std::uint64_t m_turns = 0;
};

/// Rows that a request brings into a batch; a malformed one counts as one, until it is refused.
[[nodiscard]] std::size_t rowsOf(const wire::Request& request);

}  // namespace splitscope::exec
