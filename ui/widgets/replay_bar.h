// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QComboBox;
class QLabel;
class QSlider;
class QToolButton;

namespace splitscope::ui {

class ReplaySource;

/// Which run is replayed, and how: play and pause, where, how fast; its report; and the way out. There while a run is replayed.
class ReplayBar : public QFrame {
    Q_OBJECT

public:
    /// The source must outlive the bar.
    explicit ReplayBar(ReplaySource& source, QWidget* parent = nullptr);

    /// 0 … 1 while a report is made; 1 ends it.
    void setReportProgress(double share);
    [[nodiscard]] QString text() const;
    [[nodiscard]] QToolButton* playButton() const { return m_play; }
    [[nodiscard]] QToolButton* reportButton() const { return m_report; }
    [[nodiscard]] QToolButton* closeButton() const { return m_close; }
    [[nodiscard]] QSlider* seekBar() const { return m_seek; }
    [[nodiscard]] QComboBox* speedBox() const { return m_speed; }

Q_SIGNALS:
    void reportRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void onOpened();
    void showPosition(double seconds);
    void updateIcons();

    ReplaySource& m_source;
    QToolButton *m_play, *m_report, *m_close;
    QSlider* m_seek;
    QComboBox* m_speed;
    QLabel *m_what, *m_where;
};

}  // namespace splitscope::ui
