// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/context_predictor.h"

namespace splitscope::codec {

namespace {

using Term = PlacedPredictor::Term;
using AddTerms = void (*)(const std::int16_t* values, std::span<const Term> terms, std::size_t count, std::int32_t* sums);

/// Adds each term's `count` products. Compiled for several instruction sets; all give the same integers.
[[gnu::always_inline]] inline void addTermsBody(const std::int16_t* values, std::span<const Term> terms, std::size_t count,
                                                std::int32_t* sums)
{
    std::size_t k = 0;
    for (; k + 4 <= terms.size(); k += 4) {
        const std::int16_t* const v0 = values + terms[k].at;
        const std::int16_t* const v1 = values + terms[k + 1].at;
        const std::int16_t* const v2 = values + terms[k + 2].at;
        const std::int16_t* const v3 = values + terms[k + 3].at;
        const std::int32_t w0 = terms[k].weight;
        const std::int32_t w1 = terms[k + 1].weight;
        const std::int32_t w2 = terms[k + 2].weight;
        const std::int32_t w3 = terms[k + 3].weight;
        for (std::size_t i = 0; i < count; ++i)
            sums[i] += w0 * v0[i] + w1 * v1[i] + w2 * v2[i] + w3 * v3[i];
    }
    for (; k < terms.size(); ++k) {
        const std::int16_t* const v = values + terms[k].at;
        const std::int32_t w = terms[k].weight;
        for (std::size_t i = 0; i < count; ++i)
            sums[i] += w * v[i];
    }
}

void addTermsBaseline(const std::int16_t* values, std::span<const Term> terms, std::size_t count, std::int32_t* sums)
{
    addTermsBody(values, terms, count, sums);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void addTermsAvx2(const std::int16_t* values, std::span<const Term> terms, std::size_t count,
                                          std::int32_t* sums)
{
    addTermsBody(values, terms, count, sums);
}
#endif

AddTerms bestAddTerms()
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return addTermsAvx2;
#endif
    return addTermsBaseline;
}

}  // namespace

PlacedPredictor::PlacedPredictor(Predictor made) : m_predictor(std::move(made)), m_layout(m_predictor.shape)
{
    for (const auto& channel : m_predictor.channels) {
        m_firstTerms.push_back(m_terms.size());
        for (const auto& term : channel.terms) {
            const auto plane = static_cast<std::ptrdiff_t>(term.feature / kNeighbours * m_layout.size);
            const std::ptrdiff_t at = plane + m_layout.offset(static_cast<Neighbour>(term.feature % kNeighbours));
            m_terms.push_back({static_cast<std::int32_t>(at), term.weight});
        }
    }
    m_firstTerms.push_back(m_terms.size());
}

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

void PredictorWalk::predictFromBefore(const PlacedPredictor& placed, std::size_t channel)
{
    const PlaneLayout& layout = placed.layout();
    std::fill_n(m_sums.begin(), layout.span, placed.predictor().channels[channel].bias);
    static const AddTerms addTerms = bestAddTerms();
    addTerms(m_planes.data() + layout.first, placed.terms(channel), layout.span, m_sums.data());
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
    std::copy_n(plane + layout.stride, layout.stride, plane);
    std::copy_n(plane + layout.height * layout.stride, layout.stride, plane + (layout.height + 1) * layout.stride);
}

}  // namespace splitscope::codec
