// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/fault_menu.h"

#include <QCoreApplication>

namespace splitscope::ui {

namespace {

QString translated(const char* text) { return QCoreApplication::translate("splitscope::session::Fault", text); }

/// "1 s", "1 h".
QString durationText(double ms)
{
    constexpr double kHourMs = 3.6e6;
    return ms >= kHourMs ? FaultMenu::tr("%1 h").arg(ms / kHourMs) : FaultMenu::tr("%1 s").arg(ms / 1e3);
}

}  // namespace

FaultMenu::FaultMenu(QWidget* parent) : QMenu(parent)
{
    setToolTipsVisible(true);
    setAccessibleName(tr("Faults"));
    for (const auto& info : session::faults()) {
        const QString title = translated(info.title);
        QAction* action = addAction(info.takesTime() ? tr("%1, %2").arg(title, durationText(info.usualMs)) : title);
        action->setObjectName(QString::fromUtf8(info.name));
        action->setToolTip(translated(info.text));
        connect(action, &QAction::triggered, this, [this, kind = info.kind] { Q_EMIT chosen(session::usualFault(kind)); });
    }
}

}  // namespace splitscope::ui
