// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/choice_delegate.h"

#include <QComboBox>

namespace splitscope::ui {

ChoiceDelegate::ChoiceDelegate(const QString& none, int choicesRole, bool open, QObject* parent)
    : QStyledItemDelegate(parent), m_none(none), m_choicesRole(choicesRole), m_open(open)
{
}

QWidget* ChoiceDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex& index) const
{
    auto* box = new QComboBox(parent);
    box->setFrame(false);
    box->setEditable(m_open);
    box->addItem(m_none);
    box->addItems(index.data(m_choicesRole).toStringList());
    box->setAccessibleName(index.model()->headerData(index.column(), Qt::Horizontal).toString());
    auto* self = const_cast<ChoiceDelegate*>(this);  // signals are not const
    connect(box, &QComboBox::activated, self, [self, box] {  // a choice is made; nobody need leave the cell for it
        Q_EMIT self->commitData(box);
        Q_EMIT self->closeEditor(box);
    });
    return box;
}

void ChoiceDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const
{
    auto* box = static_cast<QComboBox*>(editor);
    const QString value = index.data(Qt::EditRole).toString();
    box->setCurrentIndex(value.isEmpty() ? 0 : box->findText(value));
    if (m_open && !value.isEmpty())
        box->setEditText(value);
}

void ChoiceDelegate::setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const
{
    const QString text = static_cast<QComboBox*>(editor)->currentText();
    model->setData(index, text == m_none ? QString() : text, Qt::EditRole);
}

void ChoiceDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (index.flags() & Qt::ItemIsEditable)
        option->text += QStringLiteral(" ▾");
}

}  // namespace splitscope::ui
