// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/file_dialog.h"

namespace splitscope::ui {

QFileDialog* makeFileDialog(QWidget* parent, const QString& title, QFileDialog::AcceptMode mode, const QString& suffix)
{
    auto* dialog = new QFileDialog(parent, title);
    dialog->setOption(QFileDialog::DontUseNativeDialog);
    dialog->setAcceptMode(mode);
    dialog->setFileMode(mode == QFileDialog::AcceptOpen ? QFileDialog::ExistingFile : QFileDialog::AnyFile);
    dialog->setDefaultSuffix(suffix);
    dialog->setWindowModality(Qt::NonModal);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    return dialog;
}

QFileDialog* makeExportDialog(QWidget* parent, const QString& title, const QString& suggestion)
{
    auto* dialog = makeFileDialog(parent, title, QFileDialog::AcceptSave, QStringLiteral("svg"));
    dialog->setNameFilters({QFileDialog::tr("SVG (*.svg)"), QFileDialog::tr("PDF (*.pdf)"), QFileDialog::tr("PNG (*.png)"),
                            QFileDialog::tr("CSV (*.csv)")});
    dialog->selectFile(suggestion);
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.mid(filter.indexOf(QLatin1String("*.")) + 2, 3));
    });
    return dialog;
}

}  // namespace splitscope::ui
