// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

class QPushButton;

namespace splitscope::ui {

/// A dense table whose rows are checked in the first column, with Space too; while empty, it says why and offers a way out.
class RunTable : public QTableView {
    Q_OBJECT

public:
    explicit RunTable(QWidget* parent = nullptr);

    void setEmptyText(const QString& text, const QString& action);
    [[nodiscard]] QString emptyText() const { return m_emptyText; }
    [[nodiscard]] QPushButton* actionButton() const { return m_action; }
    /// The button goes with the text; call it when the number of rows has changed.
    void updateEmptiness();

Q_SIGNALS:
    void actionRequested();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QString m_emptyText;
    QPushButton* m_action;
};

}  // namespace splitscope::ui
