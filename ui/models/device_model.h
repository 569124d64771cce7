// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/device_monitor.h"
#include "core/session/known_devices.h"

#include <QAbstractTableModel>
#include <QString>

#include <optional>
#include <vector>

namespace splitscope::ui {

/// A device that experiments may run on, and what is known of it.
struct DeviceEntry {
    std::string name;
    std::string address;  ///< as in a scenario: "loopback" or tcp://HOST:PORT
    std::string key;  ///< its public key; empty for this machine, where keys are made for each connection
    bool watched = false;  ///< somebody asked to be connected
    bool inExperiment = false;  ///< its experiment tells instead
    session::DeviceView view{};

    [[nodiscard]] bool isThisMachine() const { return address == "loopback"; }
};

enum class DeviceCondition { Off, Connecting, Connected, Silent, Failed };
DeviceCondition conditionOf(const DeviceEntry& entry);
QString conditionText(const DeviceEntry& entry);

/// The known devices as a table; "this machine" is always the first one.
class DeviceModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum ColumnIndex {
        NameColumn,
        AddressColumn,
        StateColumn,
        SeenColumn,
        RttColumn,
        BoardColumn,
        CoresColumn,
        BackendColumn,
        VersionColumn,
        ColumnCount
    };
    static constexpr int kConditionRole = Qt::UserRole;  ///< DeviceCondition as int

    using QAbstractTableModel::QAbstractTableModel;

    void setEntries(std::vector<DeviceEntry> entries);
    void append(DeviceEntry entry);
    void remove(int row);
    /// Replaces what is known of a row's device.
    void setView(int row, session::DeviceView view);
    void setWatched(int row, bool watched);
    void setInExperiment(int row, bool inExperiment);
    /// The device of the next experiment is told apart by its font.
    void setChosen(const std::string& address);

    [[nodiscard]] const std::vector<DeviceEntry>& entries() const { return m_entries; }
    [[nodiscard]] const DeviceEntry& entry(int row) const { return m_entries[static_cast<std::size_t>(row)]; }
    /// −1: there is none.
    [[nodiscard]] int rowOf(const std::string& address) const;
    [[nodiscard]] bool isChosen(int row) const { return entry(row).address == m_chosen; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString textOf(int row, int column) const;
    void changed(int row);

    std::vector<DeviceEntry> m_entries;
    std::string m_chosen;
};

}  // namespace splitscope::ui
