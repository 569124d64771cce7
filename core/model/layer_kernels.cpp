// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/layer_kernels_p.h"
#include "core/model/winograd_tiles_p.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace splitscope::model {

namespace {

// --- Layouts -----------------------------------------------------------------------------------------------------------

/// Of each pair of blocks of `Width` lanes the first (or, for Odd, the second), from a and b in turn.
template <int Width, bool Odd, int... Lane>
SPLITSCOPE_INLINE Lanes interleave(const Lanes& a, const Lanes& b, std::integer_sequence<int, Lane...>)
{
    return __builtin_shufflevector(a, b, ((Lane & Width) ? Lane + kLanes - (Odd ? 0 : Width) : Lane + (Odd ? Width : 0))...);
}

/// One step of transposing 16 × 16: exchanges blocks of `Width` lanes between rows that lie `Width` apart.
template <int Width>
SPLITSCOPE_INLINE void exchange(Lanes (&rows)[kLanes])
{
    constexpr std::make_integer_sequence<int, kLanes> kAll;
    for (int i = 0; i < kLanes; ++i) {
        if (i & Width)
            continue;
        const Lanes first = rows[i];
        const Lanes second = rows[i + Width];
        rows[i] = interleave<Width, false>(first, second, kAll);
        rows[i + Width] = interleave<Width, true>(first, second, kAll);
    }
}

/// Sixteen of the values that three channels give in turn: those from 16 · Part on.
template <int Part, int... Lane>
SPLITSCOPE_INLINE Lanes inTurn(const Lanes& a, const Lanes& b, const Lanes& c, std::integer_sequence<int, Lane...>)
{
    constexpr auto pixel = [](int lane) { return (kLanes * Part + lane) / 3; };
    constexpr auto channel = [](int lane) { return (kLanes * Part + lane) % 3; };
    const Lanes two = __builtin_shufflevector(a, b, (channel(Lane) == 1 ? kLanes + pixel(Lane) : pixel(Lane))...);
    return __builtin_shufflevector(two, c, (channel(Lane) == 2 ? kLanes + pixel(Lane) : Lane)...);
}

SPLITSCOPE_INLINE void transposeBody(const float* in, int inStride, float* out, int outStride, int rows, int columns)
{
    const int wholeRows = rows / kLanes * kLanes;
    const int wholeColumns = columns / kLanes * kLanes;
    for (int c = 0; c < wholeColumns; c += kLanes)
        for (int r = 0; r < wholeRows; r += kLanes) {
            Lanes block[kLanes];
            for (int i = 0; i < kLanes; ++i) {
                __builtin_prefetch(out + at(c + i, outStride) + r + kLanes, 1);
                block[i] = load(in + at(r + i, inStride) + c);
            }
            exchange<8>(block);
            exchange<4>(block);
            exchange<2>(block);
            exchange<1>(block);
            for (int i = 0; i < kLanes; ++i)
                store(out + at(c + i, outStride) + r, block[i]);
        }
    int done = wholeColumns;
    if (rows == 3 && outStride == 3) {  // colour images
        constexpr std::make_integer_sequence<int, kLanes> kAll;
        for (int c = 0; c < wholeColumns; c += kLanes) {
            const auto red = load(in + c);
            const auto green = load(in + inStride + c);
            const auto blue = load(in + at(2, inStride) + c);
            store(out + at(c, 3), inTurn<0>(red, green, blue, kAll));
            store(out + at(c, 3) + kLanes, inTurn<1>(red, green, blue, kAll));
            store(out + at(c, 3) + at(2, kLanes), inTurn<2>(red, green, blue, kAll));
        }
    } else if (wholeRows < rows) {
        done = 0;
    }
    for (int c = done; c < columns; ++c)
        for (int r = c < wholeColumns ? wholeRows : 0; r < rows; ++r)
            out[at(c, outStride) + static_cast<std::size_t>(r)] = in[at(r, inStride) + static_cast<std::size_t>(c)];
}

// --- Activations, sums, means -------------------------------------------------------------------------------------------

/// NaN stays NaN.
template <Activation Kind>
SPLITSCOPE_INLINE float activated(float x)
{
    if constexpr (Kind == Activation::Relu)
        return rectified(x);
    if constexpr (Kind == Activation::Relu6)
        return x > 6 ? 6 : rectified(x);
    if constexpr (Kind == Activation::HardSwish)
        return x * activated<Activation::Relu6>(x + 3) / 6;
    return x;
}

template <Activation Kind>
SPLITSCOPE_INLINE void activateAll(const float* in, const float* added, float* out, std::size_t count)
{
    if (added)
        for (std::size_t i = 0; i < count; ++i)
            out[i] = activated<Kind>(in[i] + added[i]);
    else
        for (std::size_t i = 0; i < count; ++i)
            out[i] = activated<Kind>(in[i]);
}

SPLITSCOPE_INLINE void activateBody(Activation activation, const float* in, const float* added, float* out, std::size_t count)
{
    switch (activation) {
    case Activation::None: return activateAll<Activation::None>(in, added, out, count);
    case Activation::Relu: return activateAll<Activation::Relu>(in, added, out, count);
    case Activation::Relu6: return activateAll<Activation::Relu6>(in, added, out, count);
    case Activation::HardSwish: return activateAll<Activation::HardSwish>(in, added, out, count);
    }
}

SPLITSCOPE_INLINE void averageBody(const float* __restrict in, const MapSize& size, float* __restrict out)
{
    std::fill_n(out, size.channels, 0.0F);
    for (std::size_t pixel = 0; pixel < size.pixels(); ++pixel, in += size.channels)
        for (int c = 0; c < size.channels; ++c)
            out[c] += in[c];
    for (int c = 0; c < size.channels; ++c)
        out[c] /= static_cast<float>(size.pixels());
}

// --- Pooling, normalisation ----------------------------------------------------------------------------------------------

/// Columns of a padded line that windows reach into, up to a multiple of the stride.
SPLITSCOPE_INLINE int poolLine(const LayerSpec& layer, const MapSize& input, const MapSize& output)
{
    const int reached = std::max(layer.padding + input.width, (output.width - 1) * layer.stride + layer.kernel);
    return (reached + layer.stride - 1) / layer.stride * layer.stride;
}

}  // namespace

