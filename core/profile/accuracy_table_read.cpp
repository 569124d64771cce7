// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/base/half.h"
#include "core/profile/accuracy_file_p.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>
#include <set>
#include <zstd.h>

namespace splitscope::profile {

namespace {

using namespace file;
using base::Error;
using base::ErrorCode;

constexpr std::size_t kMaxHeader = 16 << 20;
constexpr std::size_t kMaxImages = 10'000'000;
constexpr std::size_t kMaxBody = std::size_t{1} << 30;
constexpr std::uintmax_t kMaxFile = 512 << 20;
constexpr float kLargestHalf = 65504;

Error broken(const std::string& text, const std::string& where) { return {ErrorCode::InvalidInput, text, where}; }

/// A JSON object with typed access; what is missing or of another type is empty.
struct Entry {
    QJsonObject object;

    [[nodiscard]] QJsonValue at(const char* key) const { return object.value(QLatin1String(key)); }
    [[nodiscard]] std::string text(const char* key) const { return at(key).toString().toStdString(); }
    /// A count that a file may hold; nothing if it may not.
    [[nodiscard]] std::optional<std::size_t> count(const char* key) const
    {
        const double number = at(key).toDouble(-1);
        if (!(number >= 0 && number <= static_cast<double>(kMaxImages)) || number != std::floor(number))
            return std::nullopt;
        return static_cast<std::size_t>(number);
    }
};

/// What a header promises, before the body is looked at.
struct Promise {
    AccuracyTable table;  ///< its columns have names and no answers yet
    std::size_t labels = 0;
    std::vector<std::size_t> columnImages;
    std::vector<SizeSeries> series;  ///< without values
    std::vector<std::size_t> seriesValues;
    std::size_t bodyBytes = 0;
};

base::Status readColumnEntries(const QJsonArray& entries, Promise& promise, const std::string& where)
{
    std::set<std::tuple<int, std::string, std::string>> seen;
    for (const auto& value : entries) {
        const Entry entry{value.toObject()};
        AccuracyColumn column;
        column.exit = entry.at("exit").toInt();
        column.tensor = entry.text("tensor");
        const auto coding = codec::parseCoding(entry.text("coding"));
        const auto images = entry.at("images").isUndefined() ? promise.table.images : entry.count("images");
        if (column.exit < 1 || column.tensor.empty() || !coding || !images || *images < promise.table.images
            || *images > promise.labels)
            return broken("the entry of column " + std::to_string(promise.table.columns.size() + 1) + " makes no sense", where);
        if (!seen.emplace(column.exit, column.tensor, entry.text("coding")).second)
            return broken("the column of exit " + std::to_string(column.exit) + ", " + column.tensor + ", " + entry.text("coding")
                              + " is there twice",
                          where);
        column.coding = *coding;
        promise.table.columns.push_back(std::move(column));
        promise.columnImages.push_back(*images);
        promise.bodyBytes += columnBytes(*images);
    }
    return {};
}

base::Status readSizeEntries(const QJsonArray& entries, Promise& promise, const std::string& where)
{
    for (const auto& value : entries) {
        const Entry entry{value.toObject()};
        const auto coding = codec::parseCoding(entry.text("coding"));
        const auto coder = codec::parseEntropyCoder(entry.text("coder"));
        const auto count = entry.count("values");
        if (!coding || !coder || !count || *count == 0)
            return broken("the entry of sizes " + std::to_string(promise.series.size() + 1) + " makes no sense", where);
        promise.series.push_back({entry.text("tensor"), *coding, *coder, {}});
        promise.seriesValues.push_back(*count);
        promise.bodyBytes += seriesBytes(*count);
    }
    return {};
}

base::Result<Promise> readHeader(base::ByteView text, const std::string& where)
{
    const auto document
        = QJsonDocument::fromJson(QByteArray(reinterpret_cast<const char*>(text.data()), static_cast<qsizetype>(text.size())));
    if (!document.isObject())
        return broken("its header is no JSON object", where);
    const Entry header{document.object()};
    Promise promise;
    auto& table = promise.table;
    table.network = header.text("network");
    table.modelHash = header.text("model_hash");
    table.data = header.text("data");
    table.split = header.text("split");
    table.program = header.text("program");
    table.date = header.text("date");
    table.codebookHash = header.text("codebook");
    const auto images = header.count("images");
    const auto labels = header.count("labels");
    const auto coder = codec::parseEntropyCoder(header.text("coder"));
    if (!images || !labels || !coder || *labels < *images || table.network.empty() || table.modelHash.empty())
        return broken("its header does not say which network, images or coder it is about", where);
    table.images = *images;
    table.coder = *coder;
    promise.labels = *labels;
    promise.bodyBytes = *labels * sizeof(std::uint16_t);
    if (auto status = readColumnEntries(header.at("columns").toArray(), promise, where); !status)
        return status.error();
    if (auto status = readSizeEntries(header.at("sizes").toArray(), promise, where); !status)
        return status.error();
    if (promise.bodyBytes > kMaxBody)
        return broken("its header promises " + std::to_string(promise.bodyBytes) + " bytes, more than any table has", where);
    return promise;
}

base::Result<base::Bytes> decompress(base::ByteView frame, std::size_t expected, const std::string& where)
{
    if (ZSTD_getFrameContentSize(frame.data(), frame.size()) != expected)
        return broken("does not hold the " + std::to_string(expected) + " bytes that its header promises", where);
    base::Bytes body(expected);
    const auto size = ZSTD_decompress(body.data(), body.size(), frame.data(), frame.size());
    if (ZSTD_isError(size) != 0 || size != expected)
        return broken("its columns cannot be decompressed", where);
    return body;
}

template <typename T>
std::vector<T> readPlanes(base::ByteView body, std::size_t count)
{
    std::vector<T> values(count);
    for (std::size_t plane = 0; plane < sizeof(T); ++plane)
        for (std::size_t i = 0; i < count; ++i)
            values[i] = static_cast<T>(values[i] | static_cast<std::uint32_t>(body[plane * count + i]) << (8 * plane));
    return values;
}

/// False if an entropy is none.
bool readColumn(base::ByteView body, AccuracyColumn& column, const AccuracyColumn& reference, std::size_t count)
{
    const auto entropies = readPlanes<std::uint16_t>(body.subspan(bitBytes(count)), count);
    std::vector<bool> correct(count);
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        const bool flipped = (static_cast<unsigned>(body[i / 8]) >> i % 8 & 1U) != 0;
        correct[i] = flipped != referenceCorrect(column, reference, i);
        values[i] = base::fromHalf(static_cast<std::uint16_t>(referenceEntropy(column, reference, i) + unfold(entropies[i])));
        if (!(values[i] >= 0 && values[i] <= kLargestHalf))
            return false;
    }
    column.correct = std::move(correct);
    column.entropy = std::move(values);
    return true;
}

void readSeries(base::ByteView body, std::span<const SizeSeries> before, SizeSeries& series, std::size_t count)
{
    const auto median = base::readAt<std::uint32_t>(body, 0);
    series.values = expectedSizes(before, series, count);
    const auto differences = readPlanes<std::uint32_t>(body.subspan(sizeof median), count);
    for (std::size_t i = 0; i < count; ++i)
        series.values[i] += unfold(differences[i]) + median;
}

/// A series' values for every column that it is about. An Error where a column is left without a size for an image.
base::Status attach(const std::vector<SizeSeries>& series, std::vector<AccuracyColumn>& columns, const std::string& where)
{
    std::map<std::tuple<std::string, codec::CodingKind, int>, std::vector<const SizeSeries*>> byCut;
    for (const auto& one : series)
        byCut[{one.tensor, one.coding.kind, one.coding.parameter}].push_back(&one);
    for (auto& column : columns) {
        for (const auto* one : byCut[{column.tensor, column.coding.kind, column.coding.parameter}]) {
            const auto& values = one->values;
            const std::size_t count = column.correct.size();
            if (values.size() != 1 && values.size() < count && one->coder == codec::EntropyCoder::None)
                return broken("sizes of '" + column.tensor + "' are missing", where);
            const auto wanted = values.size() == 1 ? 1 : std::min(values.size(), count);  // fewer are still being added
            column.bytes[one->coder].assign(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(wanted));
        }
    }
    return {};
}

base::Result<AccuracyTable> readBody(base::ByteView body, Promise promise, const std::string& where)
{
    auto& table = promise.table;
    const auto take = [&](std::size_t count) {
        const auto taken = body.first(count);
        body = body.subspan(count);
        return taken;
    };
    const auto labels = take(promise.labels * sizeof(std::uint16_t));
    for (std::size_t i = 0; i < promise.labels; ++i)
        table.labels.push_back(base::readAt<std::uint16_t>(labels, i * sizeof(std::uint16_t)));
    const auto order = bodyOrder(table.columns);
    const auto references = referencesOf(table.columns, order);
    for (std::size_t i : order) {
        const std::size_t count = promise.columnImages[i];
        if (!readColumn(take(columnBytes(count)), table.columns[i], table.columns[references[i]], count))
            return broken("an entropy of '" + table.columns[i].tensor + "' is no number", where);
    }
    for (std::size_t i = 0; i < promise.series.size(); ++i)
        readSeries(take(seriesBytes(promise.seriesValues[i])), std::span(promise.series).first(i), promise.series[i],
                   promise.seriesValues[i]);
    if (auto status = attach(promise.series, table.columns, where); !status)
        return status.error();
    return std::move(promise.table);
}

}  // namespace

