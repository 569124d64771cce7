// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/devices_page.h"

#include "ui/style/theme.h"
#include "ui/widgets/device_details.h"
#include "ui/widgets/device_form.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/pairing_panel.h"
#include "ui/widgets/remote_panel.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>

namespace splitscope::ui {

namespace {

constexpr int kRowHeight = 22;
constexpr int kFewestRows = 3, kMostRows = 8;

QPushButton* button(const QString& text, const QString& toolTip)
{
    auto* made = new QPushButton(text);
    made->setToolTip(toolTip);
    return made;
}

}  // namespace

DevicesPage::DevicesPage(QWidget* parent)
    : QWidget(parent), m_table(new QTableView), m_form(new DeviceForm), m_pairing(new PairingPanel(m_watch.model())),
      m_remote(new RemotePanel), m_details(new DeviceDetails),
      m_add(button(tr("Add…"), tr("A board that runs splitscoped: its address and its public key"))),
      m_pair(button(tr("Pair…"), tr("A board that runs splitscoped --pair: six digits, and each side knows the other's key"))),
      m_bySsh(button(tr("By ssh…"), tr("Installs a board's daemon by ssh; starts, stops, upgrades or removes one"))),
      m_remove(button(tr("Remove"), tr("Forgets the selected device; nothing changes on the device itself"))),
      m_connect(button(tr("Connect"), tr("Shows whether it is there and how it is doing, without an experiment"))),
      m_choose(button(tr("Use for the next experiment"), tr("Makes it the device of the scenario at the right"))),
      m_measure(button(tr("Measure"), tr("Has the device time every layer, segment and coding of the network"))),
      m_cancel(button(tr("Cancel"), tr("Ends the measurement without a result"))),
      m_show(button(tr("Show figures"), tr("Opens this profile on the Profile page"))), m_network(new QComboBox),
      m_budget(new QSpinBox), m_progress(new QProgressBar), m_hint(new ElidedLabel), m_profileText(new ElidedLabel)
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(4);
    makeActions(rows);
    for (QWidget* form : std::initializer_list<QWidget*>{m_form, m_pairing, m_remote}) {
        rows->addWidget(form);
        form->hide();
    }
    makeTable(rows);
    makeProfileRow(rows);
    rows->addWidget(m_details, 1);
    connectParts();
    selectRow(0);
    updateProfileControls();
}

DevicesPage::~DevicesPage()
{
    m_watch.disconnect(this);
    m_profiler.disconnect(this);
}

void DevicesPage::makeActions(QBoxLayout* rows)
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(8, 4, 8, 0);
    row->setSpacing(6);
    for (QPushButton* each : {m_connect, m_choose, m_add, m_pair, m_bySsh, m_remove})
        row->addWidget(each);
    row->addStretch();
    rows->addLayout(row);
    m_hint->setFont(smallFont());
    m_hint->setContentsMargins(8, 0, 8, 0);
    rows->addWidget(m_hint);
}

void DevicesPage::makeTable(QBoxLayout* rows)
{
    m_table->setModel(&m_watch.model());
    m_table->setAccessibleName(tr("Known devices"));
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->setFont(smallFont());
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    auto* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setStretchLastSection(true);
    header->setMinimumSectionSize(36);
    const int widths[]{105, 150, 140, 110, 80, 100, 52, 150};
    for (int column = 0; column < static_cast<int>(std::size(widths)); ++column)
        m_table->setColumnWidth(column, widths[column]);
    header->setStretchLastSection(false);
    header->setSectionResizeMode(DeviceModel::BoardColumn, QHeaderView::Stretch);
    header->setSectionResizeMode(DeviceModel::VersionColumn, QHeaderView::Stretch);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    const auto fit = [this] {
        const int shown = std::clamp(model().rowCount(), kFewestRows, kMostRows);
        m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + shown * kRowHeight + 6);
    };
    for (auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&model(), signal, this, fit);
    connect(&model(), &QAbstractItemModel::modelReset, this, fit);
    fit();
    rows->addWidget(m_table);
}

