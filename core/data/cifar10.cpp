// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/cifar10.h"

#include "core/data/image_fit.h"
#include "core/data/read_only_file.h"

#include <algorithm>
#include <cassert>

namespace splitscope::data {

namespace {

constexpr ImageSize kCifarSize{3, 32, 32};
constexpr std::size_t kHalfFile = kCifarRecordsPerFile / 2;

/// Some records of one file.
struct Part {
    std::unique_ptr<ReadOnlyFile> file;
    std::size_t firstRecord = 0;
    std::size_t count = 0;
};

struct PartPlan {
    std::size_t file;  // index into cifar10FileNames()
    std::size_t firstRecord;
    std::size_t count;
};

std::vector<PartPlan> planOf(Split split)
{
    switch (split) {
    case Split::Train:
        return {{0, 0, kCifarRecordsPerFile},
                {1, 0, kCifarRecordsPerFile},
                {2, 0, kCifarRecordsPerFile},
                {3, 0, kCifarRecordsPerFile},
                {4, 0, kHalfFile}};
    case Split::Holdout: return {{4, kHalfFile, kHalfFile}};
    case Split::Table: return {{5, 0, kHalfFile}};
    case Split::Evaluation: return {{5, kHalfFile, kHalfFile}};
    }
    return {};
}

base::Result<std::unique_ptr<ReadOnlyFile>> openBatch(const std::filesystem::path& folder, std::size_t index)
{
    auto file = ReadOnlyFile::open(folder / cifar10FileNames()[index]);
    if (!file.ok()) {
        auto error = file.error();
        error.text += "; fetch CIFAR-10 with \"splitscope-cli data fetch cifar10\"";
        return error;
    }
    constexpr std::uint64_t kExpected = kCifarRecordBytes * kCifarRecordsPerFile;
    const auto size = (*file)->size();
    if (size != kExpected)
        return base::Error{base::ErrorCode::InvalidInput,
                           std::to_string(size) + " bytes instead of " + std::to_string(kExpected)
                               + (size < kExpected ? ": cut off in record " + std::to_string(size / kCifarRecordBytes) : "")
                               + "; fetch CIFAR-10 again",
                           (*file)->path().string()};
    return file;
}

/// The label of every record of a part; reads through the file in large pieces.
base::Result<std::vector<std::uint8_t>> readLabels(const Part& part)
{
    constexpr std::size_t kRecordsPerRead = 500;
    std::vector<std::uint8_t> labels;
    labels.reserve(part.count);
    base::Bytes piece;
    for (std::size_t done = 0; done < part.count; done += kRecordsPerRead) {
        const std::size_t count = std::min(kRecordsPerRead, part.count - done);
        piece.resize(count * kCifarRecordBytes);
        if (auto status = part.file->readAt((part.firstRecord + done) * kCifarRecordBytes, piece); !status.ok())
            return status.error();
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint8_t label = piece[i * kCifarRecordBytes];
            if (label > 9)
                return base::Error{base::ErrorCode::InvalidInput,
                                   "label " + std::to_string(label) + " is over 9; the file is damaged, fetch CIFAR-10 again",
                                   part.file->path().string() + ", record " + std::to_string(part.firstRecord + done + i)};
            labels.push_back(label);
        }
    }
    return labels;
}

class Cifar10 final : public DataSet {
public:
    Cifar10(ImageSize wanted, std::vector<Part> parts, std::vector<std::uint8_t> labels)
        : m_wanted(wanted), m_parts(std::move(parts)),
          m_labels(std::move(labels)), m_classNames{"airplane", "automobile", "bird",  "cat",  "deer",
                                                    "dog",      "frog",       "horse", "ship", "truck"}
    {
    }

    [[nodiscard]] std::string name() const override { return "cifar10"; }
    [[nodiscard]] ImageSize imageSize() const override { return m_wanted; }
    [[nodiscard]] const std::vector<std::string>& classNames() const override { return m_classNames; }
    [[nodiscard]] std::size_t size() const override { return m_labels.size(); }

    [[nodiscard]] int label(std::size_t index) const override
    {
        assert(index < m_labels.size());
        return m_labels[index];
    }

    [[nodiscard]] base::Result<Image> image(std::size_t index) const override
    {
        std::size_t rest = index;
        for (const auto& part : m_parts) {
            if (rest < part.count)
                return read(part, part.firstRecord + rest);
            rest -= part.count;
        }
        return base::Error{base::ErrorCode::NotFound, "there are " + std::to_string(size()) + " images",
                           "cifar10, image " + std::to_string(index)};
    }

private:
    [[nodiscard]] base::Result<Image> read(const Part& part, std::size_t record) const
    {
        Image image{kCifarSize, base::Bytes(kCifarSize.byteCount())};
        if (auto status = part.file->readAt(record * kCifarRecordBytes + 1, image.pixels); !status.ok())
            return status.error();
        return fitImage(std::move(image), m_wanted, part.file->path().string() + ", record " + std::to_string(record));
    }

    ImageSize m_wanted;
    std::vector<Part> m_parts;
    std::vector<std::uint8_t> m_labels;
    std::vector<std::string> m_classNames;
};

}  // namespace

const std::vector<std::string>& cifar10FileNames()
{
    static const std::vector<std::string> kNames{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                                 "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"};
    return kNames;
}

base::Result<std::unique_ptr<DataSet>> openCifar10(const std::filesystem::path& folder, ImageSize wanted, Split split)
{
    if (auto status = checkFits(kCifarSize, wanted, folder.string()); !status.ok())
        return status.error();
    std::vector<Part> parts;
    std::vector<std::uint8_t> labels;
    for (const auto& plan : planOf(split)) {
        auto file = openBatch(folder, plan.file);
        if (!file.ok())
            return file.error();
        parts.push_back({*std::move(file), plan.firstRecord, plan.count});
        auto read = readLabels(parts.back());
        if (!read.ok())
            return read.error();
        labels.insert(labels.end(), read->begin(), read->end());
    }
    return std::unique_ptr<DataSet>(std::make_unique<Cifar10>(wanted, std::move(parts), std::move(labels)));
}

base::Status checkCifar10Files(const std::filesystem::path& folder)
{
    for (std::size_t i = 0; i < cifar10FileNames().size(); ++i)
        if (auto file = openBatch(folder, i); !file.ok())
            return file.error();
    return {};
}

}  // namespace splitscope::data
