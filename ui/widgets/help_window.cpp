// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/help_window.h"

#include <QDialogButtonBox>
#include <QKeySequence>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <utility>

namespace splitscope::ui {

namespace {

QString row(const QString& left, const QString& right)
{
    return QStringLiteral("<tr><td style='padding: 2px 14px 6px 0'><b>%1</b></td><td style='padding: 2px 0 6px 0'>%2</td></tr>")
        .arg(left.toHtmlEscaped(), right.toHtmlEscaped());
}

QString native(const QKeySequence& keys) { return keys.toString(QKeySequence::NativeText); }

QString keysPage(const QStringList& pages)
{
    QString rows;
    for (int i = 0; i < pages.size(); ++i)
        rows += row(QString::number(i + 1), HelpWindow::tr("page %1").arg(pages[i]));
    const std::pair<QKeySequence, QString> keys[]{{Qt::CTRL | Qt::Key_R, HelpWindow::tr("start the experiment")},
                                                  {Qt::Key_Space, HelpWindow::tr("pause the device or the replay, and go on")},
                                                  {Qt::CTRL | Qt::Key_Period, HelpWindow::tr("stop the experiment")},
                                                  {Qt::Key_F, HelpWindow::tr("follow the newest samples in the live charts")},
                                                  {Qt::CTRL | Qt::Key_E, HelpWindow::tr("export what is in sight")},
                                                  {QKeySequence::Undo, HelpWindow::tr("take back a slider's move")},
                                                  {QKeySequence::Redo, HelpWindow::tr("do it again")},
                                                  {QKeySequence::Open, HelpWindow::tr("open a scenario")},
                                                  {QKeySequence::Save, HelpWindow::tr("save the scenario")},
                                                  {QKeySequence::HelpContents, HelpWindow::tr("help")}};
    for (const auto& [sequence, what] : keys)
        rows += row(native(sequence), what);
    // In the live charts: the keyboard, and the mouse.
    rows += row(HelpWindow::tr("Left, Right, Page Up, Page Down"), HelpWindow::tr("earlier, later in the live charts"));
    rows += row(QStringLiteral("+  −  0"), HelpWindow::tr("zoom in, out, the whole run"));
    rows += row(HelpWindow::tr("Home, End"), HelpWindow::tr("the run's beginning; its newest samples"));
    rows += row(HelpWindow::tr("Shift+Left, Shift+Right, Esc"),
                HelpWindow::tr("the crosshair, from sample to sample; without it"));
    rows += row(HelpWindow::tr("Drag, wheel, double click"),
                HelpWindow::tr("zoom to a stretch, around the pointer, follow; drag with Shift or the middle button: pan"));
    rows += row(
        HelpWindow::tr("In figures"),
        HelpWindow::tr("the same; a drag zooms to a rectangle, Ctrl with the wheel up and down, Shift with any arrow moves "
                       "the crosshair, 0 or a double click shows all"));
    rows += row(HelpWindow::tr("Tab, arrows, Enter"), HelpWindow::tr("from field to field, a slider's step, choose"));
    return rows;
}

QString termsPage()
{
    QString rows;
    for (const HelpTerm& term : HelpWindow::terms())
        rows += row(HelpWindow::tr(term.name), HelpWindow::tr(term.meaning));
    return rows;
}

}  // namespace

std::span<const HelpTerm> HelpWindow::terms()
{
    static constexpr HelpTerm kTerms[]{
        {QT_TR_NOOP("exit point"),
         QT_TR_NOOP("Where the network stops: an early exit is faster and less accurate than a later one.")},
        {QT_TR_NOOP("partition point"),
         QT_TR_NOOP(
             "How many layers run on the device: what the last of them gives out crosses the link, the edge does the rest. "
             "0: the frame itself is sent; all: nothing but the label.")},
        {QT_TR_NOOP("bits"),
         QT_TR_NOOP("To how many bits each value that crosses is rounded: fewer bits, fewer bytes, a little less accuracy.")},
        {QT_TR_NOOP("decision"), QT_TR_NOOP("Exit point, partition point and bits, chosen together for a request.")},
        {QT_TR_NOOP("reward"),
         QT_TR_NOOP(
             "What a decision is worth: a·q + b·u, accuracy q and speed u, both from 0 to 1, weighed by a and b = 1 − a.")},
        {QT_TR_NOOP("regret"),
         QT_TR_NOOP(
             "By how much the reward falls short of the best decision's at the same bandwidth, by the cost table. 0: nothing "
             "better was to be had.")},
        {QT_TR_NOOP("sensitivity s"),
         QT_TR_NOOP("From about which bandwidth on accuracy counts, in a(B) = n·ln(1 + B/s): a small s asks for accuracy on slow "
                    "links too.")},
        {QT_TR_NOOP("weight n"), QT_TR_NOOP("How much accuracy counts at most, in a(B) = n·ln(1 + B/s).")},
        {QT_TR_NOOP("energy limit ê"), QT_TR_NOOP("Decisions that take more of the device's energy a frame are worth nothing.")},
        {QT_TR_NOOP("deadline"), QT_TR_NOOP("Requests that take longer are worth nothing, and count as late.")},
        {QT_TR_NOOP("fallback"), QT_TR_NOOP("The edge was silent, so the device finished the frame by itself.")},
        {QT_TR_NOOP("cost table"),
         QT_TR_NOOP(
             "What each decision costs, measured: times of all stages, bytes, energy and accuracy. Strategies, simulator and "
             "regret go by it.")},
        {QT_TR_NOOP("codebook"),
         QT_TR_NOOP(
             "How often each value occurs in a network's tensors, learnt beforehand, so that usual values take few bits.")},
        {QT_TR_NOOP("slowdown"),
         QT_TR_NOOP("How many times slower than this machine an emulated device is made, by waiting or by repeated work.")},
        {QT_TR_NOOP("round trip"), QT_TR_NOOP("From a heartbeat to its answer: what the link takes when it carries nothing.")},
    };
    return kTerms;
}

HelpWindow::HelpWindow(HelpTopic topic, const QStringList& pages, QWidget* parent) : QDialog(parent), m_text(new QTextBrowser)
{
    const bool keys = topic == HelpTopic::Keys;
    setWindowTitle(keys ? tr("Keys") : tr("What the terms mean"));
    m_text->setAccessibleName(windowTitle());
    m_text->setHtml(QStringLiteral("<table>%1</table>").arg(keys ? keysPage(pages) : termsPage()));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* rows = new QVBoxLayout(this);
    rows->addWidget(m_text);
    rows->addWidget(buttons);
    resize(keys ? QSize(440, 480) : QSize(620, 520));
}

QString HelpWindow::text() const { return m_text->toPlainText(); }

QString explanationOf(const QString& term)
{
    for (const HelpTerm& each : HelpWindow::terms())
        if (term == QLatin1String(each.name) || term == QString::fromUtf8(each.name))
            return HelpWindow::tr(each.meaning);
    return {};
}

QStringList explainedTerms()
{
    QStringList terms;
    for (const HelpTerm& each : HelpWindow::terms())
        terms << QString::fromUtf8(each.name);
    return terms;
}

}  // namespace splitscope::ui
