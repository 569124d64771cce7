// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/device_runtime_p.h"

#include <cmath>

namespace splitscope::exec {

namespace {

constexpr double kMaxSlowdown = 1000;
constexpr double kMaxDelayMs = 60'000;
constexpr double kMaxFailoverMs = 600'000;
constexpr double kMaxIntervalMs = 3'600'000;
constexpr int kMaxThreads = 256;
constexpr std::size_t kMaxRecordedLogits = 4096;  ///< of one request: they travel in a message header

base::Error wrong(const std::string& field, const std::string& text)
{
    return {base::ErrorCode::InvalidInput, text, "start-run: " + field};
}

/// In [low, high]; NaN is not.
base::Status inRange(const std::string& field, double value, double low, double high)
{
    if (value >= low && value <= high)
        return {};
    return wrong(field, std::to_string(value) + " is outside " + std::to_string(low) + ".." + std::to_string(high));
}

base::Status checkImages(const model::NetworkSpec& spec, const data::DataSet& images)
{
    if (images.size() == 0)
        return wrong("data", "'" + images.name() + "' has no images; choose another source or split");
    if (images.imageSize() != model::frameSize(spec))
        return wrong(
            "data", "images of '" + images.name() + "' have another size than the network's input " + base::toString(spec.input));
    const auto classes = images.classNames().size();
    if (classes != static_cast<std::size_t>(spec.classes))
        return wrong("data",
                     "'" + images.name() + "' has " + std::to_string(classes) + " classes, the network "
                         + std::to_string(spec.classes) + "; choose data that the weights were trained for");
    return {};
}

}  // namespace

base::Status checkShaping(const wire::Shaping& shaping)
{
    if (!std::isfinite(shaping.bytesPerSecond) || shaping.bytesPerSecond < 0)
        return wrong("shaping", "the rate is not a number of bytes per second; 0 is unshaped");
    if (!std::isfinite(shaping.burstBytes) || shaping.burstBytes < 0)
        return wrong("shaping", "the burst is not a number of bytes");
    if (auto status = inRange("shaping: delay", shaping.delayMs, 0, kMaxDelayMs); !status)
        return status;
    return inRange("shaping: jitter", shaping.jitterMs, 0, kMaxDelayMs);
}

base::Status checkSlowdown(double slowdown) { return inRange("slowdown", slowdown, 1, kMaxSlowdown); }

base::Status checkRun(const wire::StartRun& run, const model::NetworkSpec& spec, const data::DataSet& images)
{
    if (run.run == 0)
        return wrong("run", "0 names no run");
    if (run.frames > wire::kMaxFrames || run.firstFrame > run.frames)
        return wrong("frames",
                     "frames " + std::to_string(run.firstFrame) + " to " + std::to_string(run.frames) + " are not within 0.."
                         + std::to_string(wire::kMaxFrames));
    for (const auto& status : {
             inRange("batch", run.batch, 1, wire::kMaxBatch),
             inRange("depth", run.depth, 1, wire::kMaxDepth),
             inRange("threads", run.threads, 1, kMaxThreads),
             inRange("minFailoverMs", run.minFailoverMs, 0, kMaxFailoverMs),
             inRange("minIntervalMs", run.minIntervalMs, 0, kMaxIntervalMs),
             checkSlowdown(run.slowdown),
             checkShaping(run.shaping),
             decision::check(spec, run.decision),
             checkImages(spec, images),
         })
        if (!status)
            return status;
    if (run.recordLogits && static_cast<std::size_t>(run.batch) * static_cast<std::size_t>(spec.classes) > kMaxRecordedLogits)
        return wrong("recordLogits",
                     "batch times classes is over " + std::to_string(kMaxRecordedLogits) + " values; choose a smaller batch");
    return {};
}

}  // namespace splitscope::exec
