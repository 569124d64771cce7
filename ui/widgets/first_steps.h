// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include <array>

class QLabel;
class QPushButton;
class QToolButton;

namespace splitscope::ui {

/// The first-run guide: three steps in a strip that stands in nobody's way. A step ticks itself off when it was done, whichever
/// way; the strip goes when it is dismissed, for good, until somebody asks for it again.
class FirstSteps : public QFrame {
    Q_OBJECT

public:
    enum Step { Run, Slider, Compare, StepCount };

    explicit FirstSteps(QWidget* parent = nullptr);

    /// Nothing is done yet, and the strip is to be seen.
    void begin();
    /// The first time on this computer, unless it was dismissed before.
    void beginIfNew();
    void complete(Step step);
    void dismiss();

    [[nodiscard]] bool done(Step step) const { return m_done[step]; }
    [[nodiscard]] QPushButton* button(Step step) const { return m_buttons[step]; }
    [[nodiscard]] QToolButton* closeButton() const { return m_close; }
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void requested(splitscope::ui::FirstSteps::Step step);  ///< take me there

private:
    void showSteps();

    std::array<bool, StepCount> m_done{};
    std::array<QLabel*, StepCount> m_texts{};
    std::array<QPushButton*, StepCount> m_buttons{};
    QLabel* m_title;
    QToolButton* m_close;
};

}  // namespace splitscope::ui
