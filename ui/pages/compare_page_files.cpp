// SPDX-License-Identifier: GPL-3.0-or-later
// What the Compare page writes, opens, exports and deletes.
#include "ui/charts/figure_chart.h"
#include "ui/pages/compare_page.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/run_table.h"

#include <QAction>
#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPainter>
#include <QPushButton>

namespace splitscope::ui {

void ComparePage::write(WriteQueue::Work work, bool changesList)
{
    m_writer.add(std::move(work), [this, changesList](const base::Status& status) {
        report(status);
        if (!status || changesList)
            reload();  // shows what is really kept
    });
}

void ComparePage::report(const base::Status& status)
{
    if (!status)
        Q_EMIT troubleArose(status.error());
}

void ComparePage::askAndOpen()
{
    auto* dialog = makeFileDialog(this, tr("Open the runs of a folder"), QFileDialog::AcceptOpen, {});
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setDirectory(QString::fromStdString(m_library.string()));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_model.uncheckAll();
        setLibrary(path.toStdString());
    });
    dialog->show();
}

void ComparePage::askAndDelete()
{
    const auto* run = currentRun();
    if (!run)
        return;
    auto* box = new QMessageBox(QMessageBox::Question, tr("Delete run"),
                                tr("Delete the run of %1 with all its %L2 records? It cannot be brought back.")
                                    .arg(m_model.index(m_model.rowOf(run->key), 0).data().toString())
                                    .arg(run->totals.requests),
                                QMessageBox::Cancel, this);
    auto* confirm = box->addButton(tr("Delete"), QMessageBox::DestructiveRole);
    box->setDefaultButton(QMessageBox::Cancel);
    box->setWindowModality(Qt::NonModal);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(confirm, &QPushButton::clicked, this, [this, key = run->key] {
        m_model.setChecked(key, false);
        write([key] { return session::deleteRun(key); }, true);
    });
    box->show();
}

WriteQueue::Work ComparePage::exporting(const QString& file, double widthMm) const
{
    ExportOptions options;
    if (widthMm > 0)
        options.widthMm = widthMm;
    return m_chart->exporting(file, "there is nothing to export; check runs in the table first", options);
}

base::Status ComparePage::exportTo(const QString& file, double widthMm) const { return exporting(file, widthMm)(); }

void ComparePage::startExport(const QString& file, double widthMm)
{
    m_writer.addExport(file.toStdString(), exporting(file, widthMm), [this](const base::Status& status) { report(status); });
}

void ComparePage::askAndExport() { askAndExport(0); }

void ComparePage::askAndExport(double widthMm)
{
    if (!m_chart->figure()) {
        report(exportTo({}));
        return;
    }
    auto* dialog = makeExportDialog(this, tr("Export chart"), QStringLiteral("figure-") + text(m_chart->figure()->key));
    connect(dialog, &QFileDialog::fileSelected, this, [this, widthMm](const QString& path) { startExport(path, widthMm); });
    dialog->show();
}

void ComparePage::copyChart() const
{
    constexpr double kScale = 2;
    if (!m_chart->figure())
        return;
    const QSize size = m_chart->size();
    QImage image(size * kScale, QImage::Format_RGB32);
    image.fill(Qt::white);
    image.setDevicePixelRatio(kScale);
    QPainter painter(&image);
    FigureView view = m_chart->view();
    view.hover.reset();
    makeDrawing(*m_chart->figure(), view, size, Theme::of(themePalette(false)))->paint(painter);
    painter.end();
    auto* contents = new QMimeData;
    contents->setImageData(image);
    contents->setText(text(session::toCsv(*m_chart->figure())));
    QGuiApplication::clipboard()->setMimeData(contents);
}

void ComparePage::offerChartActions(const QPoint& globalPosition)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu->addAction(tr("Export, one column wide (85 mm)…")), &QAction::triggered, this,
            [this] { askAndExport(kOneColumnMm); });
    connect(menu->addAction(tr("Export, two columns wide (178 mm)…")), &QAction::triggered, this,
            [this] { askAndExport(kTwoColumnsMm); });
    connect(menu->addAction(tr("Copy image and values")), &QAction::triggered, this, &ComparePage::copyChart);
    menu->popup(globalPosition);
}

void ComparePage::offerTableActions(const QPoint& at)
{
    const auto* run = currentRun();
    if (!run)
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto checked = m_model.checked();
    const bool isChecked = std::any_of(checked.begin(), checked.end(), [&](const auto& one) { return one.row.key == run->key; });
    connect(menu->addAction(isChecked ? tr("Do not compare") : tr("Compare")), &QAction::triggered, this,
            [this, key = run->key, isChecked] { m_model.setChecked(key, !isChecked); });
    const int row = m_table->currentIndex().row();
    for (const auto& [name, column] :
         {std::pair(tr("Edit tags"), int(RunTableModel::TagsColumn)), {tr("Edit notes"), int(RunTableModel::NotesColumn)}})
        connect(menu->addAction(name), &QAction::triggered, this,
                [this, row, edited = column] { m_table->edit(m_filter->index(row, edited)); });
    if (!m_runActions.isEmpty()) {
        menu->addSeparator();
        menu->addActions(m_runActions);
    }
    menu->addSeparator();
    connect(menu->addAction(tr("Delete…")), &QAction::triggered, this, &ComparePage::askAndDelete);
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

}  // namespace splitscope::ui
