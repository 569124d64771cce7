// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/context_tables.h"

namespace splitscope::codec {

namespace {

/// 2^(log/8), in units so small that each step differs; 0 for 0.
std::uint64_t weightOf(std::uint8_t log)
{
    static constexpr std::uint64_t kEighths[] = {256, 279, 304, 332, 362, 395, 431, 470};
    return log == 0 ? 0 : kEighths[log % 8] << (log / 8);
}

template <std::size_t Size, typename Entry>
void fillBuckets(const std::vector<std::uint16_t>& bounds, std::size_t factor, std::array<Entry, Size>& buckets)
{
    std::size_t bucket = 0;
    for (std::size_t i = 0; i < Size; ++i) {
        while (bucket < bounds.size() && bounds[bucket] <= i)
            ++bucket;
        buckets[i] = static_cast<Entry>(bucket * factor);
    }
}

}  // namespace

void frequenciesOf(const ContextShape& shape, std::span<std::uint16_t> frequencies)
{
    std::array<std::uint64_t, (1 << kMaxSymbolBits) + 1> weights{};
    std::size_t symbol = 0;
    for (const auto& segment : shape.segments)
        for (std::size_t i = 0; i < segment.length; ++i)
            weights[symbol++] = weightOf(segment.logFrequency);
    weights[symbol] = weightOf(shape.escapeLog);
    assert(symbol + 1 == frequencies.size());

    std::uint64_t sum = 0;
    std::uint32_t present = 0;
    for (const std::uint64_t weight : weights) {
        sum += weight;
        present += weight > 0 ? 1 : 0;
    }
    sum = std::max<std::uint64_t>(sum, 1);
    // One for each that is there, and its share of the rest; what rounding leaves goes to the first of the most frequent.
    const std::uint32_t shared = kRansTotal - present;
    std::uint32_t left = shared;
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
        const auto share = static_cast<std::uint32_t>(weights[i] * shared / sum);
        frequencies[i] = static_cast<std::uint16_t>(share + (weights[i] > 0 ? 1 : 0));
        left -= share;
    }
    const auto most = std::max_element(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(frequencies.size()));
    auto& receiver = frequencies[static_cast<std::size_t>(most - weights.begin())];
    receiver = static_cast<std::uint16_t>(receiver + left);
}

ContextFinder::ContextFinder(const ContextBounds& bounds)
{
    fillBuckets(bounds.expected, bounds.spread.size() + 1, m_expected);
    fillBuckets(bounds.spread, 1, m_spread);
}

ContextTables::ContextTables(int symbolBits, const std::vector<ContextShape>& shapes)
    : m_symbols(1U << symbolBits), m_expectedShift(kExpectedBits - symbolBits)
{
    m_starts.reserve(shapes.size() * (m_symbols + 2));
    m_firstInBlock.reserve(shapes.size() * kBlocks);
    std::vector<std::uint16_t> frequencies(m_symbols + 1);
    for (const auto& shape : shapes) {
        frequenciesOf(shape, frequencies);
        const std::size_t at = m_starts.size();
        std::uint32_t start = 0;
        for (const std::uint16_t frequency : frequencies) {
            m_starts.push_back(static_cast<std::uint16_t>(start));
            start += frequency;
        }
        m_starts.push_back(static_cast<std::uint16_t>(start));
        std::uint32_t symbol = 0;
        for (std::size_t block = 0; block < kBlocks; ++block) {
            while (m_starts[at + symbol + 1] <= block << kBlockBits)
                ++symbol;
            m_firstInBlock.push_back(static_cast<std::uint8_t>(std::min(symbol, m_symbols - 1)));
        }
        m_originMask.push_back(shape.residual ? static_cast<std::uint16_t>(m_symbols - 1) : 0);
    }
}

}  // namespace splitscope::codec
