// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/remote/daemon_file.h"
#include "core/remote/remote_device.h"
#include "core/remote/scripts_p.h"

namespace splitscope::remote {

/// One piece of work on one device, step by step: what a step finds out the later ones use.
class Work {
public:
    Work(const session::SshPlace& place, const Tell& tell, const std::stop_token& stop) : m_ssh(place, stop), m_tell(tell) {}

    struct Step {
        std::string title;
        std::function<base::Result<std::string>()> run;  ///< what it found, for people
    };
    /// One after the other until one fails; its Error then names the step.
    base::Status run(const std::vector<Step>& steps);

    // The steps.
    Step look();
    Step copy(const std::filesystem::path& daemon);
    Step tryOut();
    Step replace();
    Step exchangeKeys(const AddOptions& options);
    Step start();
    Step startUnlessRunning();
    Step stop();
    Step status();
    Step connect(const AddOptions& options);
    Step takeAway();

    /// Lets the earlier daemon come back where the new one did not start.
    void restore();

    [[nodiscard]] bool replaced() const { return m_replaced; }  ///< the earlier daemon's place is taken
    [[nodiscard]] const Ssh& ssh() const { return m_ssh; }
    [[nodiscard]] const DevicePaths& paths() const { return m_paths; }
    [[nodiscard]] const session::KnownDevice& device() const { return m_device; }

private:
    base::Status takeFacts(const Said& said);
    base::Status send(const DaemonFile& file);
    base::Result<std::string> startNow();
    void tellDetail(const std::string& detail);

    Ssh m_ssh;
    const Tell& m_tell;
    StepReport m_report;
    DeviceSystem m_system;
    std::string m_root, m_hostName;
    std::uintmax_t m_freeBytes = 0;
    DevicePaths m_paths;
    bool m_replaced = false;
    session::KnownDevice m_device;
};

}  // namespace splitscope::remote
