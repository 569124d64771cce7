// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/link/bandwidth_estimator.h"

#include "core/base/clock.h"
#include "core/base/median.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace splitscope::link {

namespace {

constexpr std::size_t kMostPoints = 512;
constexpr std::size_t kMostAnchors = 12;  ///< points whose pairs are tried as the line
constexpr std::size_t kMostJudges = 32;  ///< points that a line is tried on
constexpr double kAtOnce = 4;  ///< times the usual rate: chunks that waited somewhere and came together
constexpr double kMostVariance = 0.15 * 0.15;  ///< of ln rate: noisier curves say nothing
constexpr double kLeastDeviation = 0.005;
constexpr double kDefaultPriorLogRate = 14.5;  ///< 2 MB/s
constexpr double kLowest = 1, kHighest = 1e12;  ///< bytes per second that are believed

constexpr double kUsualShare = 0.1;  ///< of one transfer in what is usual

constexpr double kAgeSliceMs = 100;  ///< within one the interval does not widen: quantiles cost microseconds
constexpr double kUnusuallyFast = 0.65, kUnusuallySlow = 1.5;  ///< times the usual
constexpr double kTellingMs = 1;  ///< a smaller difference between two transfers is anybody's
constexpr int kUnusualInARow = 2;
constexpr int kProbesInDoubt = 3;  ///< what a change takes to be told
constexpr double kDoubtMs = 50;
constexpr double kForgotten = 0.002;  ///< of what is usual, with each transfer that lies within
constexpr double kProbeSeconds = 0.03;
constexpr double kLeastProbeBytes = 5 * 1024, kMostProbeBytes = 256 * 1024, kFirstProbeBytes = 16 * 1024;
constexpr double kProbeGrowth = 4;
constexpr double kLostProbe = 4;  ///< times what it was to take: it was refused, or did not arrive
constexpr double kLeastProbeMs = 10;
constexpr double kLeastBehindProbeMs = 100;  ///< accounts of what waited behind one come a little later
constexpr double kBehindProbe = 2;  ///< times what it took, until a token bucket has recovered from it

constexpr double kRoundTripWindowNs = 10e9;
constexpr double kRoundTripSliceNs = 0.25e9;
constexpr std::size_t kMostRoundTrips = 64;

/// Seconds and bytes since the first arrival.
struct Point {
    double seconds = 0;
    double bytes = 0;
};
using Points = std::vector<Point>;

struct Line {
    double atZero = 0;  ///< seconds
    double slope = 0;  ///< seconds per byte
    [[nodiscard]] double lateness(const Point& p) const { return p.seconds - atZero - slope * p.bytes; }
};

/// Never overflows, whatever is passed in, and loses no nanosecond of times that lie near each other.
double nsBetween(std::int64_t from, std::int64_t to)
{
    if ((from < 0) == (to < 0))
        return static_cast<double>(to - from);
    return static_cast<double>(to) - static_cast<double>(from);
}

/// A time so much later; the last one there is where that would lie beyond it.
std::int64_t laterBy(double ms, std::int64_t ns)
{
    constexpr double kMostMs = 1e12;  // decades: a link that hardly carries anything
    const auto later = base::fromMs(std::min(ms, kMostMs));
    return ns > std::numeric_limits<std::int64_t>::max() - later ? std::numeric_limits<std::int64_t>::max() : ns + later;
}

/// Empty where bytes do not grow or time runs backwards.
Points pointsOf(const std::vector<Arrival>& curve)
{
    const std::size_t step = curve.size() / kMostPoints + 1;
    Points points;
    for (std::size_t i = (curve.size() - 1) % step; i < curve.size(); i += step) {  // the last one is always in
        const auto& arrival = curve[i];
        const auto& first = curve[(curve.size() - 1) % step];
        const Point point{nsBetween(first.atNs, arrival.atNs) * 1e-9,
                          static_cast<double>(arrival.wireBytes) - static_cast<double>(first.wireBytes)};
        if (!points.empty() && !(point.seconds >= points.back().seconds && point.bytes > points.back().bytes))
            return {};
        points.push_back(point);
    }
    return points;
}

/// The rate that held for most of the time: what came at once took no time, however many bytes it was, and a stall is a
/// small part of the time.
double usualSecondsPerByte(const Points& points)
{
    struct Gap {
        double secondsPerByte, seconds;
    };
    std::vector<Gap> gaps;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const double seconds = points[i].seconds - points[i - 1].seconds;
        gaps.push_back({seconds / (points[i].bytes - points[i - 1].bytes), seconds});
    }
    std::sort(gaps.begin(), gaps.end(), [](const Gap& a, const Gap& b) { return a.secondsPerByte < b.secondsPerByte; });
    double passed = 0;
    for (const auto& gap : gaps) {
        passed += gap.seconds;
        if (passed >= 0.5 * points.back().seconds)
            return gap.secondsPerByte;
    }
    return 0;
}

