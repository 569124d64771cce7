// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/decision_controls.h"

#include "core/base/units.h"
#include "core/model/path.h"
#include "core/strategy/strategy.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QCoreApplication>
#include <QFormLayout>
#include <QLabel>
#include <QStandardItemModel>

#include <algorithm>

namespace splitscope::ui {

namespace {

/// What the strategy does, in one line.
QString hintFor(const std::string& name)
{
    for (const auto& info : strategy::strategies())
        if (info.name == name) {
            const QString text = QCoreApplication::translate("Strategy", info.text.c_str());
            return text.left(1).toUpper() + text.mid(1) + QLatin1Char('.');
        }
    return {};
}

QString codingLabel(const codec::Coding& coding)
{
    switch (coding.kind) {
    case codec::CodingKind::LabelOnly: return QObject::tr("label only");
    case codec::CodingKind::Quantized: return QObject::tr("%1 bit").arg(coding.parameter);
    case codec::CodingKind::Float32: return QObject::tr("float32 (exact)");
    case codec::CodingKind::Raw: return QObject::tr("raw pixels");
    case codec::CodingKind::Lossless: return QObject::tr("lossless (WebP)");
    case codec::CodingKind::Jpeg: return QObject::tr("JPEG, quality %1").arg(coding.parameter);
    }
    return {};
}

std::vector<codec::Coding> codingsAt(int partition, int length)
{
    using codec::CodingKind;
    if (partition == length)
        return {{CodingKind::LabelOnly, 0}};
    if (partition == 0)
        return {{CodingKind::Raw, 0},   {CodingKind::Lossless, 0}, {CodingKind::Jpeg, 30},  {CodingKind::Jpeg, 60},
                {CodingKind::Jpeg, 80}, {CodingKind::Jpeg, 90},    {CodingKind::Float32, 0}};
    std::vector<codec::Coding> codings;
    for (int bits = codec::kMinBits; bits <= codec::kMaxBits; ++bits)
        codings.push_back({CodingKind::Quantized, bits});
    codings.push_back({CodingKind::Float32, 0});
    return codings;
}

}  // namespace

DecisionControls::DecisionControls(QWidget* parent)
    : QGroupBox(tr("Decision"), parent), m_strategies(new QComboBox), m_exits(new QComboBox), m_partitions(new QComboBox),
      m_codings(new QComboBox), m_gates(new QComboBox), m_hint(new QLabel)
{
    auto* form = new QFormLayout(this);
    form->addRow(tr("Strategy"), m_strategies);
    form->addRow(tr("Exit"), m_exits);
    form->addRow(tr("Cut after"), m_partitions);
    form->addRow(tr("Send as"), m_codings);
    form->addRow(tr("Gate"), m_gates);
    form->addRow(m_hint);
    for (QComboBox* box : {m_strategies, m_exits, m_partitions, m_codings, m_gates}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(8);
    }
    m_hint->setWordWrap(true);
    m_hint->setMinimumHeight(30);
    m_hint->setAlignment(Qt::AlignTop);
    for (const auto& info : strategy::strategies()) {
        m_strategies->addItem(QString::fromStdString(info.name));
        m_strategies->setItemData(m_strategies->count() - 1, hintFor(info.name), Qt::ToolTipRole);
    }
    m_strategies->setToolTip(tr("Who chooses exit, cut and coding of each frame"));
    m_exits->setToolTip(tr("Exit point: where the network stops. Earlier exits are faster and less accurate."));
    m_partitions->setToolTip(tr("Partition point: the device runs the layers up to here, the edge the rest."));
    m_codings->setToolTip(tr("How what crosses the link is written. Fewer bits: fewer bytes, coarser values."));
    m_gates->setToolTip(
        tr("Gate: frames whose entropy at an earlier exit is below so many nats are answered there: by the edge where that exit "
           "branches off behind the cut, else by the device."));
    connect(m_strategies, &QComboBox::currentIndexChanged, this, [this] {
        enableFields();
        Q_EMIT choiceChanged();
    });
    connect(m_exits, &QComboBox::activated, this, [this] {
        fillPartitions(m_partitions->currentData().toInt());
        Q_EMIT choiceChanged();
    });
    connect(m_partitions, &QComboBox::activated, this, [this] {
        fillCodings(decision().coding);
        Q_EMIT choiceChanged();
    });
    connect(m_codings, &QComboBox::activated, this, [this] {
        fillGates(decision().gate);
        Q_EMIT choiceChanged();
    });
    connect(m_gates, &QComboBox::activated, this, &DecisionControls::choiceChanged);
    enableFields();
}

void DecisionControls::setNetwork(const model::NetworkSpec& spec)
{
    const auto before = m_spec ? decision() : decision::Decision{};
    m_spec = spec;
    setChoice(strategy(), before);
}

void DecisionControls::setChoice(const std::string& strategy, const decision::Decision& decision)
{
    const QSignalBlocker quiet(m_strategies);
    m_strategies->setCurrentText(QString::fromStdString(strategy));
    enableFields();
    if (!m_spec)
        return;
    m_exits->clear();
    for (int exit = 1; exit <= m_spec->exitCount(); ++exit) {
        const auto& e = m_spec->exits[static_cast<std::size_t>(exit - 1)];
        m_exits->addItem(tr("%1 (%2 layers)").arg(exit).arg(e.layerCount()), exit);
    }
    m_exits->setCurrentIndex(std::clamp(decision.exit, 1, m_spec->exitCount()) - 1);
    fillPartitions(decision.partition);
    fillCodings(decision.coding);
    fillGates(decision.gate);
}

void DecisionControls::setGaps(std::map<std::string, QString> gaps)
{
    m_gaps = std::move(gaps);
    auto* items = qobject_cast<QStandardItemModel*>(m_strategies->model());
    for (int i = 0; i < items->rowCount(); ++i) {
        const std::string name = m_strategies->itemText(i).toStdString();
        const auto gap = m_gaps.find(name);
        items->item(i)->setEnabled(gap == m_gaps.end());
        items->item(i)->setToolTip(gap == m_gaps.end() ? hintFor(name) : gap->second);
    }
    enableFields();
}

void DecisionControls::fillPartitions(int wanted)
{
    const auto coding = decision().coding;
    const model::Path path(*m_spec, m_exits->currentData().toInt());
    m_partitions->clear();
    int chosen = 0;
    for (const int cut : path.distinctCuts()) {
        QString label = tr("0 · input: all on the edge");
        if (cut == path.length())
            label = tr("%1 · result: all on the device").arg(cut);
        else if (cut > 0)
            label = tr("%1 · %2 (%3)")
                        .arg(cut)
                        .arg(QString::fromStdString(path.layer(cut).spec.name),
                             QString::fromStdString(base::toString(path.cutShape(cut))));
        m_partitions->addItem(label, cut);
        if (cut <= wanted)
            chosen = m_partitions->count() - 1;
    }
    m_partitions->setCurrentIndex(chosen);
    m_partitions->view()->setMinimumWidth(m_partitions->view()->sizeHintForColumn(0) + 24);
    fillCodings(coding);
}

void DecisionControls::fillCodings(const codec::Coding& wanted)
{
    const int length = m_spec->exits[static_cast<std::size_t>(m_exits->currentIndex())].layerCount();
    const auto codings = codingsAt(m_partitions->currentData().toInt(), length);
    m_codings->clear();
    int chosen = -1;
    for (const auto& coding : codings) {
        m_codings->addItem(codingLabel(coding), QString::fromStdString(codec::toString(coding)));
        if (coding == wanted)
            chosen = m_codings->count() - 1;
    }
    if (chosen < 0)  // the present coding does not fit this cut: 8 bits, or the first
        chosen = std::max(0, m_codings->findText(codingLabel({codec::CodingKind::Quantized, 8})));
    m_codings->setCurrentIndex(chosen);
    fillGates(decision().gate);
}

/// None, and what fits exit and cut: the usual thresholds at each earlier exit, and the wanted one.
void DecisionControls::fillGates(const std::optional<decision::Gate>& wanted)
{
    auto gated = decision();
    m_gates->clear();
    m_gates->addItem(tr("none"), QString());
    const auto offer = [&](const decision::Gate& gate) {
        gated.gate = gate;
        if (decision::check(*m_spec, gated))
            m_gates->addItem(tr("exit %1, below %2").arg(gate.exit).arg(gate.threshold),
                             QString::fromStdString(decision::toString(gate)));
    };
    auto thresholds = decision::SpaceOptions::usualGateThresholds();
    if (wanted && std::find(thresholds.begin(), thresholds.end(), wanted->threshold) == thresholds.end())
        thresholds.push_back(wanted->threshold);
    for (int exit = 1; exit < gated.exit; ++exit)
        for (const double threshold : thresholds)
            offer({exit, threshold});
    m_gates->setCurrentIndex(wanted ? std::max(0, m_gates->findData(QString::fromStdString(decision::toString(*wanted)))) : 0);
}

void DecisionControls::enableFields()
{
    const QString name = m_strategies->currentText();
    const bool fixed = name == QLatin1String("fixed");
    m_exits->setEnabled(fixed || name.startsWith(QLatin1String("on-")));
    m_partitions->setEnabled(fixed);
    m_codings->setEnabled(fixed);
    m_gates->setEnabled(fixed);
    const auto gap = m_gaps.find(strategy());
    m_hint->setText(gap != m_gaps.end() ? gap->second : hintFor(strategy()));
}

std::string DecisionControls::strategy() const { return m_strategies->currentText().toStdString(); }

decision::Decision DecisionControls::decision() const
{
    decision::Decision decision;
    decision.exit = std::max(1, m_exits->currentData().toInt());
    decision.partition = m_partitions->currentData().toInt();
    if (const auto coding = codec::parseCoding(m_codings->currentData().toString().toStdString()))
        decision.coding = *coding;
    if (const auto gate = decision::parseGate(m_gates->currentData().toString().toStdString()))
        decision.gate = *gate;
    return decision;
}

}  // namespace splitscope::ui
