// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/chart_exporter.h"

#include "ui/charts/time_chart.h"

#include <QDir>
#include <QFileInfo>

namespace splitscope::ui {

ChartExporter::ChartExporter(QObject* parent) : QObject(parent)
{
    m_turn.setSingleShot(true);
    connect(&m_turn, &QTimer::timeout, this, &ChartExporter::next);
}

void ChartExporter::start(const std::vector<const TimeChart*>& charts, const QString& path, const ExportOptions& options)
{
    const QFileInfo info(path);
    for (const TimeChart* chart : charts) {
        const QString name = charts.size() == 1 ? info.fileName()
                                                : exportedName(info.completeBaseName() + QLatin1Char('-'), *chart, info.suffix());
        m_jobs.push_back({chart, QDir(info.absolutePath()).filePath(name), options});
    }
    if (m_active || m_jobs.empty())
        return;
    m_active = true;
    m_turn.start(0);
}

void ChartExporter::next()
{
    if (m_jobs.empty()) {
        m_active = false;
        Q_EMIT finished();
        return;
    }
    const Job job = m_jobs.front();
    m_jobs.pop_front();
    const auto then = [this, path = job.path](const base::Status& status) { done(path, status); };
    if (QFileInfo(job.path).suffix().compare(QLatin1String("csv"), Qt::CaseInsensitive) == 0)
        m_writer.start(
            [values = job.chart->values(), path = job.path](const std::stop_token& stop) { return writeCsv(values, path, stop); },
            then);
    else
        m_writer.start([drawing = drawingOf(*job.chart, job.options), path = job.path,
                        options = job.options](const std::stop_token&) { return exportDrawing(drawing, path, options); },
                       then);
}

void ChartExporter::done(const QString& path, const base::Status& status)
{
    if (status)
        Q_EMIT written(path);
    else
        Q_EMIT failed(status.error());
    m_turn.start(0);
}

}  // namespace splitscope::ui
