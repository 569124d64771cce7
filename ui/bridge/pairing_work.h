// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/device_pairing.h"
#include "ui/bridge/background.h"

#include <QObject>

#include <atomic>
#include <memory>
#include <variant>

namespace splitscope::ui {

/// This edge pairs with a device beside the GUI, one at a time: what there is to compare is told, what people say is handed on.
class PairingWork : public QObject {
    Q_OBJECT

public:
    using Outcome = base::Result<session::KnownDevice>;

    explicit PairingWork(QObject* parent = nullptr);

    /// finished() follows. Nothing while another one is under way.
    void start(const session::DevicePairing& pairing);
    /// Whether the digits are the same on both sides.
    void answer(bool same);
    /// finished() follows with an Error Cancelled, unless it was just done; the device is told.
    void cancel() { m_work.cancel(); }
    [[nodiscard]] bool active() const { return m_work.active(); }

Q_SIGNALS:
    void waited(splitscope::link::PairingWait why);
    void digitsCame(const splitscope::link::PairingPeer& peer);
    void finished(const splitscope::ui::PairingWork::Outcome& outcome);

private:
    enum class Said { Nothing, Same, Different };
    using Progress = std::variant<link::PairingWait, link::PairingPeer>;
    class Person;

    std::shared_ptr<std::atomic<Said>> m_said;  ///< of the pairing under way; its thread reads it
    WatchedBackground<Outcome, Progress> m_work;
};

}  // namespace splitscope::ui
