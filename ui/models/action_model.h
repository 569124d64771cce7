// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/decision_map.h"

#include <QAbstractTableModel>

namespace splitscope::ui {

/// What one decision is worth at one bandwidth, to the policy and by the table.
struct ActionRow {
    std::size_t action = 0;  ///< row of the cost table
    decision::Decision decision;
    std::optional<float> output;  ///< the policy's logit or value; none without a policy
    std::optional<double> probability;  ///< of a stochastic policy's
    sim::Scored scored;
    bool chosen = false;
    bool optimum = false;
};

/// The best actions at a bandwidth: those that the policy rates highest, and the optimum's; by the table where there is no
/// policy.
std::vector<ActionRow> topActions(const sim::Evaluator& evaluator, PolicyReader* policy, const profile::Conditions& conditions,
                                  std::size_t count);

class ActionModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum ColumnIndex {
        DecisionColumn,
        OutputColumn,
        ProbabilityColumn,
        RewardColumn,
        LatencyColumn,
        AccuracyColumn,
        EnergyColumn,
        ColumnCount
    };

    using QAbstractTableModel::QAbstractTableModel;
    void setRows(std::vector<ActionRow> rows, bool valuesNotLogits);
    [[nodiscard]] const std::vector<ActionRow>& rows() const { return m_rows; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QString text(const ActionRow& row, int column) const;

    std::vector<ActionRow> m_rows;
    bool m_values = false;
};

}  // namespace splitscope::ui
