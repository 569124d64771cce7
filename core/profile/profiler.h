// SPDX-License-Identifier: GPL-3.0-or-later
// Measures a ComputeProfile on this machine.
#pragma once

#include "core/codec/codebook.h"
#include "core/data/data_set.h"
#include "core/decision/decision.h"
#include "core/model/executor.h"
#include "core/profile/compute_profile.h"

#include <functional>
#include <stop_token>

namespace splitscope::profile {

struct ProfilerOptions {
    std::vector<int> batches{1};
    int threads = 1;
    codec::EntropyCoder coder = codec::EntropyCoder::None;
    std::shared_ptr<const codec::Codebook> codebook;  ///< for coders that need one
    decision::SpaceOptions actions{};  ///< which codings are measured
    double relativeInterval = 0.02;  ///< a thing is done when its median's interval is this narrow, half-width over median …
    double budgetSeconds = 60;  ///< … or this is used up for all; every thing gets one sample in any case
    int leastSamples = 7;
    std::function<MachineState()> readState;  ///< empty: readMachineState(); tests say otherwise
};

struct ProfilerProgress {
    std::size_t done = 0;  ///< things measured (layers, segments, codings)
    std::size_t total = 0;
    std::string what;
    double secondsLeft = 0;
};
using ProfilerObserver = std::function<void(const ProfilerProgress&)>;

/// Warms up, then times everything in turns (so that drift of the machine hits all alike), on frames of `images`. Each
/// thing runs once untimed before it is timed, as it does frame after frame; very short ones are timed several calls at
/// once. Samples taken while the machine says that it is throttled are left out; if that leaves nothing, an Error says
/// so. What exits share (the trunk's prefixes) is measured once and listed for each. On the calling thread.
/// Cancelled → Error Cancelled.
base::Result<ComputeProfile> measureProfile(const model::Executor& executor, const std::string& modelHash,
                                            const data::DataSet& images, const ProfilerOptions& options, std::stop_token stop,
                                            const ProfilerObserver& observer = {});

/// A measured segment beside the sum of its layers: where layers are fused, the sum is more.
struct Reconciliation {
    int exit = 1;
    int last = 0;  ///< layers 1..last
    int batch = 1;
    double segmentMs = 0;
    double layersMs = 0;  ///< sum of the layers measured alone
};
/// Of every measured segment that begins at the input, by exit, last layer and batch.
std::vector<Reconciliation> reconcile(const model::NetworkSpec& spec, const ComputeProfile& profile);

}  // namespace splitscope::profile
