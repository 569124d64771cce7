// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace splitscope::ui {

/// A list to choose a cell's value from; the first entry, `none`, stands for an empty value. Where `open`, other values can be
/// typed. Cells that can be edited are marked.
class ChoiceDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    /// `choicesRole`: where the model has a cell's QStringList.
    ChoiceDelegate(const QString& none, int choicesRole, bool open, QObject* parent = nullptr);

    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void setEditorData(QWidget* editor, const QModelIndex& index) const override;
    void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

private:
    const QString m_none;
    const int m_choicesRole;
    const bool m_open;
};

}  // namespace splitscope::ui
