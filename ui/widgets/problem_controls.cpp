// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/problem_controls.h"

#include "core/profile/cost_table.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/rate_sources.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileInfo>
#include <QLabel>
#include <QSpinBox>

namespace splitscope::ui {

namespace {

constexpr QLatin1String kFile("file");
constexpr double kLargestSlowdown = 64;

QComboBox* comboBox(const QString& name, const QString& toolTip)
{
    auto* box = new QComboBox;
    box->setAccessibleName(name);
    box->setToolTip(toolTip);
    return box;
}

}  // namespace

ProblemControls::ProblemControls(QWidget* parent)
    : QWidget(parent), m_network(comboBox(tr("Network"), tr("Whose decisions are learned"))),
      m_data(comboBox(tr("Data"), tr("What the cost table's accuracies are of"))),
      m_table(
          comboBox(tr("Cost table"), tr("What decisions cost: the shipped table, or one that splitscope-cli table build made"))),
      m_environment(comboBox(tr("Environment"),
                             tr("What decisions change.\npaper: nothing; bandwidth alone moves.\nqueue: requests "
                                "arrive in bursts and wait.\nswitch: another exit or cut costs time and reward."))),
      m_bandwidth(comboBox(tr("Bandwidth"), tr("How the uplink varies while the policy learns"))), m_batch(new QSpinBox),
      m_slowdown(new QDoubleSpinBox)
{
    auto* row = new FlowLayout(6, this);
    for (const auto& name : model::shippedNetworks())
        m_network->addItem(QString::fromStdString(name));
    m_data->addItems({QStringLiteral("patterns"), QStringLiteral("cifar10"), QStringLiteral("imagenette")});
    m_data->setEditable(false);
    m_table->addItem(tr("shipped"), QString());
    m_table->addItem(tr("file…"), kFile);
    for (QComboBox* box : {m_table, m_bandwidth}) {  // long names may stand there
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(9);
    }
    m_batch->setRange(1, profile::CostTable::kMaxBatch);
    m_batch->setAccessibleName(tr("Batch"));
    m_batch->setToolTip(tr("Frames in one request"));
    m_slowdown->setRange(1, kLargestSlowdown);
    m_slowdown->setDecimals(1);
    m_slowdown->setPrefix(QStringLiteral("×"));
    m_slowdown->setAccessibleName(tr("Slowdown"));
    m_slowdown->setToolTip(tr("The device takes this many times as long as the table's"));
    for (const auto kind : sim::environmentKinds())
        m_environment->addItem(QString::fromStdString(sim::toString(kind)), static_cast<int>(kind));
    fillBandwidths();
    for (const auto& [text, field] : {std::pair<QString, QWidget*>{tr("Network"), m_network},
                                      {tr("Data"), m_data},
                                      {tr("Table"), m_table},
                                      {tr("Batch"), m_batch},
                                      {tr("Device"), m_slowdown},
                                      {tr("Environment"), m_environment},
                                      {tr("Bandwidth"), m_bandwidth}})
        row->addCaptioned(text, field);
    const auto other = [this] {
        m_tableFile.clear();
        m_table->setItemText(1, tr("file…"));
        m_table->setCurrentIndex(0);
        Q_EMIT problemChanged();
    };
    connect(m_network, &QComboBox::activated, this, other);
    connect(m_data, &QComboBox::activated, this, other);
    connect(m_table, &QComboBox::activated, this, [this, other](int index) { index == 0 ? other() : askForTable(); });
    connect(m_batch, &QSpinBox::valueChanged, this, &ProblemControls::problemChanged);
    connect(m_slowdown, &QDoubleSpinBox::valueChanged, this, &ProblemControls::problemChanged);
    connect(m_bandwidth, &QComboBox::activated, this, [this] {
        if (m_bandwidth->currentData().toString() == kFile)
            askForTrace();
    });
}

void ProblemControls::fillBandwidths()
{
    m_bandwidth->addItem(tr("all rates"), QString());
    for (const RateSource& source : varyingRates())
        m_bandwidth->addItem(source.label, source.bandwidth);
    m_bandwidth->addItem(tr("trace file…"), kFile);
}

void ProblemControls::setScenario(const session::Scenario& scenario)
{
    m_scenario = scenario;
    const QSignalBlocker quietBatch(m_batch), quietSlowdown(m_slowdown);
    m_network->setCurrentText(QString::fromStdString(scenario.model));
    const QString data = QString::fromStdString(scenario.data);
    if (m_data->findText(data) < 0)
        m_data->addItem(data);
    m_data->setCurrentText(data);
    m_batch->setValue(scenario.batch);
    m_slowdown->setValue(scenario.slowdown);
    m_tableFile = QString::fromStdString(scenario.costTable);
    m_table->setItemText(1, m_tableFile.isEmpty() ? tr("file…") : QFileInfo(m_tableFile).fileName());
    m_table->setCurrentIndex(m_tableFile.isEmpty() ? 0 : 1);
    Q_EMIT problemChanged();
}

session::Scenario ProblemControls::scenario() const
{
    session::Scenario scenario = m_scenario;
    scenario.model = m_network->currentText().toStdString();
    scenario.data = m_data->currentText().toStdString();
    scenario.batch = m_batch->value();
    scenario.slowdown = m_slowdown->value();
    scenario.costTable = m_tableFile.toStdString();
    return scenario;
}

void ProblemControls::useTable(const QString& file, const std::string& network)
{
    m_network->setCurrentText(QString::fromStdString(network));
    m_tableFile = file;
    m_table->setItemText(1, QFileInfo(file).fileName());
    m_table->setCurrentIndex(1);
    Q_EMIT problemChanged();
}

sim::EnvironmentKind ProblemControls::environment() const
{
    return static_cast<sim::EnvironmentKind>(m_environment->currentData().toInt());
}

std::string ProblemControls::bandwidth() const
{
    const QString chosen = m_bandwidth->currentData().toString();
    return (chosen == kFile ? QStringLiteral("trace:") + m_traceFile : chosen).toStdString();
}

void ProblemControls::askForTable()
{
    m_table->setCurrentIndex(m_tableFile.isEmpty() ? 0 : 1);
    auto* dialog = makeFileDialog(this, tr("Open cost table"), QFileDialog::AcceptOpen, QStringLiteral("json"));
    dialog->setNameFilters({tr("Cost tables (*.json *.json.zst)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &ProblemControls::tableFileChosen);
    dialog->show();
}

void ProblemControls::askForTrace()
{
    m_bandwidth->setCurrentIndex(m_traceFile.isEmpty() ? 0 : m_bandwidth->findData(kFile));
    auto* dialog = makeFileDialog(this, tr("A bandwidth trace"), QFileDialog::AcceptOpen, QStringLiteral("csv"));
    dialog->setNameFilters(traceFileFilter().split(QStringLiteral(";;")));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        m_traceFile = file;
        m_bandwidth->setCurrentIndex(m_bandwidth->findData(kFile));
        m_bandwidth->setItemText(m_bandwidth->currentIndex(), QFileInfo(file).fileName());
    });
    dialog->show();
}

}  // namespace splitscope::ui