/// Of chunks that came together only the last tells when its byte was due; the earlier ones had been waiting. A head that came
/// together is a token bucket's burst (or followed a stall): its end lies somewhere inside the next chunk, so it goes whole.
Points withoutClumps(const Points& points, double usual)
{
    Points kept;
    bool headCameTogether = false;
    for (const auto& point : points) {
        if (!kept.empty() && (point.seconds - kept.back().seconds) * kAtOnce < usual * (point.bytes - kept.back().bytes)) {
            headCameTogether = headCameTogether || kept.size() == 1;
            kept.back() = point;
        } else {
            kept.push_back(point);
        }
    }
    if (headCameTogether && kept.size() > 2)
        kept.erase(kept.begin());
    return kept;
}

/// The line through two of the points that most others lie on. Being late is common (stalls; what a bucket or an earlier,
/// faster state let through, seen from the line of the present) and costs little however late; nothing can be early but by the
/// clock's noise, so that costs more. Later points count more: the present is asked for.
Line bestLine(const Points& points, double tolerance)
{
    const std::size_t step = (points.size() - 1) / kMostJudges + 1;
    const auto cost = [&](const Line& line) {
        double sum = 0;
        for (std::size_t i = (points.size() - 1) % step; i < points.size(); i += step) {
            const double lateness = line.lateness(points[i]) / tolerance;
            const double cap = lateness < 0 ? 4 : 1;
            sum += std::min(lateness * lateness, cap) * (1 + static_cast<double>(i) / static_cast<double>(points.size()));
        }
        return sum;
    };
    Line best;
    double least = std::numeric_limits<double>::infinity();
    const std::size_t anchors = std::min(points.size(), kMostAnchors);
    const auto anchor = [&](std::size_t i) { return points[i * (points.size() - 1) / (anchors - 1)]; };
    for (std::size_t i = 0; i + 1 < anchors; ++i) {
        for (std::size_t j = i + 1; j < anchors; ++j) {
            Line line;
            line.slope = (anchor(j).seconds - anchor(i).seconds) / (anchor(j).bytes - anchor(i).bytes);
            line.atZero = anchor(i).seconds - line.slope * anchor(i).bytes;
            // Of lines that fit alike the one over the longer distance is told best.
            const double reach = (anchor(j).bytes - anchor(i).bytes) / (points.back().bytes - points.front().bytes);
            const double total = cost(line) - 0.01 * reach;
            if (total < least) {
                least = total;
                best = line;
            }
        }
    }
    return best;
}

/// A standard deviation that a minority of late points does not raise.
double usualLateness(const Points& points, const Line& line)
{
    std::vector<double> distances;
    for (const auto& p : points)
        distances.push_back(std::abs(line.lateness(p)));
    return points.size() < 5 ? 0 : 1.48 * base::upperMedian(std::move(distances));
}

struct Fit {
    Line line;
    std::size_t points = 0;
    double byteSpread = 0;  ///< Σ (bytes − mean)²
    double scatter = 0;  ///< Σ lateness²
};

/// Least squares through the points that lie near `near`.
Fit leastSquares(const Points& points, const Line& near, double tolerance)
{
    Points close;
    std::copy_if(points.begin(), points.end(), std::back_inserter(close),
                 [&](const Point& p) { return std::abs(near.lateness(p)) <= tolerance; });
    Fit fit;
    fit.points = close.size();
    if (close.size() < 2)
        return fit;
    Point middle;
    for (const auto& p : close) {
        middle.seconds += p.seconds / static_cast<double>(close.size());
        middle.bytes += p.bytes / static_cast<double>(close.size());
    }
    double together = 0;
    for (const auto& p : close) {
        together += (p.bytes - middle.bytes) * (p.seconds - middle.seconds);
        fit.byteSpread += (p.bytes - middle.bytes) * (p.bytes - middle.bytes);
    }
    fit.line.slope = together / fit.byteSpread;
    fit.line.atZero = middle.seconds - fit.line.slope * middle.bytes;
    for (const auto& p : close)
        fit.scatter += fit.line.lateness(p) * fit.line.lateness(p);
    return fit;
}

}  // namespace

