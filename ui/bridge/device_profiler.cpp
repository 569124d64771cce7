// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/device_profiler.h"

#include "core/base/threads.h"

namespace splitscope::ui {

namespace {

constexpr int kLookMs = 100;

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

DeviceProfiler::DeviceProfiler(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(kLookMs);
    connect(&m_timer, &QTimer::timeout, this, &DeviceProfiler::look);
}

DeviceProfiler::~DeviceProfiler() { m_timer.stop(); }  // the thread is asked to stop, and joined, by its own destructor

void DeviceProfiler::start(const session::DeviceProfileOptions& options, const std::filesystem::path& file)
{
    if (m_active)
        return;
    m_active = true;
    m_thread = std::jthread([this, options, file](const std::stop_token& stop) {
        base::nameThisThread("device-profile");
        auto result = measure(options, file, stop, [this](const profile::ProfilerProgress& progress) {
            const std::lock_guard lock(m_mutex);
            m_progress = progress;
        });
        const std::lock_guard lock(m_mutex);
        m_result = std::move(result);
    });
    m_timer.start();
}

void DeviceProfiler::cancel()
{
    if (m_active)
        m_thread.request_stop();
}

void DeviceProfiler::look()
{
    std::optional<profile::ProfilerProgress> progress;
    std::optional<base::Result<KeptProfile>> result;
    {
        const std::lock_guard lock(m_mutex);
        progress.swap(m_progress);
        result.swap(m_result);
    }
    if (progress && !result)
        Q_EMIT progressed(*progress);
    if (!result)
        return;
    m_thread.join();
    m_timer.stop();
    m_active = false;
    Q_EMIT finished(*result);
}

}  // namespace splitscope::ui
