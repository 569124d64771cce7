// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/profile_page.h"

#include "core/profile/emulated_device.h"
#include "ui/charts/figure_chart.h"
#include "ui/charts/training_plot.h"
#include "ui/style/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/statement_list.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>

#include <algorithm>

namespace splitscope::ui {

namespace {

constexpr int kFullProgress = 1000;

struct Tab {
    const char* key;
    const char* title;
    const char* emptyText;
    bool fromProfile;  ///< Measure fills it
    bool scales;  ///< its values may be shown on either scale
};
constexpr Tab kTabs[] = {
    {"3", QT_TRANSLATE_NOOP("splitscope::ui::ProfilePage", "Fig. 3  Layer latency"),
     QT_TRANSLATE_NOOP("splitscope::ui::ProfilePage", "Measure fills this: the time of every layer on this machine."), true,
     true},
    {"5a", QT_TRANSLATE_NOOP("splitscope::ui::ProfilePage", "Fig. 5(a)  Data size"),
     QT_TRANSLATE_NOOP("splitscope::ui::ProfilePage", "An accuracy table of the network fills this; Open… takes one."), false,
     true},
    {"5b", QT_TRANSLATE_NOOP("splitscope::ui::ProfilePage", "Fig. 5(b)  Accuracy loss"),
     QT_TRANSLATE_NOOP("splitscope::ui::ProfilePage", "An accuracy table of the network fills this; Open… takes one."), false,
     true},
    {"size", QT_TRANSLATE_NOOP("splitscope::ui::ProfilePage", "Size and accuracy"),
     QT_TRANSLATE_NOOP("splitscope::ui::ProfilePage", "An accuracy table of the network fills this; Open… takes one."), false,
     true},
    {"regions", QT_TRANSLATE_NOOP("splitscope::ui::ProfilePage", "Regions"),
     QT_TRANSLATE_NOOP("splitscope::ui::ProfilePage",
                       "Measure fills this: which kind of decision is the fastest at which rate and slowdown."),
     true, false},
    {"edgent", QT_TRANSLATE_NOOP("splitscope::ui::ProfilePage", "Edgent"),
     QT_TRANSLATE_NOOP("splitscope::ui::ProfilePage",
                       "A cost table of the network fills this: what Edgent selects, and what that takes; Open… takes one."),
     false, false},
};

/// Whether a problem says more than the tab's own text why it is empty.
bool concerns(const base::Error& problem, const Tab& tab)
{
    const std::string_view key = tab.key;
    if (key == "regions" && problem.where == "cost table")
        return true;
    return problem.where == "figure " + std::string(key) && (key != "3" || problem.code != base::ErrorCode::NotFound);
}

QComboBox* comboBox(const QString& name, const QString& toolTip)
{
    auto* box = new QComboBox;
    box->setAccessibleName(name);
    box->setToolTip(toolTip);
    box->setMinimumWidth(60);  // narrow windows shorten its text; the window itself stays as narrow as it was
    return box;
}

QLabel* caption(const QString& text)
{
    auto* label = new QLabel(text);
    label->setFont(smallFont());
    return label;
}

}  // namespace

ProfilePage::ProfilePage(QWidget* parent)
    : QWidget(parent), m_network(comboBox(tr("Network"), tr("Whose figures are shown, and what Measure measures"))),
      m_data(comboBox(tr("Data"), tr("What the accuracy table is of, and whose images are timed"))),
      m_board(comboBox(tr("Device"), tr("The device beside this machine, the edge"))), m_budget(new QSpinBox),
      m_measure(new QPushButton(tr("Measure"))), m_cancel(new QPushButton(tr("Cancel"))), m_open(new QPushButton(tr("Open…"))),
      m_save(new QPushButton(tr("Save…"))), m_export(new QPushButton(tr("Export…"))), m_device(new QCheckBox(tr("device"))),
      m_edge(new QCheckBox(tr("edge"))), m_logarithmic(new QCheckBox(tr("log scale"))), m_status(new ElidedLabel),
      m_progress(new QProgressBar), m_tabs(new QTabBar), m_stack(new QStackedWidget), m_body(new QSplitter),
      m_statements(new StatementList), m_training(new TrainingPlot)
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(4);
    makeControls(rows);
    makeTabs(rows);
    makeBody(rows);
    connectControls();
    onTabChanged();
    updateControls();
}

ProfilePage::~ProfilePage() { m_worker.disconnect(this); }

