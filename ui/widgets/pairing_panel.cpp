// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/pairing_panel.h"

#include "core/base/clock.h"
#include "ui/models/device_model.h"
#include "ui/style/theme.h"

#include <QBoxLayout>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include <cmath>

namespace splitscope::ui {

namespace {

constexpr int kClockMs = 200;
constexpr double kDigitsScale = 2.6;  ///< read from a board's screen to this one's

QPushButton* button(const QString& text, const QString& toolTip)
{
    auto* made = new QPushButton(text);
    made->setToolTip(toolTip);
    return made;
}

QLineEdit* lineEdit(const QString& name, const QString& placeholder, const QString& toolTip)
{
    auto* edit = new QLineEdit;
    edit->setAccessibleName(name);
    edit->setPlaceholderText(placeholder);
    edit->setToolTip(toolTip);
    return edit;
}

QLabel* wrapped(const QString& accessibleName)
{
    auto* label = new QLabel;
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setAccessibleName(accessibleName);
    return label;
}

}  // namespace

PairingPanel::PairingPanel(const DeviceModel& known, QWidget* parent)
    : QWidget(parent), m_known(known),
      m_address(
          lineEdit(tr("Device's address"), tr("raspberrypi.local"),
                   tr("Host name or address; with a port where the daemon has another one than the usual: tcp://HOST:PORT"))),
      m_name(lineEdit(tr("Name of the device here"), tr("as it calls itself"), tr("How it is to be called in the list"))),
      m_pair(button(tr("Pair"), tr("Asks the device, and goes on asking until it pairs or the time is over"))),
      m_same(button(tr("They are the same"), tr("The device shows these six digits: it is the one, and nobody stands between"))),
      m_differ(button(tr("They differ"), tr("Ends pairing on both sides; nothing is changed"))),
      m_cancel(button(tr("Cancel"), tr("Ends pairing on both sides; nothing is changed"))),
      m_close(button(tr("Close"), tr("Hides this and ends a pairing under way"))),
      m_steps(wrapped(tr("What to do on the device"))), m_told(wrapped(tr("State of pairing"))), m_digits(new QLabel),
      m_question(new QLabel), m_timeLeft(new QLabel)
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(8, 6, 8, 6);
    rows->setSpacing(4);
    makeFields(rows);
    rows->addWidget(m_steps);
    makeComparison(rows);
    rows->addWidget(m_told);

    for (QLineEdit* edit : {m_address, m_name})
        connect(edit, &QLineEdit::returnPressed, this, &PairingPanel::pair);
    connect(m_address, &QLineEdit::textEdited, this, [this] {
        m_replaces.clear();
        updateControls();
    });
    connect(m_pair, &QPushButton::clicked, this, &PairingPanel::pair);
    connect(m_same, &QPushButton::clicked, this, [this] { say(true); });
    connect(m_differ, &QPushButton::clicked, this, [this] { say(false); });
    connect(m_cancel, &QPushButton::clicked, this, &PairingPanel::cancel);
    connect(m_close, &QPushButton::clicked, this, [this] {
        cancel();
        Q_EMIT closed();
    });
    connect(&m_work, &PairingWork::waited, this, &PairingPanel::showWait);
    connect(&m_work, &PairingWork::digitsCame, this, &PairingPanel::showDigits);
    connect(&m_work, &PairingWork::finished, this, &PairingPanel::finish);
    m_clock.setInterval(kClockMs);
    connect(&m_clock, &QTimer::timeout, this, &PairingPanel::showTimeLeft);
    hideDigits();
    m_told->hide();
    updateControls();
}

void PairingPanel::makeFields(QBoxLayout* rows)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    for (const auto& [caption, field, stretch] :
         {std::tuple<QString, QLineEdit*, int>{tr("Device's &address"), m_address, 3}, {tr("&Name here"), m_name, 2}}) {
        auto* label = new QLabel(caption);
        label->setBuddy(field);
        label->setFont(smallFont());
        row->addWidget(label);
        row->addWidget(field, stretch);
    }
    m_timeLeft->setFont(smallFont());
    m_timeLeft->setAccessibleName(tr("Time left"));
    m_timeLeft->setToolTip(tr("Until pairing ends by itself; the device closes its own window two minutes after it was opened"));
    for (QWidget* each : std::initializer_list<QWidget*>{m_pair, m_cancel, m_close})
        row->addWidget(each);
    rows->addLayout(row);
    m_steps->setFont(smallFont());
    m_steps->setText(
        tr("On the device: splitscoped --pair --bind 0.0.0.0. For two minutes it waits for an edge; then both sides show "
           "six digits, and whoever sees both says on each side whether they are the same."));
}

void PairingPanel::makeComparison(QBoxLayout* rows)
{
    auto font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(font.pointSizeF() * kDigitsScale);
    font.setBold(true);
    m_digits->setFont(font);
    m_digits->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_digits->setToolTip(tr("The device must show the same"));
    m_question->setWordWrap(true);
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    row->addWidget(m_digits);
    row->addWidget(m_question, 1);
    row->addWidget(m_timeLeft);
    row->addWidget(m_same);
    row->addWidget(m_differ);
    rows->addLayout(row);
}

void PairingPanel::begin()
{
    if (!busy())
        m_told->hide();
    m_address->setFocus();
}

