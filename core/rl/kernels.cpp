// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rl/kernels_p.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#pragma GCC diagnostic ignored "-Wpsabi"  // vectors are passed to inlined functions only

// Inlined into one function per instruction set, and compiled for it there.
#define SPLITSCOPE_INLINE [[gnu::always_inline]] inline

namespace splitscope::rl {

namespace {

using Lanes [[gnu::vector_size(kLanes * sizeof(float))]] = float;
using Words [[gnu::vector_size(kLanes * sizeof(int))]] = int;
/// What one register of an instruction set holds: sums of products must stay in registers.
template <int Count>
struct Register {
    using Type [[gnu::vector_size(Count * sizeof(float))]] = float;
};

SPLITSCOPE_INLINE Lanes load(const float* from)
{
    Lanes value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

SPLITSCOPE_INLINE void store(float* to, const Lanes& value) { std::memcpy(to, &value, sizeof value); }

SPLITSCOPE_INLINE std::size_t at(int row, int stride) { return static_cast<std::size_t>(row) * static_cast<std::size_t>(stride); }

SPLITSCOPE_INLINE Lanes all(float value) { return Lanes{} + value; }

SPLITSCOPE_INLINE float sumOf(const Lanes& lanes)
{
    float values[kLanes];
    store(values, lanes);
    for (int width = kLanes / 2; width > 0; width /= 2)
        for (int i = 0; i < width; ++i)
            values[i] += values[i + width];
    return values[0];
}

SPLITSCOPE_INLINE float greatestOf(const Lanes& lanes)
{
    float values[kLanes];
    store(values, lanes);
    return *std::max_element(values, values + kLanes);
}

// --- Products ----------------------------------------------------------------------------------------------------------

template <int Rows>
SPLITSCOPE_INLINE void dotRows(const float* weights, const float* bias, const float* x, float* y, int inputs, bool rectify)
{
    Lanes sums[Rows] = {};
    const int whole = inputs / kLanes * kLanes;
    for (int i = 0; i < whole; i += kLanes) {
        const Lanes value = load(x + i);
        for (int row = 0; row < Rows; ++row)
            sums[row] += load(weights + at(row, inputs) + i) * value;
    }
    for (int row = 0; row < Rows; ++row) {
        float sum = bias[row] + sumOf(sums[row]);
        for (int i = whole; i < inputs; ++i)
            sum += weights[at(row, inputs) + static_cast<std::size_t>(i)] * x[i];
        y[row] = rectify && sum < 0 ? 0 : sum;
    }
}

SPLITSCOPE_INLINE void layerBody(const float* weights, const float* bias, const float* x, float* y, int inputs, int outputs,
                                 bool rectify)
{
    constexpr int kRows = 4;
    const int whole = outputs / kRows * kRows;
    for (int row = 0; row < whole; row += kRows)
        dotRows<kRows>(weights + at(row, inputs), bias + row, x, y + row, inputs, rectify);
    for (int row = whole; row < outputs; ++row)
        dotRows<1>(weights + at(row, inputs), bias + row, x, y + row, inputs, rectify);
}

/// A's element (row, i) is a[row * rowStep + i * innerStep].
struct Left {
    const float* a;
    int rowStep, innerStep;
};

/// A tile of C in registers: Rows × (Width · Count) values.
template <int Count, int Rows, int Width>
SPLITSCOPE_INLINE void tile(const Left& left, const float* b, const float* bias, float* c, int n, int k, bool rectify)
{
    using Vector = typename Register<Count>::Type;
    Vector sums[Rows][Width];
#pragma GCC unroll 8
    for (int row = 0; row < Rows; ++row)
#pragma GCC unroll 8
        for (int v = 0; v < Width; ++v) {
            sums[row][v] = Vector{};
            if (bias)
                std::memcpy(&sums[row][v], bias + v * Count, sizeof(Vector));
        }
    for (int i = 0; i < k; ++i) {
        const float* bRow = b + at(i, n);
        Vector values[Width];
#pragma GCC unroll 8
        for (int v = 0; v < Width; ++v)
            std::memcpy(&values[v], bRow + v * Count, sizeof(Vector));
#pragma GCC unroll 8
        for (int row = 0; row < Rows; ++row) {
            const Vector value = Vector{} + left.a[at(row, left.rowStep) + at(i, left.innerStep)];
#pragma GCC unroll 8
            for (int v = 0; v < Width; ++v)
                sums[row][v] += value * values[v];
        }
    }
#pragma GCC unroll 8
    for (int row = 0; row < Rows; ++row)
#pragma GCC unroll 8
        for (int v = 0; v < Width; ++v) {
            const Vector sum = sums[row][v];
            const Vector rectified = rectify ? (sum > 0 ? sum : Vector{}) : sum;
            std::memcpy(c + at(row, n) + v * Count, &rectified, sizeof(Vector));
        }
}

template <int Count, int Rows, int Width>
SPLITSCOPE_INLINE void columnOfTiles(Left left, const float* b, const float* bias, float* c, int m, int n, int k, bool rectify)
{
    int row = 0;
    for (; row + Rows <= m; row += Rows, left.a += at(Rows, left.rowStep))
        tile<Count, Rows, Width>(left, b, bias, c + at(row, n), n, k, rectify);
    for (; row < m; ++row, left.a += left.rowStep)
        tile<Count, 1, Width>(left, b, bias, c + at(row, n), n, k, rectify);
}

template <int Count, int Rows, int Width>
SPLITSCOPE_INLINE void multiplyBody(const Left& left, const float* b, const float* bias, float* c, int m, int n, int k,
                                    bool rectify)
{
    int column = 0;
    for (; column + Width * Count <= n; column += Width * Count)
        columnOfTiles<Count, Rows, Width>(left, b + column, bias ? bias + column : nullptr, c + column, m, n, k, rectify);
    for (; column < n; column += Count)
        columnOfTiles<Count, Rows, 1>(left, b + column, bias ? bias + column : nullptr, c + column, m, n, k, rectify);
}

/// Exchanges blocks of `Width` lanes between rows that lie `Width` apart: one step of transposing 16 × 16.
template <int Width, int... Lane>
SPLITSCOPE_INLINE void exchange(Lanes (&rows)[kLanes], std::integer_sequence<int, Lane...>)
{
    for (int i = 0; i < kLanes; ++i) {
        if (i & Width)
            continue;
        const Lanes a = rows[i];
        const Lanes b = rows[i + Width];
        rows[i] = __builtin_shufflevector(a, b, ((Lane & Width) ? Lane + kLanes - Width : Lane)...);
        rows[i + Width] = __builtin_shufflevector(a, b, ((Lane & Width) ? Lane + kLanes : Lane + Width)...);
    }
}

SPLITSCOPE_INLINE void transposeBody(const float* in, float* out, int rows, int columns)
{
    constexpr std::make_integer_sequence<int, kLanes> kAll;
    for (int r = 0; r < rows; r += kLanes)
        for (int c = 0; c < columns; c += kLanes) {
            Lanes block[kLanes];
            for (int i = 0; i < kLanes; ++i)
                block[i] = load(in + at(r + i, columns) + c);
            exchange<8>(block, kAll);
            exchange<4>(block, kAll);
            exchange<2>(block, kAll);
            exchange<1>(block, kAll);
            for (int i = 0; i < kLanes; ++i)
                store(out + at(c + i, rows) + r, block[i]);
        }
}

// --- Element by element ------------------------------------------------------------------------------------------------

SPLITSCOPE_INLINE void rectifyGradientBody(const float* output, float* gradient, int count)
{
    for (int i = 0; i < count; i += kLanes)
        store(gradient + i, load(output + i) > 0 ? load(gradient + i) : Lanes{});
}

SPLITSCOPE_INLINE void sumRowsBody(const float* in, float* out, int rows, int n)
{
    for (int c = 0; c < n; c += kLanes) {
        Lanes sum = {};
        for (int row = 0; row < rows; ++row)
            sum += load(in + at(row, n) + c);
        store(out + c, sum);
    }
}

/// e^x for x ≤ 0, within 2 units of the last place; 0 below −87.
SPLITSCOPE_INLINE Lanes exponential(const Lanes& exponent)
{
    constexpr float kLog2e = 1.44269504F;
    constexpr float kLn2High = 0.693359375F;
    constexpr float kLn2Low = -2.12194440e-4F;
    constexpr float kRoundingShift = 12582912.0F;  // 1.5 · 2^23: adding it leaves the nearest integer in the low bits
    const auto tooSmall = exponent < -87.0F;
    const Lanes x = tooSmall ? all(-87.0F) : exponent;
    const Lanes shifted = x * kLog2e + kRoundingShift;
    Words bits;
    std::memcpy(&bits, &shifted, sizeof bits);
    const Lanes whole = shifted - kRoundingShift;
    const Lanes r = (x - whole * kLn2High) - whole * kLn2Low;
    Lanes poly = all(1.9875691500e-4F);
    poly = poly * r + 1.3981999507e-3F;
    poly = poly * r + 8.3334519073e-3F;
    poly = poly * r + 4.1665795894e-2F;
    poly = poly * r + 1.6666665459e-1F;
    poly = poly * r + 5.0000001201e-1F;
    const Lanes value = poly * (r * r) + r + 1.0F;
    const Words scaleBits = (bits + 127) << 23;  // the shift's own bits fall off the upper end
    Lanes scale;
    std::memcpy(&scale, &scaleBits, sizeof scale);
    return tooSmall ? Lanes{} : value * scale;
}

SPLITSCOPE_INLINE void softmaxBody(const float* logits, const float* mask, float* p, float* logP, int rows, int n)
{
    for (int row = 0; row < rows; ++row, logits += n, mask += n, p += n, logP += n) {
        Lanes greatest = all(-std::numeric_limits<float>::infinity());
        for (int c = 0; c < n; c += kLanes) {
            const Lanes value = load(mask + c) > 0 ? load(logits + c) : greatest;
            greatest = value > greatest ? value : greatest;
        }
        const float shift = greatestOf(greatest);
        Lanes sums = {};
        for (int c = 0; c < n; c += kLanes) {
            const Lanes weight = load(mask + c);
            const Lanes e = weight * exponential(weight * (load(logits + c) - shift));
            sums += e;
            store(p + c, e);
        }
        const float sum = sumOf(sums);
        const float logSum = shift + std::log(sum);
        for (int c = 0; c < n; c += kLanes) {
            store(p + c, load(p + c) * (1 / sum));
            store(logP + c, load(mask + c) * (load(logits + c) - logSum));
        }
    }
}

SPLITSCOPE_INLINE Lanes lesser(const float* a, const float* b)
{
    const Lanes x = load(a), y = load(b);
    return x < y ? x : y;
}

SPLITSCOPE_INLINE void softValueBody(const float* p, const float* logP, const float* q1, const float* q2, float alpha,
                                     float* value, float* entropy, int rows, int n)
{
    for (int row = 0; row < rows; ++row, p += n, logP += n, q1 += n, q2 += n) {
        Lanes values = {}, entropies = {};
        for (int c = 0; c < n; c += kLanes) {
            const Lanes share = load(p + c);
            entropies -= share * load(logP + c);
            values += share * (lesser(q1 + c, q2 + c) - alpha * load(logP + c));
        }
        value[row] = sumOf(values);
        entropy[row] = sumOf(entropies);
    }
}

SPLITSCOPE_INLINE void policyGradientBody(const float* p, const float* logP, const float* q1, const float* q2, float alpha,
                                          const float* value, float factor, float* gradient, int rows, int n)
{
    for (int row = 0; row < rows; ++row, p += n, logP += n, q1 += n, q2 += n, gradient += n)
        for (int c = 0; c < n; c += kLanes)
            store(gradient + c, factor * load(p + c) * (alpha * load(logP + c) - lesser(q1 + c, q2 + c) + value[row]));
}

SPLITSCOPE_INLINE void adamBody(float* __restrict weights, const float* __restrict gradient, float* __restrict first,
                                float* __restrict second, std::size_t count, const AdamStep& step)
{
    const auto [rate, beta1, beta2, epsilon, correction] = step;
    for (std::size_t i = 0; i < count; ++i) {
        const float g = gradient[i];
        first[i] = beta1 * first[i] + (1 - beta1) * g;
        second[i] = beta2 * second[i] + (1 - beta2) * g * g;
        weights[i] -= rate * first[i] / (std::sqrt(second[i]) * correction + epsilon);
    }
}

SPLITSCOPE_INLINE void followBody(float* __restrict target, const float* __restrict weights, std::size_t count, float tau)
{
    for (std::size_t i = 0; i < count; ++i)
        target[i] += tau * (weights[i] - target[i]);
}

// --- Instruction sets --------------------------------------------------------------------------------------------------

// NOLINTBEGIN(bugprone-macro-parentheses)
#define SPLITSCOPE_KERNELS(NAME, TARGET, COUNT, ROWS, WIDTH)                                                                     \
    struct NAME {                                                                                                                \
        TARGET static void layer(const float* weights, const float* bias, const float* x, float* y, int inputs, int outputs,     \
                                 bool rectify)                                                                                   \
        {                                                                                                                        \
            layerBody(weights, bias, x, y, inputs, outputs, rectify);                                                            \
        }                                                                                                                        \
        TARGET static void multiply(const float* a, const float* b, const float* bias, float* c, int m, int n, int k,            \
                                    bool rectify)                                                                                \
        {                                                                                                                        \
            multiplyBody<COUNT, ROWS, WIDTH>({a, k, 1}, b, bias, c, m, n, k, rectify);                                           \
        }                                                                                                                        \
        TARGET static void multiplyTransposed(const float* a, const float* b, float* c, int m, int n, int k)                     \
        {                                                                                                                        \
            multiplyBody<COUNT, ROWS, WIDTH>({a, 1, m}, b, nullptr, c, m, n, k, false);                                          \
        }                                                                                                                        \
        TARGET static void transpose(const float* in, float* out, int rows, int columns)                                         \
        {                                                                                                                        \
            transposeBody(in, out, rows, columns);                                                                               \
        }                                                                                                                        \
        TARGET static void rectifyGradient(const float* output, float* gradient, int count)                                      \
        {                                                                                                                        \
            rectifyGradientBody(output, gradient, count);                                                                        \
        }                                                                                                                        \
        TARGET static void sumRows(const float* in, float* out, int rows, int n) { sumRowsBody(in, out, rows, n); }              \
        TARGET static void softmax(const float* logits, const float* mask, float* p, float* logP, int rows, int n)               \
        {                                                                                                                        \
            softmaxBody(logits, mask, p, logP, rows, n);                                                                         \
        }                                                                                                                        \
        TARGET static void softValue(const float* p, const float* logP, const float* q1, const float* q2, float alpha,           \
                                     float* value, float* entropy, int rows, int n)                                              \
        {                                                                                                                        \
            softValueBody(p, logP, q1, q2, alpha, value, entropy, rows, n);                                                      \
        }                                                                                                                        \
        TARGET static void policyGradient(const float* p, const float* logP, const float* q1, const float* q2, float alpha,      \
                                          const float* value, float factor, float* gradient, int rows, int n)                    \
        {                                                                                                                        \
            policyGradientBody(p, logP, q1, q2, alpha, value, factor, gradient, rows, n);                                        \
        }                                                                                                                        \
        TARGET static void adam(float* weights, const float* gradient, float* first, float* second, std::size_t count,           \
                                const AdamStep& step)                                                                            \
        {                                                                                                                        \
            adamBody(weights, gradient, first, second, count, step);                                                             \
        }                                                                                                                        \
        TARGET static void follow(float* target, const float* weights, std::size_t count, float tau)                             \
        {                                                                                                                        \
            followBody(target, weights, count, tau);                                                                             \
        }                                                                                                                        \
        static constexpr Kernels table()                                                                                         \
        {                                                                                                                        \
            return {layer,   multiply,  multiplyTransposed, transpose, rectifyGradient, sumRows,                                 \
                    softmax, softValue, policyGradient,     adam,      follow};                                                  \
        }                                                                                                                        \
    };
// NOLINTEND(bugprone-macro-parentheses)

SPLITSCOPE_KERNELS(Baseline, , 4, 4, 2)
#if defined(__x86_64__)
SPLITSCOPE_KERNELS(Avx2, [[gnu::target("avx2,fma")]], 8, 4, 2)
#if defined(__clang__)  // which knows no such preference
SPLITSCOPE_KERNELS(Avx512, [[gnu::target("avx512f,avx512vl,avx512dq,avx512bw,fma")]], 16, 4, 4)
#else
SPLITSCOPE_KERNELS(Avx512, [[gnu::target("avx512f,avx512vl,avx512dq,avx512bw,fma,prefer-vector-width=512")]], 16, 4, 4)
#endif
#endif

}  // namespace

std::vector<Kernels> availableKernels()
{
    std::vector<Kernels> result;
#if defined(__x86_64__)
    const bool fma = __builtin_cpu_supports("fma");
    if (fma && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512bw"))
        result.push_back(Avx512::table());
    if (fma && __builtin_cpu_supports("avx2"))
        result.push_back(Avx2::table());
#endif
    result.push_back(Baseline::table());
    return result;
}

const Kernels& kernels()
{
    static const Kernels fastest = availableKernels().front();
    return fastest;
}

}  // namespace splitscope::rl