void ProfilePage::makeControls(QBoxLayout* rows)
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(8, 4, 8, 0);
    row->setSpacing(6);
    for (const auto& name : model::shippedNetworks())
        m_network->addItem(QString::fromStdString(name));
    m_data->addItem(tr("usual data"), QString());
    for (const char* name : {"cifar10", "imagenette", "patterns"})
        m_data->addItem(QLatin1String(name), QLatin1String(name));
    for (const auto& name : profile::emulatedDevices())
        m_board->addItem(tr("%1, emulated").arg(text(name)), text(name));
    m_board->addItem(tr("like this machine"), QStringLiteral("same"));
    m_budget->setRange(1, 600);
    m_budget->setValue(60);
    m_budget->setSuffix(tr(" s"));
    m_budget->setAccessibleName(tr("Time to measure"));
    m_budget->setToolTip(tr("The longest that measuring may take; longer is more exact"));
    m_measure->setToolTip(tr("Times every layer, segment and coding of the network on this machine"));
    m_open->setToolTip(tr("A profile, a cost table, an accuracy table, or the curves.csv of a training"));
    m_save->setToolTip(tr("Saves the measured profile"));
    for (const auto& [text, field] :
         {std::pair<QString, QWidget*>{tr("Network"), m_network}, {tr("Data"), m_data}, {tr("Device"), m_board}}) {
        row->addWidget(caption(text));
        row->addWidget(field);
    }
    row->addSpacing(8);
    for (QWidget* field : std::initializer_list<QWidget*>{m_budget, m_measure, m_cancel, m_open, m_save})
        row->addWidget(field);
    row->addStretch();
    m_export->setToolTip(tr("The figure in sight as SVG, PDF, PNG or CSV (Ctrl+E)"));
    row->addWidget(m_export);
    rows->addLayout(row);
}

void ProfilePage::makeTabs(QBoxLayout* rows)
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(8, 0, 8, 0);
    m_tabs->setDrawBase(false);
    m_tabs->setAccessibleName(tr("Figures"));
    for (const Tab& tab : kTabs)
        m_tabs->addTab(tr(tab.title));
    m_tabs->addTab(tr("Training"));
    row->addWidget(m_tabs);
    row->addSpacing(12);
    for (QCheckBox* box : {m_device, m_edge, m_logarithmic})
        row->addWidget(box);
    m_device->setChecked(true);
    m_edge->setChecked(true);
    m_status->setFont(smallFont());
    m_status->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_progress->setRange(0, kFullProgress);
    m_progress->setFixedWidth(140);
    m_progress->setMaximumHeight(14);
    m_progress->setTextVisible(false);
    row->addWidget(m_status, 1);
    row->addWidget(m_progress);
    rows->addLayout(row);
}

void ProfilePage::makeBody(QBoxLayout* rows)
{
    for (const Tab& tab : kTabs) {
        auto* chart = new FigureChart;
        chart->clear(tr(tab.emptyText), tab.fromProfile ? tr("Measure") : QString());
        connect(chart, &FigureChart::actionRequested, this, &ProfilePage::measure);
        m_charts.push_back(chart);
        m_stack->addWidget(chart);
    }
    m_stack->addWidget(m_training);
    m_statements->setMinimumWidth(220);
    m_body->addWidget(m_stack);
    m_body->addWidget(m_statements);
    m_body->setStretchFactor(0, 3);
    m_body->setStretchFactor(1, 1);
    m_body->setSizes({820, 280});
    m_body->setChildrenCollapsible(false);
    rows->addWidget(m_body, 1);
}

void ProfilePage::connectControls()
{
    connect(&m_worker, &FigureWorker::progressed, this, &ProfilePage::onProgress);
    connect(&m_worker, &FigureWorker::finished, this, &ProfilePage::onFinished);
    connect(m_measure, &QPushButton::clicked, this, &ProfilePage::measure);
    connect(m_cancel, &QPushButton::clicked, this, &ProfilePage::cancel);
    connect(m_open, &QPushButton::clicked, this, &ProfilePage::askAndOpen);
    connect(m_save, &QPushButton::clicked, this, &ProfilePage::askAndSave);
    connect(m_export, &QPushButton::clicked, this, &ProfilePage::askAndExport);
    connect(m_tabs, &QTabBar::currentChanged, this, &ProfilePage::onTabChanged);
    const auto reload = [this] {
        m_table.clear();
        m_accuracy.clear();
        start(false);
    };
    connect(m_network, &QComboBox::activated, this, reload);
    connect(m_data, &QComboBox::activated, this, reload);
    connect(m_board, &QComboBox::activated, this, [this] { start(false); });
    connect(m_device, &QCheckBox::toggled, this,
            [this](bool shown) { m_charts.front()->setSeriesShown(QStringLiteral("device"), shown); });
    connect(m_edge, &QCheckBox::toggled, this,
            [this](bool shown) { m_charts.front()->setSeriesShown(QStringLiteral("edge"), shown); });
    connect(m_logarithmic, &QCheckBox::clicked, this, [this](bool on) {
        if (FigureChart* chart = current())
            chart->setLogarithmic(on);
    });
    for (FigureChart* chart : m_charts)
        connect(chart, &FigureChart::exportRequested, this, [this](const QPoint& at) {
            auto* menu = new QMenu(this);
            menu->setAttribute(Qt::WA_DeleteOnClose);
            connect(menu->addAction(tr("Export this figure…")), &QAction::triggered, this, &ProfilePage::askAndExport);
            menu->popup(at);
        });
}

std::string ProfilePage::model() const { return m_network->currentText().toStdString(); }

FigureChart* ProfilePage::current() const
{
    const auto index = static_cast<std::size_t>(m_tabs->currentIndex());
    return index < m_charts.size() ? m_charts[index] : nullptr;
}

