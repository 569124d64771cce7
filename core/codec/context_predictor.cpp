// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/context_predictor.h"

namespace splitscope::codec {

void PredictorWalk::prepare(const Predictor& predictor, const PlaneLayout& layout)
{
    const auto grow = [](auto& memory, std::size_t size) {
        if (memory.size() < size)
            memory.resize(size);
    };
    grow(m_planes, predictor.channels.size() * layout.size);
    grow(m_sums, layout.span);
    grow(m_errors, layout.span);
    grow(m_before, layout.span);
    std::fill_n(m_before.begin(), layout.span, static_cast<std::int16_t>(predictor.spread.first << kBeforeBits));
    std::fill_n(m_errors.begin(), layout.span, std::int16_t{0});  // those of borders mean nothing, but are read
}

void PredictorWalk::predictFromBefore(const ChannelPredictor& channel, const PlaneLayout& layout)
{
    std::int32_t* const sums = m_sums.data();
    std::fill_n(sums, layout.span, channel.bias);
    for (const auto& term : channel.terms) {
        const std::size_t source = term.feature / kNeighbours * layout.size + layout.first;
        const std::ptrdiff_t offset = layout.offset(static_cast<Neighbour>(term.feature % kNeighbours));
        const std::int16_t* const values = m_planes.data() + static_cast<std::ptrdiff_t>(source) + offset;
        for (std::size_t i = 0; i < layout.span; ++i)
            sums[i] += std::int32_t{term.weight} * values[i];
    }
}

void PredictorWalk::predictFromAbove(const ChannelPredictor& channel, const std::int16_t* above, std::size_t width,
                                     std::int32_t* sums)
{
    const std::int32_t weight = channel.own[OwnAbove];
    const std::int32_t leftWeight = channel.own[OwnAboveLeft];
    const std::int32_t rightWeight = channel.own[OwnAboveRight];
    for (std::size_t x = 0; x < width; ++x)
        sums[x] += weight * above[x] + leftWeight * above[static_cast<std::ptrdiff_t>(x) - 1] + rightWeight * above[x + 1];
}

void PredictorWalk::finishChannel(const PlaneLayout& layout, std::int16_t* plane)
{
    for (std::size_t i = 0; i < layout.span; ++i)
        m_before[i] = static_cast<std::int16_t>(m_before[i] + m_errors[i] - (m_before[i] >> kBeforeBits));
    if (layout.border == 0)
        return;
    std::copy_n(plane + layout.stride, layout.stride, plane);
    std::copy_n(plane + layout.height * layout.stride, layout.stride, plane + (layout.height + 1) * layout.stride);
}

}  // namespace splitscope::codec
