// SPDX-License-Identifier: GPL-3.0-or-later
// A trained network that decides: plain floats, no LibTorch. What trainers make, files hold and strategies use.
#pragma once

#include "core/base/bytes.h"
#include "core/decision/reward.h"
#include "core/decision/state.h"
#include "core/rl/features.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <span>

namespace splitscope::rl {

/// One linear layer, outputs × inputs row-major.
struct Layer {
    int inputs = 0, outputs = 0;
    std::vector<float> weights;
    std::vector<float> bias;

    bool operator==(const Layer&) const = default;
};

/// Immutable once made; thread-safe (the caller brings the scratch).
struct Policy {
    std::string algorithm;  ///< "sacd", "dqn", "sacd-paper", "boomerang", "supervised"
    std::string network;  ///< model's name
    std::string modelHash;
    std::string tableHash;  ///< SHA-256 of the cost table's JSON that it was trained on
    std::vector<decision::Decision> actions;  ///< output i is actions[i]
    int batch = 1;
    FeatureOptions features;  ///< which inputs, and their ranges
    decision::RewardScale scale;
    decision::Objective objective;  ///< that it was trained for; where its sliders are inputs, only the rest of it counts
    bool frontOnly = false;  ///< chooses among what no other action beats in time and accuracy at once (Decider does it)
    /// Above 0: an action's output counts beside so many times its reward by the table (Decider does it).
    double knownScale = 0;
    std::vector<Layer> layers;  ///< ReLU between them; the last one's outputs are logits (SAC-d) or values (DQN)
    std::string command;  ///< that made it
    std::string date;
    double gap = 0;  ///< 1 − mean reward / optimum, on evaluation's traces, when it was saved

    bool operator==(const Policy&) const = default;
};

/// Reused from decision to decision, so that nothing is allocated.
struct PolicyScratch {
    std::vector<float> input, hidden, next;
};

/// The outputs for scratch.input (featureCount() values), in scratch.hidden (actions.size() values).
void forward(const Policy& policy, PolicyScratch& scratch);
/// The same for a state: features and outputs. `actual`: the reward's scale of now; the policy's own where it is left out.
void forward(const Policy& policy, const decision::State& state, const decision::Objective& objective,
             const decision::RewardScale& actual, PolicyScratch& scratch);

/// argmax over actions with mask[i] != 0; the first action's index where the mask is all 0.
std::size_t choose(const Policy& policy, const decision::State& state, const decision::Objective& objective,
                   std::span<const char> mask, PolicyScratch& scratch);

/// The action of the greatest output that accept(action) takes, asking from the greatest down, so that few are asked about;
/// actions.size() if it takes none. Uses up scratch.hidden as forward() left it.
template <typename Accept>
std::size_t chooseAccepted(PolicyScratch& scratch, Accept accept)
{
    auto& outputs = scratch.hidden;
    for (std::size_t asked = 0; asked < outputs.size(); ++asked) {
        const auto best = std::max_element(outputs.begin(), outputs.end());
        const auto action = static_cast<std::size_t>(best - outputs.begin());
        if (accept(action))
            return action;
        *best = -std::numeric_limits<float>::infinity();
    }
    return outputs.size();
}

/// Whether the state and the objective lie within what the policy was trained on; else its answer is a guess.
bool withinTraining(const Policy& policy, const decision::State& state, const decision::Objective& objective);

/// Layers fit each other, the features and the actions; all numbers are finite.
base::Status check(const Policy& policy, const std::string& where);

/// Magic "SSP1", JSON header, floats, SHA-256. save() writes a temporary file, then renames.
base::Bytes serialize(const Policy& policy);
base::Result<Policy> parsePolicy(base::ByteView bytes, const std::string& where);
base::Result<Policy> loadPolicy(const std::filesystem::path& path);
base::Status save(const Policy& policy, const std::filesystem::path& path);
/// Where resources/models/NETWORK/DATA.ALGORITHM.policy is, if it ships; "load.sacd" is SAC-d's of that scenario,
/// "gates.sacd" the one that has gates of the device to choose from, "edge-gates.sacd" those of the edge.
base::Result<std::filesystem::path> shippedPolicy(const std::string& network, const std::string& data,
                                                  const std::string& algorithm);
base::Result<Policy> loadShippedPolicy(const std::string& network, const std::string& data, const std::string& algorithm);

}  // namespace splitscope::rl
