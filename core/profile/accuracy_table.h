// SPDX-License-Identifier: GPL-3.0-or-later
// What every decision answers, and how many bytes it sends, image by image.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/decision/decision.h"

#include <filesystem>
#include <map>
#include <optional>
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
    std::vector<float> entropy;  ///< −Σ y ln y of the softmax, natural logarithm; stored as half precision
    std::vector<std::uint32_t> bytes;  ///< coded record; the same for all images where the coding's size is constant

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
};

struct AccuracyTable {
    std::string network;
    std::string modelHash;
    std::string data;  ///< "cifar10"
    std::string split = "table";
    std::size_t images = 0;  ///< the first so many of the split
    codec::EntropyCoder coder = codec::EntropyCoder::None;
    std::string program;
    std::string date;
    std::vector<AccuracyColumn> columns;

    /// Null where the decision is not in the table. `tensor` is the decision's cut name.
    [[nodiscard]] const AccuracyColumn* find(int exit, const std::string& tensor, const codec::Coding& coding) const;
};

DecisionAccuracy summarise(const AccuracyColumn& column);

/// Magic "SSA1", SHA-256, zstd-compressed columns behind a JSON header. Damaged or foreign files are Errors; nothing of a
/// file is believed before its hash is right. save() writes a temporary file, then renames.
base::Bytes serialize(const AccuracyTable& table);
base::Result<AccuracyTable> parseAccuracyTable(base::ByteView bytes, const std::string& where);
base::Result<AccuracyTable> loadAccuracyTable(const std::filesystem::path& path);
base::Status save(const AccuracyTable& table, const std::filesystem::path& path);

/// The table shipped for a network's weights on `data`.
base::Result<AccuracyTable> loadShippedAccuracyTable(const std::string& network, const std::string& data);

}  // namespace splitscope::profile
