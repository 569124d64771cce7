// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/base/half.h"
#include "core/profile/accuracy_file_p.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cstring>
#include <numeric>
#include <zstd.h>

namespace splitscope::profile {

using codec::EntropyCoder;

namespace file {

base::Bytes hashOf(base::ByteView bytes)
{
    const auto hex = QByteArray::fromHex(QByteArray::fromStdString(base::sha256(bytes)));
    return {hex.begin(), hex.end()};
}

std::vector<std::size_t> bodyOrder(const std::vector<AccuracyColumn>& columns)
{
    std::vector<std::size_t> order(columns.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const auto &left = columns[a].coding, &right = columns[b].coding;
        return std::tuple(left.kind, left.parameter) < std::tuple(right.kind, right.parameter);
    });
    return order;
}

std::vector<std::size_t> referencesOf(const std::vector<AccuracyColumn>& columns, const std::vector<std::size_t>& order)
{
    std::map<int, std::size_t> firstOfExit;
    for (std::size_t i : order)
        firstOfExit.emplace(columns[i].exit, i);
    std::vector<std::size_t> references;
    references.reserve(columns.size());
    for (const auto& column : columns)
        references.push_back(firstOfExit.at(column.exit));
    return references;
}

std::vector<std::uint32_t> expectedSizes(std::span<const SizeSeries> before, const SizeSeries& series, std::size_t count)
{
    constexpr int kSymbolBits = 8;  // core/codec/BITSTREAMS.md: beyond them a level's lower bits are written as they are
    const SizeSeries *last = nullptr, *lastButOne = nullptr;
    for (const auto& one : before) {
        if (one.coder != series.coder || one.tensor != series.tensor || one.coding.kind != series.coding.kind)
            continue;
        lastButOne = last;
        last = &one;
    }
    std::vector<std::uint32_t> expected(count, 0);
    if (last == nullptr)
        return expected;
    const auto at = [](const SizeSeries& from, std::size_t i) { return from.values[std::min(i, from.values.size() - 1)]; };
    const bool extrapolates = lastButOne != nullptr && lastButOne->coding.parameter >= kSymbolBits
        && last->coding.parameter > lastButOne->coding.parameter;
    for (std::size_t i = 0; i < count; ++i) {
        expected[i] = at(*last, i);
        if (extrapolates) {
            const std::int64_t step = std::int64_t{at(*last, i)} - at(*lastButOne, i);
            expected[i] += static_cast<std::uint32_t>(step * (series.coding.parameter - last->coding.parameter)
                                                      / (last->coding.parameter - lastButOne->coding.parameter));
        }
    }
    return expected;
}

bool referenceCorrect(const AccuracyColumn& column, const AccuracyColumn& reference, std::size_t i)
{
    return &column != &reference && i < reference.correct.size() && reference.correct[i];
}

std::uint16_t referenceEntropy(const AccuracyColumn& column, const AccuracyColumn& reference, std::size_t i)
{
    return &column != &reference && i < reference.entropy.size() ? base::toHalf(reference.entropy[i]) : std::uint16_t{0};
}

}  // namespace file

