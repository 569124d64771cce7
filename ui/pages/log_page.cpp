// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/log_page.h"

#include "ui/style/theme.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>

#include <algorithm>

namespace splitscope::ui {

namespace {

/// A table that says why it is empty.
class LogTable : public QTableView {
protected:
    void paintEvent(QPaintEvent* event) override
    {
        QTableView::paintEvent(event);
        if (model()->rowCount() > 0)
            return;
        QPainter painter(viewport());
        painter.setPen(Theme::of(palette()).muted);
        painter.drawText(viewport()->rect(), Qt::AlignCenter,
                         LogPage::tr("Nothing to show. Start an experiment, or widen the filter."));
    }
};

}  // namespace

LogPage::LogPage(LogModel& model, QWidget* parent)
    : QWidget(parent), m_filter(new LogFilter(this)), m_levels(new QComboBox), m_search(new QLineEdit), m_table(new LogTable)
{
    m_filter->setSourceModel(&model);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(8, 4, 8, 0);
    m_levels->addItems({tr("everything"), tr("info and above"), tr("warnings and errors"), tr("errors")});
    m_levels->setAccessibleName(tr("Lowest level"));
    m_levels->setCurrentIndex(1);
    m_filter->setLowestLevel(base::LogLevel::Info);
    m_search->setPlaceholderText(tr("Filter by component or text"));
    m_search->setAccessibleName(tr("Filter"));
    m_search->setClearButtonEnabled(true);
    auto* clear = new QPushButton(tr("Clear"));
    auto* copyButton = new QPushButton(tr("Copy"));
    copyButton->setToolTip(tr("Copies the selected lines, or all that are shown"));
    row->addWidget(m_levels);
    row->addWidget(m_search, 1);
    row->addWidget(copyButton);
    row->addWidget(clear);
    layout->addLayout(row);
    layout->addWidget(m_table, 1);

    m_table->setModel(m_filter);
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setWordWrap(false);
    m_table->setFont(smallFont());
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(20);
    auto* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setStretchLastSection(true);
    m_table->setColumnWidth(LogModel::TimeColumn, 110);
    m_table->setColumnWidth(LogModel::LevelColumn, 80);
    m_table->setColumnWidth(LogModel::ComponentColumn, 110);
    m_table->setAccessibleName(tr("Log"));

    connect(m_levels, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_filter->setLowestLevel(static_cast<base::LogLevel>(index)); });
    connect(m_search, &QLineEdit::textChanged, m_filter, &LogFilter::setText);
    connect(clear, &QPushButton::clicked, &model, &LogModel::clear);
    connect(copyButton, &QPushButton::clicked, this, &LogPage::copy);
    // Keeps the newest line in sight unless the reader has scrolled up.
    connect(m_filter, &QAbstractItemModel::rowsInserted, this, [this] {
        const QScrollBar* bar = m_table->verticalScrollBar();
        if (bar->value() >= bar->maximum() - 1)
            QMetaObject::invokeMethod(m_table, &QTableView::scrollToBottom, Qt::QueuedConnection);
    });
}

void LogPage::copy()
{
    QList<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        rows.append(index.row());
    if (rows.isEmpty())
        for (int row = 0; row < m_filter->rowCount(); ++row)
            rows.append(row);
    std::sort(rows.begin(), rows.end());
    QString text;
    for (const int row : rows) {
        QStringList cells;
        for (int column = 0; column < LogModel::ColumnCount; ++column)
            cells << m_filter->index(row, column).data().toString();
        text += cells.join('\t') + '\n';
    }
    QGuiApplication::clipboard()->setText(text);
}

}  // namespace splitscope::ui
