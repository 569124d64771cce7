// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/scenario.h"
#include "core/sim/environment.h"

#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QSpinBox;

namespace splitscope::ui {

/// What a policy is to learn: a cost table (of a network and data, or a file), the batch, how slow the device is, what
/// decisions change, and how the bandwidth varies.
class ProblemControls : public QWidget {
    Q_OBJECT

public:
    explicit ProblemControls(QWidget* parent = nullptr);

    /// Takes network, data, cost table, batch and slowdown of a scenario.
    void setScenario(const session::Scenario& scenario);
    /// Those, for session::makeEvaluator().
    [[nodiscard]] session::Scenario scenario() const;
    /// A cost table's file in place of the shipped one; its network is chosen.
    void useTable(const QString& file, const std::string& network);
    [[nodiscard]] sim::EnvironmentKind environment() const;
    /// As in sim::parseBandwidth(); empty: walks over all rates that matter.
    [[nodiscard]] std::string bandwidth() const;

    [[nodiscard]] QComboBox* networks() const { return m_network; }
    [[nodiscard]] QComboBox* data() const { return m_data; }
    [[nodiscard]] QComboBox* tables() const { return m_table; }
    [[nodiscard]] QComboBox* environments() const { return m_environment; }
    [[nodiscard]] QComboBox* bandwidths() const { return m_bandwidth; }
    [[nodiscard]] QSpinBox* batch() const { return m_batch; }

Q_SIGNALS:
    /// Another table, batch or slowdown.
    void problemChanged();
    void tableFileChosen(const QString& file);

private:
    void fillBandwidths();
    void askForTable();
    void askForTrace();

    session::Scenario m_scenario;  ///< keeps what no field shows
    QComboBox *m_network, *m_data, *m_table, *m_environment, *m_bandwidth;
    QSpinBox* m_batch;
    QDoubleSpinBox* m_slowdown;
    QString m_tableFile, m_traceFile;
};

}  // namespace splitscope::ui
