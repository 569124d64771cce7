// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/bare_transfer.h"

#include "app/bench/bench_report.h"
#include "app/bench/echo.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace splitscope::app {

namespace {

constexpr double kHeadersShare = 1514.0 / 1448;  ///< wire bytes for each byte of a stream
constexpr double kSizes[] = {2'000, 16'000, 48'000, 128'000};
constexpr double kLongestMs = 300;  ///< larger sizes are left to extrapolation

}  // namespace

base::Result<BareTransfer> BareTransfer::measure(link::HostPair& hosts, const std::vector<double>& rates,
                                                 const std::stop_token& stop)
{
    BareTransfer measured;
    for (const double rate : rates) {
        if (auto status = hosts.shape(rate); !status)
            return status.error();
        for (const double size : kSizes) {
            const double expectedMs = size * kHeadersShare / rate * 1e3;
            if (expectedMs > kLongestMs)
                break;
            const double gapMs = 5 + 2 * link::KernelShaper::kLeastBurstBytes / rate * 1e3;
            const int rounds = expectedMs > 50 ? 2 : expectedMs > 20 ? 6 : 15;
            const auto times = tcpRoundTripsMs(hosts, static_cast<std::size_t>(size), rounds, gapMs, stop);
            if (!times)
                return times.error();
            measured.m_msOf[rate][size * kHeadersShare] = quantile(*times, 0.5);
        }
    }
    return measured;
}

double BareTransfer::ms(double rate, double wireBytes) const
{
    const auto& known = m_msOf.at(rate);
    auto above = known.upper_bound(wireBytes);
    if (above == known.end())
        --above;
    if (above == known.begin())
        ++above;
    const auto below = std::prev(above);
    return std::lerp(below->second, above->second, (wireBytes - below->first) / (above->first - below->first));
}

double BareTransfer::rateOverSet(double rate) const
{
    const auto& known = m_msOf.at(rate);
    std::vector<double> slopes;  // of each two sizes, so that one bad timing does not tell the rate
    for (auto below = known.begin(); below != known.end(); ++below)
        for (auto above = std::next(below); above != known.end(); ++above)
            slopes.push_back((above->second - below->second) / (above->first - below->first));
    return 1e3 / quantile(std::move(slopes), 0.5) / rate;
}

}  // namespace splitscope::app
