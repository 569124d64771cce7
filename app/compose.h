// SPDX-License-Identifier: GPL-3.0-or-later
// The only place where the dashboard's objects are wired.
#pragma once

#include "ui/bridge/experiment_bridge.h"
#include "ui/main_window.h"
#include "ui/models/log_model.h"
#include "ui/models/sample_store.h"

namespace splitscope::app {

/// Owns everything in the order in which it must go: the window first, then the experiment, then what they write to.
class Dashboard {
public:
    explicit Dashboard(ui::MainWindowOptions options);

    [[nodiscard]] ui::MainWindow& window() { return m_window; }
    [[nodiscard]] ui::ExperimentBridge& bridge() { return m_bridge; }

private:
    ui::LogFeed m_logFeed;
    ui::LogModel m_logModel;
    ui::SampleStore m_store;
    ui::ExperimentBridge m_bridge;
    ui::MainWindow m_window;
};

}  // namespace splitscope::app
