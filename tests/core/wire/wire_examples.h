// SPDX-License-Identifier: GPL-3.0-or-later
// One message of each type: PROTOCOL.md shows exactly these in hexadecimal.
#pragma once

#include "core/wire/encoding.h"

namespace splitscope::wire::testing {

inline std::vector<Message> examples()
{
    const codec::Coding eightBits{codec::CodingKind::Quantized, 8};
    const decision::Decision cut{3, 5, eightBits};
    const decision::Decision local{2, 12, {codec::CodingKind::LabelOnly, 0}};
    RunState state{7, true, false, 128, 120, 6, 0, 2, 4};

    StartRun start;
    start.run = 7;
    start.modelHash = "9f86d081";
    start.data = "patterns";
    start.split = "test";
    start.frames = 1000;
    start.batch = 2;
    start.depth = 4;
    start.coder = codec::EntropyCoder::HuffmanAdaptive;
    start.decision = cut;
    start.slowdown = 8;
    start.shaping = {2e6, 1500, 10, 2, ShapedBy::Kernel};

    Schedule schedule;
    schedule.run = 7;
    schedule.totalPoints = 3;
    schedule.durationMs = 60'000;
    schedule.startMs = 1500;
    schedule.atMicros = {0, 20'000'000, 40'000'500};
    schedule.bytesPerSecond = {2e6F, 0, 1.25e5F};

    UpdateRun update;
    update.run = 7;
    update.paused = true;
    update.decision = local;

    FrameRecord record;
    record.firstFrame = 64;
    record.count = 2;
    record.outcome = Outcome::Fallback;
    record.reason = "no answer within 200 ms";
    record.decision = cut;
    record.decisionAge = 1;
    record.stages = {0.5, 2, 0.25, 0, 0, 0, 0, 0, 0, 8, 210.75};
    record.capturedAtMs = 1500;
    record.payloadBytes = 12304;
    record.wireBytes = 13500;
    record.setBytesPerSecond = 2e6;
    record.labels = {3, 8};
    record.truths = {3, 5};

    Request request;
    request.run = 7;
    request.firstFrame = 64;
    request.count = 2;
    request.decision = cut;
    request.sizes = {6152, 6152};
    request.payloadBytes = 12304;
    request.deadlineMs = 200;
    request.queuedRequests = 3;
    request.waitedMs = 12.5;

    Reply reply;
    reply.run = 7;
    reply.firstFrame = 64;
    reply.labels = {3, 8};
    reply.logits = {0.5F, -1, 2, 0};
    reply.edgeQueueMs = 0.125;
    reply.decodeMs = 0.25;
    reply.edgeSegmentMs = 1.5;
    reply.replyMs = 0.0625;
    reply.next = local;

    Health health;
    health.temperatureC = 61.5;
    health.load = 1.25;
    health.busy = 0.5;
    health.memoryUsedBytes = 1'200'000'000;
    health.memoryBytes = 3'977'584'640;
    health.daemonMemoryBytes = 210'000'000;
    health.clockHz = 1.5e9;
    health.fullClockHz = 1.8e9;
    health.throttled = true;
    health.underVoltage = false;

    Profile profile;
    profile.modelHash = "9f86d081";
    profile.data = "patterns";
    profile.split = "table";
    profile.actionSet = "standard";
    profile.batches = {1, 8};
    profile.threads = 2;
    profile.coder = codec::EntropyCoder::HuffmanAdaptive;

    const Failure busy{"busy", "a run is active; stop it first", "start-run"};
    return {{1, Hello{kProtocolVersion, "splitscope 0.1.0"}},
            {2, ModelQuery{"9f86d081"}},
            {3, ModelPush{"9f86d081", 7000000, 4096, 262144}},
            {9, schedule},
            {4, start},
            {5, update},
            {6, StopRun{7}},
            {0, JournalAck{7, {60, 62, 64}}},
            {10, Probe{65536}},
            {11, profile},
            {12, ProfileCancel{11}},
            {0, Ping{17}},
            {1,
             Welcome{kProtocolVersion, "splitscoped 0.1.0", "pi", "aarch64, 4 cores", 0xfedcba9876543210ULL, state,
                     "Raspberry Pi 4 Model B Rev 1.4", "Debian GNU/Linux 12", "onednn, LibTorch 1.13.1", 4, true, true}},
            {2, ModelState{"9f86d081", false, 262144}},
            {4, Ack{}},
            {4, busy},
            {0, Journal{7, {record}}},
            {0, RunEnded{state}},
            {0, Pong{17, state, health}},
            {0, ProfileProgress{11, 120, 400, "layer conv2, batch 8", 24.5}},
            {0, ProfileResult{11, 100'000, 49'152, "\"p50_ms\":0.125}"}},
            {0, request},
            {0, Chunk{7, 64, 16384}},
            {0, Filler{10, 16384, 65536}},
            {0, reply},
            {0, RequestFailed{7, 64, {"mismatch", "the record is 6151 bytes, not 6152", "row 1"}}},
            {0, Progress{7, 64, 65536}},
            {0, Pair{"ada's laptop", "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"}},
            {0,
             PairOffer{"pi", "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
                       "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9"}},
            {0, PairReveal{"8527a891e224136950ff32ca212b45bc93f69fbb801c3b1ebedac52775f99e61"}},
            {0, PairConfirm{true}}};
}

/// What PROTOCOL.md shows besides: a gate answered the first frame (the device's; in the reply the edge's), and the second one
/// goes on; the record carries a report of the device's.
inline std::vector<Message> gatedExamples()
{
    std::vector<Message> gated;
    for (auto& example : examples()) {
        if (auto* request = std::get_if<Request>(&example.body)) {
            request->decision.gate = decision::Gate{1, 0.5};
            request->rows = {1};
            request->sizes = {6152};
            request->payloadBytes = 6152;
            gated.push_back(example);
        } else if (auto* journal = std::get_if<Journal>(&example.body)) {
            auto& record = journal->records.front();
            record.decision.gate = decision::Gate{1, 0.5};
            record.answeredEarly = 1;
            record.payloadBytes = 6152;
            record.health.emplace();
            record.health->temperatureC = 61.5;
            record.health->throttled = true;
            gated.push_back(example);
        } else if (auto* reply = std::get_if<Reply>(&example.body)) {
            reply->answeredEarly = 1;
            gated.push_back(example);
        }
    }
    return gated;
}

/// In the order of PROTOCOL.md: behind a type's first example its other one.
inline std::vector<Message> allExamples()
{
    std::vector<Message> all;
    for (const auto& example : examples()) {
        all.push_back(example);
        for (const auto& other : gatedExamples())
            if (other.body.index() == example.body.index())
                all.push_back(other);
    }
    return all;
}

inline Message exampleNamed(std::string_view type)
{
    for (auto& example : examples())
        if (typeName(example.body) == type)
            return example;
    return {};
}

/// The example of one type.
template <typename Type>
Message exampleOf()
{
    for (auto& example : examples())
        if (std::holds_alternative<Type>(example.body))
            return example;
    return {};
}

}  // namespace splitscope::wire::testing
