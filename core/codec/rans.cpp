// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/rans.h"

#include <algorithm>
#include <numeric>

namespace splitscope::codec {

namespace {

/// Is it cheaper to lower a's frequency by one than b's? Costs are count·log2(f/(f − 1)), here to first order and exact enough:
/// count/(f − 1/2), compared without rounding.
bool losesLess(std::uint64_t countA, std::uint32_t frequencyA, std::uint64_t countB, std::uint32_t frequencyB)
{
    return countA * (2 * frequencyB - 1) < countB * (2 * frequencyA - 1);
}

}  // namespace

void scaleToFrequencies(std::span<const std::uint64_t> counts, bool all, std::span<std::uint16_t> frequencies)
{
    assert(counts.size() == frequencies.size() && counts.size() <= kRansTotal);
    // Counts beyond 2^40 lose low bits, so that the products below cannot overflow.
    std::uint64_t sum = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    int shift = 0;
    while (sum >> shift >> 40 != 0)
        ++shift;
    sum >>= shift;
    assert(sum > 0);

    std::uint32_t given = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const std::uint64_t scaled = ((counts[i] >> shift) * kRansTotal + sum / 2) / sum;
        const bool needsOne = all || counts[i] > 0;
        frequencies[i] = static_cast<std::uint16_t>(std::clamp<std::uint64_t>(scaled, needsOne ? 1 : 0, kRansTotal));
        given += frequencies[i];
    }
    for (; given < kRansTotal; ++given) {  // to whom it brings most
        std::size_t best = 0;
        for (std::size_t i = 1; i < counts.size(); ++i)
            if (losesLess(counts[best] >> shift, frequencies[best] + 1U, counts[i] >> shift, frequencies[i] + 1U))
                best = i;
        ++frequencies[best];
    }
    for (; given > kRansTotal; --given) {  // from whom it costs least
        std::size_t best = counts.size();
        for (std::size_t i = 0; i < counts.size(); ++i)
            if (frequencies[i] > 1
                && (best == counts.size()
                    || losesLess(counts[i] >> shift, frequencies[i], counts[best] >> shift, frequencies[best])))
                best = i;
        --frequencies[best];
    }
}

RansTable::RansTable(std::span<const std::uint16_t> frequencies)
{
    assert(!frequencies.empty() && frequencies.size() <= 256);
    std::uint32_t start = 0;
    for (const std::uint32_t frequency : frequencies) {
        m_starts.push_back(static_cast<std::uint16_t>(start));
        m_codes.push_back(frequency > 0 ? RansCode::of(start, frequency) : RansCode{});
        start += frequency;
    }
    assert(start == kRansTotal);
    m_starts.push_back(kRansTotal);

    std::size_t symbol = 0;
    for (std::uint32_t block = 0; block < std::size(m_firstInBlock); ++block) {
        while (m_starts[symbol + 1] <= block << kBlockBits)
            ++symbol;
        m_firstInBlock[block] = static_cast<std::uint8_t>(symbol);
    }
}

}  // namespace splitscope::codec
