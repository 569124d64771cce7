// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/run_library.h"
#include "ui/bridge/background.h"

#include <QObject>
#include <QTimer>

#include <atomic>
#include <filesystem>

namespace splitscope::ui {

/// Writes a run's report beside the GUI. One at a time; a newer one takes the place of one under way.
class ReportWriter : public QObject {
    Q_OBJECT

public:
    explicit ReportWriter(QObject* parent = nullptr);

    void write(const session::RunKey& key, const std::filesystem::path& html);
    [[nodiscard]] bool active() const { return m_worker.active(); }

Q_SIGNALS:
    void progressed(double share);  ///< 0 … 1
    void written(const QString& html);
    void failed(const splitscope::base::Error& error);

private:
    std::atomic<double> m_share{0};
    QTimer m_timer;
    Background<base::Status> m_worker;  ///< last: its thread uses what stands before it
};

}  // namespace splitscope::ui
