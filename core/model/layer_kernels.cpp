// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/layer_kernels_p.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"  // vectors are passed to inlined functions only
#endif

// Inlined into one function per instruction set, and compiled for it there.
#define SPLITSCOPE_INLINE [[gnu::always_inline]] inline

namespace splitscope::model {

namespace {

constexpr int kLanes = 16;
using Lanes [[gnu::vector_size(kLanes * sizeof(float))]] = float;

SPLITSCOPE_INLINE Lanes load(const float* from)
{
    Lanes value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

SPLITSCOPE_INLINE void store(float* to, const Lanes& value) { std::memcpy(to, &value, sizeof value); }

SPLITSCOPE_INLINE Lanes larger(const Lanes& a, const Lanes& b) { return a > b ? a : b; }

/// NaN stays NaN.
SPLITSCOPE_INLINE float rectified(float x) { return x < 0 ? 0 : x; }

SPLITSCOPE_INLINE std::size_t at(int index, int stride)
{
    return static_cast<std::size_t>(index) * static_cast<std::size_t>(stride);
}

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

SPLITSCOPE_INLINE void transposeBody(const float* in, float* out, int rows, int columns)
{
    const int wholeRows = rows / kLanes * kLanes;
    const int wholeColumns = columns / kLanes * kLanes;
    for (int c = 0; c < wholeColumns; c += kLanes)
        for (int r = 0; r < wholeRows; r += kLanes) {
            Lanes block[kLanes];
            for (int i = 0; i < kLanes; ++i)
                block[i] = load(in + at(r + i, columns) + c);
            exchange<8>(block);
            exchange<4>(block);
            exchange<2>(block);
            exchange<1>(block);
            for (int i = 0; i < kLanes; ++i)
                store(out + at(c + i, rows) + r, block[i]);
        }
    for (int c = 0; c < columns; ++c)
        for (int r = c < wholeColumns ? wholeRows : 0; r < rows; ++r)
            out[at(c, rows) + static_cast<std::size_t>(r)] = in[at(r, columns) + static_cast<std::size_t>(c)];
}

// --- Rectifier, pooling, normalisation ----------------------------------------------------------------------------------

SPLITSCOPE_INLINE void rectifyBody(const float* in, float* out, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        out[i] = rectified(in[i]);
}

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

SPLITSCOPE_INLINE void normaliseBody(const LayerSpec& layer, const float* in, float* out, const MapSize& size, float* work)
{
    const int channels = size.channels;
    const int before = layer.size / 2;
    const auto scale = static_cast<float>(layer.alpha / layer.size);
    const auto offset = static_cast<float>(layer.k);
    std::fill_n(work, channels + layer.size, 0.0F);
    for (std::size_t pixel = 0; pixel < size.pixels(); ++pixel, in += channels, out += channels) {
        for (int c = 0; c < channels; ++c)
            work[before + c] = in[c] * in[c];
        for (int c = 0; c < channels; ++c) {
            float sum = 0;
            for (int n = 0; n < layer.size; ++n)
                sum += work[c + n];
            out[c] = sum * scale + offset;
        }
        if (layer.beta == 0.75) {  // the usual power, from square roots
            for (int c = 0; c < channels; ++c) {
                const float root = std::sqrt(out[c]);
                out[c] = in[c] / (root * std::sqrt(root));
            }
        } else {
            for (int c = 0; c < channels; ++c)
                out[c] = in[c] / std::pow(out[c], static_cast<float>(layer.beta));
        }
    }
}

// --- Winograd ----------------------------------------------------------------------------------------------------------

/// Bᵀ along one direction: side 4 interpolates at 0, 1, −1 and ∞; side 6 at 2 and −2 as well.
template <int Side>
SPLITSCOPE_INLINE void transformIn(const Lanes* in, int step, Lanes* out, int outStep)
{
    const auto d = [&](int i) { return in[i * step]; };
    if constexpr (Side == 4) {
        out[0] = d(0) - d(2);
        out[outStep] = d(1) + d(2);
        out[2 * outStep] = d(2) - d(1);
        out[3 * outStep] = d(1) - d(3);
    } else {
        const Lanes even = d(4) - 4 * d(2);
        const Lanes odd = d(3) - 4 * d(1);
        const Lanes even2 = d(4) - d(2);
        const Lanes odd2 = 2 * (d(3) - d(1));
        out[0] = 4 * d(0) - 5 * d(2) + d(4);
        out[outStep] = even + odd;
        out[2 * outStep] = even - odd;
        out[3 * outStep] = even2 + odd2;
        out[4 * outStep] = even2 - odd2;
        out[5 * outStep] = 4 * d(1) - 5 * d(3) + d(5);
    }
}

/// Aᵀ along one direction: two results.
template <int Side>
SPLITSCOPE_INLINE void transformOut(const Lanes* in, int step, Lanes* out, int outStep)
{
    const auto m = [&](int i) { return in[i * step]; };
    if constexpr (Side == 4) {
        out[0] = m(0) + m(1) + m(2);
        out[outStep] = m(1) - m(2) - m(3);
    } else {
        out[0] = m(0) + (m(1) + m(2)) + (m(3) + m(4));
        out[outStep] = (m(1) - m(2)) + 2 * (m(3) - m(4)) + m(5);
    }
}

/// Where tile `index` lies: its map's place in the batch and its first result.
struct TilePlace {
    int map, row, column;

    SPLITSCOPE_INLINE TilePlace(const TileRange& tiles, int index)
    {
        const int columns = (tiles.output.width + 1) / 2;
        const int each = tileCount(tiles.output);
        map = index / each;
        row = index % each / columns * 2;
        column = index % columns * 2;
    }
};

template <int Side>
SPLITSCOPE_INLINE void tilesInBody(const TileRange& tiles, const float* maps, float* out)
{
    const auto& size = tiles.input;
    const auto plane = at(tiles.count, size.channels);
    for (int t = 0; t < tiles.count; ++t, out += size.channels) {
        const TilePlace place(tiles, tiles.first + t);
        const float* map = maps + static_cast<std::size_t>(place.map) * size.count();
        const float* pixels[Side * Side];  // null outside the map
        for (int i = 0; i < Side * Side; ++i) {
            const int y = place.row - tiles.padding + i / Side;
            const int x = place.column - tiles.padding + i % Side;
            const bool inside = y >= 0 && y < size.height && x >= 0 && x < size.width;
            pixels[i] = inside ? map + at(y * size.width + x, size.channels) : nullptr;
        }
        for (int c = 0; c < size.channels; c += kLanes) {
            Lanes half[Side * Side];
            for (int x = 0; x < Side; ++x) {
                Lanes column[Side];
                for (int y = 0; y < Side; ++y)
                    column[y] = pixels[y * Side + x] ? load(pixels[y * Side + x] + c) : Lanes{};
                transformIn<Side>(column, 1, half + x, Side);
            }
            for (int y = 0; y < Side; ++y) {
                Lanes row[Side];
                transformIn<Side>(half + y * Side, 1, row, 1);
                for (int x = 0; x < Side; ++x)
                    store(out + static_cast<std::size_t>(y * Side + x) * plane + c, row[x]);
            }
        }
    }
}

template <int Side>
SPLITSCOPE_INLINE void tilesOutBody(const TileRange& tiles, const float* in, const float* bias, float* maps, bool rectify)
{
    const auto& size = tiles.output;
    const auto plane = at(tiles.count, size.channels);
    for (int t = 0; t < tiles.count; ++t, in += size.channels) {
        const TilePlace place(tiles, tiles.first + t);
        float* map = maps + static_cast<std::size_t>(place.map) * size.count();
        const int rows = std::min(2, size.height - place.row);
        const int columns = std::min(2, size.width - place.column);
        for (int c = 0; c < size.channels; c += kLanes) {
            Lanes half[2 * Side];
            for (int x = 0; x < Side; ++x) {
                Lanes column[Side];
                for (int y = 0; y < Side; ++y)
                    column[y] = load(in + static_cast<std::size_t>(y * Side + x) * plane + c);
                transformOut<Side>(column, 1, half + x, Side);
            }
            const auto offset = load(bias + c);
            for (int y = 0; y < rows; ++y) {
                Lanes result[2];
                transformOut<Side>(half + y * Side, 1, result, 1);
                for (int x = 0; x < columns; ++x) {
                    const Lanes value = result[x] + offset;
                    store(map + at((place.row + y) * size.width + place.column + x, size.channels) + c,
                          rectify ? larger(value, Lanes{}) : value);
                }
            }
        }
    }
}

// --- One set of functions for each instruction set ------------------------------------------------------------------------

// NOLINTBEGIN(bugprone-macro-parentheses): names and attributes
#define SPLITSCOPE_KERNELS(Name, TARGET)                                                                                         \
    struct Name {                                                                                                                \
        TARGET static void transpose(const float* in, float* out, int rows, int columns)                                         \
        {                                                                                                                        \
            transposeBody(in, out, rows, columns);                                                                               \
        }                                                                                                                        \
        TARGET static void rectify(const float* in, float* out, std::size_t count) { rectifyBody(in, out, count); }              \
        TARGET static void maxPool(const LayerSpec& layer, const float* in, const MapSize& input, float* out,                    \
                                   const MapSize& output, bool rectify)                                                          \
        {                                                                                                                        \
            maxPoolBody(layer, in, input, out, output, rectify);                                                                 \
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
        static constexpr LayerKernels table() { return {transpose, rectify, maxPool, normalise, tilesIn, tilesOut}; }            \
    };
// NOLINTEND(bugprone-macro-parentheses)

SPLITSCOPE_KERNELS(Baseline, )
#if defined(__x86_64__)
SPLITSCOPE_KERNELS(Avx2, [[gnu::target("avx2")]])
SPLITSCOPE_KERNELS(Avx512, [[gnu::target("avx512f,avx512vl,avx512dq,avx512bw,prefer-vector-width=512")]])
#endif

LayerKernels choose()
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512bw"))
        return Avx512::table();
    if (__builtin_cpu_supports("avx2"))
        return Avx2::table();
#endif
    return Baseline::table();
}

/// G along one direction, in double.
std::array<double, 6> transformWeights(int kernel, const std::array<double, 5>& g)
{
    if (kernel == 3)
        return {g[0], (g[0] + g[1] + g[2]) / 2, (g[0] - g[1] + g[2]) / 2, g[2], 0, 0};
    const auto value = [&](double x) { return g[0] + x * (g[1] + x * (g[2] + x * (g[3] + x * g[4]))); };
    return {g[0] / 4, -value(1) / 6, -value(-1) / 6, value(2) / 24, value(-2) / 24, g[4]};
}

}  // namespace

const LayerKernels& layerKernels()
{
    static const LayerKernels kernels = choose();
    return kernels;
}

std::vector<float> tileWeights(int kernel, int inputs, int outputs, const std::vector<float>& weights)
{
    const int side = tileSide(kernel);
    std::vector<float> result(static_cast<std::size_t>(side * side) * at(inputs, outputs));
    for (int o = 0; o < outputs; ++o)
        for (int i = 0; i < inputs; ++i) {
            const float* g = weights.data() + (at(o, inputs) + static_cast<std::size_t>(i)) * at(kernel, kernel);
            std::array<std::array<double, 6>, 5> half{};  // of each row
            for (int y = 0; y < kernel; ++y) {
                std::array<double, 5> row{};
                std::copy_n(g + y * kernel, kernel, row.begin());
                half[static_cast<std::size_t>(y)] = transformWeights(kernel, row);
            }
            for (int x = 0; x < side; ++x) {
                std::array<double, 5> column{};
                for (int y = 0; y < kernel; ++y)
                    column[static_cast<std::size_t>(y)] = half[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
                const auto values = transformWeights(kernel, column);
                for (int y = 0; y < side; ++y)
                    result[(at(y * side + x, inputs) + static_cast<std::size_t>(i)) * static_cast<std::size_t>(outputs)
                           + static_cast<std::size_t>(o)]
                        = static_cast<float>(values[static_cast<std::size_t>(y)]);
            }
        }
    return result;
}

}  // namespace splitscope::model
