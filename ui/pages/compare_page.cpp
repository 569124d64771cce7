// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_page.h"

#include "ui/charts/figure_chart.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/run_table.h"

#include <QAction>
#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QTabBar>
#include <QToolButton>

namespace splitscope::ui {

namespace {

constexpr int kUsualChecks = 4;
constexpr int kSearchWidth = 200, kStatusWidth = 170;

struct Tab {
    const char* title;
    const char* toolTip;
};
constexpr Tab kTabs[kCompareTabs] = {
    {QT_TRANSLATE_NOOP("splitscope::ui::ComparePage", "Overlay"),
     QT_TRANSLATE_NOOP("splitscope::ui::ComparePage",
                       "One quantity of all checked runs over time, over frames, or as a distribution")},
    {QT_TRANSLATE_NOOP("splitscope::ui::ComparePage", "Strategies"),
     QT_TRANSLATE_NOOP("splitscope::ui::ComparePage", "Each strategy's median over its runs, and differences paired by seed")},
    {QT_TRANSLATE_NOOP("splitscope::ui::ComparePage", "Fig. 6(a)"),
     QT_TRANSLATE_NOOP("splitscope::ui::ComparePage", "Latency and reward over bandwidth, by strategy, as recorded")},
    {QT_TRANSLATE_NOOP("splitscope::ui::ComparePage", "Fig. 6(b)"),
     QT_TRANSLATE_NOOP("splitscope::ui::ComparePage", "Accuracy over bandwidth, by strategy, as recorded")},
    {QT_TRANSLATE_NOOP("splitscope::ui::ComparePage", "Pareto"),
     QT_TRANSLATE_NOOP("splitscope::ui::ComparePage", "Which runs no other one beats in both")},
    {QT_TRANSLATE_NOOP("splitscope::ui::ComparePage", "Prediction"),
     QT_TRANSLATE_NOOP("splitscope::ui::ComparePage", "What the cost table predicts beside what was measured")},
};

constexpr int kWidths[RunTableModel::ColumnCount]
    = {170, 150, 96, 84, 98, 46, 60, 72, 72, 96, 62, 62, 88, 72, 86, 84, 92, 78, 120, 160};

/// Widths of a table that had other columns are none of this one.
QString columnsKey() { return QStringLiteral("compare/columns-%1").arg(static_cast<int>(RunTableModel::ColumnCount)); }

QComboBox* comboBox(const QString& name, const QString& toolTip)
{
    auto* box = new QComboBox;
    box->setAccessibleName(name);
    box->setToolTip(toolTip);
    return box;
}

}  // namespace

ComparePage::ComparePage(QWidget* parent)
    : QWidget(parent), m_filter(new RunFilter(this)), m_controls(new FlowLayout(6)), m_search(new QLineEdit),
      m_tags(comboBox(tr("Tag"), tr("Only runs with this tag"))), m_count(new QLabel),
      m_uncheck(new QPushButton(tr("Uncheck all"))), m_reload(new QPushButton(tr("Reload"))),
      m_open(new QPushButton(tr("Open…"))), m_export(new QPushButton(tr("Export…"))), m_table(new RunTable),
      m_body(new QSplitter(Qt::Vertical)), m_tabs(new QTabBar), m_quantity(comboBox(tr("Quantity"), tr("What is compared"))),
      m_axis(comboBox(tr("Against"), tr("The horizontal axis"))),
      m_pareto(comboBox(tr("Objectives"), tr("What the front is of"))),
      m_baseline(comboBox(tr("Baseline"), tr("What the other strategies are held against, pair by pair"))),
      m_logarithmic(new QCheckBox(tr("log scale"))), m_status(new ElidedLabel), m_chart(new FigureChart), m_notes(new QLabel)
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(4);
    makeFilterRow(rows);
    makeTable();
    auto* lower = new QWidget;
    auto* lowerRows = new QVBoxLayout(lower);
    lowerRows->setContentsMargins(0, 2, 0, 0);
    lowerRows->setSpacing(2);
    makeChartSide(lowerRows);
    m_body->addWidget(m_table);
    m_body->addWidget(lower);
    m_body->setStretchFactor(0, 2);
    m_body->setStretchFactor(1, 3);
    m_body->setSizes({260, 440});
    m_body->setChildrenCollapsible(false);
    rows->addWidget(m_body, 1);
    connectControls();
    restore();
    sayWhyEmpty();
    updateControls();
}

