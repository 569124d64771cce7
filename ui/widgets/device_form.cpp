// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/device_form.h"

#include "core/session/device_pairing.h"
#include "ui/style/theme.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

namespace splitscope::ui {

namespace {

QLineEdit* lineEdit(const QString& name, const QString& placeholder)
{
    auto* edit = new QLineEdit;
    edit->setAccessibleName(name);
    edit->setPlaceholderText(placeholder);
    edit->setMinimumWidth(80);
    return edit;
}

}  // namespace

DeviceForm::DeviceForm(QWidget* parent)
    : QWidget(parent), m_name(lineEdit(tr("Device's name"), tr("kitchen-pi"))),
      m_host(lineEdit(tr("Host name or address"), tr("raspberrypi.local"))),
      m_key(lineEdit(tr("Public key"), tr("40 characters; splitscoped prints it when it starts"))), m_port(new QSpinBox),
      m_add(new QPushButton(tr("Add"))), m_cancel(new QPushButton(tr("Cancel"))),
      m_copy(new QPushButton(tr("Copy this edge's key"))), m_problem(new QLabel), m_steps(new QLabel)
{
    m_port->setRange(1, 65534);
    m_port->setValue(session::kUsualDevicePort);
    m_port->setAccessibleName(tr("Port"));
    m_port->setToolTip(tr("The control port; data uses the next one"));
    m_key->setMaxLength(40);
    m_key->setToolTip(tr("Without it anybody could pretend to be the device"));
    m_copy->setToolTip(tr("The device lets nobody in but those whose keys are in its file allowed-edges"));
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_steps->setWordWrap(true);
    m_steps->setFont(smallFont());
    m_steps->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_steps->setAccessibleName(tr("What to do on the device"));

    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(8, 6, 8, 6);
    grid->setHorizontalSpacing(8);
    int column = 0;
    for (const auto& [caption, field] : {std::pair<QString, QWidget*>{tr("&Name"), m_name},
                                         {tr("&Host"), m_host},
                                         {tr("&Port"), m_port},
                                         {tr("Public &key"), m_key}}) {
        auto* label = new QLabel(caption);
        label->setBuddy(field);
        label->setFont(smallFont());
        grid->addWidget(label, 0, column);
        grid->addWidget(field, 1, column++);
    }
    grid->addWidget(m_add, 1, column++);
    grid->addWidget(m_cancel, 1, column++);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 3);
    grid->addWidget(m_problem, 2, 0, 1, column);
    grid->addWidget(m_steps, 3, 0, 1, column - 2);
    grid->addWidget(m_copy, 3, column - 2, 1, 2);
    setEdgeKey({});

    for (QLineEdit* edit : {m_name, m_host, m_key})
        connect(edit, &QLineEdit::returnPressed, this, &DeviceForm::submitted);
    connect(m_add, &QPushButton::clicked, this, &DeviceForm::submitted);
    connect(m_cancel, &QPushButton::clicked, this, &DeviceForm::cancelled);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_edgeKey); });
}

void DeviceForm::setEdgeKey(const QString& publicKey)
{
    m_edgeKey = publicKey;
    m_copy->setEnabled(!publicKey.isEmpty());
    m_steps->setText(
        tr("On the device: put this edge's key%1 into ~/.config/splitscope/allowed-edges, a line of its own, and start "
           "splitscoped --bind 0.0.0.0. It prints its own public key: that goes into the field above.")
            .arg(publicKey.isEmpty() ? QString() : QStringLiteral(" ") + publicKey));
}

void DeviceForm::begin()
{
    for (QLineEdit* edit : {m_name, m_host, m_key})
        edit->clear();
    m_port->setValue(session::kUsualDevicePort);
    m_problem->hide();
    m_name->setFocus();
}

void DeviceForm::showProblem(const QString& text, const std::string& field)
{
    m_problem->setText(text);
    m_problem->show();
    (field == "name" ? m_name : field == "key" ? m_key : m_host)->setFocus();
}

session::KnownDevice DeviceForm::device() const
{
    return {m_name->text().trimmed().toStdString(), m_host->text().trimmed().toStdString(), m_port->value(),
            m_key->text().trimmed().toStdString()};
}

void DeviceForm::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT cancelled();
    else
        QWidget::keyPressEvent(event);
}

}  // namespace splitscope::ui
