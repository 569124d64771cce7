// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decision/decision.h"
#include "core/session/scenario.h"

#include <QGroupBox>

#include <map>
#include <optional>

class QComboBox;
class QLabel;

namespace splitscope::ui {

/// Which strategy decides, and the decision of the fixed ones. Offers valid combinations only.
class DecisionControls : public QGroupBox {
    Q_OBJECT

public:
    explicit DecisionControls(QWidget* parent = nullptr);

    /// The network that the decisions are about; keeps as much of the present decision as fits.
    void setNetwork(const model::NetworkSpec& spec);
    void setChoice(const std::string& strategy, const decision::Decision& decision);
    /// Strategies that cannot be chosen, each with what is missing.
    void setGaps(std::map<std::string, QString> gaps);
    [[nodiscard]] std::string strategy() const;
    [[nodiscard]] decision::Decision decision() const;

    [[nodiscard]] QComboBox* strategies() const { return m_strategies; }
    [[nodiscard]] QComboBox* exits() const { return m_exits; }
    [[nodiscard]] QComboBox* partitions() const { return m_partitions; }
    [[nodiscard]] QComboBox* codings() const { return m_codings; }
    [[nodiscard]] QComboBox* gates() const { return m_gates; }

Q_SIGNALS:
    void choiceChanged();

private:
    void fillPartitions(int wanted);
    void fillCodings(const codec::Coding& wanted);
    void fillGates(const std::optional<decision::Gate>& wanted);
    void enableFields();

    std::optional<model::NetworkSpec> m_spec;
    QComboBox* m_strategies;
    QComboBox* m_exits;
    QComboBox* m_partitions;
    QComboBox* m_codings;
    QComboBox* m_gates;
    QLabel* m_hint;
    std::map<std::string, QString> m_gaps;
};

}  // namespace splitscope::ui
