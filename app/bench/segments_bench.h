// SPDX-License-Identifier: GPL-3.0-or-later
// `bench segments`: how fast the executor runs networks and their slices, on one thread.
#pragma once

#include "app/bench/bench_report.h"
#include "app/bench/onnx_runtime.h"
#include "app/bench/segments_eager.h"
#include "app/bench/segments_race.h"
#include "core/model/executor.h"

#include <stop_token>

namespace splitscope::app {

struct SegmentsBenchOptions {
    bool full = false;  ///< every exit; every prefix and suffix against ONNX Runtime as well; without it done within 45 s
    double seconds = 0;  ///< for all timings but those of slices; 0: 32, or 240 with --full
    std::vector<std::string> models;  ///< empty: those that ship
    std::filesystem::path onnxRuntime = onnxRuntimeFolder();
};

/// A network ready to be measured.
struct Subject {
    std::string name;
    model::NetworkSpec spec;
    model::Weights weights;
    std::unique_ptr<model::Executor> executor;

    [[nodiscard]] int lastExit() const { return spec.exitCount(); }
    /// Pictures as the network takes them.
    [[nodiscard]] base::Result<base::Tensor> input(int batch) const;
};
/// The same for the same spec, scaled so that signals neither vanish nor grow.
model::Weights randomWeights(const model::NetworkSpec& spec);
/// With the weights shipped for it, or random ones where none are. Torch has one thread in the calling thread from then on.
base::Result<Subject> loadSubject(const std::string& model);

inline constexpr int kBenchBatches[] = {1, 8};

/// Takes logits through ONNX Runtime, as "identity", and computes nothing: what calling it from Node.js adds to each run.
base::Status loadIdentity(OnnxRuntime& onnx, const Subject& subject, int batch);
Contender inOnnxRuntime(OnnxRuntime& onnx, const std::string& name);

/// Whole networks against eager LibTorch and, where it is there, ONNX Runtime (segments_whole.cpp).
class WholeRatios {
public:
    base::Status measure(const Subject& subject, OnnxRuntime* onnx, const SegmentsBenchOptions& options, double seconds,
                         const std::stop_token& stop, BenchReport& report);
    /// The worst of the networks' last exits.
    void addWorst(BenchReport& report) const;

private:
    base::Status measureExit(const Subject& subject, int exit, int batch, OnnxRuntime* onnx, double seconds,
                             const std::stop_token& stop, BenchReport& report);
    void keepWorst(const std::string& metric, double value);

    std::vector<std::pair<std::string, double>> m_worst;
};

/// Prefix and suffix one after the other against the whole, at every cut (segments_cuts.cpp).
class CutRatios {
public:
    base::Status measure(const Subject& subject, const SegmentsBenchOptions& options, double seconds, const std::stop_token& stop,
                         BenchReport& report);
    /// Of all networks' cuts.
    void addAll(BenchReport& report) const;

private:
    std::vector<double> m_ratios;
};

/// Every distinct prefix and suffix against ONNX Runtime (segments_slices.cpp).
base::Status measureSlices(const Subject& subject, OnnxRuntime& onnx, const std::stop_token& stop, BenchReport& report);

/// Resident memory, over the weights as float32.
struct ResidentMemory {
    double kept = 0;  ///< by all segments together, once each was run
    double withFreed = 0;  ///< and what loading and packing freed, but the allocator holds on to
};
/// In a process of its own (segments_memory.cpp).
base::Result<ResidentMemory> residentOverWeights(const std::string& model);
/// In this process, which has done nothing else yet.
base::Result<ResidentMemory> residentOverWeightsHere(const std::string& model);

base::Status runSegmentsBench(const SegmentsBenchOptions& options, const std::stop_token& stop, BenchReport& report);

}  // namespace splitscope::app
