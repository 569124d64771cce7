// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/title_row.h"

#include "ui/charts/axis_ticks.h"
#include "ui/style/theme.h"
#include "ui/widgets/elided_label.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QToolButton>

namespace splitscope::ui {

namespace {

QToolButton* button(QAction* action, bool withText)
{
    auto* button = new QToolButton;
    button->setDefaultAction(action);
    button->setToolButtonStyle(withText ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
    button->setAccessibleName(action->text());
    button->setFocusPolicy(Qt::TabFocus);
    button->setPopupMode(action->menu() ? QToolButton::InstantPopup : QToolButton::DelayedPopup);
    return button;
}

QString number(std::uint64_t value) { return QLocale(QLocale::English).toString(static_cast<qulonglong>(value)); }

/// A coloured sign that differs in shape too.
QString linkSign(const session::ExperimentStatus& status, bool active, const Theme& theme)
{
    const auto sign = [](const QString& glyph, const QColor& colour) {
        return QStringLiteral("<span style='color:%1'>%2</span>").arg(colour.name(), glyph);
    };
    if (!active)
        return sign(QStringLiteral("○"), theme.muted);
    if (status.phase == session::Phase::Reconnecting || status.link == link::LinkState::Silent)
        return sign(QStringLiteral("◐"), theme.colour(Quantity::Energy));
    if (status.link == link::LinkState::Connected)
        return sign(QStringLiteral("●"), theme.colour(Quantity::Edge));
    return sign(QStringLiteral("◌"), theme.colour(Quantity::Device));
}

QString linkWord(const session::ExperimentStatus& status)
{
    if (status.phase == session::Phase::Reconnecting)
        return QObject::tr("reconnecting");
    switch (status.link) {
    case link::LinkState::Connecting: return QObject::tr("connecting");
    case link::LinkState::Connected: return QObject::tr("connected");
    case link::LinkState::Silent: return QObject::tr("silent");
    }
    return {};
}

/// Of an experiment that is over.
QString endWord(session::Phase phase)
{
    switch (phase) {
    case session::Phase::Finished: return QObject::tr("finished");
    case session::Phase::Stopped: return QObject::tr("stopped");
    case session::Phase::Failed: return QObject::tr("failed");
    default: return QString::fromStdString(session::toString(phase));
    }
}

}  // namespace

TitleRow::TitleRow(const QList<QAction*>& runActions, const QList<QAction*>& otherActions, QWidget* parent)
    : QWidget(parent), m_link(new QLabel), m_scenario(new ElidedLabel), m_counters(new QLabel)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(2);
    for (QAction* action : runActions)
        layout->addWidget(button(action, true));
    layout->addSpacing(14);
    layout->addWidget(m_link);
    layout->addSpacing(18);
    layout->addWidget(m_scenario, 1);
    layout->addSpacing(10);
    layout->addWidget(m_counters);
    layout->addSpacing(10);
    for (QAction* action : otherActions)
        layout->addWidget(button(action, false));
    m_scenario->setFont(smallFont());
    for (QLabel* label : {m_link, m_counters}) {
        label->setTextFormat(Qt::RichText);
        label->setFont(smallFont());
    }
    m_link->setAccessibleName(tr("Link status"));
    m_scenario->setAccessibleName(tr("Scenario"));
    m_counters->setAccessibleName(tr("Counters"));
    m_counters->setToolTip(
        tr("frames: have their outcome. fallback: the edge was silent, the device finished by itself. lost: could "
           "not be finished. dropped: samples that came faster than the charts take them; the records have "
           "them all."));
    setStatus({}, false);
    setCounters({});
}

void TitleRow::setStatus(const session::ExperimentStatus& status, bool active)
{
    const Theme theme = Theme::of(palette());
    QString text = linkSign(status, active, theme) + QStringLiteral(" ");
    if (!active) {
        text += status.text.empty() ? tr("idle") : endWord(status.phase);
    } else {
        text += linkWord(status);
        if (status.link == link::LinkState::Connected && status.rttMs > 0)
            text += QStringLiteral(" · %1 ms RTT").arg(threeDigits(status.rttMs));
        if (status.phase == session::Phase::Paused)
            text += QStringLiteral(" · <b>%1</b>").arg(tr("paused"));
    }
    m_link->setText(text);
    QString details = QString::fromStdString(status.text);
    if (!status.deviceName.empty())
        details
            += QStringLiteral("\n%1, %2").arg(QString::fromStdString(status.deviceName), QString::fromStdString(status.machine));
    m_link->setToolTip(details);
}

void TitleRow::setScenario(const session::Scenario& scenario)
{
    QString device = QString::fromStdString(scenario.device);
    if (scenario.device == "loopback" && scenario.slowdown > 1)
        device += tr(" (emulated, ×%1 slower)").arg(QLocale::c().toString(scenario.slowdown, 'g', 3));
    const QString text = QStringList{QString::fromStdString(scenario.model), QString::fromStdString(scenario.data),
                                     QString::fromStdString(scenario.strategy), device}
                             .join(QStringLiteral(" · "));
    m_scenario->showText(text);
}

void TitleRow::setCounters(const Counters& counters)
{
    const Theme theme = Theme::of(palette());
    const auto item = [&](const QString& name, std::uint64_t value, bool alarming) {
        const QString shown = alarming && value > 0 ? QStringLiteral("<b>%1</b>").arg(number(value)) : number(value);
        return QStringLiteral("<span style='color:%1'>%2</span>&nbsp;%3").arg(theme.muted.name(), name, shown);
    };
    QString frames = item(tr("frames"), counters.frames, false);
    if (counters.ofFrames > 0)
        frames += QStringLiteral("<span style='color:%1'>&nbsp;%2</span>")
                      .arg(theme.muted.name(),
                           tr("of %1").arg(number(counters.ofFrames)).replace(QLatin1Char(' '), QLatin1String("&nbsp;")));
    m_counters->setText(QStringList{frames, item(tr("fallback"), counters.fallback, true), item(tr("lost"), counters.lost, true),
                                    item(tr("dropped"), counters.dropped, true)}
                            .join(QStringLiteral("&nbsp;&nbsp; ")));
}

QString TitleRow::statusText() const { return m_link->text(); }
QString TitleRow::countersText() const { return m_counters->text(); }

}  // namespace splitscope::ui
