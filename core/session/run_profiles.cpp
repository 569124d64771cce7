// SPDX-License-Identifier: GPL-3.0-or-later
// From a run's records to profiles.
#include "core/base/median.h"
#include "core/codec/wire_size.h"
#include "core/session/run_measurement.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace splitscope::session {

namespace {

/// What no stage but the link's accounts for.
double beyondStages(const wire::StageTimes& s)
{
    return s.total - s.capture - s.deviceSegment - s.encode - s.decode - s.edgeSegment;
}

/// Timings by what was timed.
class Timings {
public:
    explicit Timings(const model::NetworkSpec& spec)
    {
        for (int exit = 1; exit <= spec.exitCount(); ++exit)
            m_paths.emplace_back(spec, exit);
    }

    void add(const wire::FrameRecord& record)
    {
        if (record.decision.gate)
            return;  // its stages are of some of the frames
        const auto& [exit, partition, coding, gate] = record.decision;
        const auto& s = record.stages;
        const auto& path = m_paths[static_cast<std::size_t>(exit - 1)];
        const auto& tensor = path.cutName(partition);
        m_captures[record.count].push_back(s.capture);
        if (partition > 0)
            m_prefixes[{tensor, record.count}].push_back(s.deviceSegment);
        if (coding.kind == codec::CodingKind::LabelOnly)
            return;
        auto& coded = m_codings[{tensor, codec::toString(coding), record.count}];
        coded.coding = coding;
        coded.encode.push_back(s.encode);
        coded.decode.push_back(s.decode);
        m_suffixes[{exit, path.canonicalCut(partition), record.count}].push_back(s.edgeSegment);
    }

    void fill(profile::ComputeProfile& device, profile::ComputeProfile& edge) const
    {
        for (const auto& [batch, times] : m_captures) {
            device.capture.push_back({"read", batch, profile::summarise(times)});
            device.capture.push_back({"input", batch, {}});  // the halves time both in one
        }
        for (const auto& [key, times] : m_prefixes)
            for (const auto& path : m_paths)
                for (const int cut : path.distinctCuts())
                    if (path.cutName(cut) == key.first)
                        device.segments.push_back({path.exit(), 0, cut, key.second, profile::summarise(times)});
        for (const auto& [key, times] : m_suffixes) {
            const auto& [exit, cut, batch] = key;
            edge.segments.push_back(
                {exit, cut, m_paths[static_cast<std::size_t>(exit - 1)].length(), batch, profile::summarise(times)});
        }
        for (const auto& [key, coded] : m_codings) {
            const profile::CodingTime time{std::get<0>(key), coded.coding, std::get<2>(key), profile::summarise(coded.encode),
                                           profile::summarise(coded.decode)};
            device.codings.push_back(time);
            edge.codings.push_back(time);
        }
    }

private:
    struct Coded {
        codec::Coding coding;
        std::vector<double> encode, decode;
    };
    std::vector<model::Path> m_paths;
    std::map<int, std::vector<double>> m_captures;
    std::map<std::pair<std::string, int>, std::vector<double>> m_prefixes;
    std::map<std::tuple<int, int, int>, std::vector<double>> m_suffixes;
    std::map<std::tuple<std::string, std::string, int>, Coded> m_codings;
};

}  // namespace

base::Result<profile::LinkProfile> fitLink(std::span<const wire::FrameRecord> records, double rttMs)
{
    std::map<std::size_t, std::vector<double>> beyondByChunks;
    for (const auto& record : records) {
        if (record.outcome != wire::Outcome::Done || record.payloadBytes == 0)
            continue;
        const auto chunks = codec::requestOnWire(record.count, record.payloadBytes, 0).chunks;
        beyondByChunks[chunks].push_back(beyondStages(record.stages));
    }
    if (beyondByChunks.empty())
        return base::Error{base::ErrorCode::InvalidInput, "no request crossed the link as decided", "link measurement"};
    double n = 0, sumX = 0, sumY = 0, sumXx = 0, sumXy = 0;
    for (const auto& [chunks, times] : beyondByChunks) {
        const double weight = static_cast<double>(times.size());
        const double x = static_cast<double>(chunks - 1);
        const double y = base::upperMedian(times);
        n += weight;
        sumX += weight * x;
        sumY += weight * y;
        sumXx += weight * x * x;
        sumXy += weight * x * y;
    }
    const double spread = n * sumXx - sumX * sumX;
    profile::LinkProfile link;
    link.rttMs = rttMs;
    link.perChunkMs = spread > 0 ? std::max(0.0, (n * sumXy - sumX * sumY) / spread) : 0;
    link.requestOverheadMs = (sumY - link.perChunkMs * sumX) / n - rttMs;
    return link;
}

void fillProfiles(const model::NetworkSpec& spec, std::span<const wire::FrameRecord> records, profile::ComputeProfile& device,
                  profile::ComputeProfile& edge)
{
    Timings timings(spec);
    for (const auto& record : records)
        if (record.outcome == wire::Outcome::Done)
            timings.add(record);
    timings.fill(device, edge);
}

}  // namespace splitscope::session
