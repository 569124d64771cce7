// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/policy_inspector.h"

#include "core/base/units.h"
#include "ui/charts/axis_ticks.h"
#include "ui/style/theme.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace splitscope::ui {

namespace {

constexpr std::size_t kShownActions = 10;
constexpr int kRowHeight = 20;

QString rewardText(double reward) { return QString::number(reward, 'f', 4); }

}  // namespace

PolicyInspector::PolicyInspector(QWidget* parent)
    : QWidget(parent), m_heading(new QLabel), m_verdict(new QLabel), m_actions(new ActionModel(this)), m_table(new QTableView)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 4, 4);
    layout->setSpacing(2);
    layout->addWidget(m_heading);
    layout->addWidget(m_verdict);
    layout->addWidget(m_table, 1);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_heading->setFont(boldFont());
    m_verdict->setFont(smallFont());
    m_verdict->setWordWrap(true);
    m_verdict->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_heading->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_table->setModel(m_actions);
    m_table->setFont(smallFont());
    m_table->setAccessibleName(tr("Actions at this bandwidth"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_table->setShowGrid(false);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setFocusPolicy(Qt::TabFocus);
    m_table->horizontalHeader()->setFont(smallFont());
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(ActionModel::DecisionColumn, QHeaderView::Stretch);
    m_table->horizontalHeader()->setMinimumSectionSize(36);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    clear(tr("Choose a cost table."));
}

void PolicyInspector::inspect(const sim::Evaluator& evaluator, PolicyReader* policy, const profile::Conditions& conditions)
{
    auto rows = topActions(evaluator, policy, conditions, kShownActions);
    const auto best = std::ranges::find_if(rows, [](const auto& row) { return row.optimum; });
    const auto chosen = std::ranges::find_if(rows, [](const auto& row) { return row.chosen; });
    m_heading->setText(tr("At %1").arg(QString::fromStdString(base::formatBytesPerSecond(conditions.bytesPerSecond))));
    QString verdict = tr("Optimum: %1, reward %2.")
                          .arg(QString::fromStdString(decision::toString(best->decision)), rewardText(best->scored.reward));
    if (chosen != rows.end()) {
        const double regret = best->scored.reward - chosen->scored.reward;
        verdict = chosen == best
            ? tr("The policy takes the optimum: %1, reward %2.")
                  .arg(QString::fromStdString(decision::toString(best->decision)), rewardText(best->scored.reward))
            : tr("The policy takes %1, reward %2: %3 below the optimum.")
                  .arg(QString::fromStdString(decision::toString(chosen->decision)), rewardText(chosen->scored.reward),
                       threeDigits(regret));
    }
    if (policy && !policy->withinTraining(evaluator, conditions))
        verdict += tr(" Beyond what it was trained on: the table decides.");
    m_verdict->setText(verdict);
    m_table->setColumnHidden(ActionModel::OutputColumn, policy == nullptr);
    const bool stochastic = rows.front().probability.has_value();
    m_table->setColumnHidden(ActionModel::ProbabilityColumn, !stochastic);
    m_actions->setRows(std::move(rows), !stochastic);
    m_table->show();
}

void PolicyInspector::clear(const QString& text)
{
    m_heading->setText(tr("Policy inspector"));
    m_verdict->setText(text);
    m_actions->setRows({}, false);
    m_table->hide();
}

QString PolicyInspector::text() const { return m_heading->text() + QLatin1Char('\n') + m_verdict->text(); }

}  // namespace splitscope::ui
