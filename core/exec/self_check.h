// SPDX-License-Identifier: GPL-3.0-or-later
// What an installed program can find out about itself without another one: whether what ships with it is whole, and whether this
// machine computes and codes as it should.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace splitscope::exec {

/// One finding: a row of the self-test's table.
struct SelfCheck {
    std::string part;  ///< "processor", "backend", "model", "codec", "link"
    std::string subject;  ///< which one: "alexnet3 patterns"
    bool passed = true;
    std::string found;  ///< for people: what is there, or what is wrong
};

/// Called with each finding as soon as it is there.
using SelfCheckSink = std::function<void(const SelfCheck&)>;

/// The processor's name, cores and those of its features that anything here is compiled for. Always passes.
void checkProcessor(const SelfCheckSink& found);

/// Every backend of this build computes a shipped network's logits as the plain one does.
void checkBackends(const SelfCheckSink& found);

/// Every network that ships, as checkNetwork().
void checkModels(const SelfCheckSink& found);

/// A shipped network loads with each of its weights and answers a frame with finite logits; the codebook, tables and policies
/// beside the weights load and belong to them.
void checkNetwork(const std::string& network, const SelfCheckSink& found);

/// Each entropy coder gives a network's quantized tensors back level by level, and each image coding its frames.
void checkCodecs(const SelfCheckSink& found);

}  // namespace splitscope::exec
