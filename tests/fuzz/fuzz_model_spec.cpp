// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a network's spec: an error or a spec, and one that was read is written, and read back the same; its exits' paths
// have the shapes that it promises.
#include "core/model/path.h"

#include <cstdlib>

using namespace splitscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto spec = model::parseNetworkSpec({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (!spec)
        return 0;
    const auto back = model::parseNetworkSpec(model::toJson(*spec), "written");
    if (!back || *back != *spec)
        std::abort();
    for (int exit = 1; exit <= spec->exitCount(); ++exit) {
        const model::Path path(*spec, exit);
        if (path.length() != spec->exits[static_cast<std::size_t>(exit - 1)].layerCount()
            || path.distinctCuts().back() != path.length())
            std::abort();
    }
    return 0;
}
