// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/accuracy_coders_p.h"

#include "core/base/clock.h"
#include "core/base/threads.h"
#include "core/codec/bit_packer.h"
#include "core/codec/huffman.h"
#include "core/codec/quantizer.h"
#include "core/codec/zstd_levels.h"

#include <algorithm>
#include <mutex>
#include <thread>

namespace splitscope::profile {

using base::Error;
using base::ErrorCode;
using base::Status;
using codec::CodingKind;
using codec::EntropyCoder;

namespace {

constexpr std::size_t kRangeBytes = 2 * sizeof(float);  ///< of a quantized record, before its levels
constexpr std::size_t kBatch = 20;  ///< all tensors of so many images are held at once

bool canCode(EntropyCoder coder, const codec::TensorBook* book)
{
    switch (coder) {
    case EntropyCoder::Huffman: return book != nullptr && book->huffman;
    case EntropyCoder::Context: return book != nullptr && book->context;
    default: return true;
    }
}

/// One tensor in one coding, and the coders that have not coded all of a column's images.
struct Missing {
    std::string tensor;
    codec::Coding coding;
    std::vector<EntropyCoder> coders;
    std::vector<std::size_t> columns;  ///< that share it
    std::size_t images = 0;  ///< of the longest
};

bool isComplete(const AccuracyColumn& column, EntropyCoder coder)
{
    const auto found = column.bytes.find(coder);
    return found != column.bytes.end() && (found->second.size() == 1 || found->second.size() >= column.correct.size());
}

std::vector<Missing> findMissing(const AccuracyTable& table, const codec::Codebook* codebook)
{
    std::map<std::tuple<std::string, CodingKind, int>, Missing> found;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const auto& column = table.columns[i];
        std::vector<EntropyCoder> coders;
        if (column.coding.kind == CodingKind::Lossless && codebook != nullptr && codebook->contents().frames)
            coders = {EntropyCoder::Context};
        if (column.coding.kind == CodingKind::Quantized) {
            const auto* book = codebook == nullptr ? nullptr : codebook->find(column.tensor, column.coding.parameter);
            for (const auto coder : codec::kEntropyCoders)
                if (canCode(coder, book))
                    coders.push_back(coder);
        }
        std::erase_if(coders, [&](EntropyCoder coder) { return isComplete(column, coder); });
        if (coders.empty() || column.correct.empty())
            continue;
        auto& one = found[{column.tensor, column.coding.kind, column.coding.parameter}];
        one.tensor = column.tensor;
        one.coding = column.coding;
        for (const auto coder : coders)
            if (std::find(one.coders.begin(), one.coders.end(), coder) == one.coders.end())
                one.coders.push_back(coder);
        one.columns.push_back(i);
        one.images = std::max(one.images, column.correct.size());
    }
    std::vector<Missing> missing;
    for (auto& [key, one] : found)
        missing.push_back(std::move(one));
    return missing;
}

/// Sizes by missing series and coder, one per image.
using Sizes = std::vector<std::map<EntropyCoder, std::vector<std::uint32_t>>>;

class Completer {
public:
    Completer(const model::Executor& executor, const data::DataSet& images, const AccuracyBuilderOptions& options,
              const std::stop_token& stop, const AccuracyObserver& observer,
              const std::function<Status(const AccuracyTable&)>& save, AccuracyTable& table)
        : m_executor(executor), m_images(images), m_options(options), m_stop(stop), m_observer(observer), m_save(save),
          m_table(table), m_missing(findMissing(table, options.codebook.get())), m_sizes(m_missing.size())
    {
        for (int exit = 1; exit <= executor.spec().exitCount(); ++exit)
            m_paths.emplace_back(executor.spec(), exit);
        takeWhatIsThere();
        m_first = m_next = m_committed = m_sizes.empty() ? 0 : m_done;
        for (const auto& one : m_missing)
            m_total = std::max(m_total, one.images);
        m_begin = m_lastWrite = base::nowNs();
    }

    Status run()
    {
        if (m_missing.empty())
            return {};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < std::max(1, m_options.threads); ++i)
                threads.emplace_back([this] { work(); });
        }
        putIntoTable();
        if (auto status = m_save(m_table); !status)
            return status;
        if (m_failure)
            return *m_failure;
        if (m_committed < m_total)
            return Error{ErrorCode::Cancelled,
                         "stopped while coders were added; " + std::to_string(m_committed) + " of " + std::to_string(m_total)
                             + " images are done, and the same command goes on from there",
                         m_options.file.empty() ? "accuracy table" : m_options.file.string()};
        return {};
    }

