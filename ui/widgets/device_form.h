// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/known_devices.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace splitscope::ui {

/// Where a device is added: its name, host, port and public key, and what has to be done on the device.
class DeviceForm : public QWidget {
    Q_OBJECT

public:
    explicit DeviceForm(QWidget* parent = nullptr);

    /// Empty fields, the cursor in the first one.
    void begin();
    /// Says what is wrong beside the form, and goes to the field that it names ("name", "host", "key").
    void showProblem(const QString& text, const std::string& field);
    void setEdgeKey(const QString& publicKey);  ///< what the device must list
    [[nodiscard]] session::KnownDevice device() const;

    [[nodiscard]] QLineEdit* name() const { return m_name; }
    [[nodiscard]] QLineEdit* host() const { return m_host; }
    [[nodiscard]] QSpinBox* port() const { return m_port; }
    [[nodiscard]] QLineEdit* key() const { return m_key; }
    [[nodiscard]] QPushButton* addButton() const { return m_add; }
    [[nodiscard]] QLabel* problem() const { return m_problem; }

Q_SIGNALS:
    void submitted();
    void cancelled();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QLineEdit *m_name, *m_host, *m_key;
    QSpinBox* m_port;
    QPushButton *m_add, *m_cancel, *m_copy;
    QLabel *m_problem, *m_steps;
    QString m_edgeKey;
};

}  // namespace splitscope::ui
