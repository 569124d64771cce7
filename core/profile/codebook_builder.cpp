// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/codebook_builder.h"

#include "core/base/clock.h"
#include "core/base/threads.h"
#include "core/codec/quantizer.h"
#include "core/model/path.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <thread>

namespace splitscope::profile {

using base::Error;
using base::ErrorCode;
using base::Status;

namespace {

constexpr std::size_t kMostValues = 16 << 20;  ///< of one tensor, all images together: 64 MB
constexpr std::size_t kHuffmanValues = 2 << 20;  ///< of these: tables of 257 symbols need no more
constexpr std::size_t kMostPixelBytes = 96 << 20;  ///< of the frames' model
constexpr double kFramesWork = 8e5;  ///< what that takes, about, in the tensors' measure

using Frames = std::vector<std::vector<std::uint16_t>>;

/// A tensor that may cross, and one way to it.
struct Tensor {
    std::string name;
    int exit;
    int cut;
    codec::MapShape shape;
};

codec::MapShape mapShape(const base::Shape& shape)
{
    codec::MapShape map{shape[0], 1, 1};
    if (shape.size() == 3) {
        map.height = shape[1];
        map.width = shape[2];
    }
    return map;
}

std::vector<Tensor> tensorsOf(const model::NetworkSpec& spec)
{
    std::vector<Tensor> tensors;
    std::set<std::string> known;
    for (int exit = spec.exitCount(); exit >= 1; --exit) {
        const model::Path path(spec, exit);
        for (const int cut : path.distinctCuts())
            if (cut > 0 && cut < path.length() && known.insert(path.cutName(cut)).second)
                tensors.push_back({path.cutName(cut), exit, cut, mapShape(path.cutShape(cut))});
    }
    return tensors;
}

/// Every so many-th image, so that classes that lie together in a data set all take part.
std::vector<std::size_t> spread(std::size_t size, std::size_t wanted)
{
    const std::size_t count = wanted == 0 ? size : std::min(size, wanted);
    std::vector<std::size_t> chosen(count);
    for (std::size_t i = 0; i < count; ++i)
        chosen[i] = i * size / count;
    return chosen;
}

base::Result<std::vector<data::Image>> read(const data::DataSet& images, const std::vector<std::size_t>& chosen,
                                            const std::stop_token& stop)
{
    std::vector<data::Image> result;
    for (const std::size_t i : chosen) {
        if (stop.stop_requested())
            break;
        auto image = images.image(i);
        if (!image)
            return image.error();
        result.push_back(*std::move(image));
    }
    return result;
}

class Trainer {
public:
    Trainer(const model::Executor& executor, const CodebookBuilderOptions& options, std::size_t images,
            const CodebookObserver& observer, std::stop_token stop)
        : m_executor(executor), m_options(options), m_observer(observer), m_stop(std::move(stop)),
          m_tensors(tensorsOf(executor.spec())), m_mostCounted(static_cast<double>(kMostValues / images)), m_begin(base::nowNs())
    {
        for (const auto& tensor : m_tensors)
            m_total += work(tensor) * kWidths;
        m_total += options.frames > 0 ? kFramesWork : 0;
    }

    Status trainTensors(const std::vector<data::Image>& images, codec::CodebookContents& contents)
    {
        for (const auto& tensor : m_tensors) {
            const std::size_t row = tensor.shape.count();
            const std::size_t count = std::clamp<std::size_t>(kMostValues / row, 1, images.size());
            auto values = activations(tensor, images, count);
            if (!values)
                return values.error();
            if (auto status = trainWidths(tensor, *values, contents); !status)
                return status;
        }
        return {};
    }

    Status trainFrames(const data::DataSet& images, codec::CodebookContents& contents)
    {
        if (m_options.frames == 0)
            return {};
        const std::size_t most = std::max<std::size_t>(kMostPixelBytes / images.imageSize().byteCount(), 1);
        const auto frames = read(images, spread(images.size(), std::min(m_options.frames, most)), m_stop);
        if (!frames)
            return frames.error();
        if (m_stop.stop_requested())
            return cancelled();
        const auto begin = base::nowNs();
        auto model = codec::FrameModel::train(*frames, codec::kFrameTrainingSteps, m_stop,
                                              [&](double share) { tellFrames(share, base::toMs(base::nowNs() - begin) / 1000); });
        if (m_stop.stop_requested())
            return cancelled();
        if (!model)
            return model.error();
        contents.frames = std::make_shared<const codec::FrameModel>(*std::move(model));
        return {};
    }

private:
    static constexpr std::size_t kWidths = codec::kMaxBits - codec::kMinBits + 1;

    static Error cancelled() { return {ErrorCode::Cancelled, "stopped; nothing was written", "codebook"}; }

    /// What training on a tensor takes, about, in values of an image. Large ones are trained on fewer images.
    [[nodiscard]] double work(const Tensor& tensor) const
    {
        return 1e4 + std::min(static_cast<double>(tensor.shape.count()), m_mostCounted);
    }

    base::Result<base::Tensor> activations(const Tensor& tensor, const std::vector<data::Image>& images, std::size_t count) const
    {
        base::Tensor all;
        all.batch = static_cast<int>(count);
        all.shape = {static_cast<int>(tensor.shape.count())};
        const auto chosen = spread(images.size(), count);
        const auto batch = static_cast<std::size_t>(std::max(1, m_options.batch));
        for (std::size_t at = 0; at < count; at += batch) {
            if (m_stop.stop_requested())
                return cancelled();
            std::vector<data::Image> frames;
            for (std::size_t i = at; i < std::min(at + batch, count); ++i)
                frames.push_back(images[chosen[i]]);
            const auto input = model::toInput(m_executor.spec(), frames);
            if (!input)
                return input.error();
            const auto output = m_executor.run(tensor.exit, 0, tensor.cut, *input);
            if (!output)
                return output.error();
            all.values.insert(all.values.end(), output->values.begin(), output->values.end());
        }
        return all;
    }

