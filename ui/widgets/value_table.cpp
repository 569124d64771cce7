// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/value_table.h"

#include "core/base/units.h"
#include "ui/charts/axis_ticks.h"
#include "ui/charts/latency_stack_chart.h"

#include <QLocale>
#include <QPainter>

#include <cmath>

namespace splitscope::ui {

namespace {

constexpr int kRowHeight = 16;
constexpr int kWidth = 216;
constexpr int kMargin = 8;

QString rateText(float bytesPerSecond, const QString& none)
{
    return std::isnan(bytesPerSecond) ? none
                                      : QString::fromStdString(base::formatBytesPerSecond(static_cast<double>(bytesPerSecond)));
}

QString msText(double ms) { return ms > 0 ? QString::fromStdString(base::formatMs(ms)) : QStringLiteral("–"); }

}  // namespace

ValueTable::ValueTable(QWidget* parent) : QWidget(parent)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAccessibleName(tr("Values under the crosshair"));
    hide();
}

void ValueTable::showSample(const SampleStore& store, std::size_t index)
{
    const Theme theme = Theme::of(palette());
    const auto value = [&](Column column) { return store.value(column, index); };
    const QColor none;
    m_rows.clear();
    m_rows.push_back({tr("time"), clockText(store.time(index)), none});
    m_rows.push_back({tr("frame"), QLocale(QLocale::English).toString(static_cast<qlonglong>(value(Column::Frame))), none});
    m_rows.push_back(
        {tr("exit · partition"), QStringLiteral("%1 · %2").arg(value(Column::Exit)).arg(value(Column::Partition)), none});
    m_rows.push_back({tr("sent as"),
                      QStringLiteral("%1, %2").arg(
                          codingLevelName(value(Column::Coding)),
                          QString::fromStdString(base::formatBytes(static_cast<double>(value(Column::PayloadBytes))))),
                      none});
    const Bucket one{store.time(index), index, index + 1};
    for (const auto& group : stageGroups())
        m_rows.push_back({seriesName(group.name), msText(meanMs(store, group, one)), theme.colour(group.quantity)});
    m_rows.push_back({tr("capture to label"), msText(static_cast<double>(value(Column::Total))), none});
    const QColor blue = theme.colour(Quantity::Bandwidth);
    m_rows.push_back({tr("rate set"), rateText(value(Column::SetRate), tr("unlimited")), blue});
    m_rows.push_back({tr("rate achieved"), rateText(value(Column::AchievedRate), tr("nothing sent")), blue});
    m_rows.push_back({tr("accuracy so far"),
                      threeDigits(static_cast<double>(value(Column::Accuracy)) * 100) + QStringLiteral(" %"),
                      theme.colour(Quantity::Accuracy)});
    m_rows.push_back({tr("energy (modelled)"),
                      threeDigits(static_cast<double>(value(Column::Energy)) * 1e3) + QStringLiteral(" mJ"),
                      theme.colour(Quantity::Energy)});
    if (const float reward = value(Column::Reward); !std::isnan(reward)) {
        m_rows.push_back({tr("expected accuracy"),
                          threeDigits(static_cast<double>(value(Column::ExpectedAccuracy)) * 100) + QStringLiteral(" %"),
                          theme.colour(Quantity::Accuracy)});
        m_rows.push_back({tr("reward"), threeDigits(static_cast<double>(reward)), none});
        m_rows.push_back({tr("regret"), threeDigits(static_cast<double>(value(Column::Regret))), theme.colour(Quantity::Regret)});
    }
    setAccessibleDescription(text());
    resize(sizeHint());
    update();
}

QSize ValueTable::sizeHint() const { return {kWidth, static_cast<int>(m_rows.size()) * kRowHeight + 2 * kMargin - 4}; }

QString ValueTable::text() const
{
    QString lines;
    for (const Row& row : m_rows)
        lines += row.name + QLatin1Char(' ') + row.value + QLatin1Char('\n');
    return lines;
}

void ValueTable::paintEvent(QPaintEvent*)
{
    const Theme theme = Theme::of(palette());
    QPainter painter(this);
    QColor ground = theme.panel;
    ground.setAlpha(242);
    painter.fillRect(rect(), ground);
    painter.setPen(theme.hairline);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
    painter.setFont(smallFont());
    int y = kMargin - 2;
    for (const Row& row : m_rows) {
        if (row.colour.isValid())
            painter.fillRect(QRect(kMargin, y + 4, 8, 8), row.colour);
        painter.setPen(theme.muted);
        painter.drawText(QRect(kMargin + 13, y, kWidth, kRowHeight), Qt::AlignLeft | Qt::AlignVCenter, row.name);
        painter.setPen(theme.text);
        painter.drawText(QRect(0, y, kWidth - kMargin, kRowHeight), Qt::AlignRight | Qt::AlignVCenter, row.value);
        y += kRowHeight;
    }
}

}  // namespace splitscope::ui
