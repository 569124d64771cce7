// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/codec_subject.h"

#include "app/verbs/subject.h"
#include "core/data/data_set.h"
#include "core/model/executor.h"
#include "core/model/path.h"

#include <map>

namespace splitscope::app {

namespace {

/// Spread over the whole split: data sets may be sorted.
base::Result<std::vector<data::Image>> picturesOf(const data::DataSet& images, std::size_t count)
{
    std::vector<data::Image> pictures;
    count = std::min(count, images.size());
    for (std::size_t i = 0; i < count; ++i) {
        auto image = images.image(i * images.size() / count);
        if (!image)
            return image.error();
        pictures.push_back(*std::move(image));
    }
    return pictures;
}

/// Layer by layer: what exits share is computed once.
base::Result<std::vector<CodecCut>> cutsOf(const model::Executor& executor, const base::Tensor& input,
                                           const std::stop_token& stop)
{
    std::vector<CodecCut> cuts;
    std::map<std::string, std::size_t> known;
    const auto& spec = executor.spec();
    for (int exit = spec.exitCount(); exit >= 1; --exit) {  // the longest path first: the trunk stands in order
        const model::Path path(spec, exit);
        int before = 0;
        std::size_t last = 0;
        for (const int cut : path.distinctCuts()) {
            if (cut == 0 || cut == path.length())
                continue;
            if (stop.stop_requested())
                return base::Error{base::ErrorCode::Cancelled, "stopped", "bench codec"};
            const auto [found, isNew] = known.try_emplace(path.cutName(cut), cuts.size());
            if (isNew) {
                auto frames = executor.run(exit, before, cut, before == 0 ? input : cuts[last].frames);
                if (!frames)
                    return frames.error();
                cuts.push_back({path.cutName(cut), *std::move(frames)});
            }
            last = found->second;
            before = cut;
        }
    }
    return cuts;
}

base::Result<CodecSubject> openOn(const std::string& data, const model::NetworkSpec& spec, std::size_t count,
                                  const std::stop_token& stop)
{
    const auto opened = openSubject(spec, data, {}, data::Split::Table);
    if (!opened)
        return opened.error();
    auto pictures = picturesOf(*opened->images, count);
    if (!pictures)
        return pictures.error();
    const auto input = model::toInput(spec, *pictures);
    if (!input)
        return input.error();
    auto cuts = cutsOf(*opened->executor, *input, stop);
    if (!cuts)
        return cuts.error();
    CodecSubject subject{spec.name, data, *std::move(pictures), *std::move(cuts), nullptr, {}};
    if (auto codebook = codec::loadShippedCodebook(spec.name, data))
        subject.codebook = *std::move(codebook);
    else
        subject.whyNoCodebook = codebook.error().message();
    return subject;
}

}  // namespace

double CodecSubject::floatBytes() const
{
    double bytes = 0;
    for (const auto& cut : cuts)
        bytes += cut.floatBytes();
    return bytes;
}

base::Result<CodecSubject> openCodecSubject(const std::string& model, std::size_t pictures, const std::stop_token& stop)
{
    model::Executor::setThreadCount(1);
    const auto spec = model::loadNetworkSpec(model);
    if (!spec)
        return spec.error();
    base::Result<CodecSubject> subject = base::Error{base::ErrorCode::NotFound, "ships no weights", model};
    for (const char* const data : {"cifar10", "imagenette", "patterns"}) {
        subject = openOn(data, *spec, pictures, stop);
        if (subject || subject.error().code == base::ErrorCode::Cancelled)
            break;
    }
    return subject;
}

}  // namespace splitscope::app
