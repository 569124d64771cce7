// SPDX-License-Identifier: GPL-3.0-or-later
// The decision map of the Optimizer page, and what the inspector says about a bandwidth.
#include "ui/pages/optimizer_page.h"

#include "ui/charts/plot_view.h"
#include "ui/widgets/policy_inspector.h"
#include "ui/widgets/reward_curve.h"

#include <cmath>

namespace splitscope::ui {

namespace {

/// Of each turn of the event loop: the rest is for painting and the experiment.
constexpr double kMapBudgetMs = 4;
constexpr double kUsualMegabytes = 1;

}  // namespace

void OptimizerPage::redrawMap()
{
    if (!m_evaluator)
        return;
    // One that is under way is finished first: during a drag of a slider something is seen all the time.
    if (m_mapPending) {
        m_mapStale = true;
        return;
    }
    m_mapStale = false;
    m_mapPending = true;
    m_builder.emplace(MapRequest{m_evaluator, m_policy, m_loaded->conditions, m_loaded->rates});
    m_mapTimer.start(0);
}

void OptimizerPage::advanceMap()
{
    if (!m_builder->advance(kMapBudgetMs))
        return;
    m_mapTimer.stop();
    m_mapPending = false;
    m_map = m_builder->points();
    showMap();
    if (m_mapStale)
        redrawMap();
}

void OptimizerPage::showMap()
{
    Plot plot = mapPlot(m_map, m_builder->request());
    if (const auto gap = mapGap(m_map))
        plot.y.title += tr(" · %1 % below the optimum").arg(100 * *gap, 0, 'f', 2);
    plot.xMark = bandwidthMark(m_bandwidth);
    m_mapView->setAction({});
    m_mapView->setPlot(std::move(plot));
    inspect();
}

void OptimizerPage::emptyMap(const QString& text)
{
    m_mapTimer.stop();
    m_builder.reset();
    m_mapPending = m_mapStale = false;
    m_map.clear();
    Plot plot;
    plot.title = tr("Decisions over bandwidth");
    plot.emptyText = text;
    m_mapView->setPlot(std::move(plot));
    m_mapView->setAction(tr("Open…"));
    m_inspector->clear(tr("With a cost table, this tells what each decision is worth at the bandwidth under the pointer."));
}

void OptimizerPage::setBandwidth(double bytesPerSecond)
{
    if (bytesPerSecond == m_bandwidth)
        return;
    m_bandwidth = bytesPerSecond;
    if (m_map.empty())
        return;
    m_mapView->setXMark(bandwidthMark(bytesPerSecond));
    if (isVisible() && !m_pinned && !m_mapView->hover())
        inspect();
}

void OptimizerPage::inspect()
{
    if (!m_builder || !m_evaluator)
        return;
    const double now = m_bandwidth > 0 && std::isfinite(m_bandwidth) ? m_bandwidth / 1e6 : kUsualMegabytes;
    const double megabytes = m_mapView->hover().value_or(m_pinned.value_or(now));
    auto conditions = m_loaded->conditions;
    conditions.bytesPerSecond = megabytes * 1e6;
    std::optional<PolicyReader> reader;
    if (m_policy) {
        if (auto made = PolicyReader::make(*m_evaluator, m_policy))
            reader.emplace(*std::move(made));
        else
            setStatus(tr("the policy %1").arg(QString::fromStdString(made.error().text)));
    }
    m_inspector->inspect(*m_evaluator, reader ? &*reader : nullptr, conditions);
}

}  // namespace splitscope::ui
