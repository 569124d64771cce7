// SPDX-License-Identifier: GPL-3.0-or-later
// What a network answers when nobody splits it: what runs over two processes or two machines are held against.
#pragma once

#include "core/data/data_set.h"
#include "core/exec/frame_source.h"
#include "core/exec/row_coding.h"
#include "core/model/executor.h"
#include "core/session/model_package.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

/// The network in this process, on the frames that a device with this seed captures.
class ReferenceNetwork {
public:
    explicit ReferenceNetwork(const splitscope::session::Scenario& scenario)
        : spec(*splitscope::model::loadNetworkSpec(scenario.model)),
          executor(*splitscope::model::Executor::create(
              spec, *splitscope::session::findWeights(spec.name, scenario.data, scenario.weights))),
          m_source(*splitscope::data::openDataSet(scenario.data, splitscope::model::frameSize(spec),
                                                  splitscope::data::Split::Evaluation),
                   scenario.seed)
    {
    }

    splitscope::base::Tensor input(const splitscope::wire::FrameRecord& record)
    {
        return *splitscope::model::toInput(spec, *m_source.read(record.firstFrame, record.count));
    }
    /// Answers are kept by exit and image: long runs go through the data set many times.
    splitscope::base::Tensor whole(const splitscope::wire::FrameRecord& record)
    {
        auto& known = m_answers[record.decision.exit];
        const auto frames = static_cast<std::size_t>(record.count);
        std::vector<std::size_t> images;
        for (std::size_t i = 0; i < frames; ++i)
            images.push_back(m_source.imageIndex(record.firstFrame + i));
        if (std::ranges::all_of(images, [&](auto image) { return known.contains(image); })) {
            splitscope::base::Tensor answers(record.count, {static_cast<int>(known.at(images[0]).size())});
            for (std::size_t i = 0; i < frames; ++i)
                std::ranges::copy(known.at(images[i]), answers.row(static_cast<int>(i)).begin());
            return answers;
        }
        auto answers = *executor->run(record.decision.exit, 0, length(record), input(record));
        for (std::size_t i = 0; i < frames; ++i) {
            const auto row = answers.row(static_cast<int>(i));
            known.try_emplace(images[i], row.begin(), row.end());
        }
        return answers;
    }
    /// Device half, quantization there and back, edge half; all here.
    splitscope::base::Tensor quantized(const splitscope::wire::FrameRecord& record)
    {
        const auto& decision = record.decision;
        const auto activation = *executor->run(decision.exit, 0, decision.partition, input(record));
        const auto rows = *splitscope::exec::encodeRows(activation, decision.coding, splitscope::codec::EntropyCoder::None);
        const auto back
            = *splitscope::exec::decodeRows(spec, decision, splitscope::codec::EntropyCoder::None, rows.sizes, rows.payload);
        return *executor->run(decision.exit, decision.partition, length(record), back);
    }
    int length(const splitscope::wire::FrameRecord& record) const
    {
        return spec.exits[static_cast<std::size_t>(record.decision.exit - 1)].layerCount();
    }

    const splitscope::model::NetworkSpec spec;
    const std::unique_ptr<splitscope::model::Executor> executor;

private:
    splitscope::exec::FrameSource m_source;
    std::map<int, std::map<std::size_t, std::vector<float>>> m_answers;
};

inline std::string describe(const splitscope::wire::FrameRecord& record)
{
    return splitscope::decision::toString(record.decision) + ", frame " + std::to_string(record.firstFrame);
}

inline double largestDifference(const std::vector<float>& a, const std::vector<float>& b)
{
    double largest = a.size() == b.size() ? 0 : HUGE_VAL;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    return largest;
}
