// SPDX-License-Identifier: GPL-3.0-or-later
// Every message between device and edge, as plain values. PROTOCOL.md is the norm; encoding.h writes and reads them.
#pragma once

#include "core/codec/coding.h"
#include "core/decision/decision.h"
#include "core/wire/frame_record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace splitscope::wire {

inline constexpr int kProtocolVersion = 1;

// Limits, checked on both sides; a message over a limit is refused with an error that names it.
inline constexpr std::size_t kMaxHeaderBytes = 64 * 1024;
inline constexpr std::size_t kChunkBytes = 16 * 1024;
inline constexpr std::size_t kMaxPieceBytes = 256 * 1024;  ///< of a model, in one model-push
inline constexpr std::uint64_t kMaxPayloadBytes = 256ULL << 20;
inline constexpr std::uint64_t kMaxModelBytes = 128ULL << 20;
inline constexpr int kMaxBatch = 64;
inline constexpr int kMaxDepth = 16;
inline constexpr std::uint64_t kMaxFrames = 1'000'000'000;
inline constexpr std::size_t kMaxSchedulePoints = 200'000;
inline constexpr std::size_t kMaxSchedulePiece = 4'000;  ///< points in one message
inline constexpr double kMaxRate = 1e12;  ///< bytes per second; no limit at all
inline constexpr std::uint64_t kMaxProbeBytes = 1 << 20;
inline constexpr std::size_t kMaxProfileBatches = 16;
inline constexpr std::uint64_t kMaxProfileBytes = 16ULL << 20;
inline constexpr std::size_t kMaxProfilePiece = 48 * 1024;  ///< of a profile's JSON, in one message

/// Who holds the device's bytes back: the daemon's own token bucket, or the kernel's (tc tbf; needs CAP_NET_ADMIN).
enum class ShapedBy { User, Kernel };

/// How the device's uplink is shaped. A run's schedule, where it has one, takes the place of bytesPerSecond.
struct Shaping {
    double bytesPerSecond = 0;  ///< 0: unshaped
    double burstBytes = 1500;
    double delayMs = 0;  ///< added one way, to every message that leaves the device; always in user space
    double jitterMs = 0;  ///< the delay varies evenly by up to so much either way; order is kept
    ShapedBy by = ShapedBy::User;

    bool operator==(const Shaping&) const = default;
};

// --- control, edge → device. Each carries a request id; the device answers it with the same id. ---

struct Hello {
    int version = kProtocolVersion;
    std::string program;  ///< "splitscope 0.1.0"
};

struct ModelQuery {
    std::string hash;
};

/// One piece of a model: the JSON spec and the weights archive, concatenated (specBytes tells where the spec ends); or, where
/// specBytes is 0, of a codebook. The bytes themselves travel in the payload frame.
struct ModelPush {
    std::string hash;
    std::uint64_t totalBytes = 0;
    std::uint64_t specBytes = 0;
    std::uint64_t offset = 0;
};

/// How a device is made slower than it is.
enum class SlowdownBy { Waiting, Work };

/// Points of a rate over time (sim::Trace): what a run's uplink passes from atMicros on, since the schedule began. Pieces come in
/// order; with the last one the schedule is whole and takes the place of an earlier one: with the start of the run, or at once
/// where it runs.
struct Schedule {
    std::uint64_t run = 0;
    std::uint64_t totalPoints = 0;
    std::uint64_t offset = 0;  ///< of the first point here
    double durationMs = 0;
    bool repeats = true;
    double startMs = 0;  ///< where in the schedule to begin: above 0 when a run is taken up again
    std::vector<std::int64_t> atMicros;
    std::vector<float> bytesPerSecond;  ///< 0 is an outage, kMaxRate no limit
};

struct StartRun {
    std::uint64_t run = 0;  ///< chosen by the edge, random
    std::string modelHash;
    std::string data;  ///< a source the device can open: "patterns", "cifar10", a path on the device
    std::string split;  ///< data::toString(Split)
    std::uint64_t frames = 0;  ///< frames of the whole run
    std::uint64_t firstFrame = 0;  ///< where to begin: above 0 when a run is taken up again
    int batch = 1;
    int depth = 1;  ///< requests in flight: 1 is sequential
    std::uint64_t seed = 1;  ///< order of the images
    codec::EntropyCoder coder = codec::EntropyCoder::None;
    std::string codebookHash;  ///< for coders that need one; it has been pushed as a model is
    decision::Decision decision;  ///< for the first request
    double slowdown = 1;
    SlowdownBy slowdownBy = SlowdownBy::Waiting;
    Shaping shaping;
    double minFailoverMs = 200;
    double minIntervalMs = 0;  ///< start of one request to the start of the next, at least
    int threads = 1;  ///< Torch threads on the device
    bool recordLogits = false;
};

