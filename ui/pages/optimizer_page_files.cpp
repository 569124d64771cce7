// SPDX-License-Identifier: GPL-3.0-or-later
// What the Optimizer page opens, saves, exports and hands to the experiment.
#include "ui/pages/optimizer_page.h"

#include "core/base/files.h"
#include "ui/charts/figure_chart.h"
#include "ui/charts/plot_view.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/policy_figures.h"
#include "ui/widgets/problem_controls.h"
#include "ui/widgets/training_grid.h"

#include <QComboBox>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QMenu>
#include <QStandardPaths>

namespace splitscope::ui {

namespace {

constexpr std::uintmax_t kLargestFile = 64 << 20;
constexpr double kPlotHeightMm = 55;

QString suggestedName(const rl::Policy& policy)
{
    return QStringLiteral("%1-%2").arg(QString::fromStdString(policy.network), QString::fromStdString(policy.algorithm));
}

/// Where policies go that nobody named a file for.
QString ownFile(const rl::Policy& policy)
{
    const QString folder = QDir(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation))
                               .filePath(QStringLiteral("splitscope/policies"));
    QDir().mkpath(folder);
    return QDir(folder).filePath(
        QStringLiteral("%1-%2.policy")
            .arg(suggestedName(policy), QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd_HHmmss-zzz"))));
}

}  // namespace

void OptimizerPage::open(const QString& file)
{
    m_opener.start([path = file.toStdString()](const std::stop_token&) { return read(path); },
                   [this, file](const OpenResult& opened) { onOpened(file, opened); });
    setStatus(tr("reading %1 …").arg(QFileInfo(file).fileName()));
    updateControls();
}

/// Any thread: parsing a table takes a while.
OptimizerPage::OpenResult OptimizerPage::read(const std::string& file)
{
    const auto bytes = base::readFile(file, kLargestFile);
    if (!bytes)
        return bytes.error();
    if (file.ends_with(".zst") || base::asText(*bytes).find("splitscope-cost-table") != std::string_view::npos) {
        const auto table = profile::CostTable::load(file);
        if (!table)
            return table.error();
        return Opened{table->spec().name, nullptr};
    }
    auto policy = rl::parsePolicy(*bytes, file);
    if (!policy)
        return policy.error();
    return Opened{{}, std::make_shared<const rl::Policy>(*std::move(policy))};
}

void OptimizerPage::onOpened(const QString& file, const OpenResult& opened)
{
    setStatus({});
    updateControls();
    if (!opened) {
        Q_EMIT troubleArose(opened.error());
        return;
    }
    if (!opened->policy) {
        m_problem->useTable(file, opened->network);
        return;
    }
    m_algorithm->setCurrentText(QString::fromStdString(opened->policy->algorithm));
    setPolicy(opened->policy, file);
    setStatus(tr("%1: %2 for %3, batch %4")
                  .arg(QFileInfo(file).fileName(), QString::fromStdString(m_policy->algorithm),
                       QString::fromStdString(m_policy->network))
                  .arg(m_policy->batch));
}

base::Status OptimizerPage::save(const QString& file)
{
    if (!m_policy)
        return base::Error{base::ErrorCode::NotFound, "there is no policy yet; train or open one", file.toStdString()};
    const auto saved = rl::save(*m_policy, file.toStdString());
    if (saved) {
        m_policyFile = file;
        setStatus(tr("saved as %1").arg(QFileInfo(file).fileName()));
    }
    return saved;
}

void OptimizerPage::useInRun()
{
    if (!m_policy)
        return;
    if (m_policyFile.isEmpty()) {
        const auto saved = save(ownFile(*m_policy));
        if (!saved)
            return report(saved);
    }
    Q_EMIT useRequested(m_policy->algorithm, m_policyFile.toStdString(), m_problem->scenario().costTable);
}

std::vector<const PlotView*> OptimizerPage::plots() const
{
    std::vector<const PlotView*> filled;
    for (const PlotView* plot : m_grid->plots())
        if (!plot->plot().empty())
            filled.push_back(plot);
    if (!m_mapView->plot().empty())
        filled.push_back(m_mapView);
    return filled;
}

base::Result<std::vector<QString>> OptimizerPage::startExport(const QString& folder, const QStringList& suffixes)
{
    const auto filled = plots();
    if (filled.empty())
        return base::Error{base::ErrorCode::NotFound, "the charts are empty; train a policy or open a cost table", "Optimizer"};
    std::vector<QString> files;
    for (const PlotView* plot : filled)
        for (const QString& suffix : suffixes) {
            const QString file = QDir(folder).filePath(plot->plot().key + QLatin1Char('.') + suffix);
            const double widthMm = plot == m_mapView ? kTwoColumnsMm : kOneColumnMm;
            write(file, [shown = plot->plot(), file, widthMm] {
                return exportPlot(shown, file, {.widthMm = widthMm, .heightMm = kPlotHeightMm});
            });
            files.push_back(file);
        }
    return files;
}

void OptimizerPage::write(const QString& file, WriteQueue::Work work)
{
    m_writer.addExport(file.toStdString(), std::move(work), [this](const base::Status& status) { report(status); });
}

void OptimizerPage::report(const base::Status& status)
{
    if (!status)
        Q_EMIT troubleArose(status.error());
}

void OptimizerPage::askAndOpen()
{
    auto* dialog = makeFileDialog(this, tr("Open policy or cost table"), QFileDialog::AcceptOpen, QStringLiteral("policy"));
    dialog->setNameFilters({tr("Policies and cost tables (*.policy *.json *.json.zst)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) { open(path); });
    dialog->show();
}

void OptimizerPage::askAndSave()
{
    auto* dialog = makeFileDialog(this, tr("Save policy"), QFileDialog::AcceptSave, QStringLiteral("policy"));
    dialog->setNameFilter(tr("Policies (*.policy)"));
    dialog->selectFile(suggestedName(*m_policy) + QStringLiteral(".policy"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) { report(save(path)); });
    dialog->show();
}

void OptimizerPage::askAndExport(FigureChart* chart)
{
    auto* dialog = makeExportDialog(this, tr("Export figure"), QStringLiteral("figure-") + text(chart->figure()->key));
    connect(dialog, &QFileDialog::fileSelected, this, [this, chart](const QString& path) {
        write(path, chart->exporting(path, "the figure is empty; train for figures first"));
    });
    dialog->show();
}

/// The figure in sight, or all charts.
void OptimizerPage::askAndExport()
{
    if (FigureChart* figure = m_figures->shownChart())
        return askAndExport(figure);
    auto* dialog = makeExportDialog(this, tr("Export all charts: their names are used"), QStringLiteral("optimizer"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        const QFileInfo info(path);
        if (const auto files = startExport(info.absolutePath(), {info.suffix()}); !files)
            report(files.error());
    });
    dialog->show();
}

void OptimizerPage::askAndExport(PlotView* plot)
{
    auto* dialog = makeExportDialog(this, tr("Export chart"), plot->plot().key);
    connect(dialog, &QFileDialog::fileSelected, this, [this, shown = plot->plot()](const QString& path) {
        write(path, [shown, path] { return exportPlot(shown, path); });
    });
    dialog->show();
}

void OptimizerPage::offerExport(FigureChart* chart, const QPoint& at)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu->addAction(tr("Export this figure…")), &QAction::triggered, this, [this, chart] { askAndExport(chart); });
    menu->popup(at);
}

void OptimizerPage::offerExport(PlotView* plot, const QPoint& at)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu->addAction(tr("Export this chart…")), &QAction::triggered, this, [this, plot] { askAndExport(plot); });
    connect(menu->addAction(tr("Export all charts…")), &QAction::triggered, this, qOverload<>(&OptimizerPage::askAndExport));
    menu->popup(at);
}

}  // namespace splitscope::ui
