// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/control_dock.h"

#include "core/session/pricing.h"
#include "ui/models/scenario_merge.h"
#include "ui/models/strategy_gaps.h"
#include "ui/widgets/decision_controls.h"
#include "ui/widgets/link_controls.h"
#include "ui/widgets/reward_controls.h"
#include "ui/widgets/slider_field.h"
#include "ui/widgets/start_controls.h"

#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

namespace splitscope::ui {

namespace {

constexpr int kWidth = 264;
constexpr int kPassOnMs = 50;

}  // namespace

ControlDock::ControlDock(QUndoStack* undo, QWidget* parent)
    : QScrollArea(parent), m_reward(new RewardControls(undo)), m_link(new LinkControls(undo)),
      m_slowdown(new SliderField(tr("Slowdown"), slowdownScale())), m_decision(new DecisionControls), m_start(new StartControls)
{
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(4, 2, 8, 8);
    auto* device = new QGroupBox(tr("Device"));
    auto* deviceLayout = new QVBoxLayout(device);
    deviceLayout->addWidget(m_slowdown);
    m_slowdown->setToolTip(tr("An emulated device takes this many times as long for its layers. ×8 on a laptop comes near a "
                              "Raspberry Pi."));
    m_slowdown->recordIn(undo);
    for (QWidget* group : std::initializer_list<QWidget*>{m_reward, m_link, device, m_decision, m_start})
        layout->addWidget(group);
    layout->addStretch();
    setWidget(content);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // Some languages' captions are longer.
    setFixedWidth(std::max(kWidth, content->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width()));
    setAccessibleName(tr("Controls"));

    for (QTimer* timer : {&m_uplinkPause, &m_slowdownPause, &m_objectivePause}) {
        timer->setSingleShot(true);
        timer->setInterval(kPassOnMs);
    }
    const auto passOn = [](QTimer& timer) {
        if (!timer.isActive())
            timer.start();
    };
    connect(m_link, &LinkControls::uplinkChanged, this, [this, passOn] { passOn(m_uplinkPause); });
    connect(m_slowdown, &SliderField::valueChanged, this, [this, passOn] { passOn(m_slowdownPause); });
    connect(&m_uplinkPause, &QTimer::timeout, this, [this] { Q_EMIT uplinkChanged(m_link->bandwidth(), m_link->shaping()); });
    connect(&m_slowdownPause, &QTimer::timeout, this, [this] { Q_EMIT slowdownChanged(m_slowdown->value()); });
    connect(m_reward, &RewardControls::objectiveChanged, this, [this, passOn] { passOn(m_objectivePause); });
    connect(m_reward, &RewardControls::exportRequested, this, &ControlDock::exportRequested);
    connect(&m_objectivePause, &QTimer::timeout, this, [this] { Q_EMIT objectiveChanged(m_reward->objective()); });
    connect(m_decision, &DecisionControls::choiceChanged, this, [this] {
        Q_EMIT strategyChanged(m_decision->strategy(), m_decision->decision(), m_scenario.policy);
        Q_EMIT scenarioEdited();
    });
    connect(m_start, &StartControls::modelChanged, this, &ControlDock::loadNetwork);
    connect(m_start, &StartControls::edited, this, [this] {
        findGaps();
        Q_EMIT scenarioEdited();
    });
}

void ControlDock::setScenario(const session::Scenario& scenario)
{
    m_scenario = scenario;
    {
        const QSignalBlocker whole(m_start);  // told below, when all is shown
        m_start->show(scenario);
    }
    loadNetwork(QString::fromStdString(scenario.model));
    m_decision->setChoice(scenario.strategy, scenario.decision);
    m_link->setUplink(scenario.bandwidth, scenario.shaping);
    m_slowdown->setValue(scenario.slowdown);
    m_reward->setObjective(session::objectiveOf(scenario));
    m_untouched = shown();
    findGaps();
    Q_EMIT objectiveChanged(m_reward->objective());
    Q_EMIT scenarioEdited();
}

/// What was not touched goes back as it came: sliders and lists show less than a file can hold.
session::Scenario ControlDock::scenario() const
{
    session::Scenario scenario = m_scenario;
    mergeControls(m_untouched, shown(), scenario);
    return scenario;
}

session::Scenario ControlDock::shown() const
{
    session::Scenario scenario = m_scenario;
    m_start->applyTo(scenario);
    scenario.strategy = m_decision->strategy();
    scenario.decision = m_decision->decision();
    scenario.bandwidth = m_link->bandwidth();
    scenario.shaping = m_link->shaping();
    scenario.slowdown = m_slowdown->value();
    // There is one deadline here; a file may hold two.
    if (const auto& objective = m_reward->objective(); objective != session::objectiveOf(m_scenario)) {
        scenario.objective = objective;
        scenario.deadlineMs = objective.deadlineMs == decision::kNoLimit ? 0 : objective.deadlineMs;
    }
    return scenario;
}

void ControlDock::setRunning(bool running) { m_start->setEditable(!running); }

void ControlDock::usePolicy(const std::string& strategy, const std::string& policyFile, const std::string& costTable)
{
    m_scenario.policy = m_untouched.policy = policyFile;
    m_scenario.costTable = m_untouched.costTable = costTable;
    m_decision->setChoice(strategy, m_decision->decision());
    findGaps();
    Q_EMIT strategyChanged(strategy, m_decision->decision(), policyFile);
    Q_EMIT scenarioEdited();
}

/// Which strategies lack something depends on model, data, table and policy.
void ControlDock::findGaps() { m_decision->setGaps(strategyGaps(scenario())); }

void ControlDock::loadNetwork(const QString& model)
{
    if (model == m_loaded)
        return;
    const auto spec = model::loadNetworkSpec(model.toStdString());
    if (!spec) {
        Q_EMIT troubleArose(spec.error());
        return;
    }
    m_loaded = model;
    m_decision->setNetwork(*spec);
    int longest = 1;
    for (const auto& exit : spec->exits)
        longest = std::max(longest, exit.layerCount());
    m_reward->setLayers(longest);
    Q_EMIT networkChanged(*spec);
}

}  // namespace splitscope::ui
