// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/strategy_gaps.h"

#include "core/base/files.h"
#include "core/session/model_package.h"
#include "core/strategy/strategy.h"
#include "ui/models/texts.h"

#include <algorithm>

namespace splitscope::ui {

namespace {

/// models/<network>/<one of the data's names><suffix>
bool ships(const session::Scenario& scenario, const std::string& suffix)
{
    const auto names = session::weightsNames(scenario.data);
    return std::ranges::any_of(
        names, [&](const auto& name) { return base::resourcePath("models/" + scenario.model + "/" + name + suffix).ok(); });
}

bool isFile(const std::string& path)
{
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored);
}

}  // namespace

std::map<std::string, QString> strategyGaps(const session::Scenario& scenario)
{
    const QString model = QString::fromStdString(scenario.model), data = QString::fromStdString(scenario.data);
    const bool table = scenario.costTable.empty() ? ships(scenario, ".costs.json.zst") : isFile(scenario.costTable);
    const auto actions = decision::parseSpaceOptions(scenario.actionSet);
    std::map<std::string, QString> gaps;
    for (const auto& info : strategy::strategies()) {
        if (info.needsTable && !table)
            gaps[info.name]
                = tr("Needs a cost table of %1 for %2; none is there. Open one on the Optimizer page, or make one with "
                     "splitscope-cli table build.")
                      .arg(model, data);
        else if (!strategy::offers(actions ? *actions : decision::SpaceOptions(), info.needsGates))
            gaps[info.name] = tr("Needs an action set with gates, such as %1: choose one on the Scenario page.")
                                  .arg(QString::fromStdString(strategy::exampleActionSet(info.needsGates)));
        else if (info.needsPolicy
                 && !(scenario.policy.empty() ? ships(scenario, "." + info.name + ".policy") : isFile(scenario.policy)))
            gaps[info.name]
                = tr("Needs a trained policy of %1 for %2; train one on the Optimizer page, then Use in run.").arg(model, data);
    }
    return gaps;
}

}  // namespace splitscope::ui