std::size_t poolWork(const LayerSpec& layer, const MapSize& input, const MapSize& output)
{
    return 3 * at(output.height, poolLine(layer, input, output)) + static_cast<std::size_t>(layer.kernel);
}

namespace {

struct Window {
    int firstRow, lastRow, firstColumn, lastColumn;
};

SPLITSCOPE_INLINE void poolPixel(const Window& window, const float* in, const MapSize& input, float* out, bool rectify)
{
    const int channels = input.channels;
    int c = 0;
    for (; c + kLanes <= channels; c += kLanes) {
        auto largest = load(in + at(window.firstRow * input.width + window.firstColumn, channels) + c);
        for (int y = window.firstRow; y < window.lastRow; ++y)
            for (int x = window.firstColumn; x < window.lastColumn; ++x)
                largest = larger(largest, load(in + at(y * input.width + x, channels) + c));
        store(out + c, rectify ? larger(largest, Lanes{}) : largest);
    }
    for (; c < channels; ++c) {
        float largest = in[at(window.firstRow * input.width + window.firstColumn, channels) + static_cast<std::size_t>(c)];
        for (int y = window.firstRow; y < window.lastRow; ++y)
            for (int x = window.firstColumn; x < window.lastColumn; ++x)
                largest = std::max(largest, in[at(y * input.width + x, channels) + static_cast<std::size_t>(c)]);
        out[c] = rectify ? rectified(largest) : largest;
    }
}

SPLITSCOPE_INLINE void maxPoolBody(const LayerSpec& layer, const float* in, const MapSize& input, float* out,
                                   const MapSize& output, bool rectify)
{
    for (int y = 0; y < output.height; ++y)
        for (int x = 0; x < output.width; ++x) {
            const int row = y * layer.stride - layer.padding;
            const int column = x * layer.stride - layer.padding;
            const Window window{std::max(row, 0), std::min(row + layer.kernel, input.height), std::max(column, 0),
                                std::min(column + layer.kernel, input.width)};
            poolPixel(window, in, input, out + at(y * output.width + x, output.channels), rectify);
        }
}

/// The same on planes, {channels, rows, columns} in and out. Each step is one long loop over a whole plane: largest of the
/// rows, then columns that are `stride` apart side by side, then the largest of the columns.
SPLITSCOPE_INLINE void maxPoolPlanesBody(const LayerSpec& layer, const float* in, const MapSize& input, float* out,
                                         const MapSize& output, bool rectify, float* work)
{
    const float lowest = rectify ? 0 : -std::numeric_limits<float>::infinity();
    const int width = poolLine(layer, input, output);
    const int steps = width / layer.stride;
    const int total = output.height * steps;
    float* lines = work;
    float* columns = lines + at(output.height, width);
    float* results = columns + at(output.height, width) + layer.kernel;
    std::fill_n(work, poolWork(layer, input, output), lowest);
    for (int plane = 0; plane < input.channels; ++plane, in += input.pixels()) {
        for (int y = 0; y < output.height; ++y) {
            const int row = y * layer.stride - layer.padding;
            const int first = std::max(row, 0);
            const int last = std::min(row + layer.kernel, input.height);
            float* line = lines + at(y, width) + layer.padding;
            const float* from = in + at(first, input.width);
            for (int x = 0; x < input.width; ++x)
                line[x] = from[x] > lowest ? from[x] : lowest;
            for (int k = first + 1; k < last; ++k) {
                from += input.width;
                for (int x = 0; x < input.width; ++x)
                    line[x] = from[x] > line[x] ? from[x] : line[x];
            }
        }
        if (layer.stride == 2)
            for (int i = 0; i < total; ++i) {
                columns[i] = lines[2 * i];
                columns[total + i] = lines[2 * i + 1];
            }
        else
            for (int i = 0; i < total * layer.stride; ++i)
                columns[i % layer.stride * total + i / layer.stride] = lines[i];
        const bool whole = steps == output.width;  // the results are the plane already
        float* to = whole ? out : results;
        std::copy_n(columns, total, to);
        for (int k = 1; k < layer.kernel; ++k) {
            const float* other = columns + k % layer.stride * total + k / layer.stride;
            for (int i = 0; i < total; ++i)
                to[i] = other[i] > to[i] ? other[i] : to[i];
        }
        for (int y = 0; y < output.height; ++y, out += output.width)
            if (!whole)
                std::copy_n(results + at(y, steps), output.width, out);
    }
}

SPLITSCOPE_INLINE void normaliseBody(const LayerSpec& layer, const float* __restrict in, float* __restrict out,
                                     const MapSize& size, float* __restrict work)
{
    const int channels = size.channels;
    const int before = layer.size / 2;
    const auto scale = static_cast<float>(layer.alpha / layer.size);
    const auto offset = static_cast<float>(layer.k);
    std::fill_n(work, channels + layer.size, 0.0F);
    for (std::size_t pixel = 0; pixel < size.pixels(); ++pixel, in += channels, out += channels) {
        for (int c = 0; c < channels; ++c)
            work[before + c] = in[c] * in[c];
        for (int c = 0; c < channels; ++c)
            out[c] = work[c];
        for (int n = 1; n < layer.size; ++n)
            for (int c = 0; c < channels; ++c)
                out[c] += work[c + n];
        if (layer.beta == 0.75) {  // the usual power, from square roots
            for (int c = 0; c < channels; ++c) {
                const float root = std::sqrt(out[c] * scale + offset);
                out[c] = in[c] / (root * std::sqrt(root));
            }
        } else {
            for (int c = 0; c < channels; ++c)
                out[c] = in[c] / std::pow(out[c] * scale + offset, static_cast<float>(layer.beta));
        }
    }
}

// --- One set of functions for each instruction set ------------------------------------------------------------------------

// NOLINTBEGIN(bugprone-macro-parentheses): names and attributes
#define SPLITSCOPE_KERNELS(Name, TARGET)                                                                                         \
    struct Name {                                                                                                                \
        TARGET static void transpose(const float* in, int inStride, float* out, int outStride, int rows, int columns)            \
        {                                                                                                                        \
            transposeBody(in, inStride, out, outStride, rows, columns);                                                          \
        }                                                                                                                        \
        TARGET static void activate(Activation activation, const float* in, const float* added, float* out, std::size_t count)   \
        {                                                                                                                        \
            activateBody(activation, in, added, out, count);                                                                     \
        }                                                                                                                        \
        TARGET static void average(const float* in, const MapSize& size, float* out) { averageBody(in, size, out); }             \
        TARGET static void maxPool(const LayerSpec& layer, const float* in, const MapSize& input, float* out,                    \
                                   const MapSize& output, bool rectify)                                                          \
        {                                                                                                                        \
            maxPoolBody(layer, in, input, out, output, rectify);                                                                 \
        }                                                                                                                        \
        TARGET static void maxPoolPlanes(const LayerSpec& layer, const float* in, const MapSize& input, float* out,              \
                                         const MapSize& output, bool rectify, float* work)                                       \
        {                                                                                                                        \
            maxPoolPlanesBody(layer, in, input, out, output, rectify, work);                                                     \
        }                                                                                                                        \
        TARGET static void normalise(const LayerSpec& layer, const float* in, float* out, const MapSize& size, float* work)      \
        {                                                                                                                        \
            normaliseBody(layer, in, out, size, work);                                                                           \
        }                                                                                                                        \
        TARGET static void tilesIn(const TileRange& tiles, const float* maps, float* out)                                        \
        {                                                                                                                        \
            tiles.kernel == 3 ? tilesInBody<4>(tiles, maps, out) : tilesInBody<6>(tiles, maps, out);                             \
        }                                                                                                                        \
        TARGET static void tilesOut(const TileRange& tiles, const float* in, const float* bias, float* maps, bool rectify)       \
        {                                                                                                                        \
            tiles.kernel == 3 ? tilesOutBody<4>(tiles, in, bias, maps, rectify)                                                  \
                              : tilesOutBody<6>(tiles, in, bias, maps, rectify);                                                 \
        }                                                                                                                        \
        static constexpr LayerKernels table()                                                                                    \
        {                                                                                                                        \
            return {transpose, activate, average, maxPool, maxPoolPlanes, normalise, tilesIn, tilesOut};                         \
        }                                                                                                                        \
    };
// NOLINTEND(bugprone-macro-parentheses)

SPLITSCOPE_KERNELS(Baseline, )
#if defined(__x86_64__)
SPLITSCOPE_KERNELS(Avx2, [[gnu::target("avx2")]])
#if defined(__clang__)  // which knows no such preference
SPLITSCOPE_KERNELS(Avx512, [[gnu::target("avx512f,avx512vl,avx512dq,avx512bw")]])
#else
SPLITSCOPE_KERNELS(Avx512, [[gnu::target("avx512f,avx512vl,avx512dq,avx512bw,prefer-vector-width=512")]])
#endif
#endif

}  // namespace

std::vector<LayerKernels> availableLayerKernels()
{
    std::vector<LayerKernels> result;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512bw"))
        result.push_back(Avx512::table());
    if (__builtin_cpu_supports("avx2"))
        result.push_back(Avx2::table());
#endif
    result.push_back(Baseline::table());
    return result;
}

const LayerKernels& layerKernels()
{
    static const LayerKernels kernels = availableLayerKernels().front();
    return kernels;
}

}  // namespace splitscope::model
