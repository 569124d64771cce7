// SPDX-License-Identifier: GPL-3.0-or-later
// Help: the first steps, the user guide, the keys, and what the terms mean.
#include "core/base/files.h"
#include "ui/bridge/experiment_bridge.h"
#include "ui/main_window.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/live_page.h"
#include "ui/style/language.h"
#include "ui/widgets/control_dock.h"
#include "ui/widgets/first_steps.h"
#include "ui/widgets/help_window.h"
#include "ui/widgets/reward_controls.h"
#include "ui/widgets/slider_field.h"
#include "ui/widgets/trouble_strip.h"

#include <QAction>
#include <QActionGroup>
#include <QDesktopServices>
#include <QMenu>
#include <QStackedWidget>
#include <QUndoStack>
#include <QUrl>

namespace splitscope::ui {

namespace {

/// In the system's browser.
base::Status openUserGuide()
{
    const auto page = base::resourcePath("guide/index.html");
    if (!page)
        return page.error();
    if (!QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(page->string()))))
        return base::Error{base::ErrorCode::Unsupported, "no program here opens web pages; open the user guide in one by hand",
                           page->string()};
    return {};
}

}  // namespace

QAction* MainWindow::makeHelpAction()
{
    auto* help = addAction(QStringLiteral("help"), tr("Help"), QKeySequence::HelpContents,
                           tr("First steps, keys, and what the terms mean"));
    connect(help, &QAction::triggered, this, &MainWindow::offerHelp);
    return help;
}

void MainWindow::offerHelp()
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(QStringLiteral("help"));
    menu->setAccessibleName(tr("Help"));
    connect(menu->addAction(tr("First steps")), &QAction::triggered, m_guide, &FirstSteps::begin);
    connect(menu->addAction(tr("User guide")), &QAction::triggered, this, [this] {
        if (const auto opened = openUserGuide(); !opened)
            m_troubles->report(opened.error());
    });
    connect(menu->addAction(tr("Keys")), &QAction::triggered, this, [this] { showHelp(HelpTopic::Keys); });
    connect(menu->addAction(tr("What the terms mean")), &QAction::triggered, this, [this] { showHelp(HelpTopic::Terms); });
    menu->addMenu(makeLanguageMenu(menu));
    menu->popup(mapToGlobal(rect().topRight() - QPoint(220, -40)));
}

QMenu* MainWindow::makeLanguageMenu(QMenu* parent)
{
    auto* menu = new QMenu(tr("Language"), parent);
    auto* group = new QActionGroup(menu);
    const auto offer = [&](const QString& name, const QString& language) {
        QAction* action = menu->addAction(name);
        action->setCheckable(true);
        action->setChecked(chosenLanguage() == language);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [language] { chooseLanguage(language); });
    };
    offer(tr("As the system"), {});
    for (const QString& language : languages())
        offer(languageName(language), language);
    menu->addSeparator();
    menu->addAction(tr("from the next start on"))->setEnabled(false);
    return menu;
}

void MainWindow::showHelp(HelpTopic topic)
{
    auto* window = new HelpWindow(topic, pageNames(), this);
    window->setAttribute(Qt::WA_DeleteOnClose);
    window->show();  // an experiment may be running: nothing waits for this
}

int MainWindow::currentPage() const { return m_pages->currentIndex(); }

QStringList MainWindow::pageNames() const
{
    QStringList names;
    for (int i = 0; i < pageCount(); ++i)
        names << m_pages->widget(i)->accessibleName();
    return names;
}

void MainWindow::connectGuide()
{
    connect(m_guide, &FirstSteps::requested, this, [this](FirstSteps::Step step) {
        switch (step) {
        case FirstSteps::Run:
            showPage(pageOf(*m_live));
            startExperiment();
            break;
        case FirstSteps::Slider: {
            auto* slider = m_controls->reward()->sensitivity();
            m_controls->ensureWidgetVisible(slider);
            slider->setFocus(Qt::TabFocusReason);
            break;
        }
        case FirstSteps::Compare:
        case FirstSteps::StepCount: showPage(pageOf(*m_compare)); break;
        }
    });
    connect(&m_parts.bridge, &ExperimentBridge::samplesArrived, m_guide, [this] { m_guide->complete(FirstSteps::Run); });
    connect(m_undo, &QUndoStack::indexChanged, m_guide, [this](int index) {
        if (index > 0)
            m_guide->complete(FirstSteps::Slider);
    });
    connect(m_export, &QAction::triggered, m_guide, [this] { m_guide->complete(FirstSteps::Compare); });
    connect(m_pages, &QStackedWidget::currentChanged, m_guide, [this](int index) {
        if (index == pageOf(*m_compare))
            m_guide->complete(FirstSteps::Compare);
    });
    m_guide->beginIfNew();
}

}  // namespace splitscope::ui
