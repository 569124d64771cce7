// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/policy_figures.h"

#include "ui/charts/figure_chart.h"
#include "ui/style/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/statement_list.h"

#include <QBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>

namespace splitscope::ui {

namespace {

constexpr int kFullProgress = 1000;

struct Tab {
    const char* key;
    const char* title;
};
constexpr Tab kTabs[] = {{"6a", QT_TRANSLATE_NOOP("splitscope::ui::PolicyFigures", "Fig. 6(a)  Latency")},
                         {"6b", QT_TRANSLATE_NOOP("splitscope::ui::PolicyFigures", "Fig. 6(b)  Accuracy")},
                         {"6c", QT_TRANSLATE_NOOP("splitscope::ui::PolicyFigures", "Fig. 6(c)  Choices")}};

}  // namespace

PolicyFigures::PolicyFigures(const QString& bodyTitle, QWidget* body, const QList<QWidget*>& bodyFields, QWidget* parent)
    : QWidget(parent), m_tabs(new QTabBar), m_start(new QPushButton(tr("Train for figures"))),
      m_cancel(new QPushButton(tr("Cancel"))), m_progress(new QProgressBar), m_status(new ElidedLabel), m_bodyRow(new QWidget),
      m_stack(new QStackedWidget), m_chartStack(new QStackedWidget), m_statements(new StatementList)
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(4);
    makeTabs(rows, bodyTitle, bodyFields);
    makeCharts(rows, body);
    connect(&m_worker, &FigureWorker::progressed, this, &PolicyFigures::onProgress);
    connect(&m_worker, &FigureWorker::finished, this, &PolicyFigures::onFinished);
    connect(m_start, &QPushButton::clicked, this, &PolicyFigures::start);
    connect(m_cancel, &QPushButton::clicked, this, &PolicyFigures::cancel);
    connect(m_tabs, &QTabBar::currentChanged, this, &PolicyFigures::onTabChanged);
    onTabChanged();
}

PolicyFigures::~PolicyFigures() { m_worker.disconnect(this); }

void PolicyFigures::makeTabs(QBoxLayout* rows, const QString& bodyTitle, const QList<QWidget*>& bodyFields)
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(8, 0, 8, 0);
    row->setSpacing(6);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setAccessibleName(tr("Views"));
    m_tabs->addTab(bodyTitle);
    for (const Tab& tab : kTabs)
        m_tabs->addTab(tr(tab.title));
    m_status->setFont(smallFont());
    m_status->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_progress->setRange(0, kFullProgress);
    m_progress->setFixedWidth(110);
    m_progress->setMaximumHeight(14);
    m_progress->setTextVisible(false);
    m_start->setToolTip(tr("Trains SAC-d and DQN for this problem under the sliders of now, and draws all three figures"));
    row->addWidget(m_tabs);
    auto* beside = new QHBoxLayout(m_bodyRow);
    beside->setContentsMargins(0, 0, 0, 0);
    for (QWidget* field : bodyFields)
        beside->addWidget(field, field == bodyFields.first() ? 1 : 0);
    row->addWidget(m_bodyRow, 1);
    row->addWidget(m_status, 1);
    for (QWidget* field : std::initializer_list<QWidget*>{m_progress, m_start, m_cancel})
        row->addWidget(field);
    rows->addLayout(row);
}

void PolicyFigures::makeCharts(QBoxLayout* rows, QWidget* body)
{
    for (std::size_t i = 0; i < std::size(kTabs); ++i) {
        auto* chart = new FigureChart;
        chart->clear(tr("Policies that are trained at batch 1, 8 and 64 fill this, in about a minute: SAC-d and DQN beside the "
                        "optimum, over bandwidth."),
                     m_start->text());
        connect(chart, &FigureChart::actionRequested, this, &PolicyFigures::start);
        connect(chart, &FigureChart::exportRequested, this,
                [this, chart](const QPoint& at) { Q_EMIT exportRequested(chart, at); });
        m_charts.push_back(chart);
        m_chartStack->addWidget(chart);
    }
    auto* figures = new QSplitter;
    figures->addWidget(m_chartStack);
    figures->addWidget(m_statements);
    figures->setStretchFactor(0, 3);
    figures->setStretchFactor(1, 1);
    figures->setSizes({820, 280});
    figures->setChildrenCollapsible(false);
    m_statements->setMinimumWidth(220);
    m_stack->addWidget(body);
    m_stack->addWidget(figures);
    rows->addWidget(m_stack, 1);
}

