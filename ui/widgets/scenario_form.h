// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/scenario_field.h"

#include <QScrollArea>
#include <QTimer>

#include <map>

class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace splitscope::ui {

/// Every field of a scenario, in groups, each with its unit, what it means, and what is wrong with it. Numbers are typed as text,
/// so that nothing is rounded or cut to a range behind one's back. Its groups are made one after the other while the program has
/// nothing else to do, or all at once when they are asked for.
class ScenarioForm : public QScrollArea {
    Q_OBJECT

public:
    explicit ScenarioForm(QWidget* parent = nullptr);

    /// Shows a scenario; fields that show its values already stay as they are written.
    void setScenario(const session::Scenario& scenario);
    /// Another scenario: what was typed and is no value is forgotten, too.
    void replaceScenario(const session::Scenario& scenario);
    [[nodiscard]] const session::Scenario& scenario() const { return m_scenario; }
    /// Fields whose text is no value; the scenario keeps what they said before.
    [[nodiscard]] const std::map<QString, QString>& unreadable() const { return m_unreadable; }
    /// Shown at their fields.
    void setProblems(const std::map<QString, QString>& problems);
    /// Scrolls to a field and puts the cursor there.
    void showField(const QString& key);

    [[nodiscard]] QWidget* field(const QString& key) const;  ///< null: there is none
    [[nodiscard]] QString textOf(const QString& key) const;
    void setTextOf(const QString& key, const QString& text);  ///< as if typed
    [[nodiscard]] QString problemText(const QString& key) const;  ///< that is shown; empty: none

Q_SIGNALS:
    void edited();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Row {
        const ScenarioField* field = nullptr;
        QWidget* editor = nullptr;
        QWidget* unit = nullptr;  ///< or a button; null: none
        QLabel *label = nullptr, *problem = nullptr;
    };
    void makeNextGroup();
    void makeAll() const;
    [[nodiscard]] const Row& row(const QString& key) const;
    QWidget* makeGroup(FieldGroup group);
    QWidget* makeEditor(const ScenarioField& field);
    QWidget* makeUnit(const ScenarioField& field, QWidget* editor);
    void askForFile(const ScenarioField& field, QLineEdit* line);
    void take(const ScenarioField& field);
    void enableRows();
    void enable(const Row& row) const;
    [[nodiscard]] QPalette problemPalette() const;
    void showProblem(Row& row, const QString& text);
    [[nodiscard]] static QString read(const Row& row);
    static void write(const Row& row, const QString& text);

    session::Scenario m_scenario;
    std::map<QString, QString> m_problems;  ///< by field, as they were last told
    std::map<QString, QString> m_unreadable;
    std::map<QString, Row> m_rows;
    bool m_showing = false;
    QVBoxLayout* m_layout;
    std::size_t m_made = 0;  ///< groups
    QTimer m_maker;
};

}  // namespace splitscope::ui
