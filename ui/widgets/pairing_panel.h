// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/pairing_work.h"

#include <QWidget>

#include <optional>

class QBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace splitscope::ui {

class DeviceModel;

/// This edge and a device learn each other's keys without ssh: the device runs `splitscoped --pair`, both show six digits, and
/// people say whether they are the same. It can be cancelled, and the window goes on meanwhile.
class PairingPanel : public QWidget {
    Q_OBJECT

public:
    /// `known`: the devices that there are already; it outlives the panel.
    explicit PairingPanel(const DeviceModel& known, QWidget* parent = nullptr);

    void begin();  ///< the cursor in the first field, nothing said yet
    void cancel() { m_work.cancel(); }
    /// For how long from then on each pairing waits for the device and for people.
    void setWindow(double ms) { m_windowMs = ms; }

    [[nodiscard]] QLineEdit* address() const { return m_address; }
    [[nodiscard]] QLineEdit* name() const { return m_name; }
    [[nodiscard]] QPushButton* pairButton() const { return m_pair; }
    [[nodiscard]] QPushButton* sameButton() const { return m_same; }
    [[nodiscard]] QPushButton* differButton() const { return m_differ; }
    [[nodiscard]] QPushButton* cancelButton() const { return m_cancel; }
    [[nodiscard]] QLabel* digits() const { return m_digits; }
    [[nodiscard]] QLabel* told() const { return m_told; }
    [[nodiscard]] QLabel* timeLeft() const { return m_timeLeft; }
    [[nodiscard]] bool busy() const { return m_work.active(); }

Q_SIGNALS:
    /// Both sides have confirmed; nothing is remembered yet.
    void paired(const splitscope::session::KnownDevice& device);
    void closed();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void makeFields(QBoxLayout* rows);
    void makeComparison(QBoxLayout* rows);
    void pair();
    void say(bool same);
    void showWait(link::PairingWait why);
    void showDigits(const link::PairingPeer& peer);
    void finish(const PairingWork::Outcome& outcome);
    void hideDigits();
    void updateControls();
    void showTimeLeft();
    [[nodiscard]] QString problemOf(const base::Error& error) const;
    [[nodiscard]] QString placeOf() const;

    const DeviceModel& m_known;
    PairingWork m_work;
    session::TcpAddress m_pairing;  ///< whom with
    std::string m_replaces;  ///< the known address that may be paired anew: whoever asks twice means it
    double m_windowMs = session::DevicePairing().windowMs;
    std::int64_t m_endNs = 0;
    std::optional<link::PairingWait> m_wait;
    std::optional<bool> m_said;
    QTimer m_clock;
    QLineEdit *m_address, *m_name;
    QPushButton *m_pair, *m_same, *m_differ, *m_cancel, *m_close;
    QLabel *m_steps, *m_told, *m_digits, *m_question, *m_timeLeft;
};

}  // namespace splitscope::ui
