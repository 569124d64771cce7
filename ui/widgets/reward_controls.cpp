// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/reward_controls.h"

#include "ui/charts/plot_view.h"
#include "ui/widgets/reward_curve.h"
#include "ui/widgets/reward_scales.h"

#include <QComboBox>
#include <QFormLayout>
#include <QPointer>
#include <QToolButton>
#include <QUndoStack>
#include <QVBoxLayout>

#include <array>
#include <cmath>

namespace splitscope::ui {

namespace {

/// Where no table tells what frames cost.
constexpr double kUsualSavedJoules = 0.02;
constexpr int kUsualLayers = 24;

struct Preset {
    const char* label;
    const char* toolTip;
};
enum PresetIndex { Custom, Paper, LatencyFirst, AccuracyFirst, EnergySaver, Edgent };
constexpr std::array kPresets{
    Preset{QT_TRANSLATE_NOOP("splitscope::ui::RewardControls", "custom"),
           QT_TRANSLATE_NOOP("splitscope::ui::RewardControls", "As the sliders stand")},
    Preset{QT_TRANSLATE_NOOP("splitscope::ui::RewardControls", "paper"),
           QT_TRANSLATE_NOOP("splitscope::ui::RewardControls", "s = 10 MB/s, n automatic, no limits")},
    Preset{QT_TRANSLATE_NOOP("splitscope::ui::RewardControls", "latency first"),
           QT_TRANSLATE_NOOP("splitscope::ui::RewardControls", "Speed decides at nearly every bandwidth")},
    Preset{QT_TRANSLATE_NOOP("splitscope::ui::RewardControls", "accuracy first"),
           QT_TRANSLATE_NOOP("splitscope::ui::RewardControls", "Accuracy decides from about 0.6 MB/s on")},
    Preset{QT_TRANSLATE_NOOP("splitscope::ui::RewardControls", "energy saver"),
           QT_TRANSLATE_NOOP("splitscope::ui::RewardControls",
                             "The paper's weights, and a limit amid the energies that decisions take")},
    Preset{QT_TRANSLATE_NOOP("splitscope::ui::RewardControls", "Edgent, 100 ms"),
           QT_TRANSLATE_NOOP("splitscope::ui::RewardControls",
                             "Edgent's reward: as accurate and as fast as possible within 100 ms")}};

class ObjectiveCommand : public QUndoCommand {
public:
    ObjectiveCommand(RewardControls* controls, const QString& name, decision::Objective before, decision::Objective after)
        : QUndoCommand(name), m_controls(controls), m_before(before), m_after(after)
    {
    }
    void undo() override
    {
        if (m_controls)
            m_controls->changeObjective(m_before);
    }
    void redo() override
    {
        if (m_controls && !(m_controls->objective() == m_after))
            m_controls->changeObjective(m_after);
    }

private:
    QPointer<RewardControls> m_controls;
    decision::Objective m_before, m_after;
};

}  // namespace

RewardControls::RewardControls(QUndoStack* undo, QWidget* parent)
    : QGroupBox(tr("Reward"), parent), m_undo(undo), m_presets(new QComboBox), m_kinds(new QComboBox),
      m_sensitivity(new SliderField(tr("Sensitivity s"), sensitivityScale())),
      m_weight(new SliderField(tr("Weight n"), weightScale())),
      m_energy(new SliderField(tr("Energy limit ê"), energyLimitScale())),
      m_deadline(new SliderField(tr("Deadline"), deadlineScale())),
      m_floor(new SliderField(tr("Accuracy at least"), accuracyFloorScale())),
      m_firstCut(new SliderField(tr("Layers on device, at least"), layerScale(kUsualLayers, false))),
      m_lastCut(new SliderField(tr("at most"), layerScale(kUsualLayers, true))), m_more(new QToolButton),
      m_moreFields(new QWidget), m_curve(new PlotView)
{
    auto* layout = new QVBoxLayout(this);
    auto* form = new QFormLayout;
    form->addRow(tr("Preset"), m_presets);
    form->addRow(tr("Kind"), m_kinds);
    layout->addLayout(form);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_sensitivity, m_weight, m_curve, m_energy, m_deadline, m_more})
        layout->addWidget(widget);
    auto* more = new QVBoxLayout(m_moreFields);
    more->setContentsMargins(0, 0, 0, 0);
    for (SliderField* field : {m_floor, m_firstCut, m_lastCut})
        more->addWidget(field);
    layout->addWidget(m_moreFields);
    m_more->setText(tr("More limits"));
    m_more->setCheckable(true);
    m_more->setArrowType(Qt::RightArrow);
    m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_moreFields->hide();
    for (const Preset& preset : kPresets) {
        m_presets->addItem(tr(preset.label));
        m_presets->setItemData(m_presets->count() - 1, tr(preset.toolTip), Qt::ToolTipRole);
    }
    m_kinds->addItem(tr("paper: a·q + b·u"), static_cast<int>(decision::RewardKind::Paper));
    m_kinds->addItem(tr("Edgent: e^acc + frames/s"), static_cast<int>(decision::RewardKind::Edgent));
    for (QComboBox* box : {m_presets, m_kinds}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(8);
    }
    makeToolTips();
    connectFields(undo);
    setObjective({});
}