void DevicesPage::makeProfileRow(QBoxLayout* rows)
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(8, 0, 8, 0);
    row->setSpacing(6);
    auto* caption = new QLabel(tr("Profile of"));
    caption->setFont(smallFont());
    for (const auto& name : model::shippedNetworks())
        m_network->addItem(QString::fromStdString(name));
    m_network->setAccessibleName(tr("Network to measure"));
    m_network->setToolTip(tr("Whose layers the device times"));
    m_budget->setRange(1, 600);
    m_budget->setValue(30);
    m_budget->setSuffix(tr(" s"));
    m_budget->setAccessibleName(tr("Time to measure"));
    m_budget->setToolTip(tr("The longest that measuring may take; longer is more exact"));
    m_progress->setRange(0, 1000);
    m_progress->setFixedWidth(140);
    m_progress->setMaximumHeight(14);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress of the measurement"));
    m_profileText->setFont(smallFont());
    m_profileText->setContentsMargins(8, 0, 8, 0);
    for (QWidget* each : std::initializer_list<QWidget*>{caption, m_network, m_budget, m_measure, m_cancel, m_show, m_progress})
        row->addWidget(each);
    row->addStretch();
    rows->addLayout(row);
    rows->addWidget(m_profileText);
}

void DevicesPage::connectParts()
{
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] { refresh(); });
    connect(m_table, &QTableView::activated, this, &DevicesPage::toggleConnection);
    connect(m_connect, &QPushButton::clicked, this, &DevicesPage::toggleConnection);
    connect(m_choose, &QPushButton::clicked, this, &DevicesPage::choose);
    connect(m_add, &QPushButton::clicked, this, &DevicesPage::openForm);
    connect(m_remove, &QPushButton::clicked, this, &DevicesPage::removeDevice);
    connect(m_form, &DeviceForm::submitted, this, &DevicesPage::addDevice);
    connect(m_form, &DeviceForm::cancelled, this, [this] {
        open(nullptr);
        m_add->setFocus();
    });
    const auto toggle = [this](auto* form) {
        open(form->isVisible() ? nullptr : form);
        if (form->isVisible())
            form->begin();
    };
    connect(m_pair, &QPushButton::clicked, this, [this, toggle] { toggle(m_pairing); });
    connect(m_pairing, &PairingPanel::paired, this, &DevicesPage::takePaired);
    connect(m_pairing, &PairingPanel::closed, this, [this] {
        open(nullptr);
        m_pair->setFocus();
    });
    connect(m_bySsh, &QPushButton::clicked, this, [this, toggle] { toggle(m_remote); });
    connect(m_remote, &RemotePanel::closed, this, [this] {
        open(nullptr);
        m_bySsh->setFocus();
    });
    connect(m_remote, &RemotePanel::deviceReady, this, &DevicesPage::takeInstalled);
    connect(m_remote, &RemotePanel::deviceRemoved, this, &DevicesPage::forgetInstalled);
    connect(m_measure, &QPushButton::clicked, this, &DevicesPage::measure);
    connect(m_cancel, &QPushButton::clicked, this, &DevicesPage::cancelMeasuring);
    connect(m_show, &QPushButton::clicked, this, [this] { Q_EMIT profileShown(QString::fromStdString(m_profileFile.string())); });
    connect(m_network, &QComboBox::currentIndexChanged, this, [this] { loadProfile(); });
    connect(&m_watch, &DeviceWatch::looked, this, &DevicesPage::refresh);
    connect(&m_watch, &DeviceWatch::troubleArose, this, &DevicesPage::troubleArose);
    connect(&m_profiler, &DeviceProfiler::progressed, this, [this](const profile::ProfilerProgress& progress) {
        if (progress.total > 0)
            m_progress->setValue(static_cast<int>(1000 * progress.done / progress.total));
        m_profileText->showText(
            tr("%1, %2 s left").arg(QString::fromStdString(progress.what)).arg(progress.secondsLeft, 0, 'f', 0));
    });
    connect(&m_profiler, &DeviceProfiler::finished, this, [this](const base::Result<KeptProfile>& kept) {
        m_shownFor.clear();
        updateProfileControls();
        loadProfile();
        if (!kept && kept.error().code != base::ErrorCode::Cancelled)
            Q_EMIT troubleArose(kept.error());
    });
}

void DevicesPage::setDaemonProgram(const std::filesystem::path& program)
{
    m_daemonProgram = program;
    m_watch.setDaemonProgram(program);
}

void DevicesPage::load(const std::filesystem::path& file)
{
    m_profiles = file.parent_path() / "profiles";
    if (const auto loaded = m_watch.load(file); !loaded)
        Q_EMIT troubleArose(loaded.error());
    selectRow(0);
    loadProfile();
}

