// SPDX-License-Identifier: GPL-3.0-or-later
// What a profile measures of a network: its things, and where their times belong.
#pragma once

#include "core/profile/profiler.h"
#include "core/profile/timing_rounds_p.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace splitscope::profile {

/// Frames of one batch size and what the network makes of them, several sets for things to take turns over.
struct BatchInputs {
    int batch = 1;
    std::vector<std::vector<data::Image>> frames;
    std::map<std::string, std::vector<base::Tensor>> tensors;  ///< by cut name; as many as there are frames
};

/// Everything to be timed. The executor and the data set must outlive it.
class Workload {
public:
    /// Reads frames and computes what lies at every cut; takes as long as a few frames.
    static base::Result<std::unique_ptr<Workload>> make(const model::Executor& executor, const data::DataSet& images,
                                                        const ProfilerOptions& options);

    [[nodiscard]] const std::vector<TimedThing>& things() const { return m_things; }
    /// Puts the things' times where they belong.
    void store(const std::vector<Measurement>& times, ComputeProfile& profile) const;

private:
    Workload(const model::Executor& executor, const data::DataSet& images, const ProfilerOptions& options);

    base::Status addBatch(int batch);
    base::Status readFrames(BatchInputs& inputs) const;
    base::Status computeTensors(BatchInputs& inputs) const;
    void addCapture(const BatchInputs& inputs);
    void addLayers(const BatchInputs& inputs);
    void addSegments(const BatchInputs& inputs);
    std::size_t addSegment(const BatchInputs& inputs, const model::Path& path, int first, int last, std::string what);
    base::Status addCodings(const BatchInputs& inputs);
    base::Status addFrameCoding(const BatchInputs& inputs, const codec::Coding& coding);
    base::Status addTensorCoding(const BatchInputs& inputs, const std::string& tensor, const codec::Coding& coding);
    std::size_t add(std::string what, int batch, std::function<base::Status(std::size_t)> run);

    /// An entry of the profile and the thing that measures it.
    template <typename Entry>
    struct Of {
        Entry entry;
        std::size_t thing;
    };
    struct CodingOf {
        CodingTime entry;
        std::size_t encode, decode;
    };

    const model::Executor& m_executor;
    const data::DataSet& m_images;
    const ProfilerOptions m_options;
    const decision::DecisionSpace m_space;
    std::vector<std::unique_ptr<BatchInputs>> m_inputs;  ///< the things point to them
    std::vector<TimedThing> m_things;
    std::vector<Of<LayerTime>> m_layers, m_capture;
    std::vector<Of<SegmentTime>> m_segments;
    std::vector<CodingOf> m_codings;
};

}  // namespace splitscope::profile
