// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/remote_panel.h"

#include "ui/style/theme.h"
#include "ui/widgets/elided_label.h"

#include <QFontDatabase>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QTextBlock>

namespace splitscope::ui {

namespace {

constexpr int kMostLines = 2'000;
constexpr int kShownLines = 8;

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

/// Of a piece of work that finds no device out.
RemoteWork::Outcome outcomeOf(const base::Status& status)
{
    if (!status)
        return status.error();
    return std::optional<session::KnownDevice>();
}

}  // namespace

RemotePanel::RemotePanel(QWidget* parent)
    : QWidget(parent), m_destination(lineEdit(tr("Account and host"), tr("pi@raspberrypi.local"),
                                              tr("As for ssh; a name of its configuration as well. No password is asked for"))),
      m_options(
          lineEdit(tr("Options of ssh"), tr("-p 2222 -i ~/.ssh/board"), tr("In front of the host; quotes keep words together"))),
      m_install(
          button(tr("Install and add"), tr("Checks the device, copies the daemon, exchanges keys, starts it and connects"))),
      m_start(button(tr("Start"), tr("Starts the selected device's daemon, where it does not run"))),
      m_stop(button(tr("Stop"), tr("Stops the selected device's daemon; it stays installed"))),
      m_restart(button(tr("Restart"), tr("Stops the selected device's daemon and starts it again"))),
      m_upgrade(button(tr("Upgrade"), tr("Installs this version's daemon; the earlier one comes back where it does not start"))),
      m_remove(button(tr("Uninstall"), tr("Takes the daemon away from the selected device and forgets the device"))),
      m_log(button(tr("Follow log"), tr("What the selected device's daemon writes, until Cancel"))),
      m_cancel(button(tr("Cancel"), tr("Ends what is being done"))),
      m_close(button(tr("Close"), tr("Hides this; nothing is ended"))), m_progress(new QProgressBar), m_about(new ElidedLabel),
      m_steps(new QPlainTextEdit)
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(8, 6, 8, 6);
    grid->setHorizontalSpacing(6);
    auto* add = new QHBoxLayout;
    for (const auto& [caption, field, stretch] :
         {std::tuple<QString, QLineEdit*, int>{tr("New &device"), m_destination, 3}, {tr("ss&h options"), m_options, 3}}) {
        auto* label = new QLabel(caption);
        label->setBuddy(field);
        label->setFont(smallFont());
        add->addWidget(label);
        add->addWidget(field, stretch);
        connect(field, &QLineEdit::returnPressed, this, &RemotePanel::install);
    }
    add->addWidget(m_install);
    grid->addLayout(add, 0, 0);
    auto* row = new QHBoxLayout;
    m_about->setFont(smallFont());
    row->addWidget(m_about, 1);
    for (QPushButton* each : {m_start, m_stop, m_restart, m_upgrade, m_log, m_remove, m_cancel, m_close})
        row->addWidget(each);
    grid->addLayout(row, 1, 0);
    m_progress->setRange(0, 100);
    m_progress->setTextVisible(false);
    m_progress->setMaximumHeight(6);
    m_progress->setAccessibleName(tr("Progress of the steps"));
    grid->addWidget(m_progress, 2, 0);
    m_steps->setReadOnly(true);
    m_steps->setMaximumBlockCount(kMostLines);
    m_steps->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_steps->setAccessibleName(tr("Steps and log"));
    m_steps->setFixedHeight(m_steps->fontMetrics().lineSpacing() * kShownLines);
    grid->addWidget(m_steps, 3, 0);

    connect(m_install, &QPushButton::clicked, this, &RemotePanel::install);
    connect(m_start, &QPushButton::clicked, this, [this] { control(remote::Action::Start); });
    connect(m_stop, &QPushButton::clicked, this, [this] { control(remote::Action::Stop); });
    connect(m_restart, &QPushButton::clicked, this, [this] { control(remote::Action::Restart); });
    connect(m_upgrade, &QPushButton::clicked, this, &RemotePanel::upgrade);
    connect(m_remove, &QPushButton::clicked, this, &RemotePanel::removeDaemon);
    connect(m_log, &QPushButton::clicked, this, &RemotePanel::followLog);
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_work.cancel(); });
    connect(m_close, &QPushButton::clicked, this, &RemotePanel::closed);
    connect(&m_work, &RemoteWork::reported, this, &RemotePanel::show);
    connect(&m_work, &RemoteWork::finished, this, &RemotePanel::finish);
    connect(&m_work, &RemoteWork::logged, this, [this](const QString& text) {
        m_steps->moveCursor(QTextCursor::End);
        m_steps->insertPlainText(text);
        m_steps->ensureCursorVisible();
    });
    updateButtons();
}

void RemotePanel::begin() { m_destination->setFocus(); }

