// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/statement_list.h"

#include "ui/style/theme.h"

#include <QEvent>

namespace splitscope::ui {

namespace {

QString escaped(const std::string& text) { return QString::fromStdString(text).toHtmlEscaped(); }

QString verdictHtml(session::Verdict verdict, const Theme& theme)
{
    const QString word = escaped(std::string(session::name(verdict)));
    switch (verdict) {
    case session::Verdict::Holds:
        return QStringLiteral("<b style='color:%1'>✓ %2</b>").arg(QLatin1String(theme.dark ? "#4cc9a0" : "#007a59"), word);
    case session::Verdict::DoesNotHold:
        return QStringLiteral("<b style='color:%1'>✗ %2</b>").arg(QLatin1String(theme.dark ? "#ff9a62" : "#b34700"), word);
    case session::Verdict::Unknown: break;
    }
    return QStringLiteral("<b style='color:%1'>? %2</b>").arg(theme.muted.name(), word);
}

}  // namespace

StatementList::StatementList(QWidget* parent) : QTextBrowser(parent)
{
    setFrameShape(QFrame::NoFrame);
    setOpenLinks(false);
    setFont(smallFont());
    setAccessibleName(tr("What the paper says about the figure"));
    document()->setDocumentMargin(8);
}

void StatementList::setFigure(const session::Figure* figure)
{
    m_figure = figure ? *figure : session::Figure();
    compose();
}

void StatementList::compose()
{
    const Theme theme = Theme::of(palette());
    QString html;
    if (!m_figure.statements.empty())
        html += QStringLiteral("<p style='color:%1'>%2</p>").arg(theme.muted.name(), tr("The paper says, and here:"));
    for (const auto& statement : m_figure.statements)
        html += QStringLiteral("<p style='margin-bottom:10px'>“%1”<br/>%2 <span style='color:%3'>– %4</span></p>")
                    .arg(escaped(statement.claim), verdictHtml(statement.verdict, theme), theme.muted.name(),
                         escaped(statement.evidence));
    if (!m_figure.notes.empty())
        html += QStringLiteral("<hr/>");
    for (const auto& note : m_figure.notes)
        html += QStringLiteral("<p style='color:%1; margin-bottom:6px'>%2</p>").arg(theme.muted.name(), escaped(note));
    setHtml(html);
}

void StatementList::changeEvent(QEvent* event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        compose();
}

}  // namespace splitscope::ui