namespace {

using namespace file;

constexpr int kFastLevel = 3, kSmallLevel = 19;

QString text(const std::string& value) { return QString::fromStdString(value); }

/// Every series once, with the most values that a column has; sorted by coder and coding.
std::vector<SizeSeries> seriesOf(const std::vector<AccuracyColumn>& columns)
{
    std::map<std::tuple<EntropyCoder, codec::CodingKind, int, std::string>, SizeSeries> series;
    for (const auto& column : columns) {
        for (const auto& [coder, values] : column.bytes) {
            auto& one = series[{coder, column.coding.kind, column.coding.parameter, column.tensor}];
            if (one.values.size() <= values.size())
                one = {column.tensor, column.coding, coder, values};
        }
    }
    std::vector<SizeSeries> result;
    result.reserve(series.size());
    for (auto& [key, one] : series)
        result.push_back(std::move(one));
    return result;
}

std::string headerOf(const AccuracyTable& table, const std::vector<SizeSeries>& series)
{
    QJsonArray columns, sizes;
    for (const auto& column : table.columns) {
        QJsonObject entry{{"exit", column.exit}, {"tensor", text(column.tensor)}, {"coding", text(toString(column.coding))}};
        if (column.correct.size() != table.images)
            entry["images"] = static_cast<qint64>(column.correct.size());
        columns << entry;
    }
    for (const auto& one : series)
        sizes << QJsonObject{{"tensor", text(one.tensor)},
                             {"coding", text(toString(one.coding))},
                             {"coder", text(toString(one.coder))},
                             {"values", static_cast<qint64>(one.values.size())}};
    const QJsonObject header{{"network", text(table.network)},
                             {"model_hash", text(table.modelHash)},
                             {"data", text(table.data)},
                             {"split", text(table.split)},
                             {"images", static_cast<qint64>(table.images)},
                             {"coder", text(toString(table.coder))},
                             {"codebook", text(table.codebookHash)},
                             {"program", text(table.program)},
                             {"date", text(table.date)},
                             {"labels", static_cast<qint64>(table.labels.size())},
                             {"columns", columns},
                             {"sizes", sizes}};
    return QJsonDocument(header).toJson(QJsonDocument::Compact).toStdString();
}

/// Byte `plane` of each value.
template <typename T>
void appendPlanes(base::Bytes& out, const std::vector<T>& values)
{
    for (std::size_t plane = 0; plane < sizeof(T); ++plane)
        for (const T value : values)
            out.push_back(static_cast<std::uint8_t>(value >> (8 * plane)));
}

void appendColumn(base::Bytes& out, const AccuracyColumn& column, const AccuracyColumn& reference)
{
    const std::size_t count = column.correct.size();
    base::Bytes bits(bitBytes(count));
    std::vector<std::uint16_t> entropies(count);
    for (std::size_t i = 0; i < count; ++i) {
        const bool flipped = column.correct[i] != referenceCorrect(column, reference, i);
        bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | static_cast<unsigned>(flipped) << i % 8);
        entropies[i] = fold(static_cast<std::uint16_t>(base::toHalf(column.entropy[i]) - referenceEntropy(column, reference, i)));
    }
    out.insert(out.end(), bits.begin(), bits.end());
    appendPlanes(out, entropies);
}

void appendSeries(base::Bytes& out, std::span<const SizeSeries> before, const SizeSeries& series)
{
    auto differences = expectedSizes(before, series, series.values.size());
    for (std::size_t i = 0; i < differences.size(); ++i)
        differences[i] = series.values[i] - differences[i];
    auto sorted = differences;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end(), [](std::uint32_t a, std::uint32_t b) {
        return static_cast<std::int32_t>(a) < static_cast<std::int32_t>(b);
    });
    const std::uint32_t median = *middle;
    for (auto& difference : differences)
        difference = fold(difference - median);
    base::append(out, median);
    appendPlanes(out, differences);
}

base::Bytes bodyOf(const AccuracyTable& table, const std::vector<SizeSeries>& series)
{
    base::Bytes body;
    for (int label : table.labels)
        base::append(body, static_cast<std::uint16_t>(label));
    const auto order = bodyOrder(table.columns);
    const auto references = referencesOf(table.columns, order);
    for (std::size_t i : order)
        appendColumn(body, table.columns[i], table.columns[references[i]]);
    for (std::size_t i = 0; i < series.size(); ++i)
        appendSeries(body, std::span(series).first(i), series[i]);
    return body;
}

base::Bytes compress(const base::Bytes& body, Packing packing)
{
    base::Bytes packed(ZSTD_compressBound(body.size()));
    packed.resize(ZSTD_compress(packed.data(), packed.size(), body.data(), body.size(),
                                packing == Packing::Small ? kSmallLevel : kFastLevel));
    return packed;
}

}  // namespace

base::Bytes serialize(const AccuracyTable& table, Packing packing)
{
    const auto series = seriesOf(table.columns);
    const auto header = headerOf(table, series);
    const auto body = compress(bodyOf(table, series), packing);
    base::Bytes bytes(kPrefixSize + header.size() + body.size());
    const auto headerSize = static_cast<std::uint32_t>(header.size());
    std::copy(kMagic.begin(), kMagic.end(), bytes.begin());
    std::memcpy(bytes.data() + kMagic.size(), &headerSize, sizeof headerSize);
    std::copy(header.begin(), header.end(), bytes.begin() + kPrefixSize);
    std::copy(body.begin(), body.end(), bytes.end() - static_cast<std::ptrdiff_t>(body.size()));
    const auto hash = hashOf(bytes);
    bytes.insert(bytes.end(), hash.begin(), hash.end());
    return bytes;
}

base::Status save(const AccuracyTable& table, const std::filesystem::path& path, Packing packing)
{
    return base::writeFileAtomically(path, serialize(table, packing));
}

}  // namespace splitscope::profile
