// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/experiment_page.h"

#include "ui/models/example_scenarios.h"
#include "ui/style/theme.h"
#include "ui/widgets/flow_layout.h"

#include <QAction>
#include <QFileInfo>
#include <QLabel>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

namespace splitscope::ui {

namespace {

constexpr QLatin1String kSplitterKey("scenario/splitter");

QToolButton* menuButton(const QString& text, const QString& toolTip)
{
    auto* button = new QToolButton;
    button->setText(text);
    button->setAccessibleName(text);
    button->setToolTip(toolTip);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::TabFocus);
    button->setMenu(new QMenu(button));
    button->menu()->setToolTipsVisible(true);
    return button;
}

}  // namespace

ExperimentPage::ExperimentPage(const Parts& parts, const QList<QAction*>& actions, QWidget* parent)
    : QWidget(parent), m_document(parts.document), m_form(new ScenarioForm), m_queue(new QueuePanel(parts.queue, parts.runner)),
      m_halves(new QSplitter(Qt::Horizontal)), m_recent(menuButton(tr("Recent"), tr("Scenarios that were opened or saved last"))),
      m_examples(
          menuButton(tr("Examples"), tr("Scenarios to begin with; what is changed in one is saved as a file of your own"))),
      m_title(new QLabel), m_state(new QLabel), m_records(new QLabel)
{
    auto* left = new QWidget;
    auto* layout = new QVBoxLayout(left);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    auto* row = new FlowLayout(2);
    row->setContentsMargins(6, 4, 6, 0);
    for (QAction* action : actions) {
        auto* button = new QToolButton;
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(action->text());
        row->addWidget(button);
    }
    row->insertWidget(2, m_recent);
    row->insertWidget(3, m_examples);
    layout->addLayout(row);
    m_title->setFont(boldFont());
    m_title->setContentsMargins(10, 2, 8, 0);
    m_title->setTextFormat(Qt::PlainText);
    m_state->setFont(smallFont());
    m_state->setContentsMargins(10, 0, 8, 2);
    m_state->setWordWrap(true);
    m_state->setAccessibleName(tr("State of the scenario"));
    m_records->setFont(smallFont());
    m_records->setContentsMargins(10, 2, 8, 2);
    m_records->setWordWrap(true);
    layout->addWidget(m_title);
    layout->addWidget(m_state);
    layout->addWidget(m_form, 1);
    layout->addWidget(m_records);

    m_halves->addWidget(left);
    m_halves->addWidget(m_queue);
    m_halves->setStretchFactor(0, 1);
    m_halves->setStretchFactor(1, 1);
    m_halves->setChildrenCollapsible(false);
    m_halves->restoreState(QSettings().value(kSplitterKey).toByteArray());
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(m_halves);

    connect(m_recent->menu(), &QMenu::aboutToShow, this, &ExperimentPage::fillRecent);
    connect(m_examples->menu(), &QMenu::aboutToShow, this, &ExperimentPage::fillExamples);
    connect(m_form, &ScenarioForm::edited, this, [this] {
        m_document.setUnreadable(m_form->unreadable());
        m_document.edit(m_form->scenario());
    });
    connect(&m_document, &ScenarioDocument::replaced, this, [this] { m_form->replaceScenario(m_document.scenario()); });
    connect(&m_document, &ScenarioDocument::changed, this, &ExperimentPage::showDocument);
    connect(&m_document, &ScenarioDocument::problemsChanged, this, &ExperimentPage::showProblems);
    showDocument();
}

ExperimentPage::~ExperimentPage() { QSettings().setValue(kSplitterKey, m_halves->saveState()); }

void ExperimentPage::fillRecent()
{
    QMenu* menu = m_recent->menu();
    menu->clear();
    for (const QString& file : ScenarioDocument::recentFiles()) {
        QAction* action = menu->addAction(QFileInfo(file).fileName());
        action->setToolTip(file);
        action->setEnabled(QFileInfo::exists(file));
        connect(action, &QAction::triggered, this, [this, file] { Q_EMIT openRequested(file); });
    }
    if (menu->isEmpty())
        menu->addAction(tr("No scenario was opened or saved yet"))->setEnabled(false);
}

void ExperimentPage::fillExamples()
{
    QMenu* menu = m_examples->menu();
    menu->clear();
    for (const auto& example : exampleScenarios()) {
        QAction* action = menu->addAction(example.title);
        action->setToolTip(example.about);
        connect(action, &QAction::triggered, this, [this, file = example.file] { Q_EMIT exampleRequested(file); });
    }
    if (menu->isEmpty())
        menu->addAction(tr("No examples are installed"))->setEnabled(false);
}

void ExperimentPage::showDocument()
{
    if (!(m_form->scenario() == m_document.scenario()))
        m_form->setScenario(m_document.scenario());
    m_title->setText(m_document.title() + (m_document.modified() ? tr(" • modified") : QString()));
    m_title->setToolTip(m_document.path());
    showProblems();
}

void ExperimentPage::showProblems()
{
    m_form->setProblems(m_document.problems());
    const QString obstacle = m_document.startObstacle();
    QString text = obstacle.isEmpty() ? (m_document.checking() ? tr("checking …") : tr("Ready to start.")) : obstacle;
    if (m_running)
        text += QStringLiteral(" ") + tr("What runs now is a copy; changes here are for the next run.");
    m_state->setText(text);
    m_queue->setAddObstacle(obstacle);
}

void ExperimentPage::setRecords(const QString& folder)
{
    m_records->setText(folder.isEmpty() ? tr("No records are kept.") : tr("Records go to %1").arg(folder));
}

void ExperimentPage::setRunning(bool running)
{
    if (std::exchange(m_running, running) != running)
        showProblems();
}

QString ExperimentPage::titleText() const { return m_title->text(); }
QString ExperimentPage::stateText() const { return m_state->text(); }

}  // namespace splitscope::ui
