// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/tensor.h"

#include <algorithm>

namespace splitscope::base {

std::string toString(const Shape& shape)
{
    std::string text;
    for (int d : shape) {
        if (!text.empty())
            text += 'x';
        text += std::to_string(d);
    }
    return text;
}

int argmax(std::span<const float> values)
{
    return static_cast<int>(std::max_element(values.begin(), values.end()) - values.begin());
}

}  // namespace splitscope::base
