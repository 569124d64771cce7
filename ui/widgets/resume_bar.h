// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/run_library.h"

#include <QFrame>

class QLabel;
class QPushButton;
class QToolButton;

namespace splitscope::ui {

/// Offers to go on with a run that was interrupted. There while such a run is offered, and nothing else runs.
class ResumeBar : public QFrame {
    Q_OBJECT

public:
    explicit ResumeBar(QWidget* parent = nullptr);

    void offer(const session::RunRow& run);
    [[nodiscard]] const session::RunRow& run() const { return m_run; }
    [[nodiscard]] QString text() const;
    [[nodiscard]] QPushButton* resumeButton() const { return m_resume; }
    [[nodiscard]] QToolButton* dismissButton() const { return m_dismiss; }

Q_SIGNALS:
    void resumeRequested();
    void dismissed();  ///< the bar is hidden already

protected:
    void changeEvent(QEvent* event) override;

private:
    void updateIcons();

    session::RunRow m_run;
    QLabel* m_what;
    QPushButton* m_resume;
    QToolButton* m_dismiss;
};

}  // namespace splitscope::ui
