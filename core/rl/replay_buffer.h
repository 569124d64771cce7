// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/random.h"
#include "core/rl/learner.h"

namespace splitscope::rl {

/// The last `capacity` transitions (D of eq. 8). One thread at a time.
class ReplayBuffer {
public:
    /// `known`: transitions come with what is known of rewards (Batch::known).
    ReplayBuffer(std::size_t capacity, std::size_t inputs, std::size_t actions, bool known = false);

    struct Transition {
        std::span<const float> observation, next;  ///< `inputs` values
        std::span<const char> mask, nextMask;  ///< `actions` values
        std::size_t action = 0;
        float reward = 0;
        bool ended = false;  ///< nothing comes after s'
        std::span<const float> known{}, nextKnown{};  ///< `actions` values, or none
    };
    /// Overwrites the oldest when it is full.
    void add(const Transition& transition);
    [[nodiscard]] std::size_t size() const { return m_size; }

    /// batch.rows transitions, drawn uniformly, with repetition. The buffer holds at least one.
    void sample(base::Random& random, Batch& batch) const;

    void appendState(base::Bytes& out) const;
    /// Takes what appendState() wrote off the front; false where it does not fit.
    bool restoreState(base::ByteView& in);

private:
    std::size_t m_capacity, m_inputs, m_actions;
    std::size_t m_size = 0, m_at = 0;
    std::vector<float> m_observations, m_next, m_rewards, m_known, m_nextKnown;
    std::vector<char> m_masks, m_nextMasks, m_ended;
    std::vector<std::uint32_t> m_chosen;
};

}  // namespace splitscope::rl