bool isAccuracyTable(base::ByteView bytes)
{
    return bytes.size() >= kMagic.size() && base::asText(bytes.first(kMagic.size())) == kMagic;
}

base::Result<AccuracyTable> parseAccuracyTable(base::ByteView bytes, const std::string& where)
{
    if (!isAccuracyTable(bytes))
        return broken("is no accuracy table of this program (it would begin with SSA1)", where);
    if (bytes.size() < kPrefixSize + kHashSize)
        return broken("is cut off; copy or build it again", where);
    const auto hashed = bytes.first(bytes.size() - kHashSize);
    const auto hash = hashOf(hashed);
    if (!std::equal(hash.begin(), hash.end(), bytes.end() - kHashSize))
        return broken("is damaged: its checksum does not match; copy or build it again", where);
    const std::size_t headerSize = base::readAt<std::uint32_t>(bytes, kMagic.size());
    if (headerSize > kMaxHeader || headerSize > hashed.size() - kPrefixSize)
        return broken("its header is longer than the file", where);
    auto promise = readHeader(hashed.subspan(kPrefixSize, headerSize), where);
    if (!promise)
        return promise.error();
    const auto body = decompress(hashed.subspan(kPrefixSize + headerSize), promise->bodyBytes, where);
    if (!body)
        return body.error();
    return readBody(*body, *std::move(promise), where);
}

base::Result<AccuracyTable> loadAccuracyTable(const std::filesystem::path& path)
{
    const auto bytes = base::readFile(path, kMaxFile);
    if (!bytes)
        return bytes.error();
    return parseAccuracyTable(*bytes, path.string());
}

}  // namespace splitscope::profile
