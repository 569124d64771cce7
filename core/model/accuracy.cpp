// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/wilson.h"
#include "core/model/executor.h"
#include "core/model/trainer.h"

#include <algorithm>

namespace splitscope::model {

namespace {

constexpr std::size_t kBatch = 64;

ExitAccuracy withInterval(int layers, std::size_t right, std::size_t images)
{
    const auto interval = base::wilsonInterval(right, images);
    return {layers, static_cast<double>(right) / static_cast<double>(images), interval.low, interval.high, images};
}

base::Result<base::Tensor> readBatch(const NetworkSpec& spec, const data::DataSet& images, std::size_t first, std::size_t count)
{
    std::vector<data::Image> frames;
    for (std::size_t i = first; i < first + count; ++i) {
        auto image = images.image(i);
        if (!image)
            return image.error();
        frames.push_back(std::move(*image));
    }
    return toInput(spec, frames);
}

}  // namespace

base::Result<std::vector<ExitAccuracy>> measureAccuracy(const NetworkSpec& spec, const Weights& weights,
                                                        const data::DataSet& images, std::size_t limit, std::stop_token stop)
{
    auto executor = Executor::create(spec, weights);
    if (!executor)
        return executor.error();
    const std::size_t total = limit == 0 ? images.size() : std::min(limit, images.size());
    if (total == 0)
        return base::Error{base::ErrorCode::InvalidInput, "has no images", images.name()};
    std::vector<std::size_t> right(spec.exits.size(), 0);
    for (std::size_t first = 0; first < total; first += kBatch) {
        if (stop.stop_requested())
            return base::Error{base::ErrorCode::Cancelled, "stopped after " + std::to_string(first) + " images", images.name()};
        const std::size_t count = std::min(kBatch, total - first);
        const auto input = readBatch(spec, images, first, count);
        if (!input)
            return input.error();
        for (int exit = 1; exit <= spec.exitCount(); ++exit) {
            const auto logits = (*executor)->run(exit, 0, spec.exits[static_cast<std::size_t>(exit - 1)].layerCount(), *input);
            if (!logits)
                return logits.error();
            for (std::size_t i = 0; i < count; ++i)
                if (base::argmax(logits->row(static_cast<int>(i))) == images.label(first + i))
                    ++right[static_cast<std::size_t>(exit - 1)];
        }
    }
    std::vector<ExitAccuracy> result;
    for (std::size_t e = 0; e < spec.exits.size(); ++e)
        result.push_back(withInterval(spec.exits[e].layerCount(), right[e], total));
    return result;
}

}  // namespace splitscope::model
