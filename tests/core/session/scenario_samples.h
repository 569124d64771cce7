// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/scenario.h"

namespace splitscope::session {

/// Every field differs from its default, in ways that sliders and spin boxes cannot show.
inline Scenario unusualScenario()
{
    Scenario s;
    s.device = "tcp://10.0.0.7:47610";
    s.deviceKey = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
    s.model = "alexnet5";
    s.data = "cifar10";
    s.split = "table";
    s.strategy = "on-edge-jpeg";
    s.decision = {4, 3, {codec::CodingKind::Quantized, 12}, decision::Gate{2, 0.25}};
    s.jpegQuality = 33;
    s.actionSet = "bits:4,8";
    s.dwell = 7;
    s.accuracyLoss = 0.025;
    s.coder = codec::EntropyCoder::Zstd;
    s.bandwidth = "2MB/s";
    s.shaping = {0, 3000.5, 12.25, 1.5, wire::ShapedBy::Kernel};
    s.probe = false;
    s.slowdown = 8.123456789012345;
    s.slowdownBy = wire::SlowdownBy::Work;
    s.batch = 16;
    s.depth = 3;
    s.frames = 4321;
    s.seed = 9007199254740991ULL;
    s.minIntervalMs = 33.5;
    s.minFailoverMs = 250.125;
    s.deviceThreads = 2;
    s.edgeThreads = 3;
    s.deadlineMs = 50;
    s.recordLogits = true;
    s.weights = "/some/where.weights";
    s.codebook = "/some/where.codebook";
    s.objective = {decision::RewardKind::Edgent, 2.5, 0.5, 0.25, 75, 0.5, 2, 9};
    s.scale = decision::RewardScale{0.25, 0.875, 2, 500, 5e6};
    s.costTable = "none";
    s.correctTable = true;
    s.policy = "/some/sacd.policy";
    s.shadow = "/some/dqn.policy";
    s.faults = {{200, {FaultKind::Stall, 512.5}}, {300, {FaultKind::Restart, 0}}};
    s.energy = {"a meter", 2e-27, 1e9, 2, 1.5, profile::RadioChannel{10e6, 3}};
    return s;
}

/// So many frames of one decision, as fast as it goes.
inline Scenario quickScenario(std::uint64_t frames, std::uint64_t seed)
{
    Scenario s;
    s.strategy = "fixed";
    s.decision = {1, 3, {codec::CodingKind::Quantized, 8}};
    s.frames = frames;
    s.seed = seed;
    return s;
}

}  // namespace splitscope::session
