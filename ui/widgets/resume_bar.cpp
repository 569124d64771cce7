// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/resume_bar.h"

#include "ui/style/theme.h"

#include <QDateTime>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>

namespace splitscope::ui {

namespace {

QString number(std::uint64_t value) { return QLocale(QLocale::English).toString(static_cast<qulonglong>(value)); }

}  // namespace

ResumeBar::ResumeBar(QWidget* parent)
    : QFrame(parent), m_what(new QLabel), m_resume(new QPushButton(tr("Resume"))), m_dismiss(new QToolButton)
{
    setAccessibleName(tr("Interrupted experiment"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 2, 8, 2);
    m_what->setFont(smallFont());
    m_resume->setFont(smallFont());
    m_resume->setToolTip(tr("Go on with this run where it stood, with the settings that it had"));
    m_dismiss->setAccessibleName(tr("Dismiss"));
    m_dismiss->setToolTip(tr("Leave it as it is; the Compare page has it, and can resume it"));
    m_dismiss->setAutoRaise(true);
    row->addWidget(m_what);
    row->addWidget(m_resume);
    row->addStretch();
    row->addWidget(m_dismiss);
    connect(m_resume, &QPushButton::clicked, this, &ResumeBar::resumeRequested);
    connect(m_dismiss, &QToolButton::clicked, this, [this] {
        hide();
        Q_EMIT dismissed();
    });
    updateIcons();
    hide();
}

void ResumeBar::offer(const session::RunRow& run)
{
    m_run = run;
    const QString name = QString::fromStdString(run.scenarioName.empty() ? run.model + " · " + run.data + " · " + run.strategy
                                                                         : run.scenarioName);
    const QString start = QDateTime::fromMSecsSinceEpoch(run.startedMs).toString(QStringLiteral("yyyy-MM-dd HH:mm"));
    m_what->setText(tr("%1 was interrupted at frame %2 of %3").arg(name, number(run.totals.frames), number(run.framesWanted)));
    m_what->setToolTip(tr("run %1 of %2, in %3").arg(run.key.run).arg(start, QString::fromStdString(run.key.records.string())));
    show();
}

QString ResumeBar::text() const { return m_what->text(); }

void ResumeBar::updateIcons() { m_dismiss->setIcon(themedIcon(QStringLiteral("close"), palette())); }

void ResumeBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        updateIcons();
}

}  // namespace splitscope::ui
