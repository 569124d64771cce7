// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/log_model.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QTableView;

namespace splitscope::ui {

/// What the program and its experiments reported, to filter, search and copy.
class LogPage : public QWidget {
    Q_OBJECT

public:
    explicit LogPage(LogModel& model, QWidget* parent = nullptr);

    [[nodiscard]] QTableView* table() const { return m_table; }
    [[nodiscard]] QLineEdit* search() const { return m_search; }
    [[nodiscard]] QComboBox* levels() const { return m_levels; }

private:
    void copy();

    LogFilter* m_filter;
    QComboBox* m_levels;
    QLineEdit* m_search;
    QTableView* m_table;
};

}  // namespace splitscope::ui
