// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a scenario file, and as a list of faults: an error or a scenario, and what was read is written, and read back the
// same.
#include "core/session/fault.h"
#include "core/session/scenario.h"

#include <cstdlib>

using namespace splitscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(session::parseFaults(text));
    const auto scenario = session::parseScenario(text, "fuzz");
    if (!scenario)
        return 0;
    const auto back = session::parseScenario(session::toJson(*scenario), "written");
    if (!back || *back != *scenario)
        std::abort();
    return 0;
}
