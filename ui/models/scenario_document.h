// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/scenario_check.h"
#include "ui/bridge/background.h"

#include <QObject>
#include <QStringList>
#include <QTimer>

#include <map>

namespace splitscope::ui {

/// The scenario that is being edited: its file, whether it was changed, and what is wrong with it, which is found out beside the
/// GUI's thread while one types.
class ScenarioDocument : public QObject {
    Q_OBJECT

public:
    explicit ScenarioDocument(QObject* parent = nullptr);
    ~ScenarioDocument() override;

    [[nodiscard]] const session::Scenario& scenario() const { return m_scenario; }
    [[nodiscard]] const QString& path() const { return m_path; }  ///< empty: of no file yet
    [[nodiscard]] QString title() const;  ///< the file's name, the example's, or "untitled"
    /// For the records: the file's name without suffix, "(changed)" where it is not as in the file; empty: of no file.
    [[nodiscard]] QString recordedName() const;
    [[nodiscard]] bool modified() const { return !(m_scenario == m_saved) || !m_unreadable.empty(); }

    /// Another document in place of this one.
    void replace(const session::Scenario& scenario, const QString& path = {});
    void edit(const session::Scenario& scenario);
    /// Fields whose text is no value: the document keeps the value from before.
    void setUnreadable(std::map<QString, QString> textOfField);
    /// A scenario with usual values. Unsaved changes are kept beside the GUI's thread; kept() follows.
    void startNew();
    /// The Error says what is wrong in the file; the document stays as it was. Else unsaved changes are kept as above.
    base::Status open(const QString& path);
    /// What is in the file, as a document of no file that bears its name: examples stay as they are.
    base::Status openCopy(const QString& path);
    base::Status save(const QString& path);

    /// By field: what is wrong, and what is allowed.
    [[nodiscard]] std::map<QString, QString> problems() const;
    [[nodiscard]] bool checking() const
    {
        return m_pause.isActive() || m_fields.active() || m_strategyPause.isActive() || m_strategy.active();
    }
    /// Every field has a value in its range, as far as is known.
    [[nodiscard]] bool fits() const { return m_unreadable.empty() && m_fieldProblems.empty(); }
    /// Why it cannot be saved or started, for people; empty: it can.
    [[nodiscard]] QString saveObstacle() const;
    [[nodiscard]] QString startObstacle() const;

    /// Files that were opened or saved, the last one first; of all sessions.
    [[nodiscard]] static QStringList recentFiles();
    static void remember(const QString& path);

    /// Unsaved changes go into a file of the user's data folder, at once; it is then among the recent ones. Only the last ones
    /// are kept.
    void keepUnsaved();

Q_SIGNALS:
    void replaced();  ///< and changed()
    void changed();  ///< values, file, or whether it is modified
    void problemsChanged();
    void kept(const QString& path);  ///< unsaved changes, there

private:
    using Problems = std::vector<session::FieldProblem>;
    struct Unsaved {
        QString path;
        session::Scenario scenario;
    };

    [[nodiscard]] std::optional<Unsaved> unsaved() const;
    void keepLater();
    void keepNext();
    void check();
    void checkStrategy();
    [[nodiscard]] QString obstacle(const std::map<QString, QString>& problems) const;

    session::Scenario m_scenario, m_saved;
    QString m_path;
    QString m_copied;  ///< what it is a copy of, while it has no file
    std::map<QString, QString> m_unreadable;
    Problems m_fieldProblems, m_strategyProblems;
    QTimer m_pause, m_strategyPause;
    Background<Problems> m_fields, m_strategy;
    std::vector<Unsaved> m_toKeep;  ///< not begun yet
    Background<QStringList> m_keeper;
};

}  // namespace splitscope::ui