ComparePage::~ComparePage() { remember(); }

void ComparePage::makeFilterRow(QBoxLayout* rows)
{
    m_controls->setContentsMargins(8, 4, 8, 0);
    m_search->setPlaceholderText(tr("Filter runs: words in any column"));
    m_search->setAccessibleName(tr("Filter"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumWidth(kSearchWidth);
    m_count->setFont(smallFont());
    m_uncheck->setToolTip(tr("Nothing is compared any more"));
    m_reload->setToolTip(tr("Looks for new runs (F5); it does so by itself when an experiment ends"));
    m_open->setToolTip(tr("Shows the runs of another folder or records file"));
    m_export->setToolTip(tr("The chart in sight as SVG, PDF, PNG or CSV (Ctrl+E); a right click offers more"));
    m_status->setFont(smallFont());
    m_status->setFixedWidth(kStatusWidth);
    for (QWidget* field :
         std::initializer_list<QWidget*>{m_search, m_tags, m_count, m_uncheck, m_reload, m_open, m_export, m_status})
        m_controls->addWidget(field);
    rows->addLayout(m_controls);
}

void ComparePage::makeTable()
{
    m_filter->setSourceModel(&m_model);
    m_table->setModel(m_filter);
    m_table->setAccessibleName(tr("Recorded runs"));
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(RunTableModel::StartedColumn, Qt::DescendingOrder);
    for (int column = 0; column < RunTableModel::ColumnCount; ++column)
        m_table->setColumnWidth(column, std::max(kWidths[column], m_table->horizontalHeader()->sectionSizeHint(column)));
}

void ComparePage::makeChartSide(QBoxLayout* rows)
{
    auto* row = new FlowLayout(6);
    row->setContentsMargins(8, 0, 8, 0);
    m_tabs->setDrawBase(false);
    m_tabs->setAccessibleName(tr("Comparisons"));
    m_tabs->setExpanding(false);
    for (const Tab& tab : kTabs)
        m_tabs->setTabToolTip(m_tabs->addTab(tr(tab.title)), tr(tab.toolTip));
    row->addWidget(m_tabs);
    for (const auto& info : session::runQuantities())
        m_quantity->addItem(QCoreApplication::translate("splitscope::session::RunQuantity", info.name), QLatin1String(info.key));
    m_axis->addItems({tr("over time"), tr("over frames"), tr("cumulative distribution")});
    m_pareto->addItems({tr("accuracy, latency"), tr("accuracy, energy"), tr("energy, latency")});
    m_baseline->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    for (QWidget* field : std::initializer_list<QWidget*>{m_quantity, m_axis, m_pareto, m_baseline, m_logarithmic})
        row->addWidget(field);
    rows->addLayout(row);
    rows->addWidget(m_chart, 1);
    m_notes->setFont(smallFont());
    m_notes->setWordWrap(true);
    m_notes->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_notes->setContentsMargins(10, 2, 10, 2);
    m_notes->setAccessibleName(tr("What the comparison says"));
    m_notes->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Minimum);
    rows->addWidget(m_notes);
}

void ComparePage::connectControls()
{
    connect(m_search, &QLineEdit::textChanged, m_filter, &RunFilter::setText);
    connect(m_tags, &QComboBox::currentIndexChanged, this, [this] { m_filter->setTag(m_tags->currentData().toString()); });
    connect(&m_model, &RunTableModel::checkedChanged, this, &ComparePage::refresh);
    connect(&m_model, &RunTableModel::checkedChanged, this, &ComparePage::updateCount);
    connect(&m_model, &RunTableModel::tagsChanged, this, &ComparePage::updateTags);
    connect(&m_model, &RunTableModel::tagsEdited, this, [this](const session::RunKey& key, const std::vector<std::string>& tags) {
        write([key, tags] { return session::setTags(key, tags); });
    });
    connect(&m_model, &RunTableModel::notesEdited, this, [this](const session::RunKey& key, const std::string& notes) {
        write([key, notes] { return session::setNotes(key, notes); });
    });
    connect(m_filter, &QAbstractItemModel::rowsInserted, this, &ComparePage::updateCount);
    connect(m_filter, &QAbstractItemModel::rowsRemoved, this, &ComparePage::updateCount);
    connect(m_filter, &QAbstractItemModel::modelReset, this, &ComparePage::updateCount);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        updateControls();
        Q_EMIT currentRunChanged();
    });
    connect(m_table, &QTableView::customContextMenuRequested, this, &ComparePage::offerTableActions);
    connect(m_table, &RunTable::actionRequested, this, [this] {
        if (m_model.rowCount() == 0) {
            Q_EMIT startRequested();
            return;
        }
        m_search->clear();
        m_tags->setCurrentIndex(0);
    });
    connect(m_uncheck, &QPushButton::clicked, &m_model, &RunTableModel::uncheckAll);
    connect(m_reload, &QPushButton::clicked, this, &ComparePage::reload);
    connect(new QShortcut(QKeySequence::Refresh, this), &QShortcut::activated, this, &ComparePage::reload);
    connect(m_open, &QPushButton::clicked, this, &ComparePage::askAndOpen);
    connect(m_export, &QPushButton::clicked, this, qOverload<>(&ComparePage::askAndExport));
    for (QComboBox* box : {m_quantity, m_axis, m_pareto, m_baseline})
        connect(box, &QComboBox::activated, this, &ComparePage::refresh);
    connect(m_tabs, &QTabBar::currentChanged, this, &ComparePage::refresh);
    connect(m_logarithmic, &QCheckBox::toggled, m_chart, &FigureChart::setLogarithmic);
    connect(m_chart, &FigureChart::exportRequested, this, &ComparePage::offerChartActions);
    connect(m_chart, &FigureChart::actionRequested, this, [this] { checkNewest(kUsualChecks); });
}

