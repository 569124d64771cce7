// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QFrame>
#include <QTimer>

#include <optional>

class QLabel;
class QToolButton;

namespace splitscope::ui {

/// Errors under the title row: what happened, where, and what to do. Never modal; changes at most once a second, repeats
/// are counted, and everything stands in the Log anyway.
class TroubleStrip : public QFrame {
    Q_OBJECT

public:
    static constexpr int kShortestShowMs = 1000;
    static constexpr int kHideAfterMs = 20'000;

    explicit TroubleStrip(QWidget* parent = nullptr);

    void report(const base::Error& error);
    void dismiss();
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void logRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void present(const base::Error& error);
    void showText();
    void restyle();

    QLabel* m_text;
    QToolButton* m_log;
    QToolButton* m_close;
    QTimer m_pace;
    QTimer m_hide;
    base::Error m_shown;
    std::optional<base::Error> m_next;
    int m_repeats = 0;
    int m_passedOver = 0;
};

}  // namespace splitscope::ui