FigureChart* ProfilePage::chart(const QString& key) const
{
    for (std::size_t i = 0; i < m_charts.size(); ++i)
        if (key == QLatin1String(kTabs[i].key))
            return m_charts[i];
    return nullptr;
}

void ProfilePage::showFigure(const QString& key)
{
    int index = static_cast<int>(m_charts.size());
    for (int i = 0; i < static_cast<int>(m_charts.size()); ++i)
        if (key == QLatin1String(kTabs[i].key))
            index = i;
    m_tabs->setCurrentIndex(index);
}

void ProfilePage::measure()
{
    m_table.clear();
    start(true);
}

void ProfilePage::cancel()
{
    m_worker.cancel();
    m_opener.cancel();
}

void ProfilePage::start(bool measuring)
{
    m_loaded = true;
    session::FigureRequest request;
    m_shownModel = model();
    request.models = {m_shownModel};
    request.figures.push_back("edgent");
    request.data = m_data->currentData().toString().toStdString();
    request.device = m_board->currentData().toString().toStdString();
    request.budgetSeconds = m_budget->value();
    request.measure = measuring;
    request.table = m_table;
    request.accuracy = m_accuracy;
    if (const auto known = m_profiles.find(m_shownModel); known != m_profiles.end() && !measuring)
        request.opened = known->second;
    m_worker.start(std::move(request));
    m_progress->setRange(0, measuring ? kFullProgress : 0);
    setStatus(measuring ? tr("beginning to measure …") : tr("reading …"));
    updateControls();
}

void ProfilePage::onProgress(const session::FigureProgress& progress)
{
    QString status = text(progress.what);
    if (progress.secondsLeft > 0)
        status += tr(", %1 s left").arg(progress.secondsLeft, 0, 'f', 0);
    if (m_experimentRunning && progress.share >= 0)
        status += tr(" · an experiment runs beside it: times will be too long");
    setStatus(status);
    m_progress->setRange(0, progress.share >= 0 ? kFullProgress : 0);
    m_progress->setValue(static_cast<int>(progress.share * kFullProgress));
}

void ProfilePage::onFinished(const base::Result<session::FigureSet>& figures)
{
    if (figures) {
        showFigures(*figures);
        setStatus({});
    } else if (figures.error().code == base::ErrorCode::Cancelled) {
        setStatus(tr("stopped; what was shown before is still there"));
    } else {
        setStatus({});
        Q_EMIT troubleArose(figures.error());
    }
    updateControls();
}

void ProfilePage::showFigures(const session::FigureSet& figures)
{
    const bool first = std::none_of(m_charts.begin(), m_charts.end(), [](const FigureChart* chart) { return chart->figure(); });
    if (figures.measured)
        m_profiles[m_shownModel] = *figures.measured;
    for (std::size_t i = 0; i < m_charts.size(); ++i) {
        if (const auto* figure = figures.find(kTabs[i].key)) {
            m_charts[i]->setFigure(*figure);
            continue;
        }
        QString why = tr(kTabs[i].emptyText);
        for (const auto& problem : figures.problems)
            if (concerns(problem, kTabs[i]))
                why += QStringLiteral("\n") + text(problem.text);
        m_charts[i]->clear(why, kTabs[i].fromProfile ? tr("Measure") : QString());
    }
    showShippedCurves(figures.data);
    const auto filled = std::find_if(m_charts.begin(), m_charts.end(), [](const FigureChart* chart) { return chart->figure(); });
    if (first && filled != m_charts.end() && current() && !current()->figure())  // the first thing to be seen is no empty page
        m_tabs->setCurrentIndex(static_cast<int>(filled - m_charts.begin()));
    onTabChanged();
}

void ProfilePage::onTabChanged()
{
    const FigureChart* chart = current();
    m_stack->setCurrentIndex(m_tabs->currentIndex());
    m_statements->setVisible(chart && chart->figure());
    m_statements->setFigure(chart ? chart->figure() : nullptr);
    const bool layers = chart == m_charts.front();
    m_device->setVisible(layers);
    m_edge->setVisible(layers);
    m_logarithmic->setVisible(chart && kTabs[m_tabs->currentIndex()].scales);
    m_logarithmic->setChecked(chart && chart->logarithmic());
    updateControls();
}

void ProfilePage::updateControls()
{
    const bool active = busy();
    m_measure->setVisible(!active);
    m_cancel->setVisible(active);
    m_progress->setVisible(active);
    m_save->setEnabled(m_profiles.contains(model()));
    const FigureChart* chart = current();
    m_export->setEnabled(chart ? chart->figure() != nullptr : !m_training->curves().points.empty());
    for (QWidget* field : std::initializer_list<QWidget*>{m_network, m_data, m_board, m_budget, m_open})
        field->setEnabled(!active);
}

void ProfilePage::setStatus(const QString& text) { m_status->showText(text); }

QString ProfilePage::statusText() const { return m_status->text(); }

void ProfilePage::setExperimentRunning(bool running) { m_experimentRunning = running; }

void ProfilePage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (!m_loaded)
        start(false);
}

}  // namespace splitscope::ui
