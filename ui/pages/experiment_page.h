// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/scenario_document.h"
#include "ui/widgets/queue_panel.h"
#include "ui/widgets/scenario_form.h"

#include <QWidget>

class QAction;
class QLabel;
class QSplitter;
class QToolButton;

namespace splitscope::ui {

/// The scenario as a document, with a form for all of its fields, and the queue of experiments beside it.
class ExperimentPage : public QWidget {
    Q_OBJECT

public:
    /// All of these must outlive the page.
    struct Parts {
        ScenarioDocument& document;
        QueueModel& queue;
        QueueRunner& runner;
    };
    /// `actions` stand above the form: new, open, save, save as, start.
    ExperimentPage(const Parts& parts, const QList<QAction*>& actions, QWidget* parent = nullptr);
    ~ExperimentPage() override;

    /// Where records go; for people.
    void setRecords(const QString& folder);
    /// What runs is a copy: the form says so.
    void setRunning(bool running);

    [[nodiscard]] ScenarioForm& form() { return *m_form; }
    [[nodiscard]] QueuePanel& queue() { return *m_queue; }
    [[nodiscard]] QToolButton* recentButton() const { return m_recent; }
    [[nodiscard]] QToolButton* examplesButton() const { return m_examples; }
    [[nodiscard]] QString titleText() const;
    [[nodiscard]] QString stateText() const;

Q_SIGNALS:
    void openRequested(const QString& path);
    void exampleRequested(const QString& path);

private:
    void fillRecent();
    void fillExamples();
    void showDocument();
    void showProblems();

    ScenarioDocument& m_document;
    ScenarioForm* m_form;
    QueuePanel* m_queue;
    QSplitter* m_halves;
    QToolButton *m_recent, *m_examples;
    QLabel *m_title, *m_state, *m_records;
    bool m_running = false;
};

}  // namespace splitscope::ui
