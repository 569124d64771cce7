// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/fleet_page.h"

#include "core/remote/remote_device.h"
#include "ui/charts/fleet_plots.h"
#include "ui/charts/plot_view.h"
#include "ui/models/device_model.h"
#include "ui/style/theme.h"
#include "ui/widgets/choice_delegate.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/flow_layout.h"

#include <QAction>
#include <QBoxLayout>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QToolButton>

#include <set>

namespace splitscope::ui {

namespace {

constexpr int kMostEmulated = 16;
constexpr int kRowHeight = 22;
constexpr int kFewestRows = 3, kMostRows = 8;
constexpr double kPlotHeightMm = 55;

QPushButton* button(const QString& text, const QString& toolTip)
{
    auto* made = new QPushButton(text);
    made->setToolTip(toolTip);
    return made;
}

bool isOver(session::Phase phase)
{
    return phase == session::Phase::Finished || phase == session::Phase::Stopped || phase == session::Phase::Failed;
}

}  // namespace

FleetPage::FleetPage(QWidget* parent)
    : QWidget(parent), m_start(button(tr("Start fleet"), tr("Runs the scenario at the right on every checked device at once"))),
      m_stop(button(tr("Stop fleet"), tr("Ends every device's experiment; their records are kept"))), m_one(new QAction(this)),
      m_emulated(new QSpinBox), m_percentile(new QComboBox), m_hint(new ElidedLabel), m_table(new QTableView),
      m_throughput(new PlotView), m_latency(new PlotView), m_edge(new PlotView)
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(4);
    makeActions(rows);
    makeTable(rows);
    makeCharts(rows);
    connect(m_emulated, &QSpinBox::valueChanged, this, &FleetPage::listDevices);
    connect(&m_model, &FleetModel::chosenChanged, this, &FleetPage::updateControls);
    connect(&m_model, &FleetModel::troubleArose, this, &FleetPage::troubleArose);
    connect(m_start, &QPushButton::clicked, this, &FleetPage::startRequested);
    connect(m_stop, &QPushButton::clicked, this, &FleetPage::stop);
    connect(m_one, &QAction::triggered, this, &FleetPage::stopOrStartDevice);
    connect(&m_runner, &FleetRunner::measured, this, &FleetPage::show);
    connect(&m_runner, &FleetRunner::troubleArose, this, &FleetPage::troubleArose);
    connect(&m_runner, &FleetRunner::ended, this, &FleetPage::onEnded);
    listDevices();
    draw();
}

FleetPage::~FleetPage() { m_runner.disconnect(this); }

void FleetPage::makeActions(QBoxLayout* rows)
{
    auto* row = new FlowLayout(6);
    row->setContentsMargins(8, 4, 8, 0);
    m_emulated->setRange(0, kMostEmulated);
    m_emulated->setAccessibleName(tr("Devices that this machine emulates"));
    m_emulated->setToolTip(
        tr("So many daemons of its own this machine starts beside the known devices: they share its processor"));
    m_percentile->addItems({QStringLiteral("p50"), QStringLiteral("p95"), QStringLiteral("p99")});
    m_percentile->setCurrentIndex(static_cast<int>(Percentile::P95));
    m_percentile->setAccessibleName(tr("Latency shown"));
    m_percentile->setToolTip(tr("So many of each device's last requests took no longer than its chart shows"));
    connect(m_percentile, &QComboBox::currentIndexChanged, this, &FleetPage::draw);
    row->addWidget(m_start);
    row->addWidget(m_stop);
    auto* one = new QToolButton;
    one->setDefaultAction(m_one);
    row->addWidget(one);
    row->addCaptioned(tr("emulated here"), m_emulated);
    row->addCaptioned(tr("latency"), m_percentile);
    rows->addLayout(row);
    m_hint->setFont(smallFont());
    m_hint->setContentsMargins(8, 0, 8, 0);
    m_hint->setAccessibleName(tr("State of the fleet"));
    rows->addWidget(m_hint);
}

void FleetPage::makeTable(QBoxLayout* rows)
{
    m_table->setModel(&m_model);
    m_table->setAccessibleName(tr("Devices of the fleet"));
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_table->addAction(m_one);
    m_table->setWordWrap(false);
    m_table->setFont(smallFont());
    const QString none = tr("as the scenario");
    m_table->setItemDelegateForColumn(FleetModel::StrategyColumn,
                                      new ChoiceDelegate(none, FleetModel::kChoicesRole, false, this));
    m_table->setItemDelegateForColumn(FleetModel::UplinkColumn, new ChoiceDelegate(none, FleetModel::kChoicesRole, true, this));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    auto* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setMinimumSectionSize(36);
    const int widths[]{120, 105, 95, 130, 60, 66, 62, 62, 136, 58};
    for (int column = 0; column < FleetModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, widths[column]);
    header->setSectionResizeMode(FleetModel::StateColumn, QHeaderView::Stretch);
    const auto fit = [this] {
        const int shown = std::clamp(m_model.rowCount(), kFewestRows, kMostRows);
        m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + shown * kRowHeight + 6);
    };
    connect(&m_model, &QAbstractItemModel::modelReset, this, fit);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        draw();
        updateDeviceAction();
    });
    rows->addWidget(m_table);
}

