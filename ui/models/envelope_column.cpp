// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/envelope_column.h"

#include <algorithm>

namespace splitscope::ui {

void EnvelopeColumn::append(float value)
{
    m_values.append(value);
    const std::size_t length = m_dropped + m_values.size();
    std::size_t block = kFirstBlock;
    for (std::size_t level = 0; length % block == 0; ++level, block *= kFan) {
        if (level == m_levels.size())
            m_levels.emplace_back();
        // After forgetting, the block's beginning may be gone; it is there for the grid alone, and nothing asks for it.
        Envelope sum;
        const auto addLast = [&sum](const auto& parts, std::size_t count) {
            for (std::size_t i = parts.size() - std::min(count, parts.size()); i < parts.size(); ++i)
                sum.add(parts[i]);
        };
        if (level == 0)
            addLast(m_values, kFirstBlock);
        else
            addLast(m_levels[level - 1].blocks, kFan);
        m_levels[level].blocks.append(sum);
    }
}

void EnvelopeColumn::clear()
{
    m_values.clear();
    m_levels.clear();
    m_dropped = 0;
}

void EnvelopeColumn::dropFirst(std::size_t count)
{
    count = std::min(count, m_values.size());
    m_values.dropFirst(count);
    m_dropped += count;
    std::size_t block = kFirstBlock;
    for (Level& level : m_levels) {
        const std::size_t before = m_dropped / block;
        block *= kFan;
        level.blocks.dropFirst(before - level.dropped);
        level.dropped = before;
    }
}

Envelope EnvelopeColumn::envelope(std::size_t first, std::size_t last) const
{
    Envelope result;
    last = std::min(last, m_values.size()) + m_dropped;
    first += m_dropped;
    while (first < last && (first % kFirstBlock != 0 || first + kFirstBlock > last))
        result.add(m_values[first++ - m_dropped]);
    // Up through ever longer blocks while they fit, and down again.
    std::size_t block = kFirstBlock, level = 0;
    while (first + kFirstBlock <= last) {
        while (level + 1 < m_levels.size() && first % (block * kFan) == 0 && first + block * kFan <= last) {
            block *= kFan;
            ++level;
        }
        while (first + block > last) {
            block /= kFan;
            --level;
        }
        result.add(m_levels[level].blocks[first / block - m_levels[level].dropped]);
        first += block;
    }
    while (first < last)
        result.add(m_values[first++ - m_dropped]);
    return result;
}

std::size_t EnvelopeColumn::bytes() const
{
    std::size_t total = m_values.bytes();
    for (const auto& level : m_levels)
        total += level.blocks.bytes();
    return total;
}

}  // namespace splitscope::ui
