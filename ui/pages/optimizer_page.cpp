// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/optimizer_page.h"

#include "core/session/pricing.h"
#include "ui/charts/figure_chart.h"
#include "ui/charts/plot_view.h"
#include "ui/style/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/policy_figures.h"
#include "ui/widgets/policy_inspector.h"
#include "ui/widgets/problem_controls.h"
#include "ui/widgets/training_grid.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>

namespace splitscope::ui {

namespace {

constexpr int kUsualUpdates = 3000;
constexpr int kMostUpdates = 1'000'000;

struct Algorithm {
    const char* name;
    const char* toolTip;
};
constexpr Algorithm kAlgorithms[] = {
    {"sacd", QT_TRANSLATE_NOOP("splitscope::ui::OptimizerPage", "Discrete Soft Actor-Critic, with this project's settings")},
    {"dqn", QT_TRANSLATE_NOOP("splitscope::ui::OptimizerPage", "Deep Q-network, the paper's comparison")},
    {"sacd-paper",
     QT_TRANSLATE_NOOP("splitscope::ui::OptimizerPage", "Soft Actor-Critic with the paper's settings: γ 0.99, three bit widths")},
    {"boomerang",
     QT_TRANSLATE_NOOP("splitscope::ui::OptimizerPage", "A deep Q-network over exit and cut alone, with Edgent's reward")},
    {"supervised",
     QT_TRANSLATE_NOOP("splitscope::ui::OptimizerPage",
                       "A network fitted to the table's rewards of all decisions: the fastest to train")},
};

QSpinBox* spinBox(const QString& name, int high, int value, const QString& toolTip)
{
    auto* box = new QSpinBox;
    box->setAccessibleName(name);
    box->setRange(0, high);
    box->setValue(value);
    box->setGroupSeparatorShown(true);
    box->setToolTip(toolTip);
    return box;
}

}  // namespace

OptimizerPage::OptimizerPage(QWidget* parent)
    : QWidget(parent), m_problem(new ProblemControls), m_algorithm(new QComboBox),
      m_seed(spinBox(tr("Seed"), 2'000'000'000, 1, tr("The same seed trains the same policy"))),
      m_updates(spinBox(tr("Updates"), kMostUpdates, kUsualUpdates, tr("Steps of the optimizer"))),
      m_train(new QPushButton(tr("Train"))), m_fineTune(new QPushButton(tr("Fine-tune"))),
      m_cancel(new QPushButton(tr("Cancel"))), m_open(new QPushButton(tr("Open…"))), m_save(new QPushButton(tr("Save…"))),
      m_use(new QPushButton(tr("Use in run"))), m_export(new QPushButton(tr("Export…"))), m_status(new ElidedLabel),
      m_progress(new QProgressBar), m_grid(new TrainingGrid), m_mapView(new PlotView), m_inspector(new PolicyInspector)
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(4);
    auto* first = new QHBoxLayout;
    first->setContentsMargins(8, 4, 8, 0);
    first->addWidget(m_problem);
    rows->addLayout(first);
    makeTrainingRow(rows);
    makeBody(rows);
    connectControls();
    emptyMap(tr("A cost table fills this: what is best at which bandwidth, and what the policy does there."));
    updateControls();
}

OptimizerPage::~OptimizerPage() { m_worker.disconnect(this); }

void OptimizerPage::makeTrainingRow(QBoxLayout* rows)
{
    auto* row = new FlowLayout(6);
    row->setContentsMargins(8, 0, 8, 0);
    m_algorithm->setAccessibleName(tr("Algorithm"));
    m_algorithm->setToolTip(tr("How the policy is learned"));
    for (const Algorithm& algorithm : kAlgorithms) {
        m_algorithm->addItem(QLatin1String(algorithm.name));
        m_algorithm->setItemData(m_algorithm->count() - 1, tr(algorithm.toolTip), Qt::ToolTipRole);
    }
    m_updates->setMinimum(1);
    m_seed->setMaximumWidth(84);
    m_updates->setMaximumWidth(84);
    m_updates->setSingleStep(1000);
    for (const auto& [name, field] :
         {std::pair<QString, QWidget*>{tr("Algorithm"), m_algorithm}, {tr("Seed"), m_seed}, {tr("Updates"), m_updates}})
        row->addCaptioned(name, field);
    m_train->setToolTip(tr("Trains a policy for this problem from the beginning, beside everything else"));
    m_fineTune->setToolTip(tr("Goes on from the policy that is shown, for this problem: far fewer updates do"));
    m_open->setToolTip(tr("A policy, or a cost table"));
    m_save->setToolTip(tr("Saves the policy that is shown"));
    m_use->setToolTip(tr("The experiment decides with this policy from the next request on"));
    m_export->setToolTip(tr("All charts of this page as PNG, SVG, PDF or CSV (Ctrl+E); a right click exports one"));
    m_progress->setFixedWidth(110);
    m_progress->setMaximumHeight(14);
    m_progress->setTextVisible(false);
    m_status->setFont(smallFont());
    for (QWidget* field : std::initializer_list<QWidget*>{m_train, m_fineTune, m_cancel, m_open, m_save, m_use, m_export})
        row->addWidget(field);
    rows->addLayout(row);
}

void OptimizerPage::makeBody(QBoxLayout* rows)
{
    auto* lower = new QSplitter(Qt::Horizontal);
    lower->addWidget(m_mapView);
    lower->addWidget(m_inspector);
    lower->setStretchFactor(0, 3);
    lower->setStretchFactor(1, 2);
    lower->setSizes({580, 480});
    m_inspector->setMinimumWidth(260);
    auto* body = new QSplitter(Qt::Vertical);
    body->addWidget(m_grid);
    body->addWidget(lower);
    body->setStretchFactor(0, 1);
    body->setStretchFactor(1, 1);
    body->setSizes({340, 380});
    for (QSplitter* splitter : {lower, body})
        splitter->setChildrenCollapsible(false);
    m_figures = new PolicyFigures(tr("Policy"), body, {m_status, m_progress});
    rows->addWidget(m_figures, 1);
}

void OptimizerPage::connectControls()
{
    connect(m_problem, &ProblemControls::problemChanged, this, [this] {
        m_asked = false;
        if (isVisible())
            load();
    });
    connect(m_problem, &ProblemControls::tableFileChosen, this, &OptimizerPage::open);
    connect(&m_worker, &PolicyWorker::pointsArrived, this, &OptimizerPage::onPoints);
    connect(&m_worker, &PolicyWorker::finished, this, &OptimizerPage::onTrained);
    connect(m_train, &QPushButton::clicked, this, &OptimizerPage::train);
    connect(m_fineTune, &QPushButton::clicked, this, &OptimizerPage::fineTune);
    connect(m_grid, &TrainingGrid::trainRequested, this, &OptimizerPage::train);
    connect(m_cancel, &QPushButton::clicked, this, &OptimizerPage::cancel);
    connect(m_open, &QPushButton::clicked, this, &OptimizerPage::askAndOpen);
    connect(m_save, &QPushButton::clicked, this, &OptimizerPage::askAndSave);
    connect(m_use, &QPushButton::clicked, this, &OptimizerPage::useInRun);
    connect(m_export, &QPushButton::clicked, this, qOverload<>(&OptimizerPage::askAndExport));
    connect(m_grid, &TrainingGrid::exportRequested, this, qOverload<PlotView*, const QPoint&>(&OptimizerPage::offerExport));
    connect(m_mapView, &PlotView::exportRequested, this, [this](const QPoint& at) { offerExport(m_mapView, at); });
    connect(m_mapView, &PlotView::actionRequested, this, &OptimizerPage::askAndOpen);
    connect(m_mapView, &PlotView::hoverChanged, this, &OptimizerPage::inspect);
    connect(m_mapView, &PlotView::clicked, this, [this](double megabytes) {
        m_pinned = megabytes;
        inspect();
    });
    connect(m_seed, &QSpinBox::valueChanged, this, [this] {
        if (m_loaded)
            updateFigures();
    });
    connect(m_figures, &PolicyFigures::troubleArose, this, &OptimizerPage::troubleArose);
    connect(m_figures, &PolicyFigures::exportRequested, this,
            qOverload<FigureChart*, const QPoint&>(&OptimizerPage::offerExport));
    connect(&m_mapTimer, &QTimer::timeout, this, &OptimizerPage::advanceMap);
}

void OptimizerPage::setScenario(const session::Scenario& scenario)
{
    const auto sameProblem = [&](const session::Scenario& other) {
        return other.model == scenario.model && other.data == scenario.data && other.batch == scenario.batch
            && other.slowdown == scenario.slowdown && other.minIntervalMs == scenario.minIntervalMs
            && other.costTable == scenario.costTable;
    };
    if (m_worker.active() || (m_given && sameProblem(*m_given)))
        return;
    m_given = scenario;
    m_problem->setScenario(scenario);
}

void OptimizerPage::load()
{
    m_asked = true;
    m_loader.start(
        [scenario = m_problem->scenario()](const std::stop_token&) -> LoadResult {
            const auto evaluator = session::makeEvaluator(scenario);
            if (!evaluator)
                return evaluator.error();
            Loaded loaded{*evaluator, session::conditionsOf(scenario, (*evaluator)->table().link()), {}};
            loaded.rates = sim::interestingRates((*evaluator)->table(), (*evaluator)->batch(), loaded.conditions);
            return loaded;
        },
        [this](const LoadResult& loaded) { onLoaded(loaded); });
    setStatus(tr("reading the cost table …"));
    updateControls();
}

void OptimizerPage::onLoaded(const LoadResult& loaded)
{
    setStatus({});
    m_loaded.reset();
    m_evaluator.reset();
    if (loaded) {
        m_loaded = *loaded;
        Q_EMIT problemLoaded(m_problem->scenario(), *m_loaded->evaluator);
        setObjective(m_objective);
    } else {
        emptyMap(QString::fromStdString(loaded.error().text));
    }
    updateControls();
}

void OptimizerPage::setObjective(const decision::Objective& objective)
{
    m_objective = objective;
    if (!m_loaded)
        return;
    const auto under = m_loaded->evaluator->withObjective(objective);
    m_evaluator = under ? std::make_shared<const sim::Evaluator>(*under) : nullptr;
    if (under)
        redrawMap();
    else
        emptyMap(tr("The sliders allow no decision: %1").arg(QString::fromStdString(under.error().text)));
    updateFigures();
    updateControls();
}

/// Figures 6(a) to 6(c) are of the same problem, at batches of their own.
void OptimizerPage::updateFigures()
{
    const auto scenario = m_problem->scenario();
    session::FigureRequest request;
    request.models = {scenario.model};
    request.data = scenario.data;
    request.table = scenario.costTable;
    request.slowdown = scenario.slowdown > 1 ? scenario.slowdown : 0;
    request.objective = m_objective;
    request.seed = static_cast<std::uint64_t>(m_seed->value());
    m_figures->setProblem(std::move(request));
}

void OptimizerPage::train() { startTraining(nullptr); }

void OptimizerPage::fineTune()
{
    if (m_policy)
        startTraining(m_policy);
}

void OptimizerPage::startTraining(std::shared_ptr<const rl::Policy> from)
{
    if (!m_evaluator || m_worker.active() || m_opener.active())
        return;
    m_history.clear();
    m_wantedUpdates = m_updates->value();
    m_grid->showHistory(m_history, static_cast<std::uint64_t>(m_wantedUpdates));
    PolicyTraining training;
    training.evaluator = m_evaluator;
    training.environment = m_problem->environment();
    training.conditions = m_loaded->conditions;
    training.rates = m_loaded->rates;
    training.bandwidth = m_problem->bandwidth();
    training.algorithm = from ? from->algorithm : m_algorithm->currentText().toStdString();
    training.from = std::move(from);
    training.seed = static_cast<std::uint64_t>(m_seed->value());
    training.updates = m_wantedUpdates;
    m_progress->setRange(0, m_wantedUpdates);
    m_progress->setValue(0);
    setStatus(tr("beginning to train …"));
    m_worker.start(std::move(training));
    updateControls();
}

void OptimizerPage::cancel() { m_worker.cancel(); }

void OptimizerPage::onPoints(const std::vector<TrainingPoint>& points)
{
    m_history.insert(m_history.end(), points.begin(), points.end());
    m_grid->showHistory(m_history, static_cast<std::uint64_t>(m_wantedUpdates));
    const auto& last = m_history.back();
    m_progress->setValue(static_cast<int>(last.updates));
    QString status = tr("%L1 of %L2 updates").arg(last.updates).arg(m_wantedUpdates);
    if (last.updatesPerSecond > 0)
        status += tr(", %1 s left").arg((m_wantedUpdates - static_cast<double>(last.updates)) / last.updatesPerSecond, 0, 'f', 0);
    setStatus(status);
}

void OptimizerPage::onTrained(const base::Result<rl::Policy>& policy)
{
    if (policy) {
        setPolicy(std::make_shared<const rl::Policy>(*policy), {});
        const double seconds = m_history.empty() ? 0 : m_history.back().seconds;
        setStatus(tr("trained in %1 s: %2 % below the optimum. Not saved yet.")
                      .arg(seconds, 0, 'f', 1)
                      .arg(100 * policy->gap, 0, 'f', 2));
    } else if (policy.error().code == base::ErrorCode::Cancelled) {
        setStatus(tr("cancelled; the policy shown before is still there"));
    } else {
        setStatus({});
        Q_EMIT troubleArose(policy.error());
    }
    updateControls();
}

void OptimizerPage::setPolicy(std::shared_ptr<const rl::Policy> policy, const QString& file)
{
    m_policy = std::move(policy);
    m_policyFile = file;
    redrawMap();
    updateControls();
}

void OptimizerPage::updateControls()
{
    const bool training = m_worker.active();
    m_train->setVisible(!training);
    m_fineTune->setVisible(!training);
    m_cancel->setVisible(training);
    m_progress->setVisible(training);
    m_train->setEnabled(m_evaluator != nullptr && !m_opener.active());
    m_fineTune->setEnabled(m_train->isEnabled() && m_policy);
    m_save->setEnabled(m_policy != nullptr);
    m_use->setEnabled(m_policy != nullptr);
    for (QWidget* field : std::initializer_list<QWidget*>{m_problem, m_algorithm, m_seed, m_updates, m_open})
        field->setEnabled(!training);
}

void OptimizerPage::setStatus(const QString& text) { m_status->showText(text); }

QString OptimizerPage::statusText() const { return m_status->text(); }

void OptimizerPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (!m_asked)
        load();
}

}  // namespace splitscope::ui