/// Changes a run in flight; only what is set changes.
struct UpdateRun {
    std::uint64_t run = 0;
    std::optional<bool> paused;
    std::optional<Shaping> shaping;
    std::optional<double> slowdown;
    std::optional<decision::Decision> decision;
};

struct StopRun {
    std::uint64_t run = 0;
};

/// The edge has written these records (by first frame) for good.
struct JournalAck {
    std::uint64_t run = 0;
    std::vector<std::uint64_t> firstFrames;
};

/// Asks for so many bytes of filler on the data connection, to measure the link with.
struct Probe {
    std::uint64_t bytes = 0;
};

/// Has the device measure how long a model takes on it. An Ack says that it began; ProfileProgress and then ProfileResult, or
/// a Failure with the same id, follow.
struct Profile {
    std::string modelHash;
    std::string data;  ///< as in StartRun
    std::string split;
    std::string actionSet;  ///< whose codings are measured: decision::parseSpaceOptions
    std::vector<int> batches;
    int threads = 1;
    codec::EntropyCoder coder = codec::EntropyCoder::None;
    std::string codebookHash;  ///< as in StartRun
    double budgetSeconds = 60;
    double relativeInterval = 0.02;  ///< what counts as known: half a median's interval over it
};

/// Ends a measurement without a result.
struct ProfileCancel {
    std::uint64_t profile = 0;  ///< the asking message's id
};

/// Sent every 250 ms by the edge; answered at once with Pong.
struct Ping {
    std::uint64_t sequence = 0;
};

// --- control, device → edge ---

struct RunState {
    std::uint64_t run = 0;  ///< 0: none
    bool active = false;  ///< frames are still being made
    bool paused = false;
    std::uint64_t nextFrame = 0;
    std::uint64_t done = 0, fallback = 0, lost = 0;  ///< frames
    std::uint64_t discarded = 0;  ///< late results
    std::uint64_t unacknowledged = 0;  ///< journal records
};

struct Welcome {
    int version = kProtocolVersion;
    std::string program;
    std::string deviceName;
    std::string machine;  ///< "x86_64, 2 cores"
    std::uint64_t bootId = 0;  ///< another one: the daemon was restarted, its memory is gone
    RunState state;
    // Empty or nothing where the device, of an earlier release, does not tell:
    std::string board;  ///< "Raspberry Pi 4 Model B Rev 1.4", else the processor
    std::string system;  ///< distribution and kernel
    std::string backend;  ///< what computes there: "onednn, LibTorch 1.13.1"
    std::optional<int> cores;  ///< that the daemon may use
    std::optional<bool> gates;  ///< decisions may have one, of the device's
    std::optional<bool> edgeGates;  ///< … and of the edge's
    std::string meter = {};  ///< its power meter: "hwmon ina226 power1"; empty: it has none
};

struct ModelState {
    std::string hash;
    bool ready = false;
    std::uint64_t receivedBytes = 0;
};

/// The request with this id was carried out.
struct Ack {};

/// The request with this id was refused, or (id 0) something went wrong by itself.
struct Failure {
    std::string code;  ///< base::name(ErrorCode)
    std::string text;
    std::string where;
};

/// Records since the last acknowledgement, oldest first, at most 32 in one message. Resent until acknowledged.
struct Journal {
    std::uint64_t run = 0;
    std::vector<FrameRecord> records;
};

/// The run made its last frame, or was stopped. Repeated with each Pong while records are unacknowledged.
struct RunEnded {
    RunState state;
};

struct Pong {
    std::uint64_t sequence = 0;
    RunState state;
    std::optional<Health> health;  ///< about once a second, where it is news to this edge
};

struct ProfileProgress {
    std::uint64_t profile = 0;  ///< the asking message's id
    std::uint64_t done = 0;  ///< things measured …
    std::uint64_t total = 0;  ///< … of so many
    std::string what;
    double secondsLeft = 0;
};

