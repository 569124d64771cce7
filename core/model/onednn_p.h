// SPDX-License-Identifier: GPL-3.0-or-later
// oneDNN's primitives with their weights packed, and the memory that a run works in.
#pragma once

#include "core/model/layer_kernels_p.h"
#include "core/model/path.h"
#include "core/model/weights.h"

#include <dnnl.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>

namespace splitscope::model::onednn {

/// Uninitialised floats at the start of a cache line, that only grow.
class Buffer {
public:
    float* atLeast(std::size_t count);

private:
    struct Free {
        void operator()(float* memory) const { std::free(memory); }
    };
    std::unique_ptr<float, Free> m_memory;
    std::size_t m_count = 0;
};

/// A primitive for certain sizes, and what it reads, writes and needs meanwhile.
struct Kernel {
    dnnl::primitive primitive;
    dnnl::memory::desc input;
    dnnl::memory::desc output;
    dnnl::memory::desc weights;
    dnnl::memory::desc scratch;
    std::string implementation;  ///< oneDNN's name of it
};

/// What one run at a time works in. A network keeps as many as runs have been under way at once.
class Workspace {
public:
    Workspace();

    /// Runs a kernel; its parameters are arguments that stay as they are.
    void execute(const Kernel& kernel, const std::unordered_map<int, dnnl::memory>& parameters, const float* in, float* out);

    Buffer maps[2];  ///< activations, in turn
    Buffer inner[3];  ///< those inside of a block: in turn, and the shortcut's
    Buffer joined;  ///< what parts of a batch gave
    Buffer planes;  ///< channels-first values on their way
    Buffer tiles[2];  ///< Winograd's input and output
    Buffer line;  ///< of channels or columns

private:
    using Arguments = std::unordered_map<int, dnnl::memory>;
    dnnl::stream m_stream;
    Buffer m_scratch;
    std::unordered_map<const Kernel*, Arguments> m_arguments;
};

/// Products of rows with packed matrices: [batch][rows][inputs] · [batch][inputs][outputs], plus a bias.
class MatrixProduct {
public:
    /// weights: [batch][inputs][outputs]; bias: empty, or `outputs` values where batch is 1. The layout that the library
    /// prefers for usualRows serves all counts of rows.
    MatrixProduct(int batch, int inputs, int outputs, int usualRows, std::span<const float> weights, std::span<const float> bias);

    /// Few different counts of rows should occur: each has its kernel, made when it is first seen.
    void run(Workspace& workspace, int rows, const float* in, float* out) const;

    /// Whether a row's result is the same, bit for bit, however many rows there are.
    [[nodiscard]] bool rowsAreIndependent() const { return m_rowsAreIndependent; }

private:
    const Kernel& kernelFor(int rows) const;
    [[nodiscard]] Kernel makeKernel(int rows, const dnnl::memory::desc& weights) const;

    int m_batch;
    int m_inputs;
    int m_outputs;
    bool m_rowsAreIndependent = false;
    std::unordered_map<int, dnnl::memory> m_parameters;
    mutable std::mutex m_mutex;
    mutable std::map<std::pair<int, int>, std::unique_ptr<Kernel>> m_kernels;  ///< by rows and threads
};

/// A convolution of one channels-last map, in groups or not.
class Convolution {
public:
    Convolution(const PathLayer& layer, const Weights& weights);

    /// Applies the activation, too, where the library gives the same bits as if it was applied apart; returns what is left to do.
    Activation run(Workspace& workspace, const float* in, float* out, Activation activation) const;

private:
    const Kernel& kernelFor(Activation activation) const;
    [[nodiscard]] Kernel makeKernel(Activation activation, const dnnl::memory::desc& weights) const;

    PathLayer m_layer;
    std::unordered_map<int, dnnl::memory> m_parameters;
    mutable std::mutex m_mutex;
    mutable std::map<std::pair<Activation, int>, std::unique_ptr<Kernel>> m_kernels;  ///< by activation and threads
};

}  // namespace splitscope::model::onednn