std::optional<MeasuredRate> rateOf(const std::vector<Arrival>& curve, double timeStampNoiseMs)
{
    if (curve.size() < 2)
        return {};
    const auto all = pointsOf(curve);
    if (all.size() < 2 || all.back().seconds <= 0)
        return {};
    const double noise = std::max(timeStampNoiseMs, 1e-6) * 1e-3;
    const auto points = withoutClumps(all, usualSecondsPerByte(all));
    if (points.size() < 2)
        return {};
    const double meanGap = (points.back().seconds - points.front().seconds) / static_cast<double>(points.size() - 1);
    const double tolerance = 4 * noise + 0.1 * meanGap;
    const auto line = bestLine(points, tolerance);
    const auto fit = leastSquares(points, line, std::max(tolerance, 3 * usualLateness(points, line)));
    if (fit.points < 2 || fit.line.slope <= 0)
        return {};
    // Few points do not show how noisy they are: late ones may hide among them.
    const double freedom = static_cast<double>(fit.points) - 2;
    const double doubt = 0.1 * meanGap;
    const double squared = (fit.scatter + 2 * (noise * noise + doubt * doubt)) / (freedom + 2);
    const double dissent = static_cast<double>(points.size()) / static_cast<double>(fit.points);
    MeasuredRate rate;
    rate.variance = dissent * dissent * std::max(squared, noise * noise) / (fit.line.slope * fit.line.slope * fit.byteSpread)
        + kLeastDeviation * kLeastDeviation;
    rate.bytesPerSecond = std::exp(-0.5 * rate.variance) / fit.line.slope;  // 1/slope is too large on average by that much
    if (!(rate.variance <= kMostVariance) || !(rate.bytesPerSecond >= kLowest) || !(rate.bytesPerSecond <= kHighest))
        return {};
    return rate;
}

sim::ChangePointDetector::Options BandwidthEstimator::defaultChange()
{
    sim::ChangePointDetector::Options options;
    options.priorMean = kDefaultPriorLogRate;
    return options;
}

BandwidthEstimator::BandwidthEstimator(const Options& options) : m_options(options), m_change(options.change) {}

bool BandwidthEstimator::arrived(const std::vector<Arrival>& curve)
{
    m_changed = false;
    const auto rate = rateOf(curve, m_options.timeStampNoiseMs);
    if (!rate)
        return false;
    m_changed = m_change.add(std::log(rate->bytesPerSecond), rate->variance).changed;
    m_usualVariance += (m_change.runLength() > 1 ? kUsualShare : 1) * (rate->variance - m_usualVariance);
    m_lastNs = curve.back().atNs;
    m_probeTold = true;
    if (m_changed)
        m_fastestMsPerByte = m_slowestMsPerByte = 0;
    m_told.reset();
    return true;
}

bool BandwidthEstimator::probeArrived(const std::vector<Arrival>& curve)
{
    if (m_probedNs && !curve.empty()) {
        m_probeMs = std::max(0.0, nsBetween(*m_probedNs, curve.back().atNs) * 1e-6);
        m_disturbedUntilNs = laterBy(std::max(kLeastBehindProbeMs, kBehindProbe * m_probeMs), curve.back().atNs);
    }
    return arrived(curve);
}

void BandwidthEstimator::roundTrip(double rttMs, std::int64_t nowNs)
{
    if (!std::isfinite(rttMs) || rttMs <= 0)
        return;
    if (!m_roundTrips.empty() && nsBetween(m_roundTrips.back().sinceNs, nowNs) < kRoundTripSliceNs)
        m_roundTrips.back().smallestMs = std::min(m_roundTrips.back().smallestMs, rttMs);
    else
        m_roundTrips.push_back({nowNs, rttMs});
    while (nsBetween(m_roundTrips.front().sinceNs, nowNs) > kRoundTripWindowNs || m_roundTrips.size() > kMostRoundTrips)
        m_roundTrips.pop_front();
}

double BandwidthEstimator::rttMs() const
{
    double smallest = m_roundTrips.empty() ? 0 : m_roundTrips.front().smallestMs;
    for (const auto& slice : m_roundTrips)
        smallest = std::min(smallest, slice.smallestMs);
    return smallest;
}

