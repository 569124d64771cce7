// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/experiment.h"

#include <QWidget>

class QCheckBox;
class QProgressBar;
class QToolButton;

namespace splitscope::ui {

class ElidedLabel;

/// The cost table held against what requests take, in one line: how many times as much each stage takes as foretold, and what
/// can be done where it is off. Hidden until there is something to tell.
class PredictionStrip : public QWidget {
    Q_OBJECT

public:
    explicit PredictionStrip(QWidget* parent = nullptr);

    void showPrediction(const session::PredictionStatus& prediction);
    /// Of a table that is being measured: requests done; `text` says what goes on, or what it waits for.
    void showMeasuring(const QString& text, int done, int total);
    void endMeasuring();
    void clear();
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void correctionChosen(bool corrects);  ///< by the user
    void measureRequested();
    void cancelRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void retell();
    void updateShown();

    ElidedLabel* m_text;
    QCheckBox* m_correct;
    QToolButton* m_measure;
    QProgressBar* m_progress;
    QToolButton* m_cancel;
    session::PredictionStatus m_prediction;
    bool m_measuring = false;
};

}  // namespace splitscope::ui
