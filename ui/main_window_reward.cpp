// SPDX-License-Identifier: GPL-3.0-or-later
// How the sliders reach the experiment, the charts and the optimizer.
#include "ui/bridge/experiment_bridge.h"
#include "ui/main_window.h"
#include "ui/pages/live_page.h"
#include "ui/pages/optimizer_page.h"
#include "ui/widgets/control_dock.h"
#include "ui/widgets/reward_controls.h"

#include <algorithm>

namespace splitscope::ui {

void MainWindow::connectReward()
{
    connect(m_controls, &ControlDock::objectiveChanged, &m_parts.bridge, &ExperimentBridge::setObjective);
    connect(m_controls, &ControlDock::objectiveChanged, m_optimizer, &OptimizerPage::setObjective);
    connect(m_controls, &ControlDock::objectiveChanged, this, [this](const decision::Objective& objective) {
        m_live->setDeadline(objective.deadlineMs);
        m_live->setEnergyLimit(objective.energyLimitJoules);
        m_running.deadlineMs = objective.deadlineMs == decision::kNoLimit ? 0 : objective.deadlineMs;
    });
    connect(m_controls, &ControlDock::exportRequested, this, qOverload<PlotView*, const QPoint&>(&MainWindow::offerExport));
    connect(m_optimizer, &OptimizerPage::troubleArose, this, &MainWindow::report);
    connect(m_optimizer, &OptimizerPage::problemLoaded, this,
            [this](const session::Scenario& problem, const sim::Evaluator& evaluator) {
                const session::Scenario own = m_controls->scenario();
                if (problem.model == own.model && problem.data == own.data && problem.batch == own.batch)
                    referTo(evaluator);
            });
    connect(m_optimizer, &OptimizerPage::useRequested, this,
            [this](const std::string& strategy, const std::string& policyFile, const std::string& costTable) {
                m_controls->usePolicy(strategy, policyFile, costTable);
            });
}

/// The curve and "energy saver" refer to what this table's decisions cost.
void MainWindow::referTo(const sim::Evaluator& evaluator)
{
    if (evaluator.scale() == m_referredTo)
        return;
    m_referredTo = evaluator.scale();
    m_controls->reward()->setScale(evaluator.scale());
    double low = decision::kNoLimit, high = 0;
    profile::Conditions conditions;
    conditions.bytesPerSecond = evaluator.scale().maxBytesPerSecond;
    for (std::size_t action = 0; action < evaluator.actionCount(); ++action) {
        const double joules = evaluator.score(action, conditions).prediction.energyJoules;
        low = std::min(low, joules);
        high = std::max(high, joules);
    }
    m_controls->reward()->setEnergyRange(low, high);
}

}  // namespace splitscope::ui
