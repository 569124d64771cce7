// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/device_profiler.h"
#include "ui/bridge/device_watch.h"

#include <QWidget>

class QBoxLayout;
class QComboBox;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QTableView;

namespace splitscope::ui {

class DeviceDetails;
class DeviceForm;
class ElidedLabel;
class PairingPanel;
class RemotePanel;

/// The devices that experiments may run on: whether they are there, what they are, how they are doing, and their profiles.
class DevicesPage : public QWidget {
    Q_OBJECT

public:
    explicit DevicesPage(QWidget* parent = nullptr);
    ~DevicesPage() override;

    void setDaemonProgram(const std::filesystem::path& program);
    /// The file of known devices (session::knownDevicesPath()); profiles are kept in a folder beside it.
    void load(const std::filesystem::path& file);
    /// What a running experiment tells of its device; an empty address: none runs.
    void followExperiment(const std::string& address, const session::ExperimentStatus& status);
    /// The devices that a fleet has, and how their links are; empty: none runs.
    void followFleet(const std::map<std::string, splitscope::link::LinkState>& linksByAddress);
    /// Whose row is told apart as that of the next experiment.
    void setChosen(const std::string& address);

    void selectRow(int row);
    /// Connects the selected device, or ends its connection.
    void toggleConnection();
    /// Has the selected device measure the chosen network.
    void measure();
    void cancelMeasuring() { m_profiler.cancel(); }

    [[nodiscard]] DeviceWatch& watch() { return m_watch; }
    [[nodiscard]] DeviceModel& model() { return m_watch.model(); }
    [[nodiscard]] QTableView* table() const { return m_table; }
    [[nodiscard]] DeviceForm* form() const { return m_form; }
    [[nodiscard]] PairingPanel* pairing() const { return m_pairing; }
    [[nodiscard]] QPushButton* pairingButton() const { return m_pair; }
    [[nodiscard]] RemotePanel* remote() const { return m_remote; }
    [[nodiscard]] QPushButton* remoteButton() const { return m_bySsh; }
    [[nodiscard]] DeviceDetails* details() const { return m_details; }
    [[nodiscard]] QPushButton* addButton() const { return m_add; }
    [[nodiscard]] QPushButton* removeButton() const { return m_remove; }
    [[nodiscard]] QPushButton* connectButton() const { return m_connect; }
    [[nodiscard]] QPushButton* chooseButton() const { return m_choose; }
    [[nodiscard]] QPushButton* measureButton() const { return m_measure; }
    [[nodiscard]] QPushButton* cancelButton() const { return m_cancel; }
    [[nodiscard]] QPushButton* showButton() const { return m_show; }
    [[nodiscard]] QComboBox* network() const { return m_network; }
    [[nodiscard]] QSpinBox* budget() const { return m_budget; }
    [[nodiscard]] ElidedLabel* hint() const { return m_hint; }
    [[nodiscard]] QString profileText() const;

Q_SIGNALS:
    /// Of the next experiment: "loopback" or tcp://HOST:PORT.
    void deviceChosen(const QString& address);
    void profileShown(const QString& file);
    void troubleArose(const splitscope::base::Error& error);

private:
    void makeActions(QBoxLayout* rows);
    void makeTable(QBoxLayout* rows);
    void makeProfileRow(QBoxLayout* rows);
    void connectParts();
    /// One of the forms above the table, in the others' place; null: none.
    void open(QWidget* form);
    void openForm();
    void addDevice();
    void removeDevice();
    void takePaired(session::KnownDevice device);
    void takeInstalled(const session::KnownDevice& device);
    void forgetInstalled(const session::KnownDevice& device);
    void choose();
    void refresh();
    void loadProfile();
    void showProfile();
    void updateProfileControls();
    [[nodiscard]] int currentRow() const;
    [[nodiscard]] const DeviceEntry* current();
    [[nodiscard]] std::filesystem::path profileFile() const;

    DeviceWatch m_watch;
    DeviceProfiler m_profiler;
    Background<base::Result<std::optional<profile::ComputeProfile>>> m_reading;
    Background<base::Result<link::KeyPair>> m_keys;
    std::filesystem::path m_profiles, m_daemonProgram;
    std::string m_shownFor;  ///< the device and network whose profile is shown
    std::optional<profile::ComputeProfile> m_profile;
    QString m_profileProblem;  ///< of a file that cannot be read
    std::filesystem::path m_profileFile;
    QTableView* m_table;
    DeviceForm* m_form;
    PairingPanel* m_pairing;
    RemotePanel* m_remote;
    DeviceDetails* m_details;
    QPushButton *m_add, *m_pair, *m_bySsh, *m_remove, *m_connect, *m_choose, *m_measure, *m_cancel, *m_show;
    QComboBox* m_network;
    QSpinBox* m_budget;
    QProgressBar* m_progress;
    ElidedLabel *m_hint, *m_profileText;
};

}  // namespace splitscope::ui
