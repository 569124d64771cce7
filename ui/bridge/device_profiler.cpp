// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/device_profiler.h"

namespace splitscope::ui {

namespace {

base::Result<KeptProfile> measure(const session::DeviceProfileOptions& options, const std::filesystem::path& file,
                                  const std::stop_token& stop, const profile::ProfilerObserver& observer)
{
    auto measured = session::profileDevice(options, stop, observer);
    if (!measured)
        return measured.error();
    std::error_code ec;
    std::filesystem::create_directories(file.parent_path(), ec);
    if (const auto saved = profile::save(measured->profile, file); !saved)
        return saved.error();
    return KeptProfile{file, std::move(measured->profile), measured->rttMs};
}

}  // namespace

DeviceProfiler::DeviceProfiler(QObject* parent)
    : QObject(parent), m_work([this](const profile::ProfilerProgress& progress) { Q_EMIT progressed(progress); })
{
}

void DeviceProfiler::start(const session::DeviceProfileOptions& options, const std::filesystem::path& file)
{
    if (active())
        return;
    m_work.start([options, file](const std::stop_token& stop, const auto& tell) { return measure(options, file, stop, tell); },
                 [this](const base::Result<KeptProfile>& profile) { Q_EMIT finished(profile); });
}

}  // namespace splitscope::ui
