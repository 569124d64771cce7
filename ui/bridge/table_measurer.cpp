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

TableMeasurer::TableMeasurer(QObject* parent)
    : QObject(parent), m_work([this](const profile::ProfilerProgress& progress) { Q_EMIT progressed(progress); })
{
}

void TableMeasurer::start(const session::TableMeasurementOptions& options, const std::filesystem::path& file)
{
    if (active())
        return;
    m_work.start(
        [options, file](const std::stop_token& stop, const auto& tell) { return measureInto(file, options, stop, tell); },
        [this](const File& measured) { Q_EMIT finished(measured); });
}

}  // namespace splitscope::ui
