// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/action_model.h"

#include "ui/charts/axis_ticks.h"

#include <QFont>

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

namespace {

/// In place of the logits, by row.
std::vector<double> softmax(const std::vector<std::pair<std::size_t, float>>& outputs)
{
    double highest = -INFINITY, sum = 0;
    for (const auto& [row, output] : outputs)
        highest = std::max(highest, static_cast<double>(output));
    std::vector<double> result;
    for (const auto& [row, output] : outputs) {
        result.push_back(std::exp(static_cast<double>(output) - highest));
        sum += result.back();
    }
    for (double& value : result)
        value /= sum;
    return result;
}

/// Outputs of these are worths, not logits.
bool isValueNetwork(const rl::Policy& policy)
{
    return policy.algorithm == "dqn" || policy.algorithm == "boomerang" || policy.algorithm == "supervised";
}

}  // namespace

std::vector<ActionRow> topActions(const sim::Evaluator& evaluator, PolicyReader* policy, const profile::Conditions& conditions,
                                  std::size_t count)
{
    std::vector<ActionRow> rows;
    const auto optimum = evaluator.best(conditions);
    const auto add = [&](std::size_t action) -> ActionRow& {
        rows.push_back(
            {action, evaluator.decisionOf(action), {}, {}, evaluator.score(action, conditions), false, action == optimum});
        return rows.back();
    };
    if (policy) {
        const auto outputs = policy->outputs(evaluator, conditions);
        const auto probabilities = softmax(outputs);
        const auto chosen = policy->choose(evaluator, conditions);
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            auto& row = add(outputs[i].first);
            row.output = outputs[i].second;
            if (!isValueNetwork(policy->policy()))
                row.probability = probabilities[i];
            row.chosen = row.action == chosen;
        }
        if (std::ranges::none_of(rows, [](const auto& row) { return row.optimum; }))
            add(optimum);
        std::ranges::stable_sort(rows, [](const auto& a, const auto& b) {
            return std::pair(a.chosen, a.output.value_or(-INFINITY)) > std::pair(b.chosen, b.output.value_or(-INFINITY));
        });
    } else {
        for (std::size_t action = 0; action < evaluator.actionCount(); ++action)
            add(action);
        std::ranges::stable_sort(rows, [](const auto& a, const auto& b) {
            return std::tuple(a.optimum, a.scored.feasible, a.scored.reward)
                > std::tuple(b.optimum, b.scored.feasible, b.scored.reward);
        });
    }
    if (rows.size() <= count)
        return rows;
    const auto best = std::ranges::find_if(rows, [](const auto& row) { return row.optimum; });
    if (static_cast<std::size_t>(best - rows.begin()) >= count)
        std::iter_swap(best, rows.begin() + static_cast<std::ptrdiff_t>(count) - 1);
    rows.resize(count);
    return rows;
}

void ActionModel::setRows(std::vector<ActionRow> rows, bool valuesNotLogits)
{
    const bool sameSize = rows.size() == m_rows.size() && valuesNotLogits == m_values;
    if (!sameSize)
        beginResetModel();
    m_rows = std::move(rows);
    m_values = valuesNotLogits;
    if (!sameSize)
        endResetModel();
    else if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int ActionModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int ActionModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QString ActionModel::text(const ActionRow& row, int column) const
{
    const auto& predicted = row.scored.prediction;
    const QString none = QStringLiteral("–");
    switch (column) {
    case DecisionColumn: return QString::fromStdString(decision::toString(row.decision));
    case OutputColumn: return row.output ? QString::number(static_cast<double>(*row.output), 'f', m_values ? 3 : 1) : none;
    case ProbabilityColumn: return row.probability ? QString::number(100 * *row.probability, 'f', 1) : none;
    case RewardColumn: return row.scored.valid ? QString::number(row.scored.reward, 'f', 4) : tr("ruled out");
    case LatencyColumn: return threeDigits(predicted.totalMs);
    case AccuracyColumn: return threeDigits(100 * predicted.accuracy);
    case EnergyColumn: return threeDigits(1e3 * predicted.energyJoules);
    default: return {};
    }
}

QVariant ActionModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: {
        const QString cell = text(row, index.column());
        if (index.column() != DecisionColumn)
            return cell;
        return (row.chosen ? QStringLiteral("▸ ") : QString()) + cell + (row.optimum ? QStringLiteral(" ★") : QString());
    }
    case Qt::TextAlignmentRole:
        return static_cast<int>((index.column() == DecisionColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case Qt::FontRole: {
        QFont font;
        font.setBold(row.chosen);
        return font;
    }
    case Qt::ToolTipRole:
        return row.optimum && row.chosen ? tr("Chosen by the policy; the optimum by the table")
            : row.optimum                ? tr("The optimum by the table")
            : row.chosen                 ? tr("Chosen by the policy")
                                         : QString();
    default: return {};
    }
}

QVariant ActionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const QString names[ColumnCount] = {
        tr("decision"), m_values ? tr("value") : tr("logit"), tr("prob. %"), tr("reward"), tr("T ms"), tr("acc. %"), tr("e mJ")};
    const QString toolTips[ColumnCount] = {tr("▸ chosen by the policy, ★ the optimum by the table"),
                                           tr("The policy network's output"),
                                           tr("Softmax of the logits"),
                                           tr("By the cost table, under the sliders"),
                                           tr("Capture to label, predicted"),
                                           tr("Of the table's images"),
                                           tr("The device's energy per frame, modelled")};
    if (role == Qt::DisplayRole)
        return names[section];
    if (role == Qt::ToolTipRole)
        return toolTips[section];
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == DecisionColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    return {};
}

}  // namespace splitscope::ui
