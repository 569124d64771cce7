// SPDX-License-Identifier: GPL-3.0-or-later
// Charts to files. Dialogs are opened without blocking: the experiment goes on.
#include "ui/main_window.h"

#include "core/base/log.h"
#include "ui/bridge/chart_exporter.h"
#include "ui/bridge/experiment_bridge.h"
#include "ui/charts/chart_export.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/fleet_page.h"
#include "ui/pages/live_page.h"
#include "ui/pages/optimizer_page.h"
#include "ui/pages/profile_page.h"
#include "ui/widgets/file_dialog.h"

#include <QFileInfo>
#include <QMenu>
#include <QStackedWidget>

namespace splitscope::ui {

void MainWindow::makeExporter()
{
    m_exporter = new ChartExporter(this);
    connect(m_exporter, &ChartExporter::failed, this, &MainWindow::report);
    connect(m_exporter, &ChartExporter::written, this,
            [](const QString& path) { base::log(base::LogLevel::Info, "dashboard", "exported to " + path.toStdString()); });
}

void MainWindow::connectCompare()
{
    m_compare->setLibrary(m_options.library.empty() ? m_options.outFolder : m_options.library);
    connect(m_compare, &ComparePage::troubleArose, this, &MainWindow::report);
    connect(m_compare, &ComparePage::startRequested, this, [this] {
        showPage(pageOf(*m_live));
        startExperiment();
    });
    connect(&m_parts.bridge, &ExperimentBridge::started, m_compare, &ComparePage::reload);
    connect(&m_parts.bridge, &ExperimentBridge::ended, m_compare, &ComparePage::reload);
}

void MainWindow::exportAll()
{
    if (m_pages->currentWidget() == m_profile) {
        m_profile->askAndExport();
        return;
    }
    if (m_pages->currentWidget() == m_optimizer) {
        m_optimizer->askAndExport();
        return;
    }
    if (m_pages->currentWidget() == m_compare) {
        m_compare->askAndExport();
        return;
    }
    if (m_pages->currentWidget() == m_fleet) {
        m_fleet->askAndExport();
        return;
    }
    const auto& charts = m_live->charts();
    askAndExport({charts.begin(), charts.end()}, QStringLiteral("splitscope"), kTwoColumnsMm);
}

void MainWindow::offerExport(TimeChart* chart, const QPoint& at)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString title = chart->spec().title;
    const auto offer = [&](const QString& text, double widthMm) {
        connect(menu->addAction(text), &QAction::triggered, this,
                [this, chart, widthMm] { askAndExport({chart}, QStringLiteral("splitscope-") + chart->spec().key, widthMm); });
    };
    offer(tr("Export %1, one column wide (85 mm)…").arg(title), kOneColumnMm);
    offer(tr("Export %1, two columns wide (178 mm)…").arg(title), kTwoColumnsMm);
    menu->addSeparator();
    menu->addAction(m_export);
    menu->addAction(m_follow);
    menu->popup(at);
}

void MainWindow::offerExport(PlotView* plot, const QPoint& at)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu->addAction(tr("Export this chart…")), &QAction::triggered, this,
            [this, plot] { m_optimizer->askAndExport(plot); });
    menu->popup(at);
}

void MainWindow::askAndExport(std::vector<const TimeChart*> charts, const QString& suggestion, double widthMm)
{
    auto* dialog = makeExportDialog(
        this, charts.size() > 1 ? tr("Export all charts: their names are appended") : tr("Export chart"), suggestion);
    connect(dialog, &QFileDialog::fileSelected, this, [this, charts = std::move(charts), widthMm](const QString& path) {
        m_exporter->start(charts, path, {.widthMm = widthMm});
    });
    dialog->show();
}

}  // namespace splitscope::ui
