// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rl/replay_buffer.h"

#include <algorithm>
#include <cassert>

namespace splitscope::rl {

namespace {

template <typename T>
void appendAll(base::Bytes& out, const std::vector<T>& values)
{
    const auto* raw = reinterpret_cast<const std::uint8_t*>(values.data());
    out.insert(out.end(), raw, raw + values.size() * sizeof(T));
}

template <typename T>
bool takeAll(base::ByteView& in, std::vector<T>& values)
{
    const auto size = values.size() * sizeof(T);
    if (in.size() < size)
        return false;
    std::copy_n(in.data(), size, reinterpret_cast<std::uint8_t*>(values.data()));  // also of nothing
    in = in.subspan(size);
    return true;
}

}  // namespace

ReplayBuffer::ReplayBuffer(std::size_t capacity, std::size_t inputs, std::size_t actions, bool known)
    : m_capacity(capacity), m_inputs(inputs), m_actions(actions), m_observations(capacity * inputs), m_next(capacity * inputs),
      m_rewards(capacity), m_known(known ? capacity * actions : 0), m_nextKnown(m_known.size()), m_masks(capacity * actions),
      m_nextMasks(capacity * actions), m_ended(capacity), m_chosen(capacity)
{
    assert(capacity > 0);
}

void ReplayBuffer::add(const Transition& transition)
{
    assert(transition.observation.size() == m_inputs && transition.mask.size() == m_actions && transition.action < m_actions);
    const auto put = [](const auto& from, auto& to, std::size_t at) {
        std::copy(from.begin(), from.end(), to.begin() + static_cast<std::ptrdiff_t>(at));
    };
    put(transition.observation, m_observations, m_at * m_inputs);
    put(transition.next, m_next, m_at * m_inputs);
    put(transition.mask, m_masks, m_at * m_actions);
    put(transition.nextMask, m_nextMasks, m_at * m_actions);
    assert(transition.known.size() == (m_known.empty() ? 0 : m_actions));
    put(transition.known, m_known, m_at * m_actions);
    put(transition.nextKnown, m_nextKnown, m_at * m_actions);
    m_chosen[m_at] = static_cast<std::uint32_t>(transition.action);
    m_rewards[m_at] = transition.reward;
    m_ended[m_at] = transition.ended ? 1 : 0;
    m_at = (m_at + 1) % m_capacity;
    m_size = std::min(m_size + 1, m_capacity);
}

void ReplayBuffer::sample(base::Random& random, Batch& batch) const
{
    assert(m_size > 0);
    const auto get = [](const auto& from, std::size_t at, std::size_t count, auto& to, std::size_t row, int width) {
        std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(at * count), count,
                    to.begin() + static_cast<std::ptrdiff_t>(row * static_cast<std::size_t>(width)));
    };
    if (!m_known.empty()) {
        batch.known.resize(batch.masks.size());
        batch.nextKnown.resize(batch.masks.size());
    }
    for (std::size_t row = 0; row < static_cast<std::size_t>(batch.rows); ++row) {
        const auto i = static_cast<std::size_t>(random.below(static_cast<int>(m_size)));
        get(m_observations, i, m_inputs, batch.observations, row, batch.width);
        get(m_next, i, m_inputs, batch.next, row, batch.width);
        get(m_masks, i, m_actions, batch.masks, row, batch.actionWidth);
        get(m_nextMasks, i, m_actions, batch.nextMasks, row, batch.actionWidth);
        if (!m_known.empty()) {
            get(m_known, i, m_actions, batch.known, row, batch.actionWidth);
            get(m_nextKnown, i, m_actions, batch.nextKnown, row, batch.actionWidth);
        }
        batch.actions[row] = static_cast<int>(m_chosen[i]);
        batch.rewards[row] = m_rewards[i];
        batch.goesOn[row] = m_ended[i] ? 0.0F : 1.0F;
    }
}

void ReplayBuffer::appendState(base::Bytes& out) const
{
    base::append(out, static_cast<std::uint64_t>(m_size));
    base::append(out, static_cast<std::uint64_t>(m_at));
    for (const auto* values : {&m_observations, &m_next, &m_rewards, &m_known, &m_nextKnown})
        appendAll(out, *values);
    for (const auto* values : {&m_masks, &m_nextMasks, &m_ended})
        appendAll(out, *values);
    appendAll(out, m_chosen);
}

bool ReplayBuffer::restoreState(base::ByteView& in)
{
    if (in.size() < 16)
        return false;
    m_size = base::readAt<std::uint64_t>(in, 0);
    m_at = base::readAt<std::uint64_t>(in, 8);
    in = in.subspan(16);
    if (m_size > m_capacity || m_at >= m_capacity)
        return false;
    bool fits = takeAll(in, m_observations) && takeAll(in, m_next) && takeAll(in, m_rewards) && takeAll(in, m_known)
        && takeAll(in, m_nextKnown) && takeAll(in, m_masks) && takeAll(in, m_nextMasks) && takeAll(in, m_ended)
        && takeAll(in, m_chosen);
    for (auto action : m_chosen)
        fits = fits && action < m_actions;
    return fits;
}

}  // namespace splitscope::rl