/// A piece of the measured profile's JSON (profile::toJson); pieces come in order and end between two characters.
struct ProfileResult {
    std::uint64_t profile = 0;
    std::uint64_t totalBytes = 0;
    std::uint64_t offset = 0;  ///< of this piece
    std::string piece;
};

// --- data, device → edge ---

/// Opens a request; its payload follows in chunks (this message carries the first). A label-only request has none.
struct Request {
    std::uint64_t run = 0;
    std::uint64_t firstFrame = 0;  ///< names the request
    int count = 1;
    decision::Decision decision;
    codec::EntropyCoder coder = codec::EntropyCoder::None;
    std::vector<int> rows;  ///< with a gate: the frames that go on, ascending, from 0; empty: all do, or labels are there
    std::vector<std::uint32_t> sizes;  ///< bytes of each row's record in the payload; empty for labels
    std::vector<int> labels;  ///< nothing else crosses: the device's own answers, `count` of them
    std::uint64_t payloadBytes = 0;
    double deadlineMs = 0;  ///< the device will finish by itself this long after handing over
    std::optional<int> queuedRequests;  ///< that waited for the link when this one was captured; none: not told
    std::optional<double> waitedMs;  ///< until this one was captured, beyond its interval

    /// Rows of the payload, and labels of the answer.
    [[nodiscard]] std::size_t rowCount() const { return rows.empty() ? static_cast<std::size_t>(count) : rows.size(); }
};

/// A later piece of an open request's payload.
struct Chunk {
    std::uint64_t run = 0;
    std::uint64_t firstFrame = 0;
    std::uint64_t offset = 0;
};

/// A piece of a probe's bytes, which mean nothing and travel as a request's would.
struct Filler {
    std::uint64_t probe = 0;  ///< the asking message's id
    std::uint64_t offset = 0;
    std::uint64_t totalBytes = 0;
};

// --- data, edge → device ---

/// Answers a request. The next decision rides on it.
struct Reply {
    std::uint64_t run = 0;
    std::uint64_t firstFrame = 0;
    std::vector<int> labels;  ///< one for each row of the request
    std::vector<float> logits;  ///< only where the run asked for them
    std::optional<std::uint64_t> answeredEarly;  ///< with a gate of the edge's: bit i, that its exit answered frame i
    double edgeQueueMs = 0;
    double decodeMs = 0;
    double edgeSegmentMs = 0;
    double replyMs = 0;
    std::optional<decision::Decision> next;
};

/// The edge could not answer this request (wrong sizes, unknown run, …): the device falls back at once.
struct RequestFailed {
    std::uint64_t run = 0;
    std::uint64_t firstFrame = 0;
    Failure failure;
};

/// So many payload bytes of an open request have arrived: a sign of life while a large payload crawls.
struct Progress {
    std::uint64_t run = 0;
    std::uint64_t firstFrame = 0;
    std::uint64_t receivedBytes = 0;
};

// --- pairing, on a connection of its own (PROTOCOL.md, section 9): an edge and a device that do not know each other's keys ---

inline constexpr std::size_t kPairHashChars = 64;  ///< a SHA-256 or a nonce, in hexadecimal

/// The edge begins: what it will reveal is settled, but not told.
struct Pair {
    std::string name;  ///< for people
    std::string commitment;
};

/// The device answers: its key, and its own commitment.
struct PairOffer {
    std::string name;
    std::string key;  ///< the device's public key
    std::string commitment;
};

/// First the edge's, then the device's: what the commitment was for.
struct PairReveal {
    std::string nonce;
};

/// Whoever sits there said that both show the same digits, or that they do not.
struct PairConfirm {
    bool accepted = false;
};

using Body = std::variant<Hello, ModelQuery, ModelPush, Schedule, StartRun, UpdateRun, StopRun, JournalAck, Probe, Profile,
                          ProfileCancel, Ping, Welcome, ModelState, Ack, Failure, Journal, RunEnded, Pong, ProfileProgress,
                          ProfileResult, Request, Chunk, Filler, Reply, RequestFailed, Progress, Pair, PairOffer, PairReveal,
                          PairConfirm>;

/// A header frame as a value. The payload frame (model bytes, tensor chunks) is carried beside it.
struct Message {
    std::uint64_t id = 0;  ///< request id; answers repeat it; 0 where nothing is asked
    Body body;
};

}  // namespace splitscope::wire
