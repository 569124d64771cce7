// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/layer_kernels_p.h"

#include <algorithm>
#include <array>

namespace splitscope::model {

namespace {

std::size_t at(int index, int stride) { return static_cast<std::size_t>(index) * static_cast<std::size_t>(stride); }

/// G along one direction, in double.
std::array<double, 6> transformWeights(int kernel, const std::array<double, 5>& g)
{
    if (kernel == 3)
        return {g[0], (g[0] + g[1] + g[2]) / 2, (g[0] - g[1] + g[2]) / 2, g[2], 0, 0};
    const auto value = [&](double x) { return g[0] + x * (g[1] + x * (g[2] + x * (g[3] + x * g[4]))); };
    return {g[0] / 4, -value(1) / 6, -value(-1) / 6, value(2) / 24, value(-2) / 24, g[4]};
}

}  // namespace

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