void PairingPanel::pair()
{
    if (busy())
        return;
    const auto address = session::parseDeviceAddress(m_address->text().trimmed().toStdString());
    m_told->show();
    if (!address) {
        m_told->setText(tr("✗ '%1' is no address: give the device's host name, as raspberrypi.local, or tcp://HOST:PORT.")
                            .arg(m_address->text().trimmed()));
        m_address->setFocus();
        return;
    }
    const int row = m_known.rowOf(toString(*address));
    if (row >= 0 && m_replaces != toString(*address)) {
        m_replaces = toString(*address);
        m_told->setText(tr("%1 is known already, as %2. Pair anew where its key has changed: the new one takes its place.")
                            .arg(QString::fromStdString(m_replaces), QString::fromStdString(m_known.entry(row).name)));
        updateControls();
        return;
    }
    m_pairing = *address;
    m_wait.reset();
    m_said.reset();
    m_endNs = base::nowNs() + base::fromMs(m_windowMs);
    m_told->setText(tr("asks %1 …").arg(placeOf()));
    auto name = m_name->text().trimmed().toStdString();
    if (name.empty() && row >= 0)
        name = m_known.entry(row).name;
    m_work.start({.address = *address, .name = name, .windowMs = m_windowMs});
    m_clock.start();
    showTimeLeft();
    updateControls();
    m_cancel->setFocus();
}

void PairingPanel::say(bool same)
{
    m_said = same;
    m_work.answer(same);
    m_told->setText(same ? tr("You said that they are the same. Waits for the device's side to say so, too …")
                         : tr("ends pairing …"));
    updateControls();
    m_cancel->setFocus();
}

/// "raspberrypi.local, port 47612"
QString PairingPanel::placeOf() const
{
    return tr("%1, port %2").arg(QString::fromStdString(m_pairing.host)).arg(m_pairing.port + link::kPairingPortOffset);
}

void PairingPanel::showWait(link::PairingWait why)
{
    m_wait = why;
    m_told->setText(
        why == link::PairingWait::NobodyListens
            ? tr("No daemon pairs at %1 yet: run splitscoped --pair there. It is asked until the time is over.").arg(placeOf())
            : tr("Somebody listens at %1 and does not answer: another edge may be pairing with it. It is asked until the "
                 "time is over.")
                  .arg(placeOf()));
}

void PairingPanel::showDigits(const link::PairingPeer& peer)
{
    const auto digits = QString::fromStdString(peer.digits);
    m_digits->setText(digits.left(3) + QLatin1Char(' ') + digits.mid(3));
    QString spelled = digits;
    for (auto i = digits.size() - 1; i > 0; --i)
        spelled.insert(i, QLatin1Char(' '));
    m_digits->setAccessibleName(tr("Digits to compare: %1").arg(spelled));
    m_question->setText(tr("%1 is there. Does it show the same six digits?").arg(QString::fromStdString(peer.name)));
    m_told->clear();
    m_wait.reset();
    for (QWidget* each : std::initializer_list<QWidget*>{m_digits, m_question, m_same, m_differ})
        each->show();
    m_digits->setFocus();  // not a button: nobody is to confirm unseen
    updateControls();
}

void PairingPanel::hideDigits()
{
    m_digits->clear();
    for (QWidget* each : std::initializer_list<QWidget*>{m_digits, m_question, m_same, m_differ})
        each->hide();
}

void PairingPanel::finish(const PairingWork::Outcome& outcome)
{
    m_clock.stop();
    m_told->setText(
        outcome ? tr("✓ Paired: %1 is in the list, and lets this edge in. It connects as soon as splitscoped serves there.")
                      .arg(QString::fromStdString(outcome->name))
                : problemOf(outcome.error()));
    hideDigits();
    m_replaces.clear();
    updateControls();
    showTimeLeft();
    if (isVisible())
        (outcome ? m_close : m_pair)->setFocus();
    if (outcome)
        Q_EMIT paired(*outcome);
}

QString PairingPanel::problemOf(const base::Error& error) const
{
    using base::ErrorCode;
    switch (error.code) {
    case ErrorCode::Cancelled: return tr("Cancelled: nothing was changed.");
    case ErrorCode::Mismatch:
        return tr("✗ Ended: what the device revealed is not what it had settled before, so somebody stands between. Nothing was "
                  "changed.");
    case ErrorCode::Refused:
        if (m_said == false)
            return tr("✗ You said that the digits differ: nothing was changed. Somebody may stand between this edge and the "
                      "device; try "
                      "again in a network that you trust.");
        return tr("✗ The device's side did not confirm, or ended: nothing was changed. Begin again on both sides.");
    case ErrorCode::Unreachable:
        if (m_said)
            return tr("✗ The device's side did not say in time that the digits are the same: nothing was changed.");
        if (m_wait == link::PairingWait::NobodyListens)
            return tr("✗ No daemon paired at %1. Run splitscoped --pair there, with --bind 0.0.0.0 where it is another machine, "
                      "and begin "
                      "again.")
                .arg(placeOf());
        return tr("✗ The time is over and nothing was changed: begin again on both sides.");
    default: return QStringLiteral("✗ ") + QString::fromStdString(error.message());
    }
}

void PairingPanel::updateControls()
{
    m_pair->setText(m_replaces.empty() ? tr("Pair") : tr("Pair anew"));
    for (QWidget* each : std::initializer_list<QWidget*>{m_address, m_name, m_pair})
        each->setEnabled(!busy());
    m_same->setEnabled(!m_said);
    m_differ->setEnabled(!m_said);
    m_cancel->setEnabled(busy());
}

void PairingPanel::showTimeLeft()
{
    const auto left = static_cast<int>(std::ceil(std::max(0.0, base::toMs(m_endNs - base::nowNs()) / 1'000)));
    m_timeLeft->setText(tr("%1:%2 left").arg(left / 60).arg(left % 60, 2, 10, QLatin1Char('0')));
    m_timeLeft->setVisible(busy());
}

void PairingPanel::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Escape)
        return QWidget::keyPressEvent(event);
    if (busy())
        cancel();
    else
        Q_EMIT closed();
}

}  // namespace splitscope::ui
