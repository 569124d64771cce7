// SPDX-License-Identifier: GPL-3.0-or-later
// Several devices at once on one edge: an experiment for each, and what they share of it.
#pragma once

#include "core/session/experiment.h"

#include <string>
#include <vector>

namespace splitscope::session {

/// One device and what it is to do: its own strategy, link, model and length.
struct FleetMember {
    std::string name;  ///< in statistics and, where the options have none, in the records
    Scenario scenario;
    ExperimentOptions options = {};  ///< those of one folder share its database; `edge` is the fleet's
};

/// How a device fares. Latencies and rate are of late: of its last 1,000 requests at most, the rate of 5 s at most.
struct DeviceStatistics {
    std::string name;
    Phase phase = Phase::Connecting;
    std::string text;  ///< what is going on, for people, as in ExperimentStatus; of one that failed: why
    link::LinkState link = link::LinkState::Connecting;
    std::optional<decision::Decision> decision;  ///< that its last request ran under
    std::uint64_t frames = 0;  ///< with an outcome: done + fallback + lost
    std::uint64_t done = 0, fallback = 0, lost = 0;  ///< frames
    double framesPerSecond = 0;
    double share = 0;  ///< of all the fleet's frames so far, 0 to 1
    double p50Ms = 0, p95Ms = 0, p99Ms = 0;  ///< T, capture to label, of a request; 0: none yet
    exec::EdgeDeviceStatistics edge;  ///< what waits here, crowded out, compute time, rows of its batches
};

struct FleetStatistics {
    std::vector<DeviceStatistics> devices;  ///< in the members' order
    std::uint64_t frames = 0, done = 0, fallback = 0, lost = 0;
    double framesPerSecond = 0;  ///< of late, all devices'
    double p50Ms = 0, p95Ms = 0, p99Ms = 0;  ///< of all devices' last requests
    double shareMaxOverMin = 0;  ///< of the devices' frames so far; 0 while one has none
    exec::EdgeServiceStatistics edge;  ///< batches by rows, and how long it was busy
};

/// As ExperimentObserver's, with the member's index. Of one device one at a time; of different devices at once.
class FleetObserver {
public:
    virtual ~FleetObserver() = default;
    virtual void onSample(std::size_t device, const Sample& sample) = 0;
    virtual void onStatus(std::size_t device, const ExperimentStatus& status) = 0;
    virtual void onTrouble(std::size_t device, const base::Error& error) = 0;
};

/// Runs its members' experiments at once. A device that fails, is gone, or is stopped alone leaves the others to go on. Methods
/// are thread-safe; those that say nothing else return at once.
class Fleet {
public:
    /// An Error where there are no members, a device is named twice, or an experiment cannot begin: then none does. `observer`
    /// may be null; else it outlives the fleet.
    static base::Result<std::unique_ptr<Fleet>> start(std::vector<FleetMember> members, FleetObserver* observer = nullptr,
                                                      const exec::EdgeServiceOptions& edge = {});
    ~Fleet();  ///< stops, joins
    Fleet(const Fleet&) = delete;
    Fleet& operator=(const Fleet&) = delete;

    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] const FleetMember& member(std::size_t device) const;
    /// For all that can be done with one device: pause, sliders, strategy, uplink, faults. Not beside its startAgain().
    [[nodiscard]] Experiment& experiment(std::size_t device);
    [[nodiscard]] const Experiment& experiment(std::size_t device) const;

    void stop();  ///< every experiment
    void stop(std::size_t device);  ///< its experiment alone
    /// Another experiment, and run of the records, of a device whose last one has ended; its statistics go on. An Error where it
    /// has not ended, or none can begin. Takes as long as its daemon, where it is one of ours, takes to end.
    base::Status startAgain(std::size_t device);
    [[nodiscard]] bool ended() const;  ///< all have
    /// Blocks until all have ended, at most so long; true if they have.
    bool waitUntilEnded(double timeoutMs);

    /// Milliseconds of work for many devices: for a display, a few times a second.
    [[nodiscard]] FleetStatistics statistics() const;

private:
    struct Private;
    explicit Fleet(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

}  // namespace splitscope::session