void RewardControls::makeToolTips()
{
    m_presets->setAccessibleName(tr("Preset of the reward"));
    m_presets->setToolTip(tr("All of the reward's values at once"));
    m_kinds->setAccessibleName(tr("Kind of reward"));
    m_kinds->setToolTip(tr("Paper: accuracy q and speed u, both from 0 to 1, weighed by a and b = 1 − a.\n"
                           "Edgent: e^accuracy + frames per second, 0 beyond the deadline."));
    m_sensitivity->setToolTip(tr("s of a(B) = n·ln(1 + B/s): from about which bandwidth on accuracy counts. Smaller: accuracy "
                                 "matters already on slow links."));
    m_weight->setToolTip(tr("n of a(B) = n·ln(1 + B/s): how much accuracy counts at most. auto: as much as makes a = 1 at the "
                            "highest bandwidth of the scenario."));
    m_energy->setToolTip(tr("ê: decisions that take more of the device's energy per frame are worth nothing. Write 20 mJ, 0.5 J "
                            "or none."));
    m_deadline->setToolTip(tr("Requests that take longer are worth nothing, and count as late. The line in the latency chart."));
    m_floor->setToolTip(tr("Decisions whose expected accuracy is lower are not taken."));
    m_firstCut->setToolTip(tr("At least so many layers run on the device: what leaves it is further from the image."));
    m_lastCut->setToolTip(tr("At most so many layers run on the device; all of them stays possible."));
    m_more->setToolTip(tr("Accuracy floor and pinned cuts"));
    m_curve->setToolTip(
        tr("The weight of accuracy a and of speed b over the uplink's bandwidth (eq. 13); a right click exports."));
}

void RewardControls::connectFields(QUndoStack* undo)
{
    const decision::Objective usual;
    for (const auto& [field, value] : {std::pair{m_sensitivity, usual.sensitivity},
                                       {m_weight, usual.scale},
                                       {m_energy, usual.energyLimitJoules},
                                       {m_deadline, usual.deadlineMs},
                                       {m_floor, usual.accuracyFloor},
                                       {m_firstCut, double(usual.firstCut)},
                                       {m_lastCut, double(usual.lastCut)}}) {
        field->setDefault(value);
        field->recordIn(undo);
        connect(field, &SliderField::valueChanged, this, &RewardControls::take);
    }
    connect(m_more, &QToolButton::toggled, this, [this](bool on) {
        m_more->setArrowType(on ? Qt::DownArrow : Qt::RightArrow);
        m_moreFields->setVisible(on);
    });
    connect(m_kinds, &QComboBox::activated, this, [this] {
        auto next = m_objective;
        next.kind = static_cast<decision::RewardKind>(m_kinds->currentData().toInt());
        choose(next, tr("Kind of reward"));
    });
    connect(m_presets, &QComboBox::activated, this, [this](int index) {
        if (index != Custom)
            choose(preset(index), tr("Preset %1").arg(m_presets->itemText(index)));
        showPreset();
    });
    connect(m_curve, &PlotView::exportRequested, this, [this](const QPoint& at) { Q_EMIT exportRequested(m_curve, at); });
}

