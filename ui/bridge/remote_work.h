// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/remote/remote_device.h"
#include "ui/bridge/background.h"

#include <QObject>
#include <QString>

#include <vector>

namespace splitscope::ui {

/// Work on a device by ssh, one at a time, beside the GUI.
class RemoteWork : public QObject {
    Q_OBJECT

public:
    /// What is to be done; its own thread. A device where it found one out.
    using Outcome = base::Result<std::optional<session::KnownDevice>>;
    using Piece = std::function<Outcome(const remote::Tell& tell, const std::function<void(std::string_view)>& log,
                                        const std::stop_token& stop)>;

    explicit RemoteWork(QObject* parent = nullptr);

    /// finished() follows. Nothing while another one is under way.
    void start(Piece piece);
    /// finished() follows with an Error Cancelled, unless it was just done.
    void cancel() { m_work.cancel(); }
    [[nodiscard]] bool active() const { return m_work.active(); }

Q_SIGNALS:
    void reported(const splitscope::remote::StepReport& report);
    void logged(const QString& text);
    void finished(const splitscope::ui::RemoteWork::Outcome& outcome);

private:
    void drain();

    struct Told {
        std::mutex mutex;
        std::vector<remote::StepReport> reports;
        std::string log;
    };
    std::shared_ptr<Told> m_told = std::make_shared<Told>();
    QTimer m_timer;
    Background<Outcome> m_work;  ///< last: its thread uses what was told
};

}  // namespace splitscope::ui
