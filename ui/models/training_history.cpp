// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/training_history.h"

#include "ui/models/texts.h"

#include <cmath>
#include <functional>

namespace splitscope::ui {

namespace {

using Read = std::function<double(const TrainingPoint&)>;

PlotLine line(const TrainingHistory& history, const QString& name, const char* key, Quantity quantity, Qt::PenStyle style,
              const Read& read)
{
    PlotLine result{name, QLatin1String(key), {}, quantity, style};
    for (const auto& point : history)
        if (const double value = read(point); std::isfinite(value))
            result.points.emplace_back(static_cast<double>(point.updates), value);
    return result;
}

Plot plot(const char* key, const QString& title, const QString& axis, const QString& unit, std::uint64_t updates,
          std::vector<PlotLine> lines, bool logarithmic = false)
{
    Plot result;
    result.key = QStringLiteral("policy-") + QLatin1String(key);
    result.title = title;
    result.x
        = {tr("updates"), QStringLiteral("updates"), {}, false, 0.0, static_cast<double>(std::max<std::uint64_t>(updates, 1))};
    result.y = {axis, QLatin1String(key), unit, logarithmic, {}, {}};
    result.emptyText = tr("Train fills this.");
    // Nothing that is 0 or below has a place on a logarithmic axis.
    for (auto& each : lines)
        if (logarithmic)
            std::erase_if(each.points, [](const QPointF& point) { return point.y() <= 0; });
    std::erase_if(lines, [](const PlotLine& each) { return each.points.empty(); });
    result.lines = std::move(lines);
    return result;
}

}  // namespace

std::array<Plot, kTrainingPlots> trainingPlots(const TrainingHistory& history, std::uint64_t updates)
{
    using P = const TrainingPoint&;
    const auto of = [&](const QString& name, const char* key, Quantity quantity, Qt::PenStyle style, const Read& read) {
        return line(history, name, key, quantity, style, read);
    };
    const QString percent = QStringLiteral("%");
    return {plot("reward", tr("Reward"), tr("exploring"), {}, updates,
                 {of(tr("policy"), "policy", Quantity::Decision, Qt::SolidLine, [](P p) { return p.reward; }),
                  of(tr("optimum"), "optimum", Quantity::Regret, Qt::DashLine, [](P p) { return p.optimum; })}),
            plot("gap", tr("Below the optimum"), tr("(%)"), percent, updates,
                 {of(tr("exploring"), "exploring_percent", Quantity::Regret, Qt::SolidLine,
                     [](P p) { return 100 * p.regret / p.optimum; }),
                  of(tr("held out"), "gap_percent", Quantity::Decision, Qt::SolidLine, [](P p) { return 100 * p.gap; })},
                 true),
            plot("critic-loss", tr("Critic loss"), tr("squared"), {}, updates,
                 {of({}, "critic_loss", Quantity::Bandwidth, Qt::SolidLine, [](P p) { return p.criticLoss; })}, true),
            plot("actor-loss", tr("Actor loss"), {}, {}, updates,
                 {of({}, "actor_loss", Quantity::Energy, Qt::SolidLine, [](P p) { return p.actorLoss; })}),
            plot("entropy", tr("Entropy"), tr("of the policy (nats)"), {}, updates,
                 {of({}, "entropy_nats", Quantity::Edge, Qt::SolidLine, [](P p) { return p.entropy; })}),
            plot("alpha", tr("α"), tr("temperature"), {}, updates,
                 {of({}, "alpha", Quantity::Accuracy, Qt::SolidLine, [](P p) { return p.alpha; })}, true),
            plot("alpha-loss", tr("α loss"), {}, {}, updates,
                 {of({}, "alpha_loss", Quantity::Accuracy, Qt::SolidLine, [](P p) { return p.alphaLoss; })}),
            plot("speed", tr("Speed"), tr("updates/s"), {}, updates,
                 {of({}, "updates_per_s", Quantity::Device, Qt::SolidLine, [](P p) { return p.updatesPerSecond; })})};
}

}  // namespace splitscope::ui
