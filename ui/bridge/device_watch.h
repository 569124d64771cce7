// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/experiment.h"
#include "ui/bridge/background.h"
#include "ui/models/device_model.h"
#include "ui/models/health_history.h"

#include <map>
#include <memory>

namespace splitscope::ui {

/// The known devices, their connections beside the experiments', and what they tell. Everything that may take long happens on
/// the connections' own threads; a timer looks at what they know.
class DeviceWatch : public QObject {
    Q_OBJECT

public:
    explicit DeviceWatch(QObject* parent = nullptr);
    ~DeviceWatch() override;  ///< ends all connections

    void setDaemonProgram(const std::filesystem::path& program) { m_daemonProgram = program; }
    /// Reads the file of known devices and connects to those that were connected last time. An Error leaves "this machine".
    base::Status load(const std::filesystem::path& file);
    /// An Error says which field is wrong. The file is written beside the GUI.
    base::Status add(const session::KnownDevice& device);
    /// As add(); one at its address is replaced, and connected anew. For a device whose daemon was installed from here.
    base::Status put(const session::KnownDevice& device);
    void remove(int row);  ///< not this machine
    /// What the file holds of a row's device; nothing of this machine.
    [[nodiscard]] std::optional<session::KnownDevice> known(int row) const;

    void connectTo(int row);
    void disconnectFrom(int row);
    /// What an experiment knows of its device; while it runs, the connection beside it rests. An empty address: none runs.
    void followExperiment(const std::string& address, const session::ExperimentStatus& status);

    /// The same of several that have an experiment each: how their links are. Empty: no fleet runs.
    void followFleet(const std::map<std::string, link::LinkState>& linksByAddress);

    [[nodiscard]] DeviceModel& model() { return m_model; }
    [[nodiscard]] const HealthHistory& history(const std::string& address) { return m_histories[address].history; }

Q_SIGNALS:
    void looked();  ///< about four times a second, and after each change
    void troubleArose(const splitscope::base::Error& error);

private:
    struct Told {
        HealthHistory history;
        std::uint64_t reports = 0;  ///< that the history holds, by the teller's count
    };
    using Monitors = std::map<std::string, std::unique_ptr<session::DeviceMonitor>>;

    void look();
    void begin(int row);
    void rest(const std::string& address);
    void leaveTo(const std::string& address);
    void takeBack(const std::string& address);
    void take(int row, session::DeviceView view);
    void save();
    void remember();

    std::filesystem::path m_file, m_daemonProgram;
    std::vector<session::KnownDevice> m_known;
    DeviceModel m_model;
    Monitors m_monitors;
    std::vector<std::unique_ptr<session::DeviceMonitor>> m_ending;  ///< asked to stop; joined when they have
    std::map<std::string, Told> m_histories;
    std::string m_experiment;  ///< the device of the one that runs
    std::map<std::string, link::LinkState> m_fleet;  ///< those that have an experiment each
    std::int64_t m_followedNs = 0;
    Background<base::Status> m_saving;
    QTimer m_timer;
};

}  // namespace splitscope::ui
