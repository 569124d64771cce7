// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/scenario.h"

#include <QScrollArea>
#include <QTimer>

class QUndoStack;

namespace splitscope::ui {

class DecisionControls;
class LinkControls;
class SliderField;
class StartControls;

/// The right dock: link, device, decision, and the values of the next run. Together they are a scenario.
class ControlDock : public QScrollArea {
    Q_OBJECT

public:
    explicit ControlDock(QUndoStack* undo, QWidget* parent = nullptr);

    void setScenario(const session::Scenario& scenario);
    [[nodiscard]] session::Scenario scenario() const;
    void setRunning(bool running);

    [[nodiscard]] LinkControls* link() const { return m_link; }
    [[nodiscard]] SliderField* slowdown() const { return m_slowdown; }
    [[nodiscard]] DecisionControls* decision() const { return m_decision; }
    [[nodiscard]] StartControls* startValues() const { return m_start; }

Q_SIGNALS:
    // Of a running experiment; a drag is passed on at most 20 times a second.
    void uplinkChanged(const std::string& bandwidth, const splitscope::wire::Shaping& shaping);
    void slowdownChanged(double slowdown);
    void strategyChanged(const std::string& strategy, const splitscope::decision::Decision& fixed);

    void networkChanged(const splitscope::model::NetworkSpec& spec);
    void deadlineChanged(double deadlineMs);
    void scenarioEdited();
    void troubleArose(const splitscope::base::Error& error);

private:
    void loadNetwork(const QString& model);

    session::Scenario m_scenario;  ///< keeps what no field shows
    LinkControls* m_link;
    SliderField* m_slowdown;
    DecisionControls* m_decision;
    StartControls* m_start;
    QTimer m_uplinkPause;
    QTimer m_slowdownPause;
    QString m_loaded;
};

}  // namespace splitscope::ui
