// SPDX-License-Identifier: GPL-3.0-or-later
// Winograd's transforms of tiles, F(2 × 2, 3 × 3) and F(2 × 2, 5 × 5). For layer_kernels.cpp alone.
#pragma once

#include "core/model/lanes_p.h"
#include "core/model/layer_kernels_p.h"

#include <algorithm>

namespace splitscope::model {

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

}  // namespace splitscope::model
