// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/table_measurer.h"

namespace splitscope::ui {

namespace {

using File = base::Result<std::filesystem::path>;

File measureInto(const std::filesystem::path& file, const session::TableMeasurementOptions& options, const std::stop_token& stop,
                 const profile::ProfilerObserver& observer)
{
    const auto table = session::measureCostTable(options, stop, observer);
    if (!table)
        return table.error();
    std::error_code ec;
    std::filesystem::create_directories(file.parent_path(), ec);
    if (const auto saved = table->save(file); !saved)
        return saved.error();
    return file;
}

}  // namespace

TableMeasurer::TableMeasurer(QObject* parent) : QObject(parent)
{
    constexpr int kLookMs = 100;
    m_timer.setInterval(kLookMs);
    connect(&m_timer, &QTimer::timeout, this, &TableMeasurer::look);
}

TableMeasurer::~TableMeasurer() { m_timer.stop(); }

void TableMeasurer::start(const session::TableMeasurementOptions& options, const std::filesystem::path& file)
{
    if (active())
        return;
    m_timer.start();
    m_work.start(
        [this, options, file](const std::stop_token& stop) {
            return measureInto(file, options, stop, [this](const profile::ProfilerProgress& progress) {
                const std::lock_guard lock(m_mutex);
                m_progress = progress;
            });
        },
        [this](const File& measured) {
            m_timer.stop();
            Q_EMIT finished(measured);
        });
}

void TableMeasurer::cancel() { m_work.cancel(); }

void TableMeasurer::look()
{
    std::optional<profile::ProfilerProgress> progress;
    {
        const std::lock_guard lock(m_mutex);
        progress.swap(m_progress);
    }
    if (progress)
        Q_EMIT progressed(*progress);
}

}  // namespace splitscope::ui
