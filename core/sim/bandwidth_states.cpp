// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/bandwidth_states.h"

#include "core/base/files.h"
#include "core/sim/change_point.h"
#include "core/sim/trace_statistics.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace splitscope::sim {

namespace {

using base::Error;
using base::ErrorCode;

constexpr const char* kFormat = "splitscope-bandwidth-states";
constexpr int kVersion = 1;

/// A stretch of one state.
struct Stretch {
    double log = 0;  ///< mean of ln(bytes/s)
    double seconds = 0;
};

void addStretches(const Trace& trace, std::vector<Stretch>& stretches)
{
    std::vector<double> logs;
    for (const double rate : profileOf(trace, std::max(1, static_cast<int>(trace.durationMs() / 1000))))
        if (rate > 0 && std::isfinite(rate))
            logs.push_back(std::log(rate));
    const auto add = [&](std::size_t from, std::size_t to) {
        if (from >= to)
            return;
        const auto begin = logs.begin() + static_cast<std::ptrdiff_t>(from), end = logs.begin() + static_cast<std::ptrdiff_t>(to);
        const auto seconds = static_cast<double>(to - from);
        stretches.push_back({std::accumulate(begin, end, 0.0) / seconds, seconds});
    };
    ChangePointDetector detector;
    std::size_t from = 0;
    for (std::size_t i = 0; i < logs.size(); ++i) {
        const auto verdict = detector.add(logs[i]);
        if (!verdict.changed)
            continue;
        const auto changed = i + 1 - std::min<std::size_t>(i + 1, static_cast<std::size_t>(std::max(1, verdict.runLength)));
        if (changed > from) {
            add(from, changed);
            from = changed;
        }
    }
    add(from, logs.size());
}

}  // namespace

std::size_t BandwidthStates::nearest(double rate) const
{
    const auto above = std::lower_bound(bytesPerSecond.begin(), bytesPerSecond.end(), rate);
    if (above == bytesPerSecond.begin())
        return 0;
    const auto index = static_cast<std::size_t>(above - bytesPerSecond.begin());
    if (above == bytesPerSecond.end() || rate * rate < above[0] * above[-1])
        return index - 1;
    return index;
}

base::Result<BandwidthStates> bandwidthStates(const std::vector<Trace>& traces, int count)
{
    std::vector<Stretch> stretches;
    for (const auto& trace : traces)
        addStretches(trace, stretches);
    if (stretches.empty())
        return Error{ErrorCode::InvalidInput, "no trace has a rate above 0", "traces"};
    std::sort(stretches.begin(), stretches.end(), [](const Stretch& a, const Stretch& b) { return a.log < b.log; });
    const double all = std::accumulate(stretches.begin(), stretches.end(), 0.0,
                                       [](double sum, const Stretch& stretch) { return sum + stretch.seconds; });
    BandwidthStates states;
    double seen = 0;
    int next = 0;
    for (const auto& stretch : stretches) {
        seen += stretch.seconds;
        for (; next < count && (next + 0.5) / count <= seen / all; ++next)
            if (const double rate = std::round(std::exp(stretch.log));
                states.bytesPerSecond.empty() || rate > states.bytesPerSecond.back())
                states.bytesPerSecond.push_back(rate);
    }
    return states;
}

base::Status save(const BandwidthStates& states, const std::filesystem::path& path)
{
    QJsonArray rates;
    for (const double rate : states.bytesPerSecond)
        rates << rate;
    const QJsonObject object{{"format", kFormat},
                             {"version", kVersion},
                             {"command", QString::fromStdString(states.command)},
                             {"source", QString::fromStdString(states.source)},
                             {"bytes_per_second", rates}};
    const auto json = QJsonDocument(object).toJson();
    return base::writeFileAtomically(path, base::asBytes({json.constData(), static_cast<std::size_t>(json.size())}));
}

base::Result<BandwidthStates> loadBandwidthStates(const std::filesystem::path& path)
{
    const auto bytes = base::readFile(path);
    if (!bytes)
        return bytes.error();
    const auto refuse = [&](const std::string& text) { return Error{ErrorCode::InvalidInput, text, path.string()}; };
    const auto object = QJsonDocument::fromJson(QByteArray::fromRawData(reinterpret_cast<const char*>(bytes->data()),
                                                                        static_cast<qsizetype>(bytes->size())))
                            .object();
    if (object["format"].toString() != QLatin1String(kFormat) || object["version"].toInt() != kVersion)
        return refuse("no bandwidth states of version 1; `splitscope-cli trace states` makes them");
    BandwidthStates states;
    states.command = object["command"].toString().toStdString();
    states.source = object["source"].toString().toStdString();
    for (const auto& rate : object["bytes_per_second"].toArray()) {
        if (!(rate.toDouble() > 0) || (!states.bytesPerSecond.empty() && rate.toDouble() <= states.bytesPerSecond.back()))
            return refuse("bytes_per_second: rates must be above 0 and ascend");
        states.bytesPerSecond.push_back(rate.toDouble());
    }
    if (states.bytesPerSecond.empty())
        return refuse("bytes_per_second: there is no rate");
    return states;
}

base::Result<BandwidthStates> shippedBandwidthStates()
{
    const auto path = base::resourcePath("traces/oboe-states.json");
    if (!path)
        return path.error();
    return loadBandwidthStates(*path);
}

}  // namespace splitscope::sim
