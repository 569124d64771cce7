// SPDX-License-Identifier: GPL-3.0-or-later
// What every decision answers, and how many bytes it sends, image by image.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/decision/decision.h"

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace splitscope::profile {

/// One decision's answers to the table's images, in the table's order. Keyed by tensor name: cuts that are the same tensor
/// have one column.
struct AccuracyColumn {
    int exit = 1;
    std::string tensor;  ///< cut name of what crosses; the exit's last layer for label-only
    codec::Coding coding;
    std::vector<bool> correct;
    std::vector<float> entropy;  ///< −Σ y ln y of the softmax, natural logarithm; half precision
    /// Bytes of the coded record by entropy coder: one value where every image's is the same, else one per image. Every
    /// coder is exact on the levels, so that answers do not depend on it. Frames, float32 and labels know no coder and have
    /// None's bytes only, but for lossless frames, which Context codes as well. Fewer values than images, but more than one: they
    /// are still being added.
    std::map<codec::EntropyCoder, std::vector<std::uint32_t>> bytes;

    /// With `coder`, as `bytes` says, None's where the coder plays no part; empty if it has not coded all images.
    [[nodiscard]] std::span<const std::uint32_t> bytesWith(codec::EntropyCoder coder) const;

    bool operator==(const AccuracyColumn&) const = default;
};

/// What is left of a column for predictions.
struct DecisionAccuracy {
    double accuracy = 0;
    double low = 0;  ///< 95 % Wilson interval
    double high = 0;
    std::size_t images = 0;
    double meanBytes = 0;  ///< per frame
    double p95Bytes = 0;
    double meanEntropy = 0;
    double goesOn = 1;  ///< share of the images that a gate does not answer; 1 where there is none

    bool operator==(const DecisionAccuracy&) const = default;
};

struct AccuracyTable {
    std::string network;
    std::string modelHash;
    std::string data;  ///< "cifar10"
    std::string split = "table";
    std::size_t images = 0;  ///< the first so many of the split; every column holds them, one that is ahead holds more
    codec::EntropyCoder coder = codec::EntropyCoder::None;  ///< whose bytes summarise() counts where no other is named
    std::string codebookHash;  ///< what bytes with Huffman and Context are by; empty where there are none
    std::string program;
    std::string date;
    std::vector<int> labels;  ///< of the images, at least so many as the longest column: tells another data set apart
    std::vector<AccuracyColumn> columns;

    /// Null where the decision is not in the table. `tensor` is the decision's cut name.
    [[nodiscard]] const AccuracyColumn* find(int exit, const std::string& tensor, const codec::Coding& coding) const;

    bool operator==(const AccuracyTable&) const = default;
};

/// Bytes are those with `coder`.
DecisionAccuracy summarise(const AccuracyColumn& column, codec::EntropyCoder coder = codec::EntropyCoder::None);
/// The same of a decision with a gate: `rest` are the answers of the decision without it, `head` those of the gate's exit: all on
/// the device where the gate is the device's, and frames that it answers send nothing; of the same tensor in the same coding
/// where it is the edge's, and all are sent.
DecisionAccuracy summariseGated(const decision::Gate& gate, const AccuracyColumn& head, const AccuracyColumn& rest,
                                codec::EntropyCoder coder);
/// With the table's coder.
DecisionAccuracy summarise(const AccuracyTable& table, const AccuracyColumn& column);

/// What serialize() shall spend its time on.
enum class Packing {
    Fast,  ///< while a table is being built
    Small
};

/// Magic "SSA1", JSON header, zstd-compressed columns, SHA-256 of all before. Damaged or foreign files are Errors; nothing
/// of a file is believed before its hash is right. save() writes a temporary file, then renames.
base::Bytes serialize(const AccuracyTable& table, Packing packing = Packing::Small);
base::Result<AccuracyTable> parseAccuracyTable(base::ByteView bytes, const std::string& where);
base::Result<AccuracyTable> loadAccuracyTable(const std::filesystem::path& path);
base::Status save(const AccuracyTable& table, const std::filesystem::path& path, Packing packing = Packing::Small);

/// Whether a file begins as serialize() does.
[[nodiscard]] bool isAccuracyTable(base::ByteView bytes);

/// The table shipped for a network's weights on `data`.
base::Result<AccuracyTable> loadShippedAccuracyTable(const std::string& network, const std::string& data);

}  // namespace splitscope::profile
