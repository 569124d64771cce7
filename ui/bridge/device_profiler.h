// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/device_profile.h"
#include "ui/bridge/background.h"

#include <QObject>

namespace splitscope::ui {

/// A device's profile of one network, as it is kept: measured, and as an emulated board over it.
struct KeptProfile {
    std::filesystem::path file;
    profile::ComputeProfile profile;
    double rttMs = 0;  ///< 0: of a profile that was read
};

/// Has a device measure itself, beside the GUI; keeps what it measured in a file.
class DeviceProfiler : public QObject {
    Q_OBJECT

public:
    explicit DeviceProfiler(QObject* parent = nullptr);

    /// finished() follows. Nothing while another one is under way.
    void start(const session::DeviceProfileOptions& options, const std::filesystem::path& file);
    /// finished() follows with an Error Cancelled.
    void cancel() { m_work.cancel(); }
    [[nodiscard]] bool active() const { return m_work.active(); }

Q_SIGNALS:
    void progressed(const splitscope::profile::ProfilerProgress& progress);
    void finished(const splitscope::base::Result<splitscope::ui::KeptProfile>& profile);

private:
    WatchedBackground<base::Result<KeptProfile>, profile::ProfilerProgress> m_work;
};

}  // namespace splitscope::ui
