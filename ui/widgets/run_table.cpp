// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/run_table.h"

#include "ui/style/theme.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QPushButton>

namespace splitscope::ui {

RunTable::RunTable(QWidget* parent) : QTableView(parent), m_action(new QPushButton(viewport()))
{
    constexpr int kRowHeight = 22;
    setShowGrid(false);
    setAlternatingRowColors(true);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setWordWrap(false);
    setFont(smallFont());
    setTabKeyNavigation(false);  // Tab leaves the table
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(kRowHeight);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setSectionsMovable(true);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    connect(m_action, &QPushButton::clicked, this, &RunTable::actionRequested);
    m_action->hide();
}

void RunTable::setEmptyText(const QString& text, const QString& action)
{
    m_emptyText = text;
    m_action->setText(action);
    updateEmptiness();
}

void RunTable::updateEmptiness()
{
    constexpr int kBelow = 22;
    const bool empty = !model() || model()->rowCount() == 0;
    m_action->adjustSize();
    m_action->move((viewport()->width() - m_action->width()) / 2, viewport()->height() / 2 + kBelow);
    m_action->setVisible(empty && !m_action->text().isEmpty());
    viewport()->update();
}

bool RunTable::event(QEvent* event)
{
    // Space checks a run; the window's shortcut for it must wait.
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space
        && currentIndex().isValid()) {
        event->accept();
        return true;
    }
    return QTableView::event(event);
}

void RunTable::keyPressEvent(QKeyEvent* event)
{
    const QModelIndex box = currentIndex().siblingAtColumn(0);
    if (event->key() != Qt::Key_Space || !box.isValid()) {
        QTableView::keyPressEvent(event);
        return;
    }
    const bool checked = box.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    model()->setData(box, checked ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
}

void RunTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    updateEmptiness();
}

void RunTable::paintEvent(QPaintEvent* event)
{
    QTableView::paintEvent(event);
    if (model() && model()->rowCount() > 0)
        return;
    QPainter painter(viewport());
    painter.setPen(Theme::of(palette()).muted);
    painter.drawText(viewport()->rect().adjusted(16, 0, -16, -20), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
}

}  // namespace splitscope::ui
