// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/background.h"
#include "ui/bridge/write_queue.h"
#include "ui/models/run_table_model.h"
#include "ui/models/run_workbench.h"

#include <QWidget>

class QAction;
class QBoxLayout;
class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;
class QTabBar;
class QTableView;

namespace splitscope::ui {

class ElidedLabel;
class FlowLayout;
class FigureChart;
class RunTable;

/// Recorded runs: a table to find, tag and check them, and what the checked ones say beside each other. The disk is read and
/// written beside the GUI.
class ComparePage : public QWidget {
    Q_OBJECT

public:
    explicit ComparePage(QWidget* parent = nullptr);
    ~ComparePage() override;

    /// Where runs are looked for: a database, or a folder of them. Read when the page is shown.
    void setLibrary(const std::filesystem::path& place);
    [[nodiscard]] const std::filesystem::path& library() const { return m_library; }
    /// Lists the runs anew; checks, selection and filter stay.
    void reload();
    /// The newest runs that the filter lets through.
    void checkNewest(int count);
    /// Something to do with the current run, as a button above the table and in its context menu; enabled where there is one.
    void addRunAction(QAction* action);
    /// The run under the table's cursor, else the only checked one; null: none.
    [[nodiscard]] const session::RunRow* currentRun() const;

    void showTab(CompareTab tab);
    /// Writes what is in sight: .png, .svg, .pdf or .csv.
    base::Status exportTo(const QString& file, double widthMm = 0) const;
    /// The same beside the GUI; what goes wrong is told by troubleArose().
    void startExport(const QString& file, double widthMm = 0);
    void askAndExport();
    /// As an image and, for text, its values.
    void copyChart() const;

    [[nodiscard]] bool busy() const { return m_lister.active() || m_maker.active() || m_writer.active(); }
    [[nodiscard]] RunTableModel& model() { return m_model; }
    [[nodiscard]] QTableView* table() const;
    [[nodiscard]] RunFilter* filter() const { return m_filter; }
    [[nodiscard]] QLineEdit* search() const { return m_search; }
    [[nodiscard]] QComboBox* tagBox() const { return m_tags; }
    [[nodiscard]] QComboBox* quantityBox() const { return m_quantity; }
    [[nodiscard]] QComboBox* axisBox() const { return m_axis; }
    [[nodiscard]] QComboBox* baselineBox() const { return m_baseline; }
    [[nodiscard]] QCheckBox* logarithmic() const { return m_logarithmic; }
    [[nodiscard]] FigureChart* chart() const { return m_chart; }
    [[nodiscard]] QString noteText() const;
    [[nodiscard]] QString countText() const;

Q_SIGNALS:
    void startRequested();
    void currentRunChanged();
    void troubleArose(const splitscope::base::Error& error);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    using ListResult = base::Result<session::RunList>;

    void makeFilterRow(QBoxLayout* rows);
    void makeTable();
    void makeChartSide(QBoxLayout* rows);
    void connectControls();
    void restore();
    void remember() const;
    void onListed(const ListResult& list);
    void refresh();  ///< the chart
    void onCompared(const Comparison& comparison);
    void updateControls();
    void updateTags();
    void updateCount();
    void sayWhyEmpty();
    [[nodiscard]] CompareView view() const;

    // compare_page_files.cpp
    void write(WriteQueue::Work work, bool changesList = false);
    /// What writes the chart in sight, on any thread.
    [[nodiscard]] WriteQueue::Work exporting(const QString& file, double widthMm) const;
    void report(const base::Status& status);
    void askAndOpen();
    void askAndDelete();
    void askAndExport(double widthMm);
    void offerTableActions(const QPoint& at);
    void offerChartActions(const QPoint& globalPosition);

    RunTableModel m_model;
    RunFilter* m_filter;
    std::shared_ptr<RunWorkbench> m_workbench = std::make_shared<RunWorkbench>();
    Background<ListResult> m_lister;
    Background<Comparison> m_maker;
    WriteQueue m_writer;  ///< what was typed is kept, even if the window goes
    std::filesystem::path m_library;
    bool m_stale = true;  ///< the list, when the page is next shown
    bool m_listed = false;
    QList<QAction*> m_runActions;

    FlowLayout* m_controls;
    QLineEdit* m_search;
    QComboBox* m_tags;
    QLabel* m_count;
    QPushButton *m_uncheck, *m_reload, *m_open, *m_export;
    RunTable* m_table;
    QSplitter* m_body;
    QTabBar* m_tabs;
    QComboBox *m_quantity, *m_axis, *m_pareto, *m_baseline;
    QCheckBox* m_logarithmic;
    ElidedLabel* m_status;
    FigureChart* m_chart;
    QLabel* m_notes;
};

}  // namespace splitscope::ui