void DevicesPage::followExperiment(const std::string& address, const session::ExperimentStatus& status)
{
    m_watch.followExperiment(address, status);
}

void DevicesPage::followFleet(const std::map<std::string, link::LinkState>& linksByAddress)
{
    m_watch.followFleet(linksByAddress);
}

void DevicesPage::setChosen(const std::string& address) { m_watch.model().setChosen(address); }

int DevicesPage::currentRow() const { return m_table->currentIndex().isValid() ? m_table->currentIndex().row() : -1; }

const DeviceEntry* DevicesPage::current()
{
    const int row = currentRow();
    return row >= 0 && row < model().rowCount() ? &model().entry(row) : nullptr;
}

void DevicesPage::selectRow(int row) { m_table->selectRow(row); }

void DevicesPage::toggleConnection()
{
    const auto* entry = current();
    if (!entry || entry->inExperiment)
        return;
    if (entry->watched && !entry->view.gaveUp)
        m_watch.disconnectFrom(currentRow());
    else
        m_watch.connectTo(currentRow());
}

void DevicesPage::choose()
{
    if (const auto* entry = current())
        Q_EMIT deviceChosen(QString::fromStdString(entry->address));
}

void DevicesPage::open(QWidget* form)
{
    if (form != m_pairing)
        m_pairing->cancel();  // nobody would see the digits
    for (QWidget* each : std::initializer_list<QWidget*>{m_form, m_pairing, m_remote})
        each->setVisible(each == form);
}

void DevicesPage::openForm()
{
    open(m_form);
    m_form->begin();
    if (!m_keys.active())
        m_keys.start([](const std::stop_token&) { return link::edgeKeys(); },
                     [this](const base::Result<link::KeyPair>& keys) {
                         if (keys)
                             m_form->setEdgeKey(QString::fromStdString(keys->publicKey));
                         else
                             Q_EMIT troubleArose(keys.error());
                     });
}

void DevicesPage::addDevice()
{
    if (const auto added = m_watch.add(m_form->device()); !added) {
        m_form->showProblem(QString::fromStdString(added.error().text), added.error().where);
        return;
    }
    open(nullptr);
    selectRow(model().rowCount() - 1);
    m_table->setFocus();
    m_watch.connectTo(currentRow());
}

/// One that was known before keeps how ssh reaches it.
void DevicesPage::takePaired(session::KnownDevice device)
{
    if (const auto before = m_watch.known(model().rowOf(addressOf(device))))
        device.ssh = before->ssh;
    takeInstalled(device);
}

void DevicesPage::takeInstalled(const session::KnownDevice& device)
{
    if (const auto put = m_watch.put(device); !put) {
        Q_EMIT troubleArose(put.error());
        return;
    }
    selectRow(model().rowCount() - 1);
    m_watch.connectTo(currentRow());
}

void DevicesPage::forgetInstalled(const session::KnownDevice& device)
{
    for (int row = 1; row < model().rowCount(); ++row)
        if (m_watch.known(row) == device) {
            m_watch.remove(row);
            selectRow(std::min(row, model().rowCount() - 1));
            return;
        }
}

void DevicesPage::removeDevice()
{
    const int row = currentRow();
    m_watch.remove(row);
    selectRow(std::min(row, model().rowCount() - 1));
}

void DevicesPage::refresh()
{
    const auto* entry = current();
    const bool there = entry != nullptr;
    const bool connects = there && entry->watched && !entry->view.gaveUp;
    m_connect->setText(connects ? tr("Disconnect") : tr("Connect"));
    m_connect->setEnabled(there && !entry->inExperiment);
    m_choose->setEnabled(there && !model().isChosen(currentRow()));
    m_remove->setEnabled(there && !entry->isThisMachine() && !entry->inExperiment);
    m_hint->showText(
        model().rowCount() > 1
            ? tr("Enter connects or disconnects. The device of the next experiment is in bold.")
            : tr("Only this machine is known yet: it emulates a device. Pair… or Add… a board that runs splitscoped."));
    m_remote->setDevice(m_watch.known(currentRow()));
    if (!there)
        return;
    m_details->show(*entry, m_watch.history(entry->address));
    loadProfile();
}

}  // namespace splitscope::ui