void FleetPage::makeCharts(QBoxLayout* rows)
{
    auto* grid = new QGridLayout;
    grid->setContentsMargins(4, 0, 4, 0);
    grid->setSpacing(4);
    grid->addWidget(m_throughput, 0, 0);
    grid->addWidget(m_latency, 0, 1);
    grid->addWidget(m_edge, 1, 0, 1, 2);
    grid->setRowStretch(0, 3);
    grid->setRowStretch(1, 2);
    rows->addLayout(grid, 1);
    m_throughput->setAccessibleName(tr("Throughput of the fleet"));
    m_latency->setAccessibleName(tr("Latency of the fleet"));
    m_edge->setAccessibleName(tr("Batches and queue at the edge"));
    for (PlotView* plot : plots()) {
        connect(plot, &PlotView::exportRequested, this, [this, plot](const QPoint& at) { offerExport(plot, at); });
        for (PlotView* other : plots())
            if (other != plot)
                connect(plot, &PlotView::hoverChanged, other, &PlotView::setHover);
    }
}

void FleetPage::setKnown(const std::vector<DeviceEntry>& known)
{
    m_known.clear();
    std::set<std::string> names;
    for (const auto& entry : known) {
        if (entry.isThisMachine())
            continue;
        const bool isNew = names.insert(entry.name).second;
        m_known.push_back({isNew ? entry.name : entry.name + " " + entry.address, entry.address, entry.key});
    }
    listDevices();
}

/// This machine as often as it is to emulate a device, and every known one.
void FleetPage::listDevices()
{
    if (active())
        return;  // afterwards
    std::vector<FleetDevice> devices = m_known;
    for (int i = 1; i <= m_emulated->value(); ++i)
        devices.push_back({tr("emulated %1").arg(i).toStdString(), "loopback", {}});
    m_model.setDevices(std::move(devices));
    updateControls();
}

void FleetPage::setScenario(const session::Scenario& scenario)
{
    m_model.setUsual(QString::fromStdString(scenario.strategy), QString::fromStdString(scenario.bandwidth));
}

void FleetPage::start(const session::Scenario& scenario, const session::ExperimentOptions& options)
{
    if (active())
        return;
    std::vector<session::FleetMember> members;
    m_addresses.clear();
    for (const auto& device : m_model.chosen()) {
        session::FleetMember member{device.name, scenario, options};
        member.scenario.device = device.address;
        member.scenario.deviceKey = device.key;
        if (!device.strategy.empty())
            member.scenario.strategy = device.strategy;
        if (!device.bandwidth.empty())
            member.scenario.bandwidth = device.bandwidth;
        member.options.scenarioName = device.name;
        member.options.restartDaemon = remote::restarterOf(device.address);
        members.push_back(std::move(member));
        m_addresses.push_back(device.address);
    }
    tellLinks({});  // before connections beside the fleet's would be in its way
    m_history.clear();
    m_totals.clear();
    m_runner.start(std::move(members));
    m_model.setRunning(true);
    draw();
    updateControls();
    Q_EMIT activeChanged();
}

void FleetPage::show(double seconds, const session::FleetStatistics& statistics)
{
    m_history.add(seconds, statistics);
    m_model.setStatistics(statistics.devices);
    const auto number = [](double value) { return QString::number(value, 'f', value < 10 ? 1 : 0); };
    m_totals = tr("%1 frames, %2 frames/s; p50 %3, p95 %4, p99 %5 ms; %6 fallbacks, %7 lost")
                   .arg(statistics.frames)
                   .arg(number(statistics.framesPerSecond), number(statistics.p50Ms), number(statistics.p95Ms),
                        number(statistics.p99Ms))
                   .arg(statistics.fallback)
                   .arg(statistics.lost);
    draw();
    updateControls();
    tellLinks(statistics.devices);
}

/// Of devices that nothing is known of yet: that they are being connected.
void FleetPage::tellLinks(const std::vector<session::DeviceStatistics>& devices)
{
    std::map<std::string, link::LinkState> links;
    for (std::size_t i = 0; i < m_addresses.size(); ++i)
        links[m_addresses[i]] = i < devices.size() ? devices[i].link : link::LinkState::Connecting;
    Q_EMIT linksChanged(links);
}

