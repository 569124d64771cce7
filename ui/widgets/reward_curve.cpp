// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/reward_curve.h"

#include "core/base/units.h"
#include "ui/models/texts.h"

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr int kPoints = 121;
constexpr double kLowestMegabytes = 0.01;

}  // namespace

std::optional<PlotMark> bandwidthMark(double bytesPerSecond)
{
    if (!(bytesPerSecond > 0) || !std::isfinite(bytesPerSecond))
        return {};
    return PlotMark{bytesPerSecond / 1e6, QString::fromStdString(base::formatBytesPerSecond(bytesPerSecond))};
}

Plot rewardCurve(const decision::Objective& objective, const decision::RewardScale& scale, double bytesPerSecond)
{
    Plot plot;
    plot.key = QStringLiteral("reward-weights");
    plot.compact = true;
    const double highest = std::max(scale.maxBytesPerSecond / 1e6, 10 * kLowestMegabytes);
    plot.x = {tr("MB/s"), QStringLiteral("uplink_MB_per_s"), tr("MB/s"), true, kLowestMegabytes, highest};
    plot.y = {tr("weight"), QStringLiteral("weight"), {}, false, 0.0, 1.0};
    if (objective.kind == decision::RewardKind::Edgent) {
        plot.emptyText = tr("Edgent's reward has no weights: e^accuracy + frames per second, within the deadline.");
        return plot;
    }
    plot.y.title
        = tr("a = %1·ln(1 + B/%2)").arg(threeDigits(decision::scaleOf(objective, scale)), threeDigits(objective.sensitivity));
    PlotLine a{tr("a accuracy"), QStringLiteral("a"), {}, Quantity::Accuracy, Qt::SolidLine, 2};
    PlotLine b{tr("b speed"), QStringLiteral("b"), {}, Quantity::Transfer, Qt::DashLine, 1.6};
    for (int i = 0; i < kPoints; ++i) {
        const double rate = kLowestMegabytes * std::pow(highest / kLowestMegabytes, static_cast<double>(i) / (kPoints - 1));
        const double weight = decision::accuracyWeight(objective, scale, rate * 1e6);
        a.points.emplace_back(rate, weight);
        b.points.emplace_back(rate, 1 - weight);
    }
    plot.lines = {std::move(a), std::move(b)};
    plot.xMark = bandwidthMark(bytesPerSecond);
    return plot;
}

}  // namespace splitscope::ui
