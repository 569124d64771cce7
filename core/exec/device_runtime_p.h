// SPDX-License-Identifier: GPL-3.0-or-later
// The insides of DeviceRuntime: what its compute thread and the link's thread share, and who does what.
#pragma once

#include "core/exec/device_runtime.h"
#include "core/exec/failover_predictor.h"
#include "core/exec/frame_source.h"
#include "core/exec/gate_answers.h"
#include "core/exec/in_flight.h"
#include "core/exec/row_coding.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace splitscope::exec {

/// Checks everything about a run that can be checked beforehand. Errors name the field.
base::Status checkRun(const wire::StartRun& run, const model::NetworkSpec& spec, const data::DataSet& images);
base::Status checkShaping(const wire::Shaping& shaping);
base::Status checkSlowdown(double slowdown);

/// What a request about to be made runs under, fixed when it begins.
struct RequestPlan {
    std::uint64_t firstFrame = 0;
    int count = 1;
    decision::Decision decision;
    int decisionAge = 0;
    std::uint64_t decisionNumber = 0;  ///< counts decisions as they arrive
    double setBytesPerSecond = 0;
    bool edgeAlive = true;
    int queuedRequests = 0;  ///< coded earlier, not sent yet
    double waitedMs = 0;  ///< beyond the interval; 0 where there is none
};

struct DeviceRuntime::Private {
    Private(const wire::StartRun& startRun, std::shared_ptr<const model::Executor> network,
            std::shared_ptr<const data::DataSet> images, Uplink& link, std::shared_ptr<Journal> books,
            std::shared_ptr<const codec::Codebook> codebook);

    // --- compute thread (device_compute.cpp) ---
    struct Step {
        std::optional<RequestPlan> begin;  ///< make this request,
        std::optional<Pending> finish;  ///< or finish this one here,
        std::int64_t waitUntilNs = 0;  ///< or there is nothing to do before this time (0: before something happens)
        bool end = false;  ///< or the run is over
    };
    void compute();
    Step waitForStep();
    Step nextStep(std::int64_t nowNs);  ///< with the lock held
    RequestPlan planRequest(std::int64_t nowNs);  ///< with the lock held
    [[nodiscard]] bool mayBegin();  ///< with the lock held
    void makeRequest(const RequestPlan& plan);
    base::Status runDevicePart(const RequestPlan& plan, Pending& pending, CodedRows& coded);
    base::Status runLayers(const decision::Decision& decided, const base::Tensor& input, Pending& pending) const;
    base::Status runGate(const decision::Decision& decided, const base::Tensor& input, Pending& pending) const;
    void recordOwnLabels(const RequestPlan& plan, Pending pending);
    void sendLabels(const RequestPlan& plan, const std::vector<int>& labels);
    void sendPayload(const RequestPlan& plan, Pending pending, CodedRows coded);
    void finishHere(Pending pending);
    base::Status runRest(const base::Tensor& held, wire::FrameRecord& record) const;
    void lose(wire::FrameRecord record, const base::Error& why);
    void book(wire::FrameRecord record);
    /// Runs `work` as a device `slowdown` times slower would: waits, or repeats the work. Ends early when the run stops.
    double slowed(const std::function<base::Status()>& work, base::Status& status);
    /// Of the frames that go on.
    void takeLabels(const base::Tensor& logits, wire::FrameRecord& record) const;

    // --- link thread (device_replies.cpp) ---
    void onReply(const wire::Reply& reply, std::int64_t receivedNs);
    void adopt(const decision::Decision& decision);  ///< with the lock held
    void onLateReply(const wire::Reply& reply, std::int64_t receivedNs);  ///< with the lock held
    [[nodiscard]] std::string complaintAbout(const wire::Reply& reply, const wire::FrameRecord& record) const;
    void stop();

    const wire::StartRun run;
    const std::shared_ptr<const model::Executor> executor;
    const std::shared_ptr<Journal> journal;
    const codec::BookedCoder coder;
    Uplink& uplink;
    FrameSource source;  ///< compute thread only
    std::int64_t startedNs = 0;

    mutable std::mutex mutex;
    std::condition_variable happened;
    // Guarded by mutex:
    bool stopping = false;
    bool active = true;
    bool paused = false;
    bool edgeAlive = true;
    bool full = false;  ///< the journal: waiting for acknowledgements
    std::uint64_t nextFrame = 0;
    std::int64_t nextBeginNs = 0;
    decision::Decision decision;  ///< last commanded
    int requestsSinceDecision = 0;
    std::uint64_t decisionNumber = 0;
    double slowdown = 1;
    wire::Shaping shaping;
    FailoverPredictor predictor;
    InFlight inFlight;
    std::map<std::uint64_t, Pending> givenUp;  ///< finished here, without their tensors: their late answers still teach
    std::map<std::uint64_t, std::int64_t> labelsSentNs;  ///< label-only requests whose answers are on their way

    std::once_flag joined;
    std::jthread thread;  ///< last: it uses all of the above
};

}  // namespace splitscope::exec
