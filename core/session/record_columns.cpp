// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/record_columns_p.h"

namespace splitscope::session {

namespace {

constexpr auto W = ColumnKind::Whole;
constexpr auto R = ColumnKind::Real;
constexpr auto T = ColumnKind::Text;
constexpr const char* kRate = "B/s";

}  // namespace

const std::array<RecordColumn, kFieldCount> kRequestColumns{{
    {"first_frame", W, "", "number of the request's first frame; a request is a batch of `count` frames"},
    {"count", W, "frames", "frames in the request"},
    {"outcome", T, "", "done, fallback (the device finished alone) or lost"},
    {"reason", T, "", "why not done; empty when done"},
    {"exit", W, "", "exit point that was decided, from 1"},
    {"partition", W, "layers", "layers on the device, of the exit's path"},
    {"coding", T, "", "what was sent: 2 to 16 (bits), raw, lossless, jpeg:Q, float32, label"},
    {"decision_age", W, "requests", "requests started since the decision arrived at the device"},
    {"capture_ms", R, "ms", "reading the frames and making the network's input"},
    {"device_segment_ms", R, "ms", "layers on the device, emulated slowdown included"},
    {"encode_ms", R, "ms", "quantizing and coding"},
    {"send_queue_ms", R, "ms", "coded until the first byte was handed to the link"},
    {"transfer_ms", R, "ms", "on the link, both directions"},
    {"edge_queue_ms", R, "ms", "waited at the edge, complete, for its turn and for others computed with it"},
    {"decode_ms", R, "ms", "decoding at the edge"},
    {"edge_segment_ms", R, "ms", "layers at the edge"},
    {"reply_ms", R, "ms", "deciding, and making the result message"},
    {"fallback_ms", R, "ms", "the rest of the path on the device, after the edge was silent"},
    {"total_ms", R, "ms", "T: capture to label"},
    {"captured_at_ms", R, "ms", "when capture began, since the run started"},
    {"payload_bytes", W, "B", "coded tensor or frames"},
    {"wire_bytes", W, "B", "payload, headers and the estimated overhead of framing"},
    {"set_bytes_per_second", R, kRate, "the shaper's rate; 0: unshaped"},
    {"achieved_bytes_per_second", R, kRate, "wire_bytes over transfer_ms; 0: nothing crossed"},
    {"energy_j_per_frame", R, "J", "the device's, modelled, a frame"},
    {"rtt_ms", R, "ms", "the last heartbeat's round trip"},
    {"estimated_bytes_per_second", R, kRate, "what was believed of the uplink; 0: not known yet", 2},
    {"estimate_low", R, kRate, "lower end of the estimate's 95 % interval", 2},
    {"estimate_high", R, kRate, "upper end of the estimate's 95 % interval", 2},
    {"reward", R, "", "with the cost table's accuracy and the measured T; empty: no table knows the decision", 3, "NULL"},
    {"regret", R, "", "what the optimum would have brought more, by the cost table; empty as reward", 3, "NULL"},
    {"expected_accuracy", R, "", "the cost table's accuracy of the decision, 0 to 1; empty as reward", 4, "NULL"},
    {"optimum_exit", W, "", "exit of the best decision at the rate of the moment; 0: not known", 4},
    {"optimum_partition", W, "layers", "partition of the best decision", 4},
    {"optimum_coding", T, "", "coding of the best decision", 4, "''"},
    {"uplink_changed", W, "", "1: the transfer told that the uplink is another one now", 4},
    {"strategy_reason", T, "", "why the strategy decided so, where it says so", 4, "''"},
    {"gate", T, "", "exit whose head may answer early, and below which entropy (nats), as 1:0.5; empty: none", 6, "''"},
    {"answered_early", W, "", "frames that the gate's exit answered, a bit each: 1 the first, 2 the second, 4 …", 6},
    {"optimum_gate", T, "", "gate of the best decision", 6, "''"},
    {"device_temperature_c", R, "°C",
     "of the device's last report of itself when capture began, as all that follows: its warmest zone; empty where its system "
     "does not tell",
     7, "NULL"},
    {"device_load", R, "", "processes that ran there or waited to, a minute's mean", 7, "NULL"},
    {"device_busy", R, "", "share of all its cores' time in the second before, 0 to 1", 7, "NULL"},
    {"device_memory_used_bytes", R, "B", "of its memory", 7, "NULL"},
    {"device_clock_hz", R, "Hz", "of its fastest core", 7, "NULL"},
    {"device_throttled", R, "", "1: slowed for heat or a weak supply", 7, "NULL"},
    {"device_under_voltage", R, "", "1: its supply was too weak", 7, "NULL"},
    {"device_power_w", R, "W", "by its meter, the mean of the second before", 7, "NULL"},
}};

const std::array<RecordColumn, 3> kGatheredColumns{{
    {"labels", T, "", "predicted labels, one a frame, separated by spaces; -1: lost"},
    {"truths", T, "", "true labels, as labels"},
    {"correct", W, "frames", "frames whose label is their truth"},
}};

const std::array<RecordColumn, 4> kFrameColumns{{
    {"id", W, "", "the frame's number, from 0"},
    {"first_frame", W, "", "the request that it was part of"},
    {"label", W, "", "predicted; -1: lost"},
    {"truth", W, "", "of the data set; -1: not known"},
}};

const std::array<RecordColumn, 5> kEventColumns{{
    {"at_ms", R, "ms", "since the run started; 0: before"},
    {"wall_ms", W, "ms", "the edge's clock, since 1970"},
    {"kind", T, "",
     "phase, start, resume, link, fallback, edge-silent, throttling, under-voltage, prediction, correction, fault, trouble, "
     "uplink, slowdown, "
     "strategy, objective, pause, and what others record"},
    {"text", T, "", "what happened, for people"},
    {"detail", T, "",
     "JSON, or empty; of what lasts: `state` is begin or end; of an objective: its settings, and `next_frame`, the "
     "first one that no device had begun"},
}};

const std::array<RecordColumn, 26> kHealthColumns{{
    {"at_ms", R, "ms", "since the run started; 0: before"},
    {"wall_ms", W, "ms", "the edge's clock, since 1970"},
    {"link", T, "", "connecting, connected or silent"},
    {"rtt_ms", R, "ms", "the last heartbeat's round trip"},
    {"next_frame", W, "", "the next frame that the device begins"},
    {"done", W, "frames", "by the device's own books"},
    {"fallback", W, "frames", "by the device's own books"},
    {"lost", W, "frames", "by the device's own books"},
    {"discarded", W, "", "results that came after the device had finished alone"},
    {"unacknowledged", W, "", "journal records that the edge has not acknowledged"},
    {"paused", W, "", "1: the device pauses"},
    {"estimated_bytes_per_second", R, kRate, "what was believed of the uplink; 0: not known yet"},
    {"estimate_low", R, kRate, "lower end of the estimate's 95 % interval"},
    {"estimate_high", R, kRate, "upper end of the estimate's 95 % interval"},
    {"device", T, "", "what else the device reports of itself, JSON, or empty"},
    {"temperature_c", R, "°C", "the device's warmest zone; this and what follows is empty where its system does not tell", 5,
     "NULL"},
    {"load", R, "", "processes that run there or wait to, a minute's mean", 5, "NULL"},
    {"busy", R, "", "share of all its cores' time since the last report, 0 to 1", 5, "NULL"},
    {"memory_used_bytes", W, "B", "of the device's memory", 5, "NULL"},
    {"memory_bytes", W, "B", "the device's memory, or its container's limit", 5, "NULL"},
    {"daemon_memory_bytes", W, "B", "resident in the daemon", 5, "NULL"},
    {"clock_hz", R, "Hz", "of the device's fastest core", 5, "NULL"},
    {"full_clock_hz", R, "Hz", "the most that it can do", 5, "NULL"},
    {"throttled", W, "", "1: slowed for heat or a weak supply", 5, "NULL"},
    {"under_voltage", W, "", "1: the supply is too weak", 5, "NULL"},
    {"power_w", R, "W", "by the device's meter, the mean since the last report", 7, "NULL"},
}};

std::string columnList(std::span<const RecordColumn> columns, int schema)
{
    std::string list;
    for (const auto& column : columns) {
        list += list.empty() ? "" : ",";
        list += column.since <= schema ? std::string(column.name) : std::string(column.missing) + " AS " + column.name;
    }
    return list;
}

}  // namespace splitscope::session