void ComparePage::restore()
{
    const QSettings settings;
    m_body->restoreState(settings.value(QStringLiteral("compare/splitter")).toByteArray());
    m_table->horizontalHeader()->restoreState(settings.value(columnsKey()).toByteArray());
    m_search->setText(settings.value(QStringLiteral("compare/filter")).toString());
    m_tabs->setCurrentIndex(settings.value(QStringLiteral("compare/tab")).toInt());
    m_quantity->setCurrentIndex(std::max(0, m_quantity->findData(settings.value(QStringLiteral("compare/quantity")))));
    m_axis->setCurrentIndex(std::clamp(settings.value(QStringLiteral("compare/axis")).toInt(), 0, m_axis->count() - 1));
    m_logarithmic->setChecked(settings.value(QStringLiteral("compare/logarithmic")).toBool());
    m_chart->setLogarithmic(m_logarithmic->isChecked());
    m_tags->addItem(tr("any tag"), QString());
    if (const QString tag = settings.value(QStringLiteral("compare/tag")).toString(); !tag.isEmpty()) {
        m_tags->addItem(tag, tag);
        m_tags->setCurrentIndex(1);
    }
}

void ComparePage::remember() const
{
    QSettings settings;
    settings.setValue(QStringLiteral("compare/splitter"), m_body->saveState());
    settings.setValue(columnsKey(), m_table->horizontalHeader()->saveState());
    settings.setValue(QStringLiteral("compare/filter"), m_search->text());
    settings.setValue(QStringLiteral("compare/tag"), m_tags->currentData());
    settings.setValue(QStringLiteral("compare/tab"), m_tabs->currentIndex());
    settings.setValue(QStringLiteral("compare/quantity"), m_quantity->currentData());
    settings.setValue(QStringLiteral("compare/axis"), m_axis->currentIndex());
    settings.setValue(QStringLiteral("compare/logarithmic"), m_logarithmic->isChecked());
}

void ComparePage::setLibrary(const std::filesystem::path& place)
{
    m_library = place;
    m_stale = true;
    if (isVisible())
        reload();
}

void ComparePage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_stale)
        reload();
}

void ComparePage::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    remember();
}

QTableView* ComparePage::table() const { return m_table; }
QString ComparePage::noteText() const { return m_notes->text(); }
QString ComparePage::countText() const { return m_count->text(); }

CompareView ComparePage::view() const
{
    return {static_cast<CompareTab>(m_tabs->currentIndex()),
            session::runQuantities()[static_cast<std::size_t>(m_quantity->currentIndex())].quantity,
            static_cast<session::OverlayAxis>(m_axis->currentIndex()), static_cast<session::ParetoAxes>(m_pareto->currentIndex()),
            m_baseline->currentData().toString().toStdString()};
}

void ComparePage::showTab(CompareTab tab) { m_tabs->setCurrentIndex(static_cast<int>(tab)); }

}  // namespace splitscope::ui
