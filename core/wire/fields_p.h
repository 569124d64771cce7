// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of every message, in the order they are written, with their limits. PROTOCOL.md lists the same.
#pragma once

#include "core/wire/cbor_p.h"
#include "core/wire/messages.h"

#include <array>

namespace splitscope::wire {

inline constexpr std::size_t kMaxName = 128;  ///< programs, hashes, machine names, codes
inline constexpr std::size_t kMaxPathText = 1024;
inline constexpr std::size_t kMaxErrorText = 2048;
inline constexpr std::size_t kMaxRecords = 32;  ///< in one journal message
inline constexpr std::size_t kMaxAcknowledged = 1024;  ///< in one journal-ack
inline constexpr std::size_t kMaxLogits = 12 * 1024;  ///< all rows of a request
inline constexpr std::int64_t kMaxLabel = 1'000'000;
inline constexpr std::int64_t kMaxAge = 1'000'000'000;
inline constexpr Range kMilliseconds{0, 1e9};
inline constexpr Range kSignedMilliseconds{-1e9, 1e9};  ///< differences of two machines' durations
inline constexpr Range kRate{0, kMaxRate};
inline constexpr Range kBurst{0, 1e9};
inline constexpr Range kDelay{0, 60'000};
inline constexpr Range kSlowdown{1, 10'000};
inline constexpr Range kBudgetSeconds{0.1, 86'400};
inline constexpr Range kSeconds{0, 1e9};
inline constexpr Range kShare{0, 1};
inline constexpr Range kCelsius{-100, 200};
inline constexpr Range kLoad{0, 1e6};
inline constexpr Range kHertz{0, 1e12};
inline constexpr Range kWatts{0, 1e6};
inline constexpr int kMaxCores = 65'536;
inline constexpr int kMaxQueued = 1'000'000;  ///< requests that wait on the device
inline constexpr std::size_t kMaxThings = 1'000'000;  ///< that a profile measures

template <typename Map>
void fields(Map& map, Shaping& m)
{
    map.number("rate", m.bytesPerSecond, kRate);
    map.number("burst", m.burstBytes, kBurst);
    map.number("delay", m.delayMs, kDelay);
    map.number("jitter", m.jitterMs, kDelay);
    map.integer("by", m.by, 0, static_cast<int>(ShapedBy::Kernel));
}

template <typename Map>
void fields(Map& map, RunState& m)
{
    map.integer("run", m.run, 0, kAnyUnsigned);
    map.flag("active", m.active);
    map.flag("paused", m.paused);
    map.integer("next", m.nextFrame, 0, kMaxFrames);
    map.integer("done", m.done, 0, kMaxFrames);
    map.integer("fallback", m.fallback, 0, kMaxFrames);
    map.integer("lost", m.lost, 0, kMaxFrames);
    map.integer("discarded", m.discarded, 0, kAnyUnsigned);
    map.integer("unacked", m.unacknowledged, 0, kMaxFrames);
}

template <typename Map>
void fields(Map& map, FrameRecord& m)
{
    auto& s = m.stages;
    const std::array<double*, 11> stages{&s.capture, &s.deviceSegment, &s.encode, &s.sendQueue, &s.transfer, &s.edgeQueue,
                                         &s.decode,  &s.edgeSegment,   &s.reply,  &s.fallback,  &s.total};
    map.integer("first", m.firstFrame, 0, kMaxFrames);
    map.integer("count", m.count, 1, kMaxBatch);
    map.integer("outcome", m.outcome, 0, static_cast<int>(Outcome::Lost));
    map.text("reason", m.reason, kMaxErrorText, Presence::Optional);
    map.decision("decision", m.decision);
    map.integer("age", m.decisionAge, 0, kMaxAge);
    map.numbers("stages", stages, kSignedMilliseconds);
    map.number("captured", m.capturedAtMs, kSignedMilliseconds);
    map.integer("payload", m.payloadBytes, 0, kMaxPayloadBytes);
    map.integer("wire", m.wireBytes, 0, kAnyUnsigned);
    map.number("set", m.setBytesPerSecond, kRate);
    map.number("achieved", m.achievedBytesPerSecond, kRate);
    map.integers("labels", m.labels, -1, kMaxLabel, kMaxBatch, Presence::Required);
    map.integers("truths", m.truths, -1, kMaxLabel, kMaxBatch, Presence::Required);
    map.floats("logits", m.logits, kMaxLogits);
    map.optional("early", m.answeredEarly, [&](std::uint64_t& value) { map.integer("early", value, 0, kAnyUnsigned); });
    map.optional("health", m.health, [&](Health& value) { map.nested("health", value); });
}

template <typename Map>
void fields(Map& map, Hello& m)
{
    map.text("program", m.program, kMaxName);
}

template <typename Map>
void fields(Map& map, ModelQuery& m)
{
    map.text("hash", m.hash, kMaxName);
}

template <typename Map>
void fields(Map& map, ModelPush& m)
{
    map.text("hash", m.hash, kMaxName);
    map.integer("total", m.totalBytes, 1, kMaxModelBytes);
    map.integer("spec", m.specBytes, 0, kMaxModelBytes);
    map.integer("offset", m.offset, 0, kMaxModelBytes);
}

template <typename Map>
void fields(Map& map, Schedule& m)
{
    map.integer("run", m.run, 1, kAnyUnsigned);
    map.integer("total", m.totalPoints, 1, kMaxSchedulePoints);
    map.integer("offset", m.offset, 0, kMaxSchedulePoints);
    map.number("duration", m.durationMs, kMilliseconds);
    map.flag("repeats", m.repeats);
    map.number("start", m.startMs, kMilliseconds);
    map.integers("at", m.atMicros, 0, static_cast<std::int64_t>(kMilliseconds.high * 1000), kMaxSchedulePiece,
                 Presence::Required);
    map.floats("rate", m.bytesPerSecond, kMaxSchedulePiece);
}

template <typename Map>
void fields(Map& map, StartRun& m)
{
    map.integer("run", m.run, 1, kAnyUnsigned);
    map.text("model", m.modelHash, kMaxName);
    map.text("data", m.data, kMaxPathText);
    map.text("split", m.split, kMaxName);
    map.integer("frames", m.frames, 1, kMaxFrames);
    map.integer("first", m.firstFrame, 0, kMaxFrames);
    map.integer("batch", m.batch, 1, kMaxBatch);
    map.integer("depth", m.depth, 1, kMaxDepth);
    map.integer("seed", m.seed, 0, kAnyUnsigned);
    map.integer("coder", m.coder, 0, static_cast<int>(codec::kLastEntropyCoder));
    map.text("codebook", m.codebookHash, kMaxName, Presence::Optional);
    map.decision("decision", m.decision);
    map.number("slowdown", m.slowdown, kSlowdown);
    map.integer("slowdown-by", m.slowdownBy, 0, static_cast<int>(SlowdownBy::Work));
    map.nested("shaping", m.shaping);
    map.number("failover", m.minFailoverMs, kMilliseconds);
    map.number("interval", m.minIntervalMs, kMilliseconds);
    map.integer("threads", m.threads, 1, 256);
    map.flag("logits", m.recordLogits);
}

template <typename Map>
void fields(Map& map, UpdateRun& m)
{
    map.integer("run", m.run, 1, kAnyUnsigned);
    map.optional("paused", m.paused, [&](bool& value) { map.flag("paused", value); });
    map.optional("shaping", m.shaping, [&](Shaping& value) { map.nested("shaping", value); });
    map.optional("slowdown", m.slowdown, [&](double& value) { map.number("slowdown", value, kSlowdown); });
    map.optional("decision", m.decision, [&](decision::Decision& value) { map.decision("decision", value); });
}

template <typename Map>
void fields(Map& map, StopRun& m)
{
    map.integer("run", m.run, 1, kAnyUnsigned);
}

template <typename Map>
void fields(Map& map, JournalAck& m)
{
    map.integer("run", m.run, 1, kAnyUnsigned);
    map.integers("first", m.firstFrames, 0, static_cast<std::int64_t>(kMaxFrames), kMaxAcknowledged, Presence::Required);
}

template <typename Map>
void fields(Map& map, Probe& m)
{
    map.integer("bytes", m.bytes, 1, kMaxProbeBytes);
}

template <typename Map>
void fields(Map& map, Profile& m)
{
    map.text("model", m.modelHash, kMaxName);
    map.text("data", m.data, kMaxPathText);
    map.text("split", m.split, kMaxName);
    map.text("actions", m.actionSet, kMaxName);
    map.integers("batches", m.batches, 1, kMaxBatch, kMaxProfileBatches, Presence::Required);
    map.integer("threads", m.threads, 1, 256);
    map.integer("coder", m.coder, 0, static_cast<int>(codec::kLastEntropyCoder));
    map.text("codebook", m.codebookHash, kMaxName, Presence::Optional);
    map.number("budget", m.budgetSeconds, kBudgetSeconds);
    map.number("interval", m.relativeInterval, kShare);
}

template <typename Map>
void fields(Map& map, ProfileCancel& m)
{
    map.integer("profile", m.profile, 0, kAnyUnsigned);
}

template <typename Map>
void fields(Map& map, Ping& m)
{
    map.integer("seq", m.sequence, 0, kAnyUnsigned);
}

template <typename Map>
void fields(Map& map, Health& m)
{
    const auto number = [&map](const char* key, std::optional<double>& value, Range range) {
        map.optional(key, value, [&](double& there) { map.number(key, there, range); });
    };
    const auto bytes = [&map](const char* key, std::optional<std::uint64_t>& value) {
        map.optional(key, value, [&](std::uint64_t& there) { map.integer(key, there, 0, kAnyUnsigned); });
    };
    const auto flag = [&map](const char* key, std::optional<bool>& value) {
        map.optional(key, value, [&](bool& there) { map.flag(key, there); });
    };
    number("temperature", m.temperatureC, kCelsius);
    number("load", m.load, kLoad);
    number("busy", m.busy, kShare);
    bytes("memory-used", m.memoryUsedBytes);
    bytes("memory", m.memoryBytes);
    bytes("daemon-memory", m.daemonMemoryBytes);
    number("clock", m.clockHz, kHertz);
    number("clock-full", m.fullClockHz, kHertz);
    flag("throttled", m.throttled);
    flag("under-voltage", m.underVoltage);
    number("power", m.powerWatts, kWatts);
}

template <typename Map>
void fields(Map& map, Welcome& m)
{
    map.text("program", m.program, kMaxName);
    map.text("device", m.deviceName, kMaxName);
    map.text("machine", m.machine, kMaxName);
    map.integer("boot", m.bootId, 0, kAnyUnsigned);
    map.nested("state", m.state);
    map.text("board", m.board, kMaxName, Presence::Optional);
    map.text("system", m.system, kMaxName, Presence::Optional);
    map.text("backend", m.backend, kMaxName, Presence::Optional);
    map.optional("cores", m.cores, [&](int& value) { map.integer("cores", value, 1, kMaxCores); });
    map.optional("gates", m.gates, [&](bool& value) { map.flag("gates", value); });
    map.optional("edge-gates", m.edgeGates, [&](bool& value) { map.flag("edge-gates", value); });
    map.text("meter", m.meter, kMaxName, Presence::Optional);
}

template <typename Map>
void fields(Map& map, ModelState& m)
{
    map.text("hash", m.hash, kMaxName);
    map.flag("ready", m.ready);
    map.integer("received", m.receivedBytes, 0, kMaxModelBytes);
}

template <typename Map>
void fields(Map&, Ack&)
{
}

template <typename Map>
void fields(Map& map, Failure& m)
{
    map.text("code", m.code, kMaxName);
    map.text("text", m.text, kMaxErrorText);
    map.text("where", m.where, kMaxErrorText);
}

template <typename Map>
void fields(Map& map, Journal& m)
{
    map.integer("run", m.run, 1, kAnyUnsigned);
    map.list("records", m.records, kMaxRecords);
}

template <typename Map>
void fields(Map& map, RunEnded& m)
{
    map.nested("state", m.state);
}

template <typename Map>
void fields(Map& map, Pong& m)
{
    map.integer("seq", m.sequence, 0, kAnyUnsigned);
    map.nested("state", m.state);
    map.optional("health", m.health, [&](Health& value) { map.nested("health", value); });
}

template <typename Map>
void fields(Map& map, ProfileProgress& m)
{
    map.integer("profile", m.profile, 0, kAnyUnsigned);
    map.integer("done", m.done, 0, kMaxThings);
    map.integer("total", m.total, 0, kMaxThings);
    map.text("what", m.what, kMaxName);
    map.number("left", m.secondsLeft, kSeconds);
}

template <typename Map>
void fields(Map& map, ProfileResult& m)
{
    map.integer("profile", m.profile, 0, kAnyUnsigned);
    map.integer("total", m.totalBytes, 1, kMaxProfileBytes);
    map.integer("offset", m.offset, 0, kMaxProfileBytes);
    map.text("piece", m.piece, kMaxProfilePiece);
}

template <typename Map>
void fields(Map& map, Request& m)
{
    map.integer("run", m.run, 1, kAnyUnsigned);
    map.integer("first", m.firstFrame, 0, kMaxFrames);
    map.integer("count", m.count, 1, kMaxBatch);
    map.decision("decision", m.decision);
    map.integer("coder", m.coder, 0, static_cast<int>(codec::kLastEntropyCoder));
    map.integers("rows", m.rows, 0, kMaxBatch - 1, kMaxBatch, Presence::Optional);
    map.integers("sizes", m.sizes, 0, static_cast<std::int64_t>(kMaxPayloadBytes), kMaxBatch, Presence::Optional);
    map.integers("labels", m.labels, -1, kMaxLabel, kMaxBatch, Presence::Optional);
    map.integer("bytes", m.payloadBytes, 0, kMaxPayloadBytes);
    map.number("deadline", m.deadlineMs, kMilliseconds);
    map.optional("queued", m.queuedRequests, [&](int& value) { map.integer("queued", value, 0, kMaxQueued); });
    map.optional("waited", m.waitedMs, [&](double& value) { map.number("waited", value, kMilliseconds); });
}

template <typename Map>
void fields(Map& map, Chunk& m)
{
    map.integer("run", m.run, 1, kAnyUnsigned);
    map.integer("first", m.firstFrame, 0, kMaxFrames);
    map.integer("offset", m.offset, 0, kMaxPayloadBytes);
}

template <typename Map>
void fields(Map& map, Filler& m)
{
    map.integer("probe", m.probe, 0, kAnyUnsigned);
    map.integer("offset", m.offset, 0, kMaxProbeBytes);
    map.integer("total", m.totalBytes, 1, kMaxProbeBytes);
}

template <typename Map>
void fields(Map& map, Reply& m)
{
    map.integer("run", m.run, 1, kAnyUnsigned);
    map.integer("first", m.firstFrame, 0, kMaxFrames);
    map.integers("labels", m.labels, -1, kMaxLabel, kMaxBatch, Presence::Required);
    map.floats("logits", m.logits, kMaxLogits);
    map.optional("early", m.answeredEarly, [&](std::uint64_t& value) { map.integer("early", value, 0, kAnyUnsigned); });
    map.number("queue", m.edgeQueueMs, kSignedMilliseconds);
    map.number("decode", m.decodeMs, kSignedMilliseconds);
    map.number("segment", m.edgeSegmentMs, kSignedMilliseconds);
    map.number("reply", m.replyMs, kSignedMilliseconds);
    map.optional("next", m.next, [&](decision::Decision& value) { map.decision("next", value); });
}

template <typename Map>
void fields(Map& map, RequestFailed& m)
{
    map.integer("run", m.run, 1, kAnyUnsigned);
    map.integer("first", m.firstFrame, 0, kMaxFrames);
    map.nested("failure", m.failure);
}

template <typename Map>
void fields(Map& map, Progress& m)
{
    map.integer("run", m.run, 1, kAnyUnsigned);
    map.integer("first", m.firstFrame, 0, kMaxFrames);
    map.integer("received", m.receivedBytes, 0, kMaxPayloadBytes);
}

template <typename Map>
void fields(Map& map, Pair& m)
{
    map.text("name", m.name, kMaxName);
    map.text("commitment", m.commitment, kPairHashChars);
}

template <typename Map>
void fields(Map& map, PairOffer& m)
{
    map.text("name", m.name, kMaxName);
    map.text("key", m.key, kMaxName);
    map.text("commitment", m.commitment, kPairHashChars);
}

template <typename Map>
void fields(Map& map, PairReveal& m)
{
    map.text("nonce", m.nonce, kPairHashChars);
}

template <typename Map>
void fields(Map& map, PairConfirm& m)
{
    map.flag("accepted", m.accepted);
}

}  // namespace splitscope::wire
