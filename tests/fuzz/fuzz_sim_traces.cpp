// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a trace file in every format, and as a bandwidth: an error or a trace, and what was read is saved and read back.
#include "core/sim/bandwidth.h"
#include "core/sim/trace_import.h"
#include "core/sim/trace_statistics.h"

#include <cmath>
#include <cstdlib>

using namespace splitscope;

namespace {

void require(bool condition)
{
    if (!condition)
        std::abort();
}

void use(const sim::Trace& trace)
{
    static_cast<void>(sim::statisticsOf(trace));
    double at = 0;
    for (int i = 0; i < 20 && std::isfinite(at); ++i) {
        const double next = trace.nextChangeMs(at);
        require(next > at);
        at = next;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    constexpr int kFormats = 6;
    sim::ImportOptions options;
    if (const int choice = data[0] % (kFormats + 2); choice == kFormats + 1) {
        // Files are not for a fuzzer; made traces may be long by right.
        if (!text.starts_with("trace:") && text.find("duration") == std::string::npos)
            if (const auto trace = sim::parseBandwidth(text))
                use(*trace);
        return 0;
    } else if (choice < kFormats) {
        options.format = static_cast<sim::TraceFormat>(choice);
    }
    const auto trace = sim::parseTrace(text, "fuzz", options);
    if (!trace)
        return 0;
    use(*trace);
    // A time of ten digits makes a trace of a million points by right; its way back takes seconds here and shows no more.
    constexpr std::size_t kEnoughPoints = 2000;
    if (trace->points().size() > kEnoughPoints)
        return 0;
    const auto back = sim::parseTrace(sim::toCsv(*trace), "saved");
    require(back.ok() && back->points() == trace->points() && back->durationMs() == trace->durationMs());
    return 0;
}
