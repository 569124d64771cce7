// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/report_charts_p.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace splitscope::session {

namespace {

constexpr std::size_t kBuckets = 360;
constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
// Okabe and Ito's palette, each quantity in the colour that it has in the dashboard.
constexpr const char* kBlue = "#0072B2";
constexpr const char* kSky = "#56B4E9";
constexpr const char* kOrange = "#E69F00";
constexpr const char* kGreen = "#009E73";
constexpr const char* kPurple = "#CC79A7";
constexpr const char* kVermilion = "#D55E00";
constexpr const char* kYellow = "#F0E442";
constexpr const char* kGrey = "#777777";

using Value = std::function<double(std::size_t)>;

/// Stretches of equal time, those without requests left out.
class Buckets {
public:
    explicit Buckets(const RunColumns& columns)
    {
        std::vector<std::pair<double, std::size_t>> finished;
        finished.reserve(columns.size());
        for (std::size_t i = 0; i < columns.size(); ++i)
            finished.emplace_back(columns.finishedAtMs(i) / 1000, i);
        std::sort(finished.begin(), finished.end());
        const double first = finished.front().first;
        const double width = std::max(finished.back().first - first, 1e-9) / static_cast<double>(kBuckets);
        std::size_t last = kBuckets + 1;
        for (const auto& [seconds, i] : finished) {
            const auto bucket = std::min(kBuckets - 1, static_cast<std::size_t>((seconds - first) / width));
            if (bucket != last) {
                m_requests.emplace_back();
                m_seconds.push_back(seconds);
                last = bucket;
            }
            m_requests.back().push_back(i);
        }
    }
    [[nodiscard]] const std::vector<double>& seconds() const { return m_seconds; }
    /// Means; NaN and lost requests left out by `value`.
    [[nodiscard]] std::vector<double> means(const Value& value) const
    {
        std::vector<double> result;
        for (const auto& bucket : m_requests) {
            double sum = 0;
            std::size_t count = 0;
            for (const auto i : bucket)
                if (const double v = value(i); std::isfinite(v)) {
                    sum += v;
                    ++count;
                }
            result.push_back(count ? sum / static_cast<double>(count) : kNothing);
        }
        return result;
    }
    [[nodiscard]] std::vector<double> lasts(const Value& value) const
    {
        std::vector<double> result;
        for (const auto& bucket : m_requests)
            result.push_back(value(bucket.back()));
        return result;
    }

private:
    std::vector<std::vector<std::size_t>> m_requests;
    std::vector<double> m_seconds;
};

double levelOf(const codec::Coding& coding)
{
    return coding.kind == codec::CodingKind::Quantized ? coding.parameter : coding.kind == codec::CodingKind::LabelOnly ? 0 : 17;
}

}  // namespace

std::vector<ReportChart> reportCharts(const RunRow& row, const RunColumns& c)
{
    const Buckets buckets(c);
    const auto lost = [&c](std::size_t i) { return c.outcome[i] == wire::Outcome::Lost; };
    /// A column's values in another unit; nothing where the request was lost, or where 0 says that nothing was measured.
    const auto of = [&](const std::vector<float>& column, double factor, bool zeroIsNothing) -> Value {
        return [&column, factor, zeroIsNothing, lost](std::size_t i) {
            return lost(i) || (zeroIsNothing && column[i] <= 0) ? kNothing : static_cast<double>(column[i]) * factor;
        };
    };
    const auto line = [&](const char* name, const char* colour, const char* dash, const Value& value) {
        return ReportSeries{name, colour, dash, buckets.means(value)};
    };
    constexpr double kMegabytes = 1e-6;
    std::vector<ReportChart> charts;
    ReportChart bandwidth{"Uplink", "MB/s", "the shaper's rate, what transfers achieved, and what was believed",
                          buckets.seconds()};
    bandwidth.series = {line("set", kGrey, "5 3", of(c.setBytesPerSecond, kMegabytes, true)),
                        line("achieved", kSky, "", of(c.achievedBytesPerSecond, kMegabytes, true)),
                        line("estimated", kBlue, "", of(c.estimatedBytesPerSecond, kMegabytes, true))};
    bandwidth.bandLow = line("95 % interval of the estimate", kBlue, "", of(c.estimateLow, kMegabytes, true));
    bandwidth.bandHigh = line("95 % interval of the estimate", kBlue, "", of(c.estimateHigh, kMegabytes, true));
    charts.push_back(std::move(bandwidth));

    ReportChart latency{"Latency by stage", "ms, means", "where a request's time went", buckets.seconds()};
    latency.stacked = true;
    const auto sum = [&](std::initializer_list<const std::vector<float>*> stages) -> Value {
        return [lost, stages = std::vector(stages)](std::size_t i) {
            double ms = 0;
            for (const auto* stage : stages)
                ms += static_cast<double>((*stage)[i]);
            return lost(i) ? kNothing : ms;
        };
    };
    latency.series = {line("capture", kGrey, "", sum({&c.capture})),
                      line("device", kOrange, "", sum({&c.deviceSegment})),
                      line("coding", kYellow, "", sum({&c.encode, &c.decode})),
                      line("queues", "#BBBBBB", "", sum({&c.sendQueue, &c.edgeQueue})),
                      line("transfer", kSky, "", sum({&c.transfer})),
                      line("edge", kGreen, "", sum({&c.edgeSegment, &c.reply})),
                      line("fallback", kVermilion, "", sum({&c.fallback}))};
    if (row.totals.deadlineMs > 0) {
        latency.reference = row.totals.deadlineMs;
        latency.referenceName = "deadline " + threeDigits(row.totals.deadlineMs) + " ms";
    }
    charts.push_back(std::move(latency));

    ReportChart accuracy{"Accuracy", "%", "of all frames so far, and what the cost table expects of the decisions",
                         buckets.seconds()};
    accuracy.series = {line("running", kPurple, "", of(c.runningAccuracy, 100, false)),
                       line("expected", kPurple, "5 3", of(c.expectedAccuracy, 100, false))};
    charts.push_back(std::move(accuracy));

    ReportChart energy{"Energy a frame", "mJ, modelled", "computing and sending on the device", buckets.seconds()};
    energy.series = {line("energy", kVermilion, "", of(c.energyJoules, 1000, false))};
    charts.push_back(std::move(energy));

    ReportChart reward{"Reward", "", "reward by the measured time, regret by the cost table alone", buckets.seconds()};
    reward.series = {line("reward", kGreen, "", of(c.reward, 1, false)), line("regret", kGrey, "5 3", of(c.regret, 1, false))};
    charts.push_back(std::move(reward));

    ReportChart decisions{"Decisions", "exit, layers on the device, bits (17: whole image)", "what was decided",
                          buckets.seconds()};
    const auto step = [&](const char* name, const char* colour, const char* dash, const Value& value) {
        return ReportSeries{name, colour, dash, buckets.lasts(value), true};
    };
    decisions.series = {step("exit", kGreen, "", [&](std::size_t i) { return static_cast<double>(c.exit[i]); }),
                        step("partition", kOrange, "5 3", [&](std::size_t i) { return static_cast<double>(c.partition[i]); }),
                        step("bits", kBlue, "2 2", [&](std::size_t i) { return levelOf(c.codings[c.coding[i]]); })};
    charts.push_back(std::move(decisions));
    return charts;
}

}  // namespace splitscope::session
