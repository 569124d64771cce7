// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_table_model.h"

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

RunFilter::RunFilter(QObject* parent) : QSortFilterProxyModel(parent) { setSortRole(RunTableModel::kSortRole); }

void RunFilter::setText(const QString& text)
{
    m_words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

void RunFilter::setTag(const QString& tag)
{
    m_tag = tag;
    invalidateFilter();
}

bool RunFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const auto at = [&](int column) { return sourceModel()->index(row, column, parent); };
    if (!m_tag.isEmpty() && !at(RunTableModel::TagsColumn).data(RunTableModel::kTagsRole).toStringList().contains(m_tag))
        return false;
    if (m_words.isEmpty())
        return true;
    const QString all = at(0).data(RunTableModel::kWordsRole).toString();
    return std::all_of(m_words.begin(), m_words.end(),
                       [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}

/// What is not known stands last, whichever way the others go.
bool RunFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const QVariant a = left.data(sortRole()), b = right.data(sortRole());
    if (a.typeId() != QMetaType::Double || b.typeId() != QMetaType::Double)
        return QSortFilterProxyModel::lessThan(left, right);
    const double x = a.toDouble(), y = b.toDouble();
    if (std::isnan(x) || std::isnan(y))
        return std::isnan(x) == std::isnan(y) ? left.row() < right.row() : std::isnan(y) == (sortOrder() == Qt::AscendingOrder);
    return x < y;
}

}  // namespace splitscope::ui
