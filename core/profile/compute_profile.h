// SPDX-License-Identifier: GPL-3.0-or-later
// How long one network takes on one machine: layers, segments, codings. One JSON document.
#pragma once

#include "core/base/result.h"
#include "core/codec/coding.h"
#include "core/model/path.h"
#include "core/profile/energy_model.h"
#include "core/profile/machine.h"
#include "core/profile/measurement.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace splitscope::profile {

/// One layer by itself, in one unfused piece.
struct LayerTime {
    std::string layer;  ///< its name in the network
    int batch = 1;
    Measurement time;  ///< per request, i.e. of the whole batch

    bool operator==(const LayerTime&) const = default;
};

/// Layers first+1 .. last of an exit's path in one go, as the executor runs them: fused where it fuses.
struct SegmentTime {
    int exit = 1;
    int first = 0;
    int last = 0;
    int batch = 1;
    Measurement time;

    bool operator==(const SegmentTime&) const = default;
};

/// Writing and reading what crosses at a cut, with the entropy coder that the profile names. As the halves do it: each
/// frame's record by itself; decoding a picture ends with the network's input.
struct CodingTime {
    std::string tensor;  ///< cut name; "input" for pictures
    codec::Coding coding;
    int batch = 1;
    Measurement encode;
    Measurement decode;

    bool operator==(const CodingTime&) const = default;
};

/// All that was measured of a network on a machine. Times are of the machine as it is: an emulated slowdown is applied by
/// whoever reads them.
struct ComputeProfile {
    std::string network;
    std::string modelHash;
    std::string date;  ///< ISO 8601, UTC
    std::string source = "measured";  ///< "measured", or how the times were made: "emulated: …", "regression: …"
    Machine machine;
    MachineState before;  ///< when the measurement began …
    MachineState after;  ///< … and when it ended
    std::string backend;  ///< of the executor: "onednn", "xnnpack", "plain"
    int threads = 1;
    codec::EntropyCoder coder = codec::EntropyCoder::None;
    EnergyProfile energy;
    std::vector<LayerTime> layers;
    std::vector<SegmentTime> segments;  ///< every prefix and suffix at a distinct cut, and the whole, of every exit
    std::vector<CodingTime> codings;
    std::vector<LayerTime> capture;  ///< "read": a frame from memory's data set; "input": pixels to the network's input
    /// Layers that are computed in one pass with the next one where a segment holds both: their own times don't add up to it.
    std::vector<std::string> fusedWithNext;

    [[nodiscard]] bool measured() const { return source == "measured"; }
    bool operator==(const ComputeProfile&) const = default;

    /// Median milliseconds of a segment for a request of `batch` frames: as measured, or between the measured batches
    /// linearly; beyond them in proportion. An Error names what was not measured.
    [[nodiscard]] base::Result<double> segmentMs(int exit, int first, int last, int batch) const;
    [[nodiscard]] base::Result<double> encodeMs(const std::string& tensor, const codec::Coding& coding, int batch) const;
    [[nodiscard]] base::Result<double> decodeMs(const std::string& tensor, const codec::Coding& coding, int batch) const;
    [[nodiscard]] base::Result<double> captureMs(const std::string& step, int batch) const;
};

/// Every layer, segment and tensor of the profile exists in the network, whose name it carries. (Whether the weights are
/// the same tells the model hash.)
base::Status checkFits(const model::NetworkSpec& spec, const ComputeProfile& profile);

/// JSON: format "splitscope-profile", version 1; units in the keys. parse gives equal profiles back; unknown versions,
/// missing keys and values out of range are Errors that name the key ("segments[3].time.p50_ms").
std::string toJson(const ComputeProfile& profile);
base::Result<ComputeProfile> parseComputeProfile(std::string_view json, const std::string& where);
base::Result<ComputeProfile> loadComputeProfile(const std::filesystem::path& path);
/// To a temporary file, then renamed.
base::Status save(const ComputeProfile& profile, const std::filesystem::path& path);

}  // namespace splitscope::profile
