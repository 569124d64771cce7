// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/remote_work.h"

#include <QWidget>

class QLineEdit;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;

namespace splitscope::ui {

class ElidedLabel;

/// The daemons of devices by ssh: one is installed and added here, the selected one is started, stopped, upgraded or taken away,
/// and its log is followed. What is done is told step by step; it can be cancelled, and the window goes on meanwhile.
class RemotePanel : public QWidget {
    Q_OBJECT

public:
    explicit RemotePanel(QWidget* parent = nullptr);

    /// The device that the lower buttons are for; none where its daemon was not started from here.
    void setDevice(const std::optional<session::KnownDevice>& device);
    /// What is added is like this but for what the form says.
    void setDefaults(const remote::AddOptions& defaults) { m_defaults = defaults; }
    void begin();  ///< the cursor in the first field

    [[nodiscard]] QLineEdit* destination() const { return m_destination; }
    [[nodiscard]] QLineEdit* options() const { return m_options; }
    [[nodiscard]] QPushButton* installButton() const { return m_install; }
    [[nodiscard]] QPushButton* startButton() const { return m_start; }
    [[nodiscard]] QPushButton* stopButton() const { return m_stop; }
    [[nodiscard]] QPushButton* restartButton() const { return m_restart; }
    [[nodiscard]] QPushButton* removeButton() const { return m_remove; }
    [[nodiscard]] QPushButton* logButton() const { return m_log; }
    [[nodiscard]] QPushButton* cancelButton() const { return m_cancel; }
    [[nodiscard]] QPlainTextEdit* steps() const { return m_steps; }
    [[nodiscard]] bool busy() const { return m_work.active(); }

Q_SIGNALS:
    void deviceReady(const splitscope::session::KnownDevice& device);
    void deviceRemoved(const splitscope::session::KnownDevice& device);
    void closed();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void install();
    void control(remote::Action action);
    void upgrade();
    void removeDaemon();
    void followLog();
    void run(const QString& what, RemoteWork::Piece piece);
    void show(const remote::StepReport& report);
    void finish(const RemoteWork::Outcome& outcome);
    void updateButtons();
    void setLastLine(const QString& text);

    RemoteWork m_work;
    remote::AddOptions m_defaults;
    std::optional<session::KnownDevice> m_device, m_removing;
    bool m_lineOpen = false;  ///< the last line is of a step that goes on
    QLineEdit *m_destination, *m_options;
    QPushButton *m_install, *m_start, *m_stop, *m_restart, *m_upgrade, *m_remove, *m_log, *m_cancel, *m_close;
    QProgressBar* m_progress;
    ElidedLabel* m_about;
    QPlainTextEdit* m_steps;
};

}  // namespace splitscope::ui