void RemotePanel::setDevice(const std::optional<session::KnownDevice>& device)
{
    m_device = device && device->ssh ? device : std::nullopt;
    updateButtons();
}

void RemotePanel::updateButtons()
{
    const bool busy = m_work.active();
    m_install->setEnabled(!busy);
    for (QPushButton* each : {m_start, m_stop, m_restart, m_upgrade, m_remove, m_log})
        each->setEnabled(!busy && m_device);
    m_cancel->setEnabled(busy);
    m_about->showText(m_device ? tr("The daemon on %1:").arg(QString::fromStdString(m_device->name))
                               : tr("The selected device's daemon was not started from here."));
}

void RemotePanel::run(const QString& what, RemoteWork::Piece piece)
{
    if (m_work.active())
        return;
    m_lineOpen = false;
    m_progress->setValue(0);
    m_steps->appendPlainText(what);
    m_work.start(std::move(piece));
    updateButtons();
}

void RemotePanel::install()
{
    const auto words = remote::splitOptions(m_options->text().toStdString());
    const auto place = words ? remote::parsePlace(m_destination->text().trimmed().toStdString(), *words)
                             : base::Result<session::SshPlace>(words.error());
    if (!place) {
        m_steps->appendPlainText(QString::fromStdString(place.error().message()));
        m_destination->setFocus();
        return;
    }
    run(tr("Adds %1").arg(m_destination->text().trimmed()),
        [place = *place, what = m_defaults](const remote::Tell& tell, const auto&, const std::stop_token& stop) {
            const auto device = remote::addDevice(place, what, tell, stop);
            return device ? RemoteWork::Outcome(std::optional(*device)) : RemoteWork::Outcome(device.error());
        });
}

void RemotePanel::control(remote::Action action)
{
    if (m_device)
        run(m_about->text(),
            [place = *m_device->ssh, action](const remote::Tell& tell, const auto&, const std::stop_token& stop) {
                return outcomeOf(remote::controlDevice(place, action, tell, stop));
            });
}

void RemotePanel::upgrade()
{
    if (m_device)
        run(m_about->text(),
            [place = *m_device->ssh, daemon = m_defaults.daemon](const remote::Tell& tell, const auto&,
                                                                 const std::stop_token& stop) {
                return outcomeOf(remote::upgradeDevice(place, daemon, tell, stop));
            });
}

void RemotePanel::removeDaemon()
{
    if (!m_device || m_work.active())
        return;
    m_removing = m_device;
    run(m_about->text(), [place = *m_device->ssh](const remote::Tell& tell, const auto&, const std::stop_token& stop) {
        return outcomeOf(remote::removeDevice(place, tell, stop));
    });
}

void RemotePanel::followLog()
{
    constexpr int kLines = 50;
    if (m_device)
        run(m_about->text(), [place = *m_device->ssh](const remote::Tell&, const auto& log, const std::stop_token& stop) {
            return outcomeOf(remote::readLog(place, kLines, true, log, stop));
        });
}

void RemotePanel::setLastLine(const QString& text)
{
    QTextCursor cursor(m_steps->document()->lastBlock());
    cursor.select(QTextCursor::BlockUnderCursor);
    cursor.removeSelectedText();
    m_steps->appendPlainText(text);
}

void RemotePanel::show(const remote::StepReport& report)
{
    using State = remote::StepReport::State;
    const bool running = report.state == State::Running;
    const auto mark = running ? QStringLiteral("…") : report.state == State::Done ? QStringLiteral("✓") : QStringLiteral("✗");
    const auto detail = QString::fromStdString(report.detail);
    const auto line = QStringLiteral("%1/%2 %3 %4%5")
                          .arg(report.number)
                          .arg(report.total)
                          .arg(mark, QString::fromStdString(report.title), detail.isEmpty() ? QString() : ": " + detail);
    if (m_lineOpen)
        setLastLine(line);
    else
        m_steps->appendPlainText(line);
    m_lineOpen = running;
    const auto done = report.number - (running ? 1 : 0);
    m_progress->setValue(static_cast<int>(100 * done / std::max<std::size_t>(report.total, 1)));
}

void RemotePanel::finish(const RemoteWork::Outcome& outcome)
{
    const auto removing = std::exchange(m_removing, std::nullopt);
    if (!outcome) {
        const bool cancelled = outcome.error().code == base::ErrorCode::Cancelled;
        m_steps->appendPlainText(cancelled ? tr("cancelled") : QString::fromStdString(outcome.error().message()));
    } else {
        m_progress->setValue(100);
        if (*outcome)
            Q_EMIT deviceReady(**outcome);
        else if (removing)
            Q_EMIT deviceRemoved(*removing);
    }
    updateButtons();
}

void RemotePanel::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT closed();
    else
        QWidget::keyPressEvent(event);
}

}  // namespace splitscope::ui
