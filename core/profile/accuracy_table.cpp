// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/accuracy_table.h"

#include "core/base/files.h"
#include "core/base/wilson.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace splitscope::profile {

namespace {

/// By nearest rank: a size that occurred.
double percentile95(std::vector<std::uint32_t> values)
{
    const auto rank = static_cast<std::size_t>(std::ceil(0.95 * static_cast<double>(values.size()))) - 1;
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rank), values.end());
    return values[rank];
}

template <typename Values>
double mean(const Values& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::span<const std::uint32_t> AccuracyColumn::bytesWith(codec::EntropyCoder coder) const
{
    auto found = bytes.find(coder);
    if (found == bytes.end() && coding.kind != codec::CodingKind::Quantized)
        found = bytes.find(codec::EntropyCoder::None);
    if (found == bytes.end() || (found->second.size() > 1 && found->second.size() < correct.size()))
        return {};
    return found->second;
}

const AccuracyColumn* AccuracyTable::find(int exit, const std::string& tensor, const codec::Coding& coding) const
{
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const AccuracyColumn& column) {
        return column.exit == exit && column.coding == coding && column.tensor == tensor;
    });
    return found == columns.end() ? nullptr : &*found;
}

DecisionAccuracy summarise(const AccuracyColumn& column, codec::EntropyCoder coder)
{
    DecisionAccuracy result;
    result.images = column.correct.size();
    const auto interval = base::wilsonInterval(
        static_cast<std::size_t>(std::count(column.correct.begin(), column.correct.end(), true)), result.images);
    result.low = interval.low;
    result.high = interval.high;
    if (result.images == 0)
        return result;
    result.accuracy = mean(column.correct);
    result.meanEntropy = mean(column.entropy);
    if (const auto sizes = column.bytesWith(coder); !sizes.empty()) {
        result.meanBytes = mean(sizes);
        result.p95Bytes = percentile95({sizes.begin(), sizes.end()});
    }
    return result;
}

DecisionAccuracy summariseGated(const decision::Gate& gate, const AccuracyColumn& head, const AccuracyColumn& rest,
                                codec::EntropyCoder coder)
{
    const auto images = std::min(head.correct.size(), rest.correct.size());
    const auto sizes = rest.bytesWith(coder);
    const bool sendsAll = head.coding.kind != codec::CodingKind::LabelOnly;
    AccuracyColumn both{rest.exit, rest.tensor, rest.coding, {}, {}, {}};
    auto& bytes = both.bytes[coder];
    std::size_t goingOn = 0;
    for (std::size_t i = 0; i < images; ++i) {
        const bool answered = gate.answers(head.entropy[i]);
        const auto& by = answered ? head : rest;
        both.correct.push_back(by.correct[i]);
        both.entropy.push_back(by.entropy[i]);
        bytes.push_back((answered && !sendsAll) || sizes.empty() ? 0 : sizes.size() == 1 ? sizes[0] : sizes[i]);
        goingOn += answered ? 0 : 1;
    }
    auto result = summarise(both, coder);
    result.goesOn = images > 0 ? static_cast<double>(goingOn) / static_cast<double>(images) : 1;
    return result;
}

DecisionAccuracy summarise(const AccuracyTable& table, const AccuracyColumn& column) { return summarise(column, table.coder); }

base::Result<AccuracyTable> loadShippedAccuracyTable(const std::string& network, const std::string& data)
{
    const auto path = base::resourcePath("models/" + network + "/" + data + ".table");
    if (!path)
        return base::Error{base::ErrorCode::NotFound,
                           "no accuracy table of " + network + " on " + data
                               + " ships; build one with `splitscope-cli table accuracy` and name its file",
                           network + "/" + data};
    return loadAccuracyTable(*path);
}

}  // namespace splitscope::profile
