// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/action_model.h"

#include <QWidget>

class QLabel;
class QTableView;

namespace splitscope::ui {

/// What a policy thinks at one bandwidth: its best actions with their outputs, what the table says to them, and the optimum.
class PolicyInspector : public QWidget {
    Q_OBJECT

public:
    explicit PolicyInspector(QWidget* parent = nullptr);

    /// `policy`: none, the table's best decisions alone are shown.
    void inspect(const sim::Evaluator& evaluator, PolicyReader* policy, const profile::Conditions& conditions);
    /// Says what would fill it.
    void clear(const QString& text);
    [[nodiscard]] const ActionModel& actions() const { return *m_actions; }
    [[nodiscard]] QString text() const;

private:
    QLabel* m_heading;
    QLabel* m_verdict;
    ActionModel* m_actions;
    QTableView* m_table;
};

}  // namespace splitscope::ui
