// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/replay_bar.h"

#include "ui/bridge/replay_source.h"
#include "ui/style/theme.h"

#include <QComboBox>
#include <QDateTime>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>

#include <array>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr std::array kSpeeds{0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 60.0, 600.0};
constexpr int kSeekSteps = 10'000;
constexpr int kSecondsAMinute = 60;

/// "2:05", "1:02:05".
QString clockText(double seconds)
{
    const auto whole = static_cast<long long>(seconds);
    const auto minutes = whole / kSecondsAMinute;
    const auto two = [](long long value) { return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0')); };
    const QString hours
        = minutes >= 60 ? QStringLiteral("%1:%2").arg(minutes / 60).arg(two(minutes % 60)) : QString::number(minutes);
    return hours + QLatin1Char(':') + two(whole % kSecondsAMinute);
}

QToolButton* buttonOf(const QString& name, const QString& toolTip)
{
    auto* button = new QToolButton;
    button->setAccessibleName(name);
    button->setToolTip(toolTip);
    button->setAutoRaise(true);
    return button;
}

}  // namespace

ReplayBar::ReplayBar(ReplaySource& source, QWidget* parent)
    : QFrame(parent), m_source(source), m_play(buttonOf(tr("Play or pause the replay"), tr("Play or pause the replay (Space)"))),
      m_report(buttonOf(tr("Report"), tr("Write this run as one HTML file: charts, tables, scenario, environment"))),
      m_close(buttonOf(tr("End the replay"), tr("End the replay (Ctrl+.)"))), m_seek(new QSlider(Qt::Horizontal)),
      m_speed(new QComboBox), m_what(new QLabel), m_where(new QLabel)
{
    setAccessibleName(tr("Replay"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 2, 8, 2);
    m_what->setFont(boldFont());
    m_where->setFont(smallFont());
    m_seek->setRange(0, kSeekSteps);
    m_seek->setAccessibleName(tr("Where in the run"));
    m_seek->setMinimumWidth(160);
    for (const double speed : kSpeeds)
        m_speed->addItem(QStringLiteral("× %1").arg(speed), speed);
    m_speed->addItem(tr("× max"), ReplaySource::kMaxSpeed);
    m_speed->setCurrentIndex(m_speed->findData(1.0));
    m_speed->setAccessibleName(tr("Speed of the replay"));
    m_speed->setToolTip(tr("How fast it is replayed: × 1 is as it was"));
    m_report->setText(tr("Report…"));
    m_report->setToolButtonStyle(Qt::ToolButtonTextOnly);
    row->addWidget(m_play);
    row->addWidget(m_what);
    row->addWidget(m_seek, 1);
    row->addWidget(m_where);
    row->addWidget(m_speed);
    row->addWidget(m_report);
    row->addWidget(m_close);
    connect(m_play, &QToolButton::clicked, this, [this] { m_source.play(!m_source.playing()); });
    connect(m_close, &QToolButton::clicked, this, [this] { m_source.close(); });
    connect(m_report, &QToolButton::clicked, this, &ReplayBar::reportRequested);
    connect(m_speed, &QComboBox::currentIndexChanged, this, [this] { m_source.setSpeed(m_speed->currentData().toDouble()); });
    connect(m_seek, &QSlider::valueChanged, this, [this](int step) { m_source.seek(m_source.duration() * step / kSeekSteps); });
    connect(&m_source, &ReplaySource::opened, this, &ReplayBar::onOpened);
    connect(&m_source, &ReplaySource::positionChanged, this, &ReplayBar::showPosition);
    connect(&m_source, &ReplaySource::playingChanged, this, &ReplayBar::updateIcons);
    connect(&m_source, &ReplaySource::closed, this, &QWidget::hide);
    updateIcons();
    hide();
}

void ReplayBar::onOpened()
{
    const auto& run = m_source.row();
    const QString name = QString::fromStdString(run.scenarioName.empty() ? run.model + " · " + run.data + " · " + run.strategy
                                                                         : run.scenarioName);
    const QString start = QDateTime::fromMSecsSinceEpoch(run.startedMs).toString(QStringLiteral("yyyy-MM-dd HH:mm"));
    m_what->setText(tr("Replay of %1, %2").arg(name, start));
    m_what->setToolTip(tr("run %1 in %2").arg(run.key.run).arg(QString::fromStdString(run.key.records.string())));
    m_source.setSpeed(m_speed->currentData().toDouble());
    setReportProgress(1);
    show();
}

void ReplayBar::showPosition(double seconds)
{
    const double whole = m_source.duration();
    if (!m_seek->isSliderDown()) {
        const QSignalBlocker blocker(m_seek);
        m_seek->setValue(whole > 0 ? static_cast<int>(std::lround(seconds / whole * kSeekSteps)) : 0);
    }
    m_where->setText(tr("%1 of %2").arg(clockText(seconds), clockText(whole)));
}

void ReplayBar::setReportProgress(double share)
{
    const bool working = share < 1;
    m_report->setEnabled(!working);
    m_report->setText(working ? tr("Report: %1 %").arg(std::lround(100 * share)) : tr("Report…"));
}

QString ReplayBar::text() const { return m_what->text() + QLatin1Char('\n') + m_where->text(); }

void ReplayBar::updateIcons()
{
    m_play->setIcon(themedIcon(m_source.playing() ? QStringLiteral("pause") : QStringLiteral("start"), palette()));
    m_close->setIcon(themedIcon(QStringLiteral("close"), palette()));
}

void ReplayBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        updateIcons();
}

}  // namespace splitscope::ui