BandwidthEstimate BandwidthEstimator::estimate(std::int64_t nowNs) const
{
    BandwidthEstimate estimate;
    if (m_change.empty())
        return estimate;
    const double ageMs = std::max(0.0, nsBetween(m_lastNs, nowNs) * 1e-6);
    if (m_told && ageMs <= m_toldUntilAgeMs) {
        m_told->ageMs = ageMs;
        return *m_told;
    }
    m_toldUntilAgeMs = (std::floor(ageMs / kAgeSliceMs) + 1) * kAgeSliceMs;
    const double extra = m_options.systematic * m_options.systematic + m_options.common * m_options.common * m_usualVariance
        + m_options.widenPerSecond * m_options.widenPerSecond * m_toldUntilAgeMs * 1e-3;
    estimate.ageMs = ageMs;
    estimate.bytesPerSecond = std::exp(m_change.quantile(0.5, extra));
    estimate.low = std::exp(m_change.quantile(0.025, extra));
    estimate.high = std::exp(std::min(m_change.quantile(0.975, extra), std::log(std::numeric_limits<double>::max())));
    estimate.changed = m_changed;
    estimate.runLength = m_change.runLength();
    m_told = estimate;
    return estimate;
}

bool BandwidthEstimator::confident(std::int64_t nowNs) const
{
    const auto now = estimate(nowNs);
    return now.known() && now.ageMs <= m_options.staleMs && now.high <= m_options.confidentRatio * now.low;
}

void BandwidthEstimator::transferred(double wireBytes, double transferMs, std::int64_t nowNs)
{
    const double ms = transferMs - rttMs();
    if (nowNs < m_disturbedUntilNs || !(wireBytes > 0) || !std::isfinite(transferMs) || !(ms > 0))
        return;
    const double msPerByte = ms / wireBytes;
    if (m_fastestMsPerByte == 0)
        m_fastestMsPerByte = m_slowestMsPerByte = msPerByte;
    const bool faster
        = msPerByte < kUnusuallyFast * m_fastestMsPerByte && (m_fastestMsPerByte - msPerByte) * wireBytes > kTellingMs;
    const bool slower
        = msPerByte > kUnusuallySlow * m_slowestMsPerByte && (msPerByte - m_slowestMsPerByte) * wireBytes > kTellingMs;
    m_lastMsPerByte = msPerByte;
    m_unusual = faster || slower ? m_unusual + 1 : 0;
    if (m_unusual >= kUnusualInARow) {
        m_unusual = 0;
        m_doubts = kProbesInDoubt;
    } else if (faster || slower) {
        return;
    }
    m_fastestMsPerByte = std::min(msPerByte, m_fastestMsPerByte + kForgotten * (msPerByte - m_fastestMsPerByte));
    m_slowestMsPerByte = std::max(msPerByte, m_slowestMsPerByte + kForgotten * (msPerByte - m_slowestMsPerByte));
}

std::uint64_t BandwidthEstimator::wantedProbeBytes(std::int64_t nowNs)
{
    const bool doubtful = m_doubts > 0;
    const double pauseMs = doubtful ? std::max(kDoubtMs, m_probeMs / m_options.doubtShare)
                                    : std::max(m_options.probeEveryMs, m_probeMs / m_options.probeShare);
    if (m_probedNs && nsBetween(*m_probedNs, nowNs) * 1e-6 < pauseMs)
        return 0;
    if (!doubtful && confident(nowNs))
        return 0;
    const auto now = estimate(nowNs);
    const double usual
        = now.known() ? std::clamp(now.bytesPerSecond * kProbeSeconds, kLeastProbeBytes, kMostProbeBytes) : kFirstProbeBytes;
    double bytes = 0;
    if (doubtful) {
        --m_doubts;
        // The link may be slower than believed. That it looks faster means little: a burst lets small transfers through at once.
        bytes = std::clamp(kProbeSeconds * 1e3 / m_lastMsPerByte, kLeastProbeBytes, usual);
    } else {
        // A probe that told nothing was too small: it went through in one burst or too quickly for the clock.
        m_probeScale = m_probeTold ? 1 : std::min(m_probeScale * kProbeGrowth, kMostProbeBytes);
        m_probeTold = false;
        bytes = std::min(usual * m_probeScale, kMostProbeBytes);
    }
    m_probedNs = nowNs;
    m_probeMs = now.known() ? std::max(bytes / now.bytesPerSecond * 1e3, bytes * m_lastMsPerByte) : kProbeSeconds * 1e3;
    m_disturbedUntilNs = laterBy(kLostProbe * std::max(m_probeMs, kLeastProbeMs), nowNs);
    return static_cast<std::uint64_t>(bytes);
}

void BandwidthEstimator::clear() { *this = BandwidthEstimator(m_options); }

}  // namespace splitscope::link