decision::Objective RewardControls::preset(int index) const
{
    decision::Objective objective;
    switch (index) {
    case LatencyFirst:
        objective.sensitivity = 100;
        objective.scale = 0.5;
        break;
    case AccuracyFirst:
        objective.sensitivity = 0.1;
        objective.scale = 0.5;
        break;
    case EnergySaver: objective.energyLimitJoules = m_savedEnergy.value_or(kUsualSavedJoules); break;
    case Edgent:
        objective.kind = decision::RewardKind::Edgent;
        objective.deadlineMs = 100;
        break;
    default: break;
    }
    return objective;
}

void RewardControls::choose(const decision::Objective& objective, const QString& undoText)
{
    if (objective == m_objective)
        return;
    const auto before = m_objective;
    changeObjective(objective);
    if (m_undo)
        m_undo->push(new ObjectiveCommand(this, undoText, before, objective));
}

void RewardControls::setObjective(const decision::Objective& objective)
{
    m_objective = objective;
    show();
}

void RewardControls::changeObjective(const decision::Objective& objective)
{
    setObjective(objective);
    Q_EMIT objectiveChanged(m_objective);
}

void RewardControls::show()
{
    m_kinds->setCurrentIndex(m_kinds->findData(static_cast<int>(m_objective.kind)));
    m_sensitivity->setValue(m_objective.sensitivity);
    m_weight->setValue(m_objective.scale);
    m_energy->setValue(m_objective.energyLimitJoules);
    m_deadline->setValue(m_objective.deadlineMs);
    m_floor->setValue(m_objective.accuracyFloor);
    m_firstCut->setValue(m_objective.firstCut);
    m_lastCut->setValue(m_objective.lastCut);
    const decision::Objective usual;
    if (m_objective.accuracyFloor != usual.accuracyFloor || m_objective.firstCut != usual.firstCut
        || m_objective.lastCut != usual.lastCut)
        m_more->setChecked(true);
    const bool paper = m_objective.kind == decision::RewardKind::Paper;
    m_sensitivity->setEnabled(paper);
    m_weight->setEnabled(paper);
    showCurve();
    showPreset();
}

/// A field has changed.
void RewardControls::take()
{
    m_objective.sensitivity = m_sensitivity->value();
    m_objective.scale = m_weight->value();
    m_objective.energyLimitJoules = m_energy->value();
    m_objective.deadlineMs = m_deadline->value();
    m_objective.accuracyFloor = m_floor->value();
    m_objective.firstCut = static_cast<int>(m_firstCut->value());
    m_objective.lastCut = static_cast<int>(m_lastCut->value());
    showCurve();
    showPreset();
    Q_EMIT objectiveChanged(m_objective);
}

void RewardControls::showCurve() { m_curve->setPlot(rewardCurve(m_objective, m_scale, m_bandwidth)); }

void RewardControls::showPreset()
{
    int shown = Custom;
    for (int i = static_cast<int>(kPresets.size()) - 1; i > Custom; --i)
        if (preset(i) == m_objective)
            shown = i;
    m_presets->setCurrentIndex(shown);
}

void RewardControls::setScale(const decision::RewardScale& scale)
{
    m_scale = scale;
    showCurve();
}

void RewardControls::setEnergyRange(double lowJoules, double highJoules)
{
    const double middle = std::sqrt(lowJoules * highJoules);
    m_savedEnergy = middle > 0 ? std::optional(QString::number(middle, 'g', 2).toDouble()) : std::nullopt;
    showPreset();
}

void RewardControls::setLayers(int layers)
{
    m_firstCut->setScale(layerScale(layers, false));
    m_lastCut->setScale(layerScale(layers, true));
    m_firstCut->setDefault(decision::Objective().firstCut);
    m_lastCut->setDefault(decision::Objective().lastCut);
}

void RewardControls::setBandwidth(double bytesPerSecond)
{
    m_bandwidth = bytesPerSecond;
    m_curve->setXMark(bandwidthMark(bytesPerSecond));
}

}  // namespace splitscope::ui