void FleetPage::onEnded()
{
    m_model.setRunning(false);
    listDevices();
    Q_EMIT linksChanged({});
    Q_EMIT activeChanged();
}

void FleetPage::draw()
{
    const auto selected = m_model.memberOf(m_table->currentIndex().row());
    m_throughput->setPlot(fleetThroughputPlot(m_history, selected));
    m_latency->setPlot(fleetLatencyPlot(m_history, static_cast<Percentile>(m_percentile->currentIndex()), selected));
    m_edge->setPlot(fleetEdgePlot(m_history));
}

void FleetPage::setObstacle(const QString& obstacle)
{
    m_obstacle = obstacle;
    updateControls();
}

void FleetPage::updateControls()
{
    const auto chosen = static_cast<int>(m_model.chosen().size());
    m_start->setEnabled(!active() && chosen > 0 && m_obstacle.isEmpty());
    m_stop->setEnabled(active());
    m_emulated->setEnabled(!active());
    updateDeviceAction();
    if (active())
        m_hint->showText(m_totals.isEmpty() ? tr("beginning …") : m_totals);
    else if (!m_obstacle.isEmpty())
        m_hint->showText(m_obstacle);
    else if (!m_totals.isEmpty())
        m_hint->showText(m_totals);
    else if (m_model.rowCount() == 0)
        m_hint->showText(tr("No device is known: add or pair some on the Devices page, or let this machine emulate some."));
    else if (chosen == 0)
        m_hint->showText(tr("Check the devices that are to run the scenario at the right."));
    else
        m_hint->showText(tr("%n device(s) checked; strategy and uplink of each can be changed in the table.", nullptr, chosen));
}

void FleetPage::updateDeviceAction()
{
    const auto phase = m_model.phaseOf(m_table->currentIndex().row());
    const bool again = phase && isOver(*phase);
    m_one->setText(again ? tr("Start device again") : tr("Stop device"));
    m_one->setToolTip(again ? tr("Runs the scenario once more on the selected device, beside the others")
                            : tr("Ends the selected device's experiment; the others go on"));
    m_one->setEnabled(active() && phase.has_value());
}

void FleetPage::stopOrStartDevice()
{
    const int row = m_table->currentIndex().row();
    const auto phase = m_model.phaseOf(row);
    if (!phase)
        return;
    if (isOver(*phase))
        m_runner.startAgain(*m_model.memberOf(row));
    else
        m_runner.stop(*m_model.memberOf(row));
    m_one->setEnabled(false);  // until the next look shows what came of it
}

QString FleetPage::hintText() const { return m_hint->toolTip(); }

// --- files ---

base::Result<std::vector<QString>> FleetPage::startExport(const QString& folder, const QStringList& suffixes)
{
    std::vector<QString> files;
    for (const PlotView* view : plots()) {
        if (view->plot().empty())
            continue;
        const double widthMm = view == m_edge ? kTwoColumnsMm : kOneColumnMm;
        for (const QString& suffix : suffixes) {
            files.push_back(QDir(folder).filePath(view->plot().key + QLatin1Char('.') + suffix));
            write(files.back(), [plot = view->plot(), file = files.back(), widthMm] {
                return exportPlot(plot, file, {.widthMm = widthMm, .heightMm = kPlotHeightMm});
            });
        }
    }
    if (files.empty())
        return base::Error{base::ErrorCode::NotFound, "the charts are empty; start a fleet first", "Fleet"};
    return files;
}

void FleetPage::write(const QString& file, WriteQueue::Work work)
{
    m_writer.addExport(file.toStdString(), std::move(work), [this](const base::Status& status) {
        if (!status)
            Q_EMIT troubleArose(status.error());
    });
}

void FleetPage::askAndExport()
{
    auto* dialog = makeExportDialog(this, tr("Export all charts: their names are used"), QStringLiteral("fleet"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        const QFileInfo info(path);
        if (const auto files = startExport(info.absolutePath(), {info.suffix()}); !files)
            Q_EMIT troubleArose(files.error());
    });
    dialog->show();
}

void FleetPage::askAndExport(PlotView* plot)
{
    auto* dialog = makeExportDialog(this, tr("Export chart"), plot->plot().key);
    connect(dialog, &QFileDialog::fileSelected, this, [this, shown = plot->plot()](const QString& path) {
        write(path, [shown, path] { return exportPlot(shown, path); });
    });
    dialog->show();
}

void FleetPage::offerExport(PlotView* plot, const QPoint& at)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu->addAction(tr("Export this chart…")), &QAction::triggered, this, [this, plot] { askAndExport(plot); });
    connect(menu->addAction(tr("Export all charts…")), &QAction::triggered, this, qOverload<>(&FleetPage::askAndExport));
    menu->popup(at);
}

}  // namespace splitscope::ui