private:
    /// A stopped run's sizes; all series go on from where the shortest is.
    void takeWhatIsThere()
    {
        bool first = true;
        for (std::size_t i = 0; i < m_missing.size(); ++i)
            for (const auto coder : m_missing[i].coders)
                for (const std::size_t column : m_missing[i].columns) {
                    const auto& bytes = m_table.columns[column].bytes;
                    const auto found = bytes.find(coder);
                    auto& sizes = m_sizes[i][coder];
                    if (found != bytes.end() && found->second.size() > std::max<std::size_t>(sizes.size(), 1))
                        sizes = found->second;
                }
        for (const auto& series : m_sizes)
            for (const auto& [coder, sizes] : series) {
                m_done = first ? sizes.size() : std::min(m_done, sizes.size());
                first = false;
            }
        for (auto& series : m_sizes)
            for (auto& [coder, sizes] : series)
                sizes.resize(m_done);
    }

    void work()
    {
        base::nameThisThread("coders");
        model::Executor::setThreadCount(1);
        for (;;) {
            std::unique_lock lock(m_mutex);
            if (m_failure || m_stop.stop_requested() || m_next >= m_total)
                return;
            const std::size_t first = m_next;
            const std::size_t count = std::min(kBatch, m_total - first);
            m_next += count;
            lock.unlock();
            auto sizes = compute(first, count);
            lock.lock();
            if (!sizes) {
                m_failure = m_failure ? m_failure : sizes.error();
                return;
            }
            m_results.emplace(first, *std::move(sizes));
            commit();
        }
    }

    void commit()
    {
        while (!m_results.empty() && m_results.begin()->first == m_committed) {
            const auto result = std::move(m_results.extract(m_results.begin()).mapped());
            for (std::size_t i = 0; i < result.size(); ++i)
                for (const auto& [coder, sizes] : result[i])
                    m_sizes[i][coder].insert(m_sizes[i][coder].end(), sizes.begin(), sizes.end());
            m_committed = std::min(m_committed + kBatch, m_total);
        }
        if (m_committed < m_total && base::toMs(base::nowNs() - m_lastWrite) / 1000 >= m_options.secondsBetweenWrites) {
            m_lastWrite = base::nowNs();
            putIntoTable();
            if (auto status = m_save(m_table); !status)
                m_failure = status.error();
        }
        tell();
    }

    void putIntoTable()
    {
        for (std::size_t i = 0; i < m_missing.size(); ++i)
            for (const auto& [coder, sizes] : m_sizes[i])
                for (const std::size_t at : m_missing[i].columns) {
                    auto& column = m_table.columns[at];
                    auto& target = column.bytes[coder];
                    target.assign(sizes.begin(),
                                  sizes.begin() + static_cast<std::ptrdiff_t>(std::min(sizes.size(), column.correct.size())));
                    const bool whole = target.size() >= column.correct.size();
                    if (whole && std::adjacent_find(target.begin(), target.end(), std::not_equal_to<>()) == target.end())
                        target.resize(1);
                    else if (!whole && target.size() < 2)
                        column.bytes.erase(coder);
                }
    }

    void tell() const
    {
        if (!m_observer || m_committed == m_first)
            return;
        const double seconds = base::toMs(base::nowNs() - m_begin) / 1000;
        const double perImage = seconds / static_cast<double>(m_committed - m_first);
        m_observer({.imagesDone = m_committed,
                    .images = m_total,
                    .columns = m_missing.size(),
                    .secondsLeft = perImage * static_cast<double>(m_total - m_committed),
                    .secondsPerImage = perImage});
    }

    base::Result<Sizes> compute(std::size_t first, std::size_t count) const
    {
        std::vector<data::Image> frames;
        for (std::size_t i = first; i < first + count; ++i) {
            auto image = m_images.image(i);
            if (!image)
                return image.error();
            frames.push_back(*std::move(image));
        }
        auto input = model::toInput(m_executor.spec(), frames);
        if (!input)
            return input.error();
        std::map<std::string, base::Tensor> tensors;
        tensors.emplace(m_paths.front().cutName(0), *std::move(input));
        for (auto path = m_paths.rbegin(); path != m_paths.rend(); ++path)  // the longest first: others branch off its trunk
            if (auto status = computeTensors(*path, tensors); !status)
                return status.error();

        Sizes sizes(m_missing.size());
        for (std::size_t i = 0; i < m_missing.size(); ++i) {
            const auto status = m_missing[i].coding.kind == CodingKind::Lossless
                ? codeFrames(frames, sizes[i])
                : codeTensor(m_missing[i], tensors.at(m_missing[i].tensor), sizes[i]);
            if (!status)
                return status.error();
        }
        return sizes;
    }

    Status computeTensors(const model::Path& path, std::map<std::string, base::Tensor>& tensors) const
    {
        int at = 0;
        for (const int cut : path.distinctCuts()) {
            const auto& name = path.cutName(cut);
            if (tensors.contains(name)) {
                at = cut;
                continue;
            }
            const bool wanted
                = std::any_of(m_missing.begin(), m_missing.end(), [&](const Missing& m) { return m.tensor == name; });
            if (!wanted)
                continue;
            auto output = m_executor.run(path.exit(), at, cut, tensors.at(path.cutName(at)));
            if (!output)
                return output.error();
            tensors.emplace(name, *std::move(output));
            at = cut;
        }
        return {};
    }

    Status codeTensor(const Missing& missing, const base::Tensor& tensor,
                      std::map<EntropyCoder, std::vector<std::uint32_t>>& sizes) const
    {
        const int bits = missing.coding.parameter;
        const auto* book = m_options.codebook ? m_options.codebook->find(missing.tensor, bits) : nullptr;
        std::vector<std::uint16_t> levels(tensor.rowSize());
        for (int row = 0; row < tensor.batch; ++row) {
            codec::quantize(tensor.row(row), bits, levels);
            for (const auto coder : missing.coders)
                sizes[coder].push_back(codedSize(levels, bits, coder, book));
        }
        return {};
    }

    Status codeFrames(const std::vector<data::Image>& frames, std::map<EntropyCoder, std::vector<std::uint32_t>>& sizes) const
    {
        for (const auto& frame : frames) {
            base::Bytes record;
            if (auto status = m_options.codebook->contents().frames->encode(frame, record); !status)
                return status;
            sizes[EntropyCoder::Context].push_back(static_cast<std::uint32_t>(record.size()));
        }
        return {};
    }

    const model::Executor& m_executor;
    const data::DataSet& m_images;
    const AccuracyBuilderOptions& m_options;
    const std::stop_token& m_stop;
    const AccuracyObserver& m_observer;
    const std::function<Status(const AccuracyTable&)>& m_save;
    std::vector<model::Path> m_paths;
    std::int64_t m_begin = 0;
    std::size_t m_first = 0, m_total = 0;

    std::mutex m_mutex;  ///< of all below while threads run
    AccuracyTable& m_table;
    const std::vector<Missing> m_missing;
    Sizes m_sizes;
    std::map<std::size_t, Sizes> m_results;  ///< of batches that earlier ones must precede
    std::size_t m_done = 0;
    std::size_t m_next = 0, m_committed = 0;
    std::optional<Error> m_failure;
    std::int64_t m_lastWrite = 0;
};

}  // namespace