    Status trainWidths(const Tensor& tensor, const base::Tensor& values, codec::CodebookContents& contents)
    {
        int nextBits = codec::kMinBits;
        std::optional<Error> failure;
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < std::max(1, m_options.threads); ++i)
                threads.emplace_back([&] {
                    base::nameThisThread("codebook");
                    for (;;) {
                        std::unique_lock lock(m_mutex);
                        if (failure || m_stop.stop_requested() || nextBits > codec::kMaxBits)
                            return;
                        const int bits = nextBits++;
                        lock.unlock();
                        auto book = train(tensor, values, bits);
                        lock.lock();
                        if (!book) {
                            failure = failure ? failure : book.error();
                            return;
                        }
                        contents.books.emplace(std::pair(tensor.name, bits), *std::move(book));
                        tell(tensor.name + " at " + std::to_string(bits) + " bits", work(tensor));
                    }
                });
        }
        if (failure)
            return *failure;
        return m_stop.stop_requested() ? Status(cancelled()) : Status();
    }

    base::Result<codec::TensorBook> train(const Tensor& tensor, const base::Tensor& values, int bits) const
    {
        const auto& wanted = m_options.contextBits;
        const bool withContext = std::find(wanted.begin(), wanted.end(), bits) != wanted.end();
        const auto rows = static_cast<std::size_t>(values.batch);
        const auto some = spread(rows, std::max<std::size_t>(kHuffmanValues / values.rowSize(), 1));
        Frames frames(rows);
        for (const std::size_t i : withContext ? spread(rows, 0) : some) {
            frames[i].resize(values.rowSize());
            codec::quantize(values.row(static_cast<int>(i)), bits, frames[i]);
        }

        codec::TensorBook book;
        std::vector<std::span<const std::uint16_t>> views;
        for (const std::size_t i : some)
            views.emplace_back(frames[i]);
        auto huffman = codec::HuffmanBook::train(views, bits);
        if (!huffman)
            return huffman.error();
        book.huffman = std::make_shared<const codec::HuffmanBook>(*std::move(huffman));
        if (!withContext || m_stop.stop_requested())
            return book;
        auto context = codec::ContextModel::train(frames, bits, tensor.shape);
        if (!context)
            return context.error();
        book.context = std::make_shared<const codec::ContextModel>(*std::move(context));
        return book;
    }

    /// With the lock held where other threads run.
    void tell(const std::string& what, double done)
    {
        m_done += done;
        ++m_items;
        observe(what, m_items, secondsLeft());
    }
    /// All tensors are done, and this share of the frames' model in so many seconds.
    void tellFrames(double share, double seconds)
    {
        const auto percent = std::to_string(static_cast<int>(100 * share));
        observe("raw frames, " + percent + " %", m_items + (share < 1 ? 0 : 1),
                share > 0 ? seconds * (1 - share) / share : secondsLeft());
    }
    [[nodiscard]] double secondsLeft() const
    {
        const double seconds = base::toMs(base::nowNs() - m_begin) / 1000;
        return m_done > 0 ? seconds * (m_total - m_done) / m_done : 0;
    }
    void observe(const std::string& what, std::size_t items, double secondsLeft) const
    {
        if (m_observer)
            m_observer({.done = items,
                        .total = m_tensors.size() * kWidths + (m_options.frames > 0 ? 1 : 0),
                        .what = what,
                        .secondsLeft = secondsLeft});
    }

    const model::Executor& m_executor;
    const CodebookBuilderOptions& m_options;
    const CodebookObserver& m_observer;
    const std::stop_token m_stop;
    const std::vector<Tensor> m_tensors;
    const double m_mostCounted;
    const std::int64_t m_begin;
    double m_total = 0;
    std::mutex m_mutex;
    double m_done = 0;
    std::size_t m_items = 0;
};

}  // namespace

base::Result<codec::Codebook> trainCodebook(const model::Executor& executor, const std::string& modelHash,
                                            const data::DataSet& images, const CodebookBuilderOptions& options,
                                            std::stop_token stop, const CodebookObserver& observer)
{
    if (images.size() == 0)
        return Error{ErrorCode::InvalidInput, "has no images to train on", images.name()};
    codec::CodebookContents contents;
    contents.network = executor.spec().name;
    contents.modelHash = modelHash;
    contents.data = options.data.empty() ? images.name() : options.data;
    const auto some = read(images, spread(images.size(), options.images), stop);
    if (!some)
        return some.error();
    if (some->empty())
        return Error{ErrorCode::Cancelled, "stopped; nothing was written", "codebook"};
    contents.images = static_cast<std::uint32_t>(some->size());
    model::Executor::setThreadCount(options.threads);
    Trainer trainer(executor, options, some->size(), observer, stop);
    if (auto status = trainer.trainTensors(*some, contents); !status)
        return status.error();
    if (auto status = trainer.trainFrames(images, contents); !status)
        return status.error();
    codec::Codebook book(std::move(contents));
    if (book.bytes().size() > codec::kMaxCodebookBytes)
        return Error{ErrorCode::TooLarge, std::to_string(book.bytes().size()) + " bytes of codebook; ask for fewer bit widths",
                     "codebook"};
    return book;
}

}  // namespace splitscope::profile
