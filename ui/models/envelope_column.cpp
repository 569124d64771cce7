// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/envelope_column.h"

#include <algorithm>

namespace splitscope::ui {

void EnvelopeColumn::append(float value)
{
    m_values.push_back(value);
    std::size_t filled = m_values.size();
    for (std::size_t level = 0; filled % kFan == 0; ++level, filled /= kFan) {
        if (level == m_levels.size())
            m_levels.emplace_back();
        Envelope block;
        if (level == 0) {
            for (std::size_t i = m_values.size() - kFan; i < m_values.size(); ++i)
                block.add(m_values[i]);
        } else {
            const auto& below = m_levels[level - 1];
            for (std::size_t i = below.size() - kFan; i < below.size(); ++i)
                block.add(below[i]);
        }
        m_levels[level].push_back(block);
    }
}

void EnvelopeColumn::clear()
{
    m_values.clear();
    m_levels.clear();
}

void EnvelopeColumn::dropFirst(std::size_t count)
{
    const std::vector<float> kept(m_values.begin() + static_cast<std::ptrdiff_t>(std::min(count, m_values.size())),
                                  m_values.end());
    clear();
    for (const float value : kept)
        append(value);
}

Envelope EnvelopeColumn::envelope(std::size_t first, std::size_t last) const
{
    Envelope result;
    last = std::min(last, m_values.size());
    while (first < last) {
        std::size_t block = 1;
        std::size_t level = 0;
        while (level < m_levels.size() && first % (block * kFan) == 0 && first + block * kFan <= last) {
            block *= kFan;
            ++level;
        }
        if (level == 0)
            result.add(m_values[first]);
        else
            result.add(m_levels[level - 1][first / block]);
        first += block;
    }
    return result;
}

std::size_t EnvelopeColumn::bytes() const
{
    std::size_t total = m_values.size() * sizeof(float);
    for (const auto& level : m_levels)
        total += level.size() * sizeof(Envelope);
    return total;
}

}  // namespace splitscope::ui
