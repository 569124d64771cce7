// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/flow_layout.h"

#include "ui/style/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>

#include <algorithm>

namespace splitscope::ui {

FlowLayout::FlowLayout(int spacing, QWidget* parent) : QLayout(parent)
{
    setContentsMargins(0, 0, 0, 0);
    setSpacing(spacing);
}

FlowLayout::~FlowLayout() = default;

void FlowLayout::insertWidget(int index, QWidget* widget)
{
    addWidget(widget);  // makes it a child of the parent's, and appends it
    std::rotate(m_items.begin() + index, m_items.end() - 1, m_items.end());
    invalidate();
}

void FlowLayout::addCaptioned(const QString& caption, QWidget* field)
{
    auto* both = new QWidget;
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(5);
    auto* label = new QLabel(caption);
    label->setFont(smallFont());
    row->addWidget(label);
    row->addWidget(field);
    addWidget(both);
}

void FlowLayout::addItem(QLayoutItem* item) { m_items.emplace_back(item); }

QLayoutItem* FlowLayout::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)].get() : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index)
{
    if (index < 0 || index >= count())
        return nullptr;
    QLayoutItem* item = m_items[static_cast<std::size_t>(index)].release();
    m_items.erase(m_items.begin() + index);
    invalidate();
    return item;
}

QSize FlowLayout::withMargins(const QSize& size) const
{
    const QMargins margins = contentsMargins();
    return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom());
}

QSize FlowLayout::sizeHint() const
{
    QSize size(0, 0);
    for (const auto& item : m_items)
        if (!item->isEmpty()) {
            const QSize wanted = item->sizeHint();
            size.rwidth() += wanted.width() + (size.width() > 0 ? spacing() : 0);
            size.setHeight(std::max(size.height(), wanted.height()));
        }
    return withMargins(size);
}

QSize FlowLayout::minimumSize() const
{
    QSize size(0, 0);
    for (const auto& item : m_items)
        if (!item->isEmpty())
            size = size.expandedTo(item->minimumSize().expandedTo({0, item->sizeHint().height()}));
    return withMargins(size);
}

void FlowLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    place(rect, true);
}

int FlowLayout::place(const QRect& rect, bool apply) const
{
    const QRect area = rect.marginsRemoved(contentsMargins());
    std::vector<std::pair<QLayoutItem*, QRect>> line;
    int x = area.left(), y = area.top(), lineHeight = 0;
    const auto endLine = [&] {
        for (auto& [item, box] : line)
            if (apply) {
                box.moveTop(y + (lineHeight - box.height()) / 2);
                item->setGeometry(QStyle::visualRect(parentWidget()->layoutDirection(), area, box));
            }
        line.clear();
        x = area.left();
        y += lineHeight;
        lineHeight = 0;
    };
    for (const auto& item : m_items) {
        if (item->isEmpty())
            continue;
        QSize size = item->sizeHint();
        size.setWidth(std::min(size.width(), std::max(area.width(), item->minimumSize().width())));
        if (!line.empty() && x + size.width() > area.right() + 1) {
            endLine();
            y += spacing();
        }
        line.emplace_back(item.get(), QRect(QPoint(x, y), size));
        x += size.width() + spacing();
        lineHeight = std::max(lineHeight, size.height());
    }
    endLine();
    return y - area.top() + contentsMargins().top() + contentsMargins().bottom();
}

}  // namespace splitscope::ui
