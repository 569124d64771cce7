// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/scenario.h"
#include "ui/charts/plot_view.h"

#include <QScrollArea>
#include <QTimer>

class QUndoStack;

namespace splitscope::ui {

class DecisionControls;
class LinkControls;
class RewardControls;
class SliderField;
class StartControls;

/// The right dock: reward, link, device, decision, and the values of the next run. Together they are a scenario.
class ControlDock : public QScrollArea {
    Q_OBJECT

public:
    explicit ControlDock(QUndoStack* undo, QWidget* parent = nullptr);

    void setScenario(const session::Scenario& scenario);
    [[nodiscard]] session::Scenario scenario() const;
    void setRunning(bool running);
    /// A policy and what it decides with, for this run and the next ones: strategyChanged() follows.
    void usePolicy(const std::string& strategy, const std::string& policyFile, const std::string& costTable);

    [[nodiscard]] RewardControls* reward() const { return m_reward; }
    [[nodiscard]] LinkControls* link() const { return m_link; }
    [[nodiscard]] SliderField* slowdown() const { return m_slowdown; }
    [[nodiscard]] DecisionControls* decision() const { return m_decision; }
    [[nodiscard]] StartControls* startValues() const { return m_start; }

Q_SIGNALS:
    // Of a running experiment; a drag is passed on at most 20 times a second.
    void uplinkChanged(const std::string& bandwidth, const splitscope::wire::Shaping& shaping);
    void slowdownChanged(double slowdown);
    void strategyChanged(const std::string& strategy, const splitscope::decision::Decision& fixed, const std::string& policyFile);
    void objectiveChanged(const splitscope::decision::Objective& objective);

    void networkChanged(const splitscope::model::NetworkSpec& spec);
    void scenarioEdited();
    void exportRequested(splitscope::ui::PlotView* plot, const QPoint& globalPosition);
    void troubleArose(const splitscope::base::Error& error);

private:
    void loadNetwork(const QString& model);
    void findGaps();
    [[nodiscard]] session::Scenario shown() const;  ///< as the fields say, where they cannot show all of it

    session::Scenario m_scenario;  ///< keeps what no field shows
    session::Scenario m_untouched;  ///< shown() when it was set
    RewardControls* m_reward;
    LinkControls* m_link;
    SliderField* m_slowdown;
    DecisionControls* m_decision;
    StartControls* m_start;
    QTimer m_uplinkPause;
    QTimer m_slowdownPause;
    QTimer m_objectivePause;
    QString m_loaded;
};

}  // namespace splitscope::ui
