// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/compute_profile.h"

#include <algorithm>
#include <map>

namespace splitscope::profile {

namespace {

using base::Error;
using base::ErrorCode;

/// Medians by batch, of one thing.
using ByBatch = std::map<int, double>;

/// On the line between the measured batches on either side; in proportion beyond them.
double at(const ByBatch& medians, int batch)
{
    const auto above = medians.lower_bound(batch);
    if (above != medians.end() && above->first == batch)
        return above->second;
    if (above == medians.begin())
        return above->second * batch / above->first;
    const auto below = std::prev(above);
    if (above == medians.end())
        return below->second * batch / below->first;
    const double share = static_cast<double>(batch - below->first) / (above->first - below->first);
    return below->second + share * (above->second - below->second);
}

base::Result<double> lookUp(const ByBatch& medians, int batch, const std::string& what, const ComputeProfile& profile)
{
    const std::string where = "profile of " + profile.network + " on " + profile.machine.name;
    if (batch < 1)
        return Error{ErrorCode::InvalidInput, "a request has one frame at least, not " + std::to_string(batch), where};
    if (medians.empty())
        return Error{ErrorCode::NotFound,
                     what + " was not measured; make the profile again with `splitscope-cli profile measure`", where};
    return at(medians, batch);
}

/// Medians of the coding times that match, as `time` picks them.
base::Result<double> codingMs(const ComputeProfile& profile, const std::string& tensor, const codec::Coding& coding, int batch,
                              Measurement CodingTime::*time)
{
    if (coding.kind == codec::CodingKind::LabelOnly)
        return 0.0;
    ByBatch medians;
    for (const auto& entry : profile.codings)
        if (entry.tensor == tensor && entry.coding == coding)
            medians[entry.batch] = (entry.*time).p50Ms;
    return lookUp(medians, batch, "coding '" + tensor + "' as " + codec::toString(coding), profile);
}

base::Error foreign(const std::string& text, const ComputeProfile& profile)
{
    return {ErrorCode::Mismatch, text + "; it was made of another network", "profile of " + profile.network};
}

}  // namespace

base::Result<double> ComputeProfile::segmentMs(int exit, int first, int last, int batch) const
{
    if (first == last)
        return 0.0;
    ByBatch medians;
    for (const auto& segment : segments)
        if (segment.exit == exit && segment.first == first && segment.last == last)
            medians[segment.batch] = segment.time.p50Ms;
    return lookUp(medians, batch,
                  "what lies between cut " + std::to_string(first) + " and cut " + std::to_string(last) + " of exit "
                      + std::to_string(exit),
                  *this);
}

base::Result<double> ComputeProfile::encodeMs(const std::string& tensor, const codec::Coding& coding, int batch) const
{
    return codingMs(*this, tensor, coding, batch, &CodingTime::encode);
}

base::Result<double> ComputeProfile::decodeMs(const std::string& tensor, const codec::Coding& coding, int batch) const
{
    return codingMs(*this, tensor, coding, batch, &CodingTime::decode);
}

base::Result<double> ComputeProfile::captureMs(const std::string& step, int batch) const
{
    ByBatch medians;
    for (const auto& entry : capture)
        if (entry.layer == step)
            medians[entry.batch] = entry.time.p50Ms;
    return lookUp(medians, batch, "the step '" + step + "' of capturing a frame", *this);
}

base::Status checkFits(const model::NetworkSpec& spec, const ComputeProfile& profile)
{
    if (profile.network != spec.name)
        return Error{ErrorCode::Mismatch, "it is of the network '" + profile.network + "', not of '" + spec.name + "'",
                     "profile of " + profile.network};
    std::vector<model::Path> paths;
    for (int exit = 1; exit <= spec.exitCount(); ++exit)
        paths.emplace_back(spec, exit);
    const auto hasLayer = [&](const std::string& name) {
        return std::any_of(paths.begin(), paths.end(), [&](const model::Path& path) {
            const auto& layers = path.layers();
            return std::any_of(layers.begin(), layers.end(), [&](const auto& layer) { return layer.spec.name == name; });
        });
    };
    for (const auto& layer : profile.layers)
        if (!hasLayer(layer.layer))
            return foreign(spec.name + " has no layer '" + layer.layer + "'", profile);
    for (const auto& segment : profile.segments) {
        const bool exists = segment.exit >= 1 && segment.exit <= spec.exitCount() && segment.first >= 0
            && segment.first < segment.last && segment.last <= paths[static_cast<std::size_t>(segment.exit - 1)].length();
        if (!exists)
            return foreign(spec.name + " has no layers " + std::to_string(segment.first + 1) + " to "
                               + std::to_string(segment.last) + " of exit " + std::to_string(segment.exit),
                           profile);
    }
    for (const auto& coding : profile.codings)
        if (coding.tensor != "input" && !hasLayer(coding.tensor))
            return foreign(spec.name + " has no tensor '" + coding.tensor + "'", profile);
    return {};
}

}  // namespace splitscope::profile