std::uint32_t codedSize(std::span<const std::uint16_t> levels, int bits, EntropyCoder coder, const codec::TensorBook* book)
{
    std::size_t size = 0;
    switch (coder) {
    case EntropyCoder::None: size = codec::packedSize(levels.size(), bits); break;
    case EntropyCoder::HuffmanAdaptive: size = codec::encodedSize(levels, bits); break;
    case EntropyCoder::Huffman: size = book->huffman->encodedSize(levels); break;
    case EntropyCoder::Context: size = book->context->encodedSize(levels); break;
    case EntropyCoder::Zstd: {
        thread_local base::Bytes record;
        record.clear();
        codec::encodeZstd(levels, bits, record);
        size = record.size();
        break;
    }
    }
    return static_cast<std::uint32_t>(kRangeBytes + size);
}

void addCodedSizes(std::span<const std::uint16_t> levels, int bits, const codec::TensorBook* book,
                   std::map<EntropyCoder, std::vector<std::uint32_t>>& bytes)
{
    for (const auto coder : codec::kEntropyCoders)
        if (coder != EntropyCoder::None && canCode(coder, book))
            bytes[coder].push_back(codedSize(levels, bits, coder, book));
}

void adoptCodebook(AccuracyTable& table, const codec::Codebook* codebook)
{
    if (codebook == nullptr || table.codebookHash == codebook->hash())
        return;
    for (auto& column : table.columns)
        for (const auto coder : codec::kEntropyCoders)
            if (codec::needsCodebook(coder))
                column.bytes.erase(coder);
    table.codebookHash = codebook->hash();
}

Status completeCoders(const model::Executor& executor, const data::DataSet& images, const AccuracyBuilderOptions& options,
                      const std::stop_token& stop, const AccuracyObserver& observer,
                      const std::function<Status(const AccuracyTable&)>& save, AccuracyTable& table)
{
    return Completer(executor, images, options, stop, observer, save, table).run();
}

}  // namespace splitscope::profile
