// SPDX-License-Identifier: GPL-3.0-or-later
// The arithmetic of small dense networks in plain loops, compiled for several instruction sets. Not for other folders.
#pragma once

#include <cstddef>
#include <vector>

namespace splitscope::rl {

/// Matrices below are row-major and their widths (`n`, and `stride`s) are multiples of this many floats.
inline constexpr int kLanes = 16;
constexpr int padded(int count) { return (count + kLanes - 1) / kLanes * kLanes; }

struct AdamStep {
    float rate = 0;  ///< learning rate over 1 − β1^t
    float beta1 = 0.9F, beta2 = 0.999F, epsilon = 1e-8F;
    float secondCorrection = 1;  ///< 1 / √(1 − β2^t)
};

/// One instruction set's functions.
struct Kernels {
    /// y = W·x + b (W: outputs × inputs, of any size), rectified if asked.
    void (*layer)(const float* weights, const float* bias, const float* x, float* y, int inputs, int outputs, bool rectify);
    /// C (m × n) = A (m × k)·B (k × n) + bias (n values, or null), rectified if asked.
    void (*multiply)(const float* a, const float* b, const float* bias, float* c, int m, int n, int k, bool rectify);
    /// C (m × n) = Aᵀ·B with A (k × m), B (k × n).
    void (*multiplyTransposed)(const float* a, const float* b, float* c, int m, int n, int k);
    /// out (columns × rows) = inᵀ; both sides multiples of kLanes.
    void (*transpose)(const float* in, float* out, int rows, int columns);
    /// gradient[i] = 0 where a rectified output[i] is 0.
    void (*rectifyGradient)(const float* output, float* gradient, int count);
    /// out[j] = Σ_i in[i, j] over `rows` rows of `n`.
    void (*sumRows)(const float* in, float* out, int rows, int n);
    /// In each row of `logits`, over actions whose mask is 1 (0 elsewhere): probabilities p and their logarithms (0 where
    /// masked). `mask` is rows × n of 0 and 1, with a 1 in each row.
    void (*softmax)(const float* logits, const float* mask, float* p, float* logP, int rows, int n);
    /// Of each row: value = Σ p·(min(q1, q2) − α·logP), entropy = −Σ p·logP.
    void (*softValue)(const float* p, const float* logP, const float* q1, const float* q2, float alpha, float* value,
                      float* entropy, int rows, int n);
    /// Of −factor·Σ value in the logits: factor·p·(α·logP − min(q1, q2) + value).
    void (*policyGradient)(const float* p, const float* logP, const float* q1, const float* q2, float alpha, const float* value,
                           float factor, float* gradient, int rows, int n);
    /// Adam, as torch.optim.Adam does it.
    void (*adam)(float* weights, const float* gradient, float* first, float* second, std::size_t count, const AdamStep& step);
    /// target += τ·(weights − target)
    void (*follow)(float* target, const float* weights, std::size_t count, float tau);
};

/// All that this machine can run, the fastest first: tests hold them against each other.
std::vector<Kernels> availableKernels();
const Kernels& kernels();

}  // namespace splitscope::rl
