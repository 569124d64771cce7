// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "ui/bridge/background.h"
#include "ui/charts/chart_export.h"

#include <QObject>

#include <deque>
#include <vector>

namespace splitscope::ui {

/// Exports live charts one after the other while the GUI goes on: values are written on another thread, from a copy of the
/// samples that were there; pictures are drawn here, a chart at a time.
class ChartExporter : public QObject {
    Q_OBJECT

public:
    explicit ChartExporter(QObject* parent = nullptr);

    /// One chart into the file; several into its folder, their keys appended to the file's name. The charts must live until
    /// finished(). What is asked for meanwhile comes next.
    void start(const std::vector<const TimeChart*>& charts, const QString& path, const ExportOptions& options);
    [[nodiscard]] bool active() const { return m_active; }

Q_SIGNALS:
    void written(const QString& path);
    void failed(const splitscope::base::Error& error);
    void finished();  ///< nothing is left to be done

private:
    struct Job {
        const TimeChart* chart;
        QString path;
        ExportOptions options;
    };
    void next();
    void done(const QString& path, const base::Status& status);

    std::deque<Job> m_jobs;
    bool m_active = false;
    QTimer m_turn;
    Background<base::Status> m_writer;
};

}  // namespace splitscope::ui
