// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/trouble_strip.h"

#include "ui/style/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace splitscope::ui {

TroubleStrip::TroubleStrip(QWidget* parent) : QFrame(parent), m_text(new QLabel), m_log(new QToolButton), m_close(new QToolButton)
{
    setObjectName(QStringLiteral("troubleStrip"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 3, 6, 3);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_log);
    layout->addWidget(m_close);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_log->setText(tr("Open the Log"));
    m_close->setAccessibleName(tr("Dismiss"));
    m_close->setToolTip(tr("Dismiss"));
    m_pace.setSingleShot(true);
    m_pace.setInterval(kShortestShowMs);
    m_hide.setSingleShot(true);
    m_hide.setInterval(kHideAfterMs);
    connect(&m_pace, &QTimer::timeout, this, [this] {
        if (m_next)
            present(*std::exchange(m_next, std::nullopt));
        else
            showText();
    });
    connect(&m_hide, &QTimer::timeout, this, &TroubleStrip::dismiss);
    connect(m_log, &QToolButton::clicked, this, &TroubleStrip::logRequested);
    connect(m_close, &QToolButton::clicked, this, &TroubleStrip::dismiss);
    restyle();
    hide();
}

void TroubleStrip::report(const base::Error& error)
{
    m_hide.start();
    if (!isHidden() && error.code == m_shown.code && error.text == m_shown.text && error.where == m_shown.where) {
        ++m_repeats;
        if (!m_pace.isActive())
            m_pace.start();
        return;
    }
    if (m_pace.isActive()) {
        m_passedOver += m_next.has_value();
        m_next = error;
        return;
    }
    present(error);
}

void TroubleStrip::present(const base::Error& error)
{
    m_shown = error;
    m_repeats = 1;
    showText();
    show();
    m_pace.start();
}

void TroubleStrip::showText()
{
    QString text = QString::fromStdString(m_shown.message());
    if (m_repeats > 1)
        text += tr(" (%1 times)").arg(m_repeats);
    if (m_passedOver > 0)
        text += tr(" · %n more in the Log", nullptr, m_passedOver);
    m_text->setText(text);
    setAccessibleDescription(text);
}

void TroubleStrip::dismiss()
{
    m_next.reset();
    m_passedOver = 0;
    m_repeats = 0;
    m_hide.stop();
    hide();
}

QString TroubleStrip::text() const { return isHidden() ? QString() : m_text->text(); }

void TroubleStrip::restyle()
{
    const Theme theme = Theme::of(palette());
    const QString background = theme.dark ? QStringLiteral("#4a2a17") : QStringLiteral("#fbe6d9");
    const QString sheet = QStringLiteral("QFrame#troubleStrip { background: %1; border: none; border-left: 4px solid %2; }")
                              .arg(background, theme.colour(Quantity::Energy).name());
    if (styleSheet() != sheet)
        setStyleSheet(sheet);
    m_close->setIcon(themedIcon(QStringLiteral("close"), palette()));
}

void TroubleStrip::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        restyle();
}

}  // namespace splitscope::ui
