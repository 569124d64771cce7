// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decision/reward.h"
#include "ui/charts/plot_view.h"

#include <QGroupBox>

#include <optional>

class QComboBox;
class QToolButton;
class QUndoStack;

namespace splitscope::ui {

class SliderField;

/// What an experiment is after: the reward's sliders, typed values, presets, and the weight a(B) that they make.
class RewardControls : public QGroupBox {
    Q_OBJECT

public:
    explicit RewardControls(QUndoStack* undo, QWidget* parent = nullptr);

    /// Shows an objective without objectiveChanged().
    void setObjective(const decision::Objective& objective);
    /// As if typed: objectiveChanged() follows.
    void changeObjective(const decision::Objective& objective);
    [[nodiscard]] const decision::Objective& objective() const { return m_objective; }

    /// What the reward refers to: for the curve and for n where it is automatic.
    void setScale(const decision::RewardScale& scale);
    /// Energies of the network's decisions, per frame: what "energy saver" saves from.
    void setEnergyRange(double lowJoules, double highJoules);
    /// Layers of the longest path: the ends of the pinned cuts.
    void setLayers(int layers);
    /// Of the uplink now: the mark in the curve. Not positive, or infinite: none.
    void setBandwidth(double bytesPerSecond);

    [[nodiscard]] QComboBox* presets() const { return m_presets; }
    [[nodiscard]] QComboBox* kinds() const { return m_kinds; }
    [[nodiscard]] SliderField* sensitivity() const { return m_sensitivity; }
    [[nodiscard]] SliderField* weight() const { return m_weight; }
    [[nodiscard]] SliderField* energyLimit() const { return m_energy; }
    [[nodiscard]] SliderField* deadline() const { return m_deadline; }
    [[nodiscard]] SliderField* accuracyFloor() const { return m_floor; }
    [[nodiscard]] SliderField* firstCut() const { return m_firstCut; }
    [[nodiscard]] SliderField* lastCut() const { return m_lastCut; }
    [[nodiscard]] QToolButton* moreLimits() const { return m_more; }
    [[nodiscard]] PlotView* curve() const { return m_curve; }

Q_SIGNALS:
    void objectiveChanged(const splitscope::decision::Objective& objective);
    void exportRequested(splitscope::ui::PlotView* plot, const QPoint& globalPosition);

private:
    void makeToolTips();
    void connectFields(QUndoStack* undo);
    void take();
    void choose(const decision::Objective& objective, const QString& undoText);
    void show();
    void showCurve();
    void showPreset();
    [[nodiscard]] decision::Objective preset(int index) const;

    decision::Objective m_objective;
    decision::RewardScale m_scale;
    std::optional<double> m_savedEnergy;
    double m_bandwidth = 0;
    QUndoStack* m_undo;
    QComboBox *m_presets, *m_kinds;
    SliderField *m_sensitivity, *m_weight, *m_energy, *m_deadline, *m_floor, *m_firstCut, *m_lastCut;
    QToolButton* m_more;
    QWidget* m_moreFields;
    PlotView* m_curve;
};

}  // namespace splitscope::ui
