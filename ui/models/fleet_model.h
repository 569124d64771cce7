// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/fleet.h"

#include <QAbstractTableModel>

#include <optional>

namespace splitscope::ui {

/// A device that may be one of a fleet, and what it is to do there.
struct FleetDevice {
    std::string name;
    std::string address;  ///< as in a scenario: "loopback" or tcp://HOST:PORT
    std::string key;  ///< its public key; empty for this machine
    std::string strategy = {};  ///< empty: the scenario's
    std::string bandwidth = {};  ///< of its uplink, as in sim::parseBandwidth(); empty: the scenario's
};

/// The devices to choose a fleet of, what each is to do, and how it fares.
class FleetModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum ColumnIndex {
        NameColumn,  ///< checked: it is of the next fleet
        StrategyColumn,  ///< can be edited, as can the next one
        UplinkColumn,
        StateColumn,
        FramesColumn,
        RateColumn,
        P50Column,
        P95Column,
        DecisionColumn,
        ShareColumn,
        ColumnCount
    };
    static constexpr int kChoicesRole = Qt::UserRole;  ///< QStringList: what an editable cell may hold

    using QAbstractTableModel::QAbstractTableModel;

    /// Those that were there before, by name and address, keep what was chosen for them and how they fared. New ones of this
    /// machine are checked: whoever asks for them means them.
    void setDevices(std::vector<FleetDevice> devices);
    /// The scenario's, for devices that have none of their own.
    void setUsual(const QString& strategy, const QString& bandwidth);
    /// While a fleet runs nothing can be chosen; what is known of an earlier one is forgotten when one begins.
    void setRunning(bool running);
    /// Of the chosen devices, in their order.
    void setStatistics(const std::vector<session::DeviceStatistics>& statistics);

    [[nodiscard]] std::vector<FleetDevice> chosen() const;
    /// Which of the fleet's devices a row is, in the order of its statistics; nothing: it is none of them.
    [[nodiscard]] std::optional<std::size_t> memberOf(int row) const;
    /// Nothing where the row is no device of the fleet.
    [[nodiscard]] std::optional<session::Phase> phaseOf(int row) const;
    void choose(int row, bool chosen);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    /// False, and troubleArose(), for an uplink that is none.
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void chosenChanged();
    void troubleArose(const splitscope::base::Error& error);

private:
    struct Row {
        FleetDevice device;
        bool chosen = false;
        std::optional<session::DeviceStatistics> fares = {};
        std::size_t member = 0;  ///< whose fares these are
    };
    [[nodiscard]] QString textOf(const Row& row, int column) const;
    [[nodiscard]] QString toolTipOf(const Row& row, int column) const;
    [[nodiscard]] bool isOwn(const Row& row, int column) const;
    bool setOwn(Row& row, int column, const QString& text);
    void allChanged();

    std::vector<Row> m_rows;
    QString m_usualStrategy, m_usualBandwidth;
    bool m_running = false;
};

}  // namespace splitscope::ui
