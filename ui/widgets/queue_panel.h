// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/background.h"
#include "ui/bridge/queue_runner.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QTableView;
class QToolButton;

namespace splitscope::ui {

class RunTable;

/// The queue of experiments: what is to run, in which order and how often; how far it is, and how long it still takes.
class QueuePanel : public QWidget {
    Q_OBJECT

public:
    QueuePanel(QueueModel& model, QueueRunner& runner, QWidget* parent = nullptr);

    /// Why the scenario of the form cannot be added; empty: it can.
    void setAddObstacle(const QString& why);
    /// Scenario files, behind the others, each with the repeats that the panel shows; they are read beside the GUI. Those that
    /// cannot run are told by troubleArose().
    void addFiles(const QStringList& files);

    [[nodiscard]] QPushButton* addCurrent() const { return m_addCurrent; }
    [[nodiscard]] QPushButton* startButton() const { return m_start; }
    [[nodiscard]] QPushButton* cancelRunButton() const { return m_cancelRun; }
    [[nodiscard]] QPushButton* skipButton() const { return m_skip; }
    [[nodiscard]] QPushButton* cancelAllButton() const { return m_cancelAll; }
    [[nodiscard]] QToolButton* upButton() const { return m_up; }
    [[nodiscard]] QToolButton* downButton() const { return m_down; }
    [[nodiscard]] QToolButton* removeButton() const { return m_remove; }
    [[nodiscard]] QSpinBox* repeats() const { return m_repeats; }
    [[nodiscard]] QTableView* table() const;
    [[nodiscard]] QString progressText() const;
    [[nodiscard]] QString detailsText() const;

Q_SIGNALS:
    void addCurrentRequested(int repeats);
    void compareRequested(const QString& scenarioName);
    void troubleArose(const splitscope::base::Error& error);

private:
    void makeTable();
    void connectButtons();
    void askForFiles();
    void readFiles();
    void moveBy(int rows);
    void update();
    void updateProgress();
    [[nodiscard]] int currentRow() const;

    QueueModel& m_model;
    QueueRunner& m_runner;
    RunTable* m_table;
    QSpinBox* m_repeats;
    QPushButton *m_addCurrent, *m_addFiles, *m_start, *m_cancelRun, *m_skip, *m_cancelAll;
    QToolButton *m_up, *m_down, *m_remove, *m_again, *m_compare, *m_clear;
    QProgressBar* m_bar;
    QLabel *m_progress, *m_details;
    struct Wanted {
        QString file;
        int repeats = 1;
    };
    struct Read {
        Wanted wanted;
        base::Result<session::Scenario> scenario;
    };
    std::vector<Wanted> m_wanted;  ///< not read yet
    Background<std::vector<Read>> m_reader;
};

}  // namespace splitscope::ui
