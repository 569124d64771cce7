// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/table_measurement.h"
#include "ui/bridge/background.h"

#include <QObject>

namespace splitscope::ui {

/// A cost table measured beside the GUI, kept in a file of its own.
class TableMeasurer : public QObject {
    Q_OBJECT

public:
    explicit TableMeasurer(QObject* parent = nullptr);

    /// finished() follows. Nothing while another one is under way.
    void start(const session::TableMeasurementOptions& options, const std::filesystem::path& file);
    /// finished() follows with an Error Cancelled.
    void cancel() { m_work.cancel(); }
    [[nodiscard]] bool active() const { return m_work.active(); }

Q_SIGNALS:
    void progressed(const splitscope::profile::ProfilerProgress& progress);
    void finished(const splitscope::base::Result<std::filesystem::path>& file);

private:
    WatchedBackground<base::Result<std::filesystem::path>, profile::ProfilerProgress> m_work;
};

}  // namespace splitscope::ui