void PolicyFigures::setProblem(session::FigureRequest problem)
{
    m_problem = std::move(problem);
    m_problem.figures.clear();
    for (const Tab& tab : kTabs)
        m_problem.figures.emplace_back(tab.key);
    m_known = true;
    updateControls();
}

void PolicyFigures::start()
{
    if (!m_known || m_worker.active())
        return;
    m_worker.start(m_problem);
    m_progress->setValue(0);
    setStatus(tr("beginning to train …"));
    updateControls();
}

void PolicyFigures::cancel() { m_worker.cancel(); }

void PolicyFigures::onProgress(const session::FigureProgress& progress)
{
    QString status = text(progress.what);
    if (progress.secondsLeft > 0)
        status += tr(", %1 s left").arg(progress.secondsLeft, 0, 'f', 0);
    setStatus(status);
    m_progress->setRange(0, progress.share >= 0 ? kFullProgress : 0);
    m_progress->setValue(static_cast<int>(progress.share * kFullProgress));
}

void PolicyFigures::onFinished(const base::Result<session::FigureSet>& figures)
{
    setStatus({});
    if (figures) {
        for (std::size_t i = 0; i < m_charts.size(); ++i)
            if (const auto* figure = figures->find(kTabs[i].key))
                m_charts[i]->setFigure(*figure);
        for (const auto& problem : figures->problems)
            Q_EMIT troubleArose(problem);
    } else if (figures.error().code == base::ErrorCode::Cancelled) {
        setStatus(tr("cancelled; what was shown before is still there"));
    } else {
        Q_EMIT troubleArose(figures.error());
    }
    onTabChanged();
}

FigureChart* PolicyFigures::current() const
{
    const int index = m_tabs->currentIndex() - 1;
    return index < 0 ? nullptr : m_charts[static_cast<std::size_t>(index)];
}

FigureChart* PolicyFigures::shownChart() const
{
    FigureChart* chart = current();
    return chart && chart->figure() ? chart : nullptr;
}

FigureChart* PolicyFigures::chart(const QString& key) const
{
    for (std::size_t i = 0; i < m_charts.size(); ++i)
        if (key == QLatin1String(kTabs[i].key))
            return m_charts[i];
    return nullptr;
}

void PolicyFigures::showFigure(const QString& key)
{
    int index = 0;
    for (std::size_t i = 0; i < m_charts.size(); ++i)
        if (key == QLatin1String(kTabs[i].key))
            index = static_cast<int>(i) + 1;
    m_tabs->setCurrentIndex(index);
}

void PolicyFigures::onTabChanged()
{
    FigureChart* chart = current();
    m_stack->setCurrentIndex(chart ? 1 : 0);
    if (chart) {
        m_chartStack->setCurrentWidget(chart);
        m_statements->setVisible(chart->figure() != nullptr);
        m_statements->setFigure(chart->figure());
    }
    updateControls();
}

void PolicyFigures::updateControls()
{
    const bool figures = current() != nullptr, training = m_worker.active();
    m_start->setVisible(figures && !training);
    m_start->setEnabled(m_known);
    m_cancel->setVisible(figures && training);
    m_progress->setVisible(figures && training);
    m_status->setVisible(figures);
    m_bodyRow->setVisible(!figures);
}

void PolicyFigures::setStatus(const QString& text) { m_status->showText(text); }

QString PolicyFigures::statusText() const { return m_status->text(); }

}  // namespace splitscope::ui
