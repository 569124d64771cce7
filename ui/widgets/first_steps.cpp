// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/first_steps.h"

#include "ui/style/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QToolButton>

#include <algorithm>

namespace splitscope::ui {

namespace {

constexpr const char* kDismissedKey = "guide/dismissed";

struct StepText {
    const char* text;
    const char* button;
    const char* toolTip;
};
constexpr std::array<StepText, FirstSteps::StepCount> kSteps{{
    {QT_TRANSLATE_NOOP("splitscope::ui::FirstSteps", "Run the demonstration: a slow device, emulated here, behind a 4G uplink"),
     QT_TRANSLATE_NOOP("splitscope::ui::FirstSteps", "Run it"),
     QT_TRANSLATE_NOOP("splitscope::ui::FirstSteps", "Starts the scenario at the right and shows the Live page (Ctrl+R)")},
    {QT_TRANSLATE_NOOP("splitscope::ui::FirstSteps",
                       "Move a slider: the charts and the decisions follow at once; Ctrl+Z takes it back"),
     QT_TRANSLATE_NOOP("splitscope::ui::FirstSteps", "Show me one"),
     QT_TRANSLATE_NOOP("splitscope::ui::FirstSteps",
                       "Goes to the sensitivity s, which says from which bandwidth on accuracy counts")},
    {QT_TRANSLATE_NOOP("splitscope::ui::FirstSteps", "Compare runs, or export a chart for a paper: Ctrl+E"),
     QT_TRANSLATE_NOOP("splitscope::ui::FirstSteps", "Compare"),
     QT_TRANSLATE_NOOP("splitscope::ui::FirstSteps", "Shows the Compare page: check two runs there")},
}};

}  // namespace

FirstSteps::FirstSteps(QWidget* parent) : QFrame(parent), m_title(new QLabel(tr("First steps"))), m_close(new QToolButton)
{
    setAccessibleName(tr("First steps"));
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 4, 6, 4);
    row->setSpacing(10);
    m_title->setFont(boldFont());
    row->addWidget(m_title);
    for (std::size_t i = 0; i < kSteps.size(); ++i) {
        m_texts[i] = new QLabel;
        m_texts[i]->setFont(smallFont());
        m_texts[i]->setWordWrap(true);
        m_buttons[i] = new QPushButton(tr(kSteps[i].button));
        m_buttons[i]->setFont(smallFont());
        m_buttons[i]->setToolTip(tr(kSteps[i].toolTip));
        m_buttons[i]->setAccessibleDescription(tr(kSteps[i].text));
        row->addWidget(m_texts[i], 1);
        row->addWidget(m_buttons[i]);
        connect(m_buttons[i], &QPushButton::clicked, this, [this, i] { Q_EMIT requested(static_cast<Step>(i)); });
    }
    m_close->setText(QStringLiteral("✕"));
    m_close->setAccessibleName(tr("Close the first steps"));
    m_close->setToolTip(tr("Closes the first steps; Help shows them again"));
    m_close->setFocusPolicy(Qt::TabFocus);
    row->addWidget(m_close);
    connect(m_close, &QToolButton::clicked, this, &FirstSteps::dismiss);
    showSteps();
    hide();
}

void FirstSteps::begin()
{
    m_done.fill(false);
    showSteps();
    show();
}

void FirstSteps::beginIfNew()
{
    if (!QSettings().value(QLatin1String(kDismissedKey)).toBool())
        begin();
}

void FirstSteps::complete(Step step)
{
    if (std::exchange(m_done[step], true))
        return;
    showSteps();
}

void FirstSteps::dismiss()
{
    QSettings().setValue(QLatin1String(kDismissedKey), true);
    hide();
}

QString FirstSteps::text() const
{
    QStringList lines;
    for (const QLabel* label : m_texts)
        lines << label->text();
    return lines.join('\n');
}

/// What is done is told by a sign and by colour.
void FirstSteps::showSteps()
{
    for (std::size_t i = 0; i < kSteps.size(); ++i) {
        m_texts[i]->setText((m_done[i] ? QStringLiteral("✓ ") : QStringLiteral("%1. ").arg(i + 1)) + tr(kSteps[i].text));
        m_texts[i]->setForegroundRole(m_done[i] ? QPalette::PlaceholderText : QPalette::WindowText);
    }
    const bool all = std::all_of(m_done.begin(), m_done.end(), [](bool done) { return done; });
    m_title->setText(all ? tr("That was all") : tr("First steps"));
}

}  // namespace splitscope::ui
