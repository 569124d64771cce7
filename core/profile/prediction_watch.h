// SPDX-License-Identifier: GPL-3.0-or-later
// A cost table held against what requests really take, while they come: where it is off, and by how much to correct it.
#pragma once

#include "core/profile/cost_table.h"
#include "core/profile/drift.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace splitscope::profile {

/// What a request's time is made of, as a Prediction has it.
enum class Stage { Capture, Device, Encode, Transfer, Decode, Edge, Total };
inline constexpr std::size_t kStageCount = 7;
inline constexpr std::array<Stage, kStageCount> kStages{Stage::Capture, Stage::Device, Stage::Encode, Stage::Transfer,
                                                        Stage::Decode,  Stage::Edge,   Stage::Total};
/// "capture", "device", "encode", "transfer", "decode", "edge", "total".
std::string toString(Stage stage);

/// Milliseconds of each stage, in the order of kStages. 0: the request has none of it, or it is not known.
using StageMs = std::array<double, kStageCount>;
/// Stages of an infeasible prediction that would take forever are not known.
StageMs stageMsOf(const Prediction& prediction);

/// One stage over the last requests that had it.
struct StageFit {
    double predictedMs = 0, measuredMs = 0;  ///< medians
    double times = 1;  ///< median of measured over predicted
    std::size_t requests = 0;  ///< that this is of
    bool off = false;  ///< the table does not tell this stage's time any more

    bool operator==(const StageFit&) const = default;
};
using StageFits = std::array<StageFit, kStageCount>;

/// Medians over a window tell what is off, for single requests are late for many reasons; running means correct. Not thread-safe.
class PredictionWatch {
public:
    static constexpr std::size_t kWindow = 31;  ///< requests
    static constexpr std::size_t kLeast = 15;  ///< before anything is called off
    static constexpr double kOffTimes = 1.25;  ///< so many times more, or less, than predicted: off
    static constexpr double kFitsTimes = 1.12;  ///< and within this it fits again
    static constexpr double kLeastShare = 0.05;  ///< of the total, below which a stage does not matter

    void learn(const StageMs& predicted, const StageMs& measured);
    [[nodiscard]] StageFits fits() const;
    /// How much slower than the table each machine is of late: what Conditions' slowdowns are to be multiplied by.
    [[nodiscard]] double deviceTimes() const { return m_device.times(); }
    [[nodiscard]] double edgeTimes() const { return m_edge.times(); }

private:
    struct Pair {
        double predicted = 0, measured = 0;
    };
    /// The last kWindow pairs of a stage, in no order.
    struct Window {
        std::vector<Pair> pairs;
        std::size_t next = 0;
        StageFit fit;
        void add(Pair pair);
    };
    void judge();

    static constexpr double kWeight = 0.1;
    std::array<Window, kStageCount> m_windows;
    Drift m_device{kWeight}, m_edge{kWeight};
};

}  // namespace splitscope::profile
