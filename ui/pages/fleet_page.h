// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/fleet_runner.h"
#include "ui/bridge/write_queue.h"
#include "ui/models/fleet_history.h"
#include "ui/models/fleet_model.h"

#include <QWidget>

class QAction;
class QBoxLayout;
class QComboBox;
class QPushButton;
class QSpinBox;
class QTableView;

namespace splitscope::ui {

class ElidedLabel;
class PlotView;
struct DeviceEntry;

/// Several devices at once on this edge: which ones, what each is to do, how each one fares, and the charts of all.
class FleetPage : public QWidget {
    Q_OBJECT

public:
    explicit FleetPage(QWidget* parent = nullptr);
    ~FleetPage() override;

    /// Those that can be chosen, beside what this machine emulates.
    void setKnown(const std::vector<DeviceEntry>& known);
    /// What devices do that have nothing of their own.
    void setScenario(const session::Scenario& scenario);
    /// Why no fleet may begin now; empty: one may.
    void setObstacle(const QString& obstacle);
    /// Runs the chosen devices, each under the scenario with its own strategy and uplink. Nothing while a fleet runs.
    void start(const session::Scenario& scenario, const session::ExperimentOptions& options);
    void stop() { m_runner.stop(); }
    [[nodiscard]] bool active() const { return m_runner.active(); }

    /// Asks for a folder and a format; all charts are written there.
    void askAndExport();
    void askAndExport(PlotView* plot);
    /// Each filled chart to folder/key.suffix for each suffix, beside the GUI. Returns the files; an Error where all are empty.
    base::Result<std::vector<QString>> startExport(const QString& folder, const QStringList& suffixes);
    [[nodiscard]] bool writing() const { return m_writer.active(); }

    [[nodiscard]] FleetModel& model() { return m_model; }
    [[nodiscard]] const FleetHistory& history() const { return m_history; }
    [[nodiscard]] QTableView* table() const { return m_table; }
    [[nodiscard]] QSpinBox* emulated() const { return m_emulated; }
    [[nodiscard]] QPushButton* startButton() const { return m_start; }
    [[nodiscard]] QPushButton* stopButton() const { return m_stop; }
    /// Stops the selected device alone, or starts it again.
    [[nodiscard]] QAction* deviceAction() const { return m_one; }
    [[nodiscard]] QComboBox* percentile() const { return m_percentile; }
    [[nodiscard]] std::vector<PlotView*> plots() const { return {m_throughput, m_latency, m_edge}; }
    [[nodiscard]] QString hintText() const;

Q_SIGNALS:
    void startRequested();
    void activeChanged();
    /// How each device's link is; empty: no fleet runs.
    void linksChanged(const std::map<std::string, splitscope::link::LinkState>& linksByAddress);
    void troubleArose(const splitscope::base::Error& error);

private:
    void makeActions(QBoxLayout* rows);
    void makeTable(QBoxLayout* rows);
    void makeCharts(QBoxLayout* rows);
    void listDevices();
    void show(double seconds, const session::FleetStatistics& statistics);
    void tellLinks(const std::vector<session::DeviceStatistics>& devices);
    void onEnded();
    void draw();
    void updateControls();
    void updateDeviceAction();
    void stopOrStartDevice();
    void offerExport(PlotView* plot, const QPoint& at);
    void write(const QString& file, WriteQueue::Work work);

    FleetModel m_model;
    FleetHistory m_history;
    WriteQueue m_writer;
    std::vector<FleetDevice> m_known;
    std::vector<std::string> m_addresses;  ///< of the fleet that runs
    QString m_obstacle, m_totals;
    QPushButton *m_start, *m_stop;
    QAction* m_one;
    QSpinBox* m_emulated;
    QComboBox* m_percentile;
    ElidedLabel* m_hint;
    QTableView* m_table;
    PlotView *m_throughput, *m_latency, *m_edge;
    FleetRunner m_runner;
};

}  // namespace splitscope::ui
