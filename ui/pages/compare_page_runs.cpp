// SPDX-License-Identifier: GPL-3.0-or-later
// How runs come into the Compare page's table, and from there into its chart.
#include "ui/charts/figure_chart.h"
#include "ui/pages/compare_page.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/run_table.h"

#include <QAction>
#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabBar>
#include <QToolButton>

namespace splitscope::ui {

void ComparePage::reload()
{
    if (!isVisible()) {
        m_stale = true;
        return;
    }
    m_stale = false;
    if (m_library.empty())
        return;
    m_lister.start([place = m_library](const std::stop_token& stop) { return session::listRuns(place, stop); },
                   [this](const ListResult& list) { onListed(list); });
    updateControls();
}

void ComparePage::onListed(const ListResult& list)
{
    m_listed = true;
    // Before the first run there is no database: an empty table says what to do.
    if (!list && list.error().code != base::ErrorCode::NotFound && list.error().code != base::ErrorCode::Cancelled)
        Q_EMIT troubleArose(list.error());
    if (list || list.error().code == base::ErrorCode::NotFound) {
        const bool compared = !m_model.checked().empty();
        m_model.setRows(list ? list->runs : std::vector<session::RunRow>());
        for (const auto& trouble : list ? list->troubles : std::vector<base::Error>())
            Q_EMIT troubleArose(trouble);
        if (compared)
            refresh();  // a run that went on may have grown
    }
    updateCount();
    updateControls();
}

void ComparePage::refresh()
{
    auto checked = m_model.checked();
    if (checked.empty()) {
        m_maker.cancel();
        m_notes->clear();
        sayWhyEmpty();
        updateControls();
        return;
    }
    m_maker.start([bench = m_workbench, checked = std::move(checked),
                   view = view()](const std::stop_token& stop) { return bench->compare(checked, view, stop); },
                  [this](const Comparison& comparison) { onCompared(comparison); });
    updateControls();
}

void ComparePage::onCompared(const Comparison& comparison)
{
    updateControls();
    if (m_model.checked().empty())
        return;  // unchecked meanwhile
    for (const auto& trouble : comparison.troubles)
        if (trouble.code != base::ErrorCode::Cancelled)
            Q_EMIT troubleArose(trouble);
    const QSignalBlocker blocker(m_baseline);
    m_baseline->clear();
    for (const auto& strategy : comparison.strategies)
        m_baseline->addItem(tr("against %1").arg(text(strategy)), text(strategy));
    m_baseline->setCurrentIndex(m_baseline->findData(text(comparison.baseline)));
    if (comparison.figure.plots.empty()) {
        m_chart->clear(comparison.view.tab == CompareTab::Prediction
                           ? tr("No cost table knows the decisions of the checked runs: predictions need one.")
                           : tr("The checked runs recorded nothing of this: choose another quantity, or check others."));
    } else {
        m_chart->setFigure(comparison.figure);
    }
    QStringList notes;
    for (const auto& note : comparison.figure.notes)
        notes << text(note);
    m_notes->setText(notes.join(QLatin1Char('\n')));
    updateControls();
}

void ComparePage::sayWhyEmpty()
{
    if (m_model.rowCount() > 0)
        m_chart->clear(tr("Check runs in the table above: they are compared here."), tr("Compare the newest"));
    else
        m_chart->clear(tr("Recorded runs are compared here: by latency, reward, accuracy, energy, and by what was predicted."));
}

void ComparePage::checkNewest(int count)
{
    std::vector<std::pair<std::int64_t, session::RunKey>> newest;
    for (int row = 0; row < m_filter->rowCount(); ++row) {
        const auto source = m_filter->mapToSource(m_filter->index(row, 0)).row();
        const auto& run = m_model.rows()[static_cast<std::size_t>(source)];
        if (run.totals.requests > 0)
            newest.emplace_back(run.startedMs, run.key);
    }
    std::sort(newest.begin(), newest.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    newest.resize(std::min(newest.size(), static_cast<std::size_t>(count)));
    for (const auto& [started, key] : newest)
        m_model.setChecked(key, true);
}

void ComparePage::updateTags()
{
    const QString chosen = m_tags->currentData().toString();
    const QStringList tags = m_model.tags();
    QStringList shown;
    for (int i = 1; i < m_tags->count(); ++i)
        shown << m_tags->itemText(i);
    if (shown == tags)
        return;
    const QSignalBlocker blocker(m_tags);
    while (m_tags->count() > 1)
        m_tags->removeItem(1);
    for (const QString& tag : tags)
        m_tags->addItem(tag, tag);
    // A tag that nobody has any more filters nothing.
    m_tags->setCurrentIndex(std::max(0, m_tags->findData(chosen)));
    m_filter->setTag(m_tags->currentData().toString());
}

void ComparePage::updateCount()
{
    const int shown = m_filter->rowCount(), all = m_model.rowCount();
    const auto checked = static_cast<int>(m_model.checked().size());
    m_count->setText(all == 0           ? QString()
                         : shown != all ? tr("%1 of %2 runs, %3 checked").arg(shown).arg(all).arg(checked)
                         : all == 1     ? tr("1 run, %1 checked").arg(checked)
                                        : tr("%1 runs, %2 checked").arg(all).arg(checked));
    if (all > 0)
        m_table->setEmptyText(tr("No run has all of these words, and the tag."), tr("Show all runs"));
    else if (m_listed)
        m_table->setEmptyText(tr("No run is recorded yet. Every experiment is, as soon as it is started."),
                              tr("Start an experiment"));
    else
        m_table->setEmptyText(tr("reading the records …"), {});
    if (checked == 0)
        sayWhyEmpty();
    updateControls();
}

void ComparePage::updateControls()
{
    const auto tab = static_cast<CompareTab>(m_tabs->currentIndex());
    m_quantity->setVisible(tab == CompareTab::Overlay || tab == CompareTab::Strategies);
    m_axis->setVisible(tab == CompareTab::Overlay);
    m_pareto->setVisible(tab == CompareTab::Pareto);
    m_baseline->setVisible(tab == CompareTab::Strategies && m_baseline->count() > 1);
    m_logarithmic->setVisible(tab != CompareTab::Accuracy);
    m_uncheck->setEnabled(!m_model.checked().empty());
    m_export->setEnabled(m_chart->figure() != nullptr);
    m_notes->setVisible(!m_notes->text().isEmpty());
    m_status->showText(m_lister.active() ? tr("reading the records …") : m_maker.active() ? tr("comparing …") : QString());
    const auto* run = currentRun();
    for (QAction* action : m_runActions)
        action->setEnabled(run != nullptr);
}

const session::RunRow* ComparePage::currentRun() const
{
    if (const QModelIndex current = m_table->currentIndex(); current.isValid())
        return &m_model.rows()[static_cast<std::size_t>(m_filter->mapToSource(current).row())];
    const auto checked = m_model.checked();
    const int row = checked.size() == 1 ? m_model.rowOf(checked.front().row.key) : -1;
    return row < 0 ? nullptr : &m_model.rows()[static_cast<std::size_t>(row)];
}

void ComparePage::addRunAction(QAction* action)
{
    auto* button = new QToolButton;
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_controls->insertWidget(m_controls->indexOf(m_uncheck), button);
    m_runActions << action;
    updateControls();
}

}  // namespace splitscope::ui
