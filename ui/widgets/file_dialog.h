// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFileDialog>

namespace splitscope::ui {

/// A dialog that does not block: the experiment goes on. It deletes itself when closed; show() it.
QFileDialog* makeFileDialog(QWidget* parent, const QString& title, QFileDialog::AcceptMode mode, const QString& suffix);

/// One that asks where charts go: SVG, PDF, PNG or CSV.
QFileDialog* makeExportDialog(QWidget* parent, const QString& title, const QString& suggestion);

}  // namespace splitscope::ui
