// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/table_measurement.h"
#include "ui/bridge/background.h"

#include <QObject>

#include <memory>
#include <mutex>

namespace splitscope::ui {

/// A cost table measured beside the GUI, kept in a file of its own.
class TableMeasurer : public QObject {
    Q_OBJECT

public:
    explicit TableMeasurer(QObject* parent = nullptr);
    ~TableMeasurer() override;

    /// finished() follows. Nothing while another one is under way.
    void start(const session::TableMeasurementOptions& options, const std::filesystem::path& file);
    /// finished() follows with an Error Cancelled.
    void cancel();
    [[nodiscard]] bool active() const { return m_work.active(); }

Q_SIGNALS:
    void progressed(const splitscope::profile::ProfilerProgress& progress);
    void finished(const splitscope::base::Result<std::filesystem::path>& file);

private:
    void look();

    std::mutex m_mutex;
    std::optional<profile::ProfilerProgress> m_progress;  ///< guarded
    QTimer m_timer;
    Background<base::Result<std::filesystem::path>> m_work;  ///< last: it uses all of the above
};

}  // namespace splitscope::ui
